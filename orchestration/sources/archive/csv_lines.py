"""Lines of a CSV file as rows. A quotation mark without its partner costs the line it stands in, and not those behind it."""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

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
    for number, row in _records(_Lines(lines, begun), dialect, width, is_row):
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


def _records(lines: _Lines, dialect: type[csv.Dialect], width: int, is_row: IsRow | None) -> Iterator[Row]:
    taken: list[str] = []

    def feed() -> Iterator[str]:
        while len(taken) < MOST_LINES and (line := lines.take()) is not None:
            taken.append(line)
            yield line

    while (line := lines.take()) is not None:
        number = lines.number
        # Most rows are quoted as they should be and end with their line: no need to ask for more lines.
        if (whole := _whole(line, dialect)) is not None:
            yield number, whole
            continue
        taken[:] = [line]
        try:
            row = next(csv.reader(chain((line,), feed()), dialect), [])
        except csv.Error:
            row = [line]
            lines.give_back(taken[1:])
        # What is quoted as it should be stays whole: a post may hold what looks like a row.
        if is_row and len(taken) > 1 and not (len(row) == width and _is_strict(taken, dialect)) and (behind := _next_row(taken, lines, dialect, is_row)):
            lines.give_back(taken[behind:])
            row = next(csv.reader(taken[:behind], dialect), [])
        yield number, row


def _whole(line: str, dialect: type[csv.Dialect]) -> list[str] | None:
    try:
        return next(csv.reader((line,), dialect, strict=True), [])
    except csv.Error:
        return None


def _next_row(taken: list[str], lines: _Lines, dialect: type[csv.Dialect], is_row: IsRow) -> int | None:
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
        return next((behind for behind in range(1, len(taken)) if _strict_row(feed(behind), dialect, is_row)), None)
    finally:
        lines.give_back(more)


def _strict_row(lines: Iterator[str], dialect: type[csv.Dialect], is_row: IsRow) -> bool:
    try:
        row = next(csv.reader(lines, dialect, strict=True), None)
    except csv.Error:
        return False
    return row is not None and is_row(row)


def _is_strict(taken: list[str], dialect: type[csv.Dialect]) -> bool:
    try:
        return bool(list(csv.reader(taken, dialect, strict=True)))
    except csv.Error:
        return False
