"""`pulse run`: the range, the progress on the screen, and what came of it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from orchestration.cli.errors import fail
from orchestration.cli.screen import progress_bars
from orchestration.pipeline import RunRequest, run_pipeline
from orchestration.settings import Settings
from orchestration.windows import Window, parse_time


def window_of(start: str, end: str) -> Window:
    """Whole UTC hours from `start` up to `end`. Fails with one line for what is no range."""
    try:
        edges = parse_time(start), parse_time(end)
    except ValueError:
        fail(f"{start!r} to {end!r} are no times. Write them like 2026-03-02 or 2026-03-02T05:00Z.")
    if edges[1] <= edges[0]:
        fail(f"The range ends ({end}) before it begins ({start}). --to is the first hour after the range.")
    return Window(*edges).to_whole_hours()


def columns_of(options: Iterable[str]) -> dict[str, str]:
    """`["text=Tweet"]` -> {"text": "Tweet"}. Fails with one line for another shape."""
    columns = {}
    for option in options:
        field, sign, header = option.partition("=")
        if not sign or not field or not header:
            fail(f"{option!r} is no FIELD=HEADER. Example:  --columns text=Tweet 'created_at=Date Created'")
        columns[field.strip()] = header
    return columns


def run_and_show(
    campaign: str, window: Window, source: str | None, archive: Path | None, columns: Mapping[str, str], force: bool
) -> None:
    """Runs with progress on the screen, then says in a few lines what was captured. Raises what `run_pipeline` raises."""
    settings = Settings()
    with progress_bars():
        runs = run_pipeline(settings, RunRequest(campaign, window, source, archive, columns, force))
    for line in captured_lines(settings, campaign, window):
        print(line)
    print(f"Dagster runs: {', '.join(run[:8] for run in runs)}.  Look:  pulse summary --campaign {campaign}")


def captured_lines(settings: Settings, campaign: str, window: Window) -> list[str]:
    """What the ledger says of the window, and how many records could not be used."""
    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.statements import in_window
    from orchestration.warehouse.tables import CAPTURE_LEDGER, DEAD_LETTERS

    warehouse = Warehouse(settings)
    bounds = " and ".join(in_window("hour", window))
    found = warehouse.query(
        f"""
        select count(*) as hours, sum(captured) as captured, sum(counted) as counted, countif(capped) as capped,
            string_agg(distinct notes, '; ') as notes
        from {warehouse.qualified(CAPTURE_LEDGER)} where campaign_id = @campaign and {bounds}
        """,
        campaign=campaign,
    )[0]
    letters = warehouse.query(
        f"""
        select reason, count(*) as letters from {warehouse.qualified(DEAD_LETTERS)}
        where campaign_id = @campaign and feed = 'tweets' group by reason order by letters desc, reason
        """,
        campaign=campaign,
    )
    counted = "" if found["counted"] is None else f" of {found['counted']:,} counted"
    lines = [f"{found['captured'] or 0:,} posts{counted} in {found['hours']:,} hours, {found['capped']} of them capped."]
    if found["notes"]:
        lines.append(f"Note: {found['notes']}.")
    if letters:
        total = sum(row["letters"] for row in letters)
        reasons = ", ".join(f"{row['reason']} {row['letters']:,}" for row in letters)
        lines.append(f"{total:,} records could not be used ({reasons}); they are in raw.dead_letters.")
    return lines
