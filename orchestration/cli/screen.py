"""The screen of the command line: bars, tables, and text from outside that stays text."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from orchestration.progress import Progress as Said
from orchestration.progress import listening

CONTROL = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A)}
BIDI = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def plain(value: Any) -> str:
    """Text from outside without what a terminal would act on: escapes, bells, reversals of direction."""
    return str(value).translate(CONTROL | BIDI)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """A table on standard output; numbers to the right, nothing read as markup."""
    rows = [list(row) for row in rows]
    table = Table(title=Text(title) if title else None, title_justify="left", show_edge=False, header_style="bold")
    for position, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[position], (int, float)) or row[position] is None for row in rows)
        table.add_column(Text(plain(column)), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if value is None else plain(shown(value))) for value in row))
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)


def shown(value: Any) -> str:
    """A value as people read it: times in UTC, lists parted by commas."""
    from datetime import datetime

    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


@contextmanager
def progress_bars() -> Iterator[None]:
    """A bar per step of a run, with the time left; lines instead where nobody watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        with listening(_lines()):
            yield
        return
    columns = [
        TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[unit]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    ]  # fmt: skip
    with Progress(*columns, console=console, transient=False) as bars:
        tasks: dict[str, Any] = {}

        def draw(said: Said) -> None:
            if said.step not in tasks:
                tasks[said.step] = bars.add_task(said.step, total=said.total or None, unit=said.unit)
            bars.update(tasks[said.step], completed=said.done, total=said.total or None)

        with listening(draw):
            yield


def _lines() -> Callable[[Said], None]:
    """Start and end of each step, for logs."""
    import time

    began: dict[str, float] = {}

    def say(said: Said) -> None:
        now = time.monotonic()
        if said.step not in began:
            began[said.step] = now
            print(f"{said.step}: {said.total:,} {said.unit}", file=sys.stderr, flush=True)
        elif said.total and said.done >= said.total:
            print(f"{said.step}: done in {now - began[said.step]:.1f} s", file=sys.stderr, flush=True)

    return say
