"""Lines of a CSV file as rows. A quotation mark without its partner costs the line it stands in, and not those behind it."""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

# A field may hold line breaks; a record that is still open after so many lines has lost a quotation mark.
MOST_LINES = 1_000
Row = tuple[int, list[str]]
IsRow = Callable[[list[str]], bool]


def header_of(first: str, lines: Iterator[str], dialect: type[csv.Dialect]) -> tuple[list[str], int]:
    """The header, which begins with the line `first`, and how many lines it takes. Nothing more of `lines` is read."""
    reader = csv.reader(chain([first], lines), dialect)
    try:
        return next(reader, []), reader.line_num
    except csv.Error:
        # Also a field of more than 16 MB: this is no header of anything.
        return [], reader.line_num


def rows_of(lines: Iterable[str], dialect: type[csv.Dialect], begun: int = 0, width: int = 0, is_row: IsRow | None = None) -> Iterator[Row]:
    """(number of its first line, fields) of each row; `begun` lines stand before. Empty lines count, apart from those at the end of the file.

    A record of several lines that has not `width` fields, or is not quoted as it should be, ends before the first of its lines that begins a row by `is_row`.
    """
    empty: list[int] = []
    for number, row in _records(_Lines(lines, begun), _Readers.of(dialect), width, is_row):
        if row:
            yield from ((line, []) for line in empty)
            empty.clear()
            yield number, row
        else:
            empty.append(number)


class _Lines:
    """Lines that can be given back; `number` is that of the line taken last."""

    def __init__(self, lines: Iterable[str], begun: int) -> None:
        self._lines, self._back, self.number = iter(lines), deque[str](), begun

    def take(self) -> str | None:
        line = self._back.popleft() if self._back else next(self._lines, None)
        self.number += line is not None
        return line

    def give_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


@dataclass(frozen=True)
class _Readers:
    """The dialect as the reader keeps it, lenient and strict: made anew for each row it costs as much as the row."""

    lenient: Any
    strict: Any

    @classmethod
    def of(cls, dialect: type[csv.Dialect]) -> "_Readers":
        return cls(csv.reader((), dialect).dialect, csv.reader((), dialect, strict=True).dialect)


def _records(lines: _Lines, readers: _Readers, width: int, is_row: IsRow | None) -> Iterator[Row]:
    taken: list[str] = []

    def feed() -> Iterator[str]:
        while len(taken) < MOST_LINES and (line := lines.take()) is not None:
            taken.append(line)
            yield line

    while (line := lines.take()) is not None:
        number = lines.number
        # Most rows are quoted as they should be and end with their line: no need to ask for more lines.
        if (whole := _strict(iter((line,)), readers)) is not None:
            yield number, whole
            continue
        taken[:] = [line]
        try:
            row = next(csv.reader(chain((line,), feed()), readers.lenient), [])
        except csv.Error:
            row = [line]
            lines.give_back(taken[1:])
        # What is quoted as it should be stays whole: a post may hold what looks like a row.
        if is_row and len(taken) > 1 and not (len(row) == width and _strict(iter(taken), readers)) and (behind := _next_row(taken, lines, readers, is_row)):
            lines.give_back(taken[behind:])
            row = next(csv.reader(taken[:behind], readers.lenient), [])
        yield number, row


def _next_row(taken: list[str], lines: _Lines, readers: _Readers, is_row: IsRow) -> int | None:
    """Which of the taken lines begins a row that is whole and quoted as it should be; None for none."""
    more: list[str] = []

    def feed(behind: int) -> Iterator[str]:
        yield from taken[behind:]
        for at in range(MOST_LINES):
            if at == len(more):
                if (line := lines.take()) is None:
                    return
                more.append(line)
            yield more[at]

    try:
        return next((behind for behind in range(1, len(taken)) if (row := _strict(feed(behind), readers)) and is_row(row)), None)
    finally:
        lines.give_back(more)


def _strict(lines: Iterator[str], readers: _Readers) -> list[str] | None:
    """The row that the lines begin with; None where it is not quoted as it should be, or not whole."""
    try:
        return next(csv.reader(lines, readers.strict), [])
    except csv.Error:
        return None
