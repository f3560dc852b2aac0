"""`pulse doctor`: what is set up, what is missing, and the exact next command."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import Settings

PACKAGES = ("dagster", "dbt.adapters.bigquery", "google.cloud.bigquery", "bqemulator", "torch", "transformers", "spacy", "streamlit")


@dataclass(frozen=True)
class Finding:
    """`state` is ok, missing (the product cannot work) or optional (a part of it is not set up)."""

    what: str
    state: str
    detail: str
    command: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Looks at everything; starts and changes nothing."""
    return [*_machine(settings), *_warehouse(settings), *_secrets()]


def show(findings: list[Finding]) -> bool:
    """Prints the findings and the next command; returns whether nothing that is needed is missing."""
    marks = {"ok": "ok      ", "missing": "MISSING ", "optional": "optional"}
    for finding in findings:
        print(f"{marks[finding.state]}  {finding.what}: {finding.detail}")
        if finding.command and finding.state != "ok":
            print(f"            {finding.command}")
    following = [finding for finding in findings if finding.command and finding.state == "missing"]
    if following:
        print(f"\nNext:  {following[0].command}")
    elif any(finding.what == "marts" and finding.state == "optional" for finding in findings):
        print("\nNext:  make demo")
    else:
        print("\nEverything is in place.  Look:  pulse summary --campaign sample")
    return not following


def _machine(settings: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    right = sys.version_info[:2] == (3, 11)
    yield Finding("Python", "ok" if right else "missing", version, None if right else "Install Python 3.11, then:  make install")
    absent = [name for name in PACKAGES if not _installed(name)]
    yield Finding("packages", "missing" if absent else "ok", f"absent: {', '.join(absent)}" if absent else "all installed", "make install")
    yield _home(settings.root)
    for what, model, variable in (
        ("sentiment model", settings.sentiment_model, "PULSE_SENTIMENT_MODEL"),
        ("entity model", settings.entity_model, "PULSE_ENTITY_MODEL"),
    ):
        is_path = os.sep in model and Path(model).is_absolute()
        there = Path(model).is_dir() or not is_path
        yield Finding(what, "ok" if there else "missing", Path(model).name if there else f"no folder {model}", f"unset {variable}")
    file = settings.campaigns_file
    yield Finding("campaigns", "ok", str(file) if file.exists() else "none of your own yet; the sample is known")


def _home(root: Path) -> Finding:
    folder = next((each for each in (root, *root.parents) if each.exists()), Path("/"))
    writable = folder.is_dir() and os.access(folder, os.W_OK)
    return Finding("home", "ok" if writable else "missing", f"{root}", None if writable else "export PULSE_HOME=/a/folder/of/yours")


def _warehouse(settings: Settings) -> Iterator[Finding]:
    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.connection import describe
    from orchestration.warehouse.errors import WarehouseError
    from orchestration.warehouse.server_control import status
    from orchestration.warehouse.statements import ever

    try:
        where = describe(settings)
    except ValueError as error:
        yield Finding("warehouse", "missing", str(error), "export GOOGLE_CLOUD_PROJECT=your-project")
        return
    if settings.env != "prod":
        found = status(settings)
        if not found.running:
            state = "missing" if found.stopped_on_purpose else "optional"
            why = "busy" if found.busy else "stopped" if found.stopped_on_purpose else "not running; it starts when it is needed"
            yield Finding("warehouse", state, f"{why} ({where})", "pulse warehouse start")
            yield Finding("marts", "optional", "unknown while the warehouse is not running", "make demo")
            return
    try:
        warehouse = Warehouse(settings)
        rows = warehouse.query(
            f"select count(distinct campaign_id) as n, max(hour) as newest from {warehouse.qualified('marts.capture_coverage')} where {ever('hour', 'TIMESTAMP')}"
        )
        yield Finding("warehouse", "ok", where)
        yield Finding("marts", "ok", f"{rows[0]['n']} campaigns, newest captured hour {rows[0]['newest']:%Y-%m-%d %H:%M} UTC")
    except WarehouseError as error:
        missing = "was not found" in str(error) or "does not exist" in str(error)
        yield Finding("warehouse", "ok" if missing else "missing", where if missing else str(error), "pulse warehouse status")
        yield Finding("marts", "optional", "nothing captured yet", "make demo")


SECRETS = {
    "X_BEARER_TOKEN": "needed for capture from X only; without an account: make demo-live",
    "NEWSAPI_KEY": "needed for news from NewsAPI only",
}


def _secrets() -> Iterator[Finding]:
    for name, need in SECRETS.items():
        given = bool(os.environ.get(name))
        yield Finding(name, "ok" if given else "optional", "set" if given else f"not set; {need}", f"export {name}=...")


def _installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
