"""`pulse trace`."""

import json
import sys
from datetime import date

import typer

from orchestration.cli.errors import fail
from orchestration.cli.querying import as_json
from orchestration.cli.screen import plain, show_table, shown
from orchestration.export import write_csv
from orchestration.settings import Settings
from orchestration.sources.text_entities import key_of
from orchestration.tracing.figures import COLUMNS, Part
from orchestration.tracing.scope import WHOLE, Asked
from orchestration.tracing.trace import Trace, trace
from orchestration.tracing.words import about, as_facts, lines_of, verdict
from orchestration.warehouse.client import Warehouse

FORMS = ("text", "json", "csv")
ALWAYS = ("id", "contribution", "of")


def trace_and_show(
    campaign_id: str, measure: str, hashtag: str, day: str | None, name: str | None, form: str, most: int, *, everything: bool
) -> None:
    """Prints where the figure comes from; leaves with 1 when the recount differs. Raises TraceError, WarehouseError."""
    if form not in FORMS:
        fail(f"{form!r} is no format. Choose {', '.join(FORMS)}.")
    tag = hashtag if hashtag == WHOLE else key_of(hashtag)
    settings = Settings()
    found = trace(Warehouse(settings), Asked(campaign_id, measure, tag, _day(day), name))
    parts = found.recount.parts if everything else found.recount.parts[:most]
    if form == "json":
        print(json.dumps(as_facts(found, parts, settings.dagster_port), ensure_ascii=False, default=as_json, indent=1))
    elif form == "csv":
        write_csv(sys.stdout.buffer, COLUMNS, [[tuple(getattr(part, column.name) for column in COLUMNS) for part in parts]])
        sys.stdout.buffer.flush()
        for line in (verdict(found), *_left_out(found, parts)):
            print(plain(line), file=sys.stderr)
    else:
        _show(found, parts, settings)
    if not found.is_equal:
        raise typer.Exit(1)


def _show(found: Trace, parts: list[Part], settings: Settings) -> None:
    for line in about(found):
        print(plain(line))
    print()
    for line in lines_of(found):
        print(plain(line))
    if not parts:
        return
    print()
    names = [column.name for column in COLUMNS]
    values = {name: [getattr(part, name) for part in parts] for name in names}
    # What is the same for all of them is said once, what is unknown for all of them not at all.
    same = {name: each[0] for name, each in values.items() if len(set(each)) == 1 and (name not in ALWAYS or each[0] is None)}
    kept = [name for name in names if name not in same]
    show_table([_heading(name) for name in kept], zip(*(values[name] for name in kept), strict=True))
    if said := [f"{_heading(name)} {shown(value)}" for name, value in same.items() if value is not None]:
        print(plain(f"Each of these: {'; '.join(said)}."))
    for line in _left_out(found, parts):
        print(line)
    print(f"A run opens in the Dagster UI (pulse dev):  http://127.0.0.1:{settings.dagster_port}/runs/RUN")


def _left_out(found: Trace, parts: list[Part]) -> list[str]:
    total = len(found.recount.parts)
    if len(parts) == total:
        return []
    return [f"{len(parts):,} of {total:,} {found.measure.parts[1]}; all of them:  --all, as a file:  --all --format csv > FILE.csv"]


def _heading(name: str) -> str:
    return name.replace("_", " ")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"--day {text!r} is no day. Write it like 2026-03-02.")
