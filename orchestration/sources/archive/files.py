"""Reads the files of an archive: each record with its time first, and all of it only where the time is in the window."""

import codecs
import csv
import gzip
import io
import itertools
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

import orjson

from orchestration.sources.archive.csv_columns import Columns, dialect_of, find_columns
from orchestration.sources.archive.csv_lines import header_of, rows_of
from orchestration.sources.archive.csv_rows import looks_rounded, parse_row, row_time
from orchestration.sources.base import DeadLetter, Post, SourceError
from orchestration.sources.envelopes import NoPost, Wrapped, posts_in
from orchestration.sources.records import created_at_of, parse_record
from orchestration.sources.values import BadRecord, is_too_deep, refuse_deep

JSON_ENDINGS = (".jsonl", ".ndjson", ".json")
CSV_ENDINGS = (".csv", ".tsv")
LONGEST_KEPT = 8_192
SAMPLE_ROWS = 200
# A JSON file of one value over several lines is read whole.
LARGEST_WHOLE_FILE = 500 * 1024**2

# 20 of these in a row can be an integer of more than 64 bits, sign included.
NUMBER_AS_ZERO = bytes.maketrans(b"-123456789", b"0000000000")
LONG_NUMBER = b"0" * 20

csv.field_size_limit(16 * 1024**2)


@dataclass(slots=True)
class Found:
    """A record of the archive: when it was made, and how to read the rest of it."""

    created_at: datetime
    read: Callable[[], Post]
    source_ref: str
    line: int
    as_written: Callable[[], str]

    @property
    def raw(self) -> str:
        """The record as text, made only when it is asked for: most records are good and never shown."""
        return self.as_written()


@dataclass
class Reading:
    """What could not be used, filled while `records` runs."""

    dead_letters: list[DeadLetter] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def bury(self, bad: BadRecord, source_ref: str, line: int | None, raw: str) -> None:
        self.dead_letters.append(DeadLetter(bad.reason, bad.detail, source_ref, line, raw[:LONGEST_KEPT]))


def require(path: Path) -> None:
    """Raises SourceError when there is nothing at `path`."""
    if not path.exists():
        raise SourceError(f"There is no file or folder {path}. Give an existing one with --archive.")


def records(path: Path, columns: Mapping[str, str], reading: Reading) -> Iterator[Found]:
    """Every record of a file, or of the archives in a folder. Raises SourceError when the path or the one file is none."""
    require(path)
    if path.is_file():
        yield from _of_file(path, path.name, columns, reading, alone=True)
        return
    for file in sorted(each for each in path.rglob("*") if each.is_file()):
        name = file.relative_to(path).as_posix()
        try:
            yield from _of_file(file, name, columns, reading, alone=False)
        except SourceError as error:
            reason = str(error).splitlines()[0].removeprefix(name).lstrip(": ")
            reading.skipped.append(f"{name}: {reason}")


def _of_file(file: Path, name: str, columns: Mapping[str, str], reading: Reading, *, alone: bool) -> Iterator[Found]:
    ending = file.name.lower().removesuffix(".gz")
    if ending.endswith(JSON_ENDINGS):
        found = _of_json(file, name, reading)
    elif ending.endswith(CSV_ENDINGS):
        found = _of_csv(file, name, columns, reading)
    elif alone:
        raise SourceError(f"{name} is no archive that can be read. Readable: {', '.join(JSON_ENDINGS + CSV_ENDINGS)}, also with .gz.")
    else:
        raise SourceError("no archive by its name")
    try:
        yield from found
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{name} cannot be read: {error}. Fetch it again.") from error


def _open(file: Path) -> IO[str]:  # the caller closes it
    return io.TextIOWrapper(_open_bytes(file), encoding="utf-8-sig", errors="replace", newline="")


def _open_bytes(file: Path) -> gzip.GzipFile | io.BufferedReader:  # the caller closes it
    return (gzip.open if file.name.lower().endswith(".gz") else open)(file, "rb")


