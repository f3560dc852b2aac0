"""`pulse export`: a mart as CSV or Parquet, to a file or to standard output."""

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import typer

from orchestration import campaigns, marts
from orchestration.cli.errors import fail
from orchestration.export import whole_file, write_csv, write_parquet
from orchestration.marts import Mart, MartError, Part
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import TableMissing

FORMS = ("csv", "parquet")
STANDARD_OUTPUT = "-"


def export(name: str, form: str, campaign: str | None, start: str | None, end: str | None, out: str, *, bom: bool) -> None:
    """Writes the mart in the order of its key and says on standard error what was written. Raises MartError, CampaignError."""
    if form not in FORMS:
        fail(f"{form!r} is no format. Choose {' or '.join(FORMS)}.")
    part = part_of(campaign, start, end)
    settings = Settings()
    mart = marts.find(marts.marts_of(settings), name)
    if campaign:
        campaigns.find(campaigns.load(settings), campaign)
    where = mart.where(part)
    target = _target(out, form)
    parameters: dict[str, Any] = part.parameters()
    warehouse = Warehouse(settings)
    signal.signal(signal.SIGTERM, _leave)
    try:
        answer = warehouse.pages(
            f"select * from {warehouse.qualified(f'marts.{mart.name}')} where {where} order by {', '.join(mart.key) or '1'}", **parameters
        )
        described = [replace(column, description=mart.columns.get(column.name, "")) for column in answer.columns]
        with target as stream:
            if form == "csv":
                rows = write_csv(stream, described, answer.rows, bom=bom)
            else:
                rows = write_parquet(stream, described, answer.rows, described_file(mart, part, datetime.now(UTC)))
            stream.flush()
    except TableMissing as error:
        raise MartError(f"marts.{mart.name} is not built yet. Run first:  pulse run --campaign ID --from DAY --to DAY") from error
    except BrokenPipeError:
        _nobody_reads()
    print(f"{rows:,} rows of marts.{mart.name}{'' if out == STANDARD_OUTPUT else f' to {out}'}", file=sys.stderr)


def part_of(campaign: str | None, start: str | None, end: str | None) -> Part:
    """Fails with one line for what is no day, or ends before it begins."""
    first, after = _day(start, "--from"), _day(end, "--to")
    if first and after and after <= first:
        fail(f"The period ends ({end}) before it begins ({start}). --to is the first day after the period.")
    return Part(campaign, first, after)


def described_file(mart: Mart, part: Part, exported_at: datetime) -> Mapping[str, str]:
    """What a Parquet file says of itself."""
    from importlib.metadata import version

    return {
        "mart": mart.name,
        "description": mart.description,
        "key": ", ".join(mart.key),
        "campaign": part.campaign or "all",
        "period": f"{part.start or 'the first day'} up to, not including, {part.end or 'the day of export'}" if part.start or part.end else "all",
        "days": "in the campaign's zone" if mart.has_days else "UTC",
        "exported_at": f"{exported_at:%Y-%m-%dT%H:%M:%SZ}",
        "product": f"campaign-pulse {version('campaign-pulse')}",
    }


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{option} {text!r} is no day. Write it like 2026-03-02.")


def _target(out: str, form: str) -> AbstractContextManager[BinaryIO]:
    if out == STANDARD_OUTPUT:
        if form == "parquet" and sys.stdout.isatty():
            fail("Parquet is no text for a screen. Name a file:  --out FILE.parquet")
        return nullcontext(sys.stdout.buffer)
    file = Path(out)
    if file.exists() and not file.is_file():
        fail(f"{out} is no file that can be replaced. Name a file, or - for standard output.")
    if not file.parent.is_dir():
        fail(f"There is no folder {file.parent}. Make it, or name another file.")
    return whole_file(file)


def _leave(number: int, _frame: object) -> None:
    # An exception, so that the part that was written goes too.
    raise SystemExit(128 + number)


def _nobody_reads() -> None:
    """The reader of the pipe has seen enough (`| head`): no error of ours, and nothing more to say."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(0)
