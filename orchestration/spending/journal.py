"""Paid calls on disk, one line each, before anything else is done with their answers: a crash must not forget money.

A journal belongs to one process, which holds a lock on it as long as it lives. One that nobody holds was left by a process
that died, and whoever finds it may take it over.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO
from urllib.parse import quote
from uuid import uuid4

log = logging.getLogger("pulse.spending")

ENDING = ".jsonl"
LONGEST_NAME = 100


@dataclass(frozen=True)
class Call:
    """One call that was made and answered. `at` is our own clock, UTC: by it we say to which day the money belongs."""

    at: datetime
    run_id: str
    campaign_id: str | None
    kind: str
    posts: int
    usd: float
    prices_as_of: date

    def as_line(self) -> bytes:
        fields = asdict(self) | {"at": self.at.astimezone(UTC).isoformat(), "prices_as_of": self.prices_as_of.isoformat()}
        return json.dumps(fields).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> "Call":
        """Raises ValueError, KeyError, TypeError for a line that is none."""
        fields = json.loads(line)
        fields["at"] = datetime.fromisoformat(fields["at"])
        fields["prices_as_of"] = date.fromisoformat(fields["prices_as_of"])
        return cls(**fields)


class Journal:
    """The calls of one process since its books were last balanced. The file is made with the first call."""

    def __init__(self, folder: Path, run_id: str) -> None:
        # Of each balance a file of its own: its name is in the key of its rows, so that no row stands for two amounts.
        self.file = folder / f"{quote(run_id, safe='')[:LONGEST_NAME]}.{uuid4().hex[:12]}{ENDING}"
        self._opened: IO[bytes] | None = None

    def add(self, call: Call) -> None:
        """Written and fsynced when it returns. Raises OSError."""
        opened = self._opened or self._open()
        opened.write(call.as_line())
        opened.flush()
        os.fsync(opened.fileno())

    def forget(self) -> None:
        """The calls stand in the warehouse: the file is removed."""
        if self._opened is not None:
            self.file.unlink(missing_ok=True)
            self._opened.close()
            self._opened = None

    def _open(self) -> IO[bytes]:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        # Under its name only when it is locked: before, another process would take it for one that was left behind.
        part = self.file.with_suffix(".part")
        self._opened = part.open("ab")
        fcntl.flock(self._opened, fcntl.LOCK_EX)
        part.rename(self.file)
        return self._opened


def journals(folder: Path) -> list[Path]:
    """Every journal in `folder`, whosever it is."""
    return sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []


def read(file: Path) -> list[Call]:
    """The calls of a journal; none when it has just been balanced. A line torn by a crash is left out, and said."""
    try:
        lines = file.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return []
    return list(_calls(lines, file))


@contextmanager
def taken_over(file: Path) -> Iterator[list[Call] | None]:
    """Holds a journal whose process is gone and gives its calls; None when the process lives or another was first."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        yield None
        return
    with opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield list(_calls(opened.readlines(), file))


def _calls(lines: Iterable[bytes], file: Path) -> Iterator[Call]:
    for number, line in enumerate(lines, start=1):
        try:
            yield Call.of_line(line)
        except (ValueError, KeyError, TypeError):
            log.warning("Line %d of the journal of spending %s cannot be read; the cost of that call is not known.", number, file.name)