def _of_json(file: Path, name: str, reading: Reading) -> Iterator[Found]:
    found = 0
    buried = len(reading.dead_letters)
    for line, raw, value in _json_values(file, name, reading):
        wrapped_posts = list(posts_in(value))
        for wrapped in wrapped_posts:

            def as_written(wrapped: Wrapped | NoPost = wrapped, whole: bytes | None = raw if len(wrapped_posts) == 1 else None) -> str:
                record = wrapped.value if isinstance(wrapped, NoPost) else wrapped.record
                return _as_text(whole) if whole else json.dumps(record, ensure_ascii=False)

            if isinstance(wrapped, NoPost):
                reading.bury(BadRecord("unknown_shape", wrapped.why), name, line, as_written())
                continue
            try:
                created_at = created_at_of(wrapped.record)
            except BadRecord as bad:
                reading.bury(bad, name, line, as_written())
                continue
            found += 1
            read = partial(parse_record, wrapped, source_ref=f"{name}:{line}", created_at=created_at)
            yield Found(created_at, read, name, line, as_written)
    letters = reading.dead_letters[buried:]
    if not found and all(letter.reason == "unknown_shape" for letter in letters):
        del reading.dead_letters[buried:]
        raise SourceError(f"{name} holds no posts." + (f" Its first line: {letters[0].detail}." if letters else ""))


def _json_values(file: Path, name: str, reading: Reading) -> Iterator[tuple[int, bytes, object]]:
    """(line, its bytes, value) of each line; or of the whole file when it is one value over several lines."""
    with _open_bytes(file) as opened:
        for number, raw in enumerate(_lines(opened), start=1):
            if not raw or raw.isspace():
                continue
            try:
                yield number, raw, _value_of(raw)
            except (ValueError, RecursionError) as error:
                text = _as_text(raw)
                if not text:
                    continue
                if number == 1 and (whole := _whole(file)) is not None:
                    yield 1, raw, whole
                    return
                reading.bury(BadRecord("json_error", f"no JSON: {error}"), name, number, text)


def _lines(opened: io.BufferedIOBase) -> Iterator[bytes]:
    """Lines without a byte order mark; CR alone ends one too."""
    chunks = itertools.chain([opened.readline().removeprefix(codecs.BOM_UTF8)], opened)
    for chunk in chunks:
        if b"\r" in chunk:
            yield from chunk.splitlines()
        else:
            yield chunk


def _as_text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()


def _value_of(raw: bytes) -> object:
    """As `json.loads`, several times as fast. Raises ValueError, also for what is nested too deeply, and RecursionError."""
    value = _read_value(raw)
    refuse_deep(value)
    return value


def _read_value(raw: bytes) -> object:
    # orjson reads an integer of more than 64 bits as a float, and so would damage an id.
    if LONG_NUMBER not in raw.translate(NUMBER_AS_ZERO):
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError:
            # Also what only Python's reader takes: NaN, lone surrogates, bytes that are no UTF-8.
            pass
    return json.loads(_as_text(raw))


def _whole(file: Path) -> object | None:
    if file.stat().st_size > LARGEST_WHOLE_FILE:
        return None
    with _open(file) as opened:
        try:
            value = json.load(opened)
        except (ValueError, RecursionError):
            return None
    return None if is_too_deep(value) else value


def _of_csv(file: Path, name: str, given: Mapping[str, str], reading: Reading) -> Iterator[Found]:
    with _open(file) as opened:
        lines = (line.replace("\x00", "") for line in opened)
        first = next(lines, "")
        dialect = dialect_of(first)
        headers, begun = header_of(first, lines, dialect)
        if name.lower().endswith(".tsv") and len(headers) < 2:
            raise SourceError(f"{name} is not parted by tabs.")
        begin = list(itertools.islice(lines, SAMPLE_ROWS))
        columns = find_columns(name, headers, given, [row for _, row in itertools.islice(rows_of(begin, dialect, begun), 20) if row])
        rows = rows_of(itertools.chain(begin, lines), dialect, begun, columns.count, lambda row: _is_dated(row, columns))
        ahead = list(itertools.islice(rows, SAMPLE_ROWS))
        rounded = looks_rounded([columns.value(row, "tweet_id") or "" for _, row in ahead if len(row) == columns.count])
        for line, row in itertools.chain(ahead, rows):
            try:
                created_at = row_time(row, columns)
            except BadRecord as bad:
                reading.bury(bad, name, line, _as_line(row))
                continue

            def read(row: list[str] = row, created_at: datetime = created_at, line: int = line) -> Post:
                return parse_row(row, headers, columns, created_at, source_ref=f"{name}:{line}", rounded_ids=rounded)

            yield Found(created_at, read, name, line, partial(_as_line, row))


def _is_dated(row: list[str], columns: Columns) -> bool:
    try:
        row_time(row, columns)
    except BadRecord:
        return False
    return True


def _as_line(row: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(row)
    return line.getvalue()
