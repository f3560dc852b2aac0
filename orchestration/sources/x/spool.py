"""The spool of the stream as its readers see it: lines by the hour in which posts were made, and the manifest beside them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import orjson

from orchestration.sources.values import TOO_DEEP, BadRecord, refuse_deep
from orchestration.sources.x.coverage import Event, events_in
from orchestration.windows import Window, parse_time

FOLDER = "x_stream"
UNREAD = "unread"
MANIFEST = "manifest.jsonl"
LIFE = "alive.json"
WRITTEN = re.compile(r"last written (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6})Z")


@dataclass(frozen=True)
class SpoolLine:
    """One received post: `post` is `{"data", "includes"}` as X wrote it. Raises BadRecord from `of`."""

    received_at: datetime
    campaigns: tuple[str, ...]
    post: Mapping[str, Any]

    @classmethod
    def of(cls, text: bytes | str) -> "SpoolLine":
        fields = parsed(text)
        if not isinstance(fields, dict) or not isinstance(fields.get("post"), dict) or not isinstance(fields.get("campaigns"), list):
            raise BadRecord("unknown_shape", "no line of the stream's spool")
        try:
            received_at = parse_time(str(fields.get("received_at")))
        except ValueError:
            raise BadRecord("bad_timestamp", "the line does not say when it was received") from None
        return cls(received_at, tuple(map(str, fields["campaigns"])), fields["post"])


@dataclass(frozen=True)
class UnreadLine:
    """A line of the stream that could not be used: `reason` is a code, `detail` says it in words."""

    received_at: str
    reason: str
    detail: str
    line: str

    @classmethod
    def of(cls, text: bytes | str) -> "UnreadLine":
        """Raises BadRecord."""
        fields = parsed(text)
        if not isinstance(fields, dict) or "line" not in fields:
            raise BadRecord("unknown_shape", "no line of the unread")
        return cls(*(str(fields.get(name, "")) for name in ("received_at", "reason", "detail", "line")))


class Numbered(NamedTuple):
    """A stored line and where it stands."""

    number: int
    text: bytes


class SpoolReader(Protocol):
    """Files of this machine, or the table in which a Pub/Sub subscription lands."""

    def lines(self, hour: Window) -> Iterator[Numbered]:
        """Lines of posts that were made in the hour."""
        ...

    def unread(self, hour: Window) -> Iterator[Numbered]:
        """Lines received in the hour that could not be used."""
        ...

    def events(self) -> Sequence[Event]:
        """The manifest, in the order of its lines."""
        ...

    def written_at(self, hour: Window) -> datetime | None:
        """When the last post of the hour was stored; None when there is none."""
        ...


def parsed(text: bytes | str) -> Any:
    """The JSON value. Raises BadRecord `json_error`."""
    value = _value_of(text)
    try:
        refuse_deep(value)
    except ValueError as error:
        raise BadRecord("json_error", f"the record is {error}") from None
    return value


def _value_of(text: bytes | str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        pass
    try:
        # Lone surrogates and integers over 64 bits, which orjson does not read.
        return json.loads(text)
    except RecursionError:
        raise BadRecord("json_error", f"the record is {TOO_DEEP}") from None
    except ValueError as error:
        raise BadRecord("json_error", f"this is no JSON: {error}") from None


def hour_file(folder: Path, hour: datetime) -> Path:
    """`<folder>/2026-03-02/05.jsonl`"""
    return folder / f"{hour:%Y-%m-%d}" / f"{hour:%H}.jsonl"


def unread_file(folder: Path, hour: datetime) -> Path:
    return folder / UNREAD / f"{hour:%Y-%m-%dT%H}.jsonl"


@dataclass(frozen=True)
class FileSpool:
    """The spool in `folder`, read while the consumer may be writing it."""

    folder: Path

    def lines(self, hour: Window) -> Iterator[Numbered]:
        return _whole_lines(hour_file(self.folder, hour.start))

    def unread(self, hour: Window) -> Iterator[Numbered]:
        return _whole_lines(unread_file(self.folder, hour.start))

    def events(self) -> list[Event]:
        events = list(events_in(line.text for line in _whole_lines(self.folder / MANIFEST)))
        return [*events, *_sign_of_life(self.folder / LIFE)]

    def written_at(self, hour: Window) -> datetime | None:
        try:
            return datetime.fromtimestamp(hour_file(self.folder, hour.start).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None


def late_hours(spool: SpoolReader, read: Mapping[datetime, datetime | None]) -> list[datetime]:
    """Hours that got posts after they were read, in order. `read` says of each captured hour which `written_in` its ledger row has."""
    return [
        hour
        for hour, seen in sorted(read.items())
        if (written := spool.written_at(Window.hour_of(hour))) is not None and (seen is None or written > seen)
    ]


def written_note(written: datetime | None) -> str:
    """The note of a ledger row that says how far the spool was read. It changes with the spool, and so does the row."""
    return "the spool holds nothing of it" if written is None else f"spool last written {written:%Y-%m-%dT%H:%M:%S.%f}Z"


def written_in(notes: str | None) -> datetime | None:
    """What `written_note` said in the notes of a ledger row; None when the spool held nothing then."""
    found = WRITTEN.search(notes or "")
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else None


def _whole_lines(file: Path) -> Iterator[Numbered]:
    """Lines that are written to their end; the last may still be on its way."""
    try:
        with file.open("rb") as opened:
            yield from (Numbered(number, line) for number, line in enumerate(opened, start=1) if line.endswith(b"\n"))
    except FileNotFoundError:
        return


def _sign_of_life(file: Path) -> Iterable[Event]:
    try:
        return events_in([file.read_bytes()])
    except FileNotFoundError:
        return []
