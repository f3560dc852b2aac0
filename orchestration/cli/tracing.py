"""`pulse trace`."""

import json
import sys
from datetime import date
from typing import Any

import typer

from orchestration.cli.errors import fail
from orchestration.cli.querying import as_json
from orchestration.cli.screen import plain, show_table
from orchestration.export import write_csv
from orchestration.settings import Settings
from orchestration.sources.text_entities import normalised
from orchestration.tracing.figures import COLUMNS, Part
from orchestration.tracing.scope import WHOLE, Asked
from orchestration.tracing.trace import Trace, trace
from orchestration.tracing.words import about, as_facts, lines_of, verdict
from orchestration.warehouse.client import Warehouse

FORMS = ("text", "json", "csv")


def trace_and_show(campaign_id: str, measure: str, hashtag: str, day: str | None, name: str | None, form: str, most: int, *, everything: bool) -> None:
    """Prints where the figure comes from; leaves with 1 when the recount differs. Raises TraceError, WarehouseError."""
    if form not in FORMS:
        fail(f"{form!r} is no format. Choose {', '.join(FORMS)}.")
    tag = hashtag if hashtag == WHOLE else normalised(hashtag.removeprefix("#"))
    settings = Settings()
    found = trace(Warehouse(settings), Asked(campaign_id, measure, tag, _day(day), name))
    parts = found.recount.parts if everything else found.recount.parts[:most]
    if form == "json":
        print(json.dumps(as_facts(found, parts, settings.dagster_port), ensure_ascii=False, default=as_json, indent=1))
    elif form == "csv":
        write_csv(sys.stdout.buffer, COLUMNS, [[tuple(getattr(part, column.name) for column in COLUMNS) for part in parts]])
        sys.stdout.buffer.flush()
        print(plain(verdict(found)), file=sys.stderr)
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
    rows = [_shown(part) for part in parts]
    # A column that says nothing of any of them is left out.
    kept = [column.name for column in COLUMNS if any(row[column.name] is not None for row in rows)]
    show_table([_heading(name) for name in kept], [[row[name] for name in kept] for row in rows])
    total = len(found.recount.parts)
    if len(parts) < total:
        print(f"{len(parts):,} of {total:,} {found.measure.parts[1]}; all of them:  --all, as a file:  --all --format csv > FILE.csv")
    print(f"A run opens in the Dagster UI (pulse dev):  http://127.0.0.1:{settings.dagster_port}/runs/RUN")


def _shown(part: Part) -> dict[str, Any]:
    return {column.name: getattr(part, column.name) for column in COLUMNS}


def _heading(name: str) -> str:
    return name.replace("_", " ")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"--day {text!r} is no day. Write it like 2026-03-02.")
