"""The spool on this machine: a file for each hour in which posts were made, only ever added to.

A line is written at once, with one `write`: it survives the kill of the process. The disk is told every second
(`sync`): a power cut can lose the last second, and the sign of life is written only after it, so that second is a gap.
"""

import fcntl
import os
import threading
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.sources.x.coverage import Event
from orchestration.sources.x.spool import MANIFEST, hour_file, unread_file
from orchestration.stream.lines import BadLine, PostLine, bad_line, stamp
from orchestration.stream.manifest import write_life
from orchestration.windows import floor_hour

# This hour, the one before it, the unread; late posts of older hours take turns in the rest.
MOST_OPEN = 6
# A line is some kilobytes; longer than any is looked through for the last whole line.
TAIL_BLOCK = 1 << 16


class FileSpoolWriter:
    """One process at a time: see `manifest.only_one`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._open: OrderedDict[Path, int] = OrderedDict()
        self._dirty: set[Path] = set()
        self._lock = threading.Lock()

    def post(self, line: PostLine) -> None:
        self._append(hour_file(self.folder, line.hour), line.text)

    def unread(self, line: BadLine) -> None:
        self._append(unread_file(self.folder, floor_hour(line.received_at)), line.text)

    def event(self, event: Event) -> None:
        self._append(self.folder / MANIFEST, event.as_line())
        self.sync()

    def alive(self, event: Event, figures: dict[str, Any]) -> None:
        self.sync()
        write_life(self.folder, event, figures)

    def sync(self) -> None:
        with self._lock:
            # Duplicates, so that the disk is not waited for while lines arrive, and a file may be closed meanwhile.
            handles = [os.dup(self._open[path]) for path in self._dirty if path in self._open]
            self._dirty.clear()
        try:
            for handle in handles:
                os.fsync(handle)
        finally:
            for handle in handles:
                os.close(handle)

    def close(self) -> None:
        self.sync()
        with self._lock:
            for handle in self._open.values():
                os.close(handle)
            self._open.clear()

    def mend(self, received_at: datetime) -> int:
        """Takes a last line that a crash has torn out of each file, and keeps it among the unread. Returns how many."""
        return sum(self._mend_file(file, received_at) for file in sorted(self.folder.rglob("*.jsonl")))

    def _mend_file(self, file: Path, received_at: datetime) -> bool:
        tail = _torn_tail(file)
        if not tail:
            return False
        if file.name != MANIFEST:
            # First kept, then cut: a crash in between keeps it twice, which is once among dead letters.
            detail = f"the end of {file.relative_to(self.folder)}, torn by a crash before {stamp(received_at)}"
            self.unread(bad_line(tail, received_at, "", "torn_line", detail))
            self.sync()
        with file.open("r+b") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            opened.truncate(opened.seek(0, os.SEEK_END) - len(tail))
            os.fsync(opened.fileno())
        return True

    def _append(self, path: Path, line: bytes) -> None:
        with self._lock:
            while True:
                handle = self._handle(path)
                # A deletion by duty rewrites the file under the same lock, and puts another in its place.
                fcntl.flock(handle, fcntl.LOCK_EX)
                try:
                    if _is_at(handle, path):
                        _write_whole(handle, line)
                        self._dirty.add(path)
                        return
                finally:
                    fcntl.flock(handle, fcntl.LOCK_UN)
                os.close(self._open.pop(path))

    def _handle(self, path: Path) -> int:
        if path in self._open:
            self._open.move_to_end(path)
            return self._open[path]
        if len(self._open) >= MOST_OPEN:
            oldest, handle = self._open.popitem(last=False)
            if oldest in self._dirty:
                os.fsync(handle)
                self._dirty.discard(oldest)
            os.close(handle)
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        self._open[path] = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if is_new:
            _sync_folders(path.parent, self.folder)
        return self._open[path]


def _write_whole(handle: int, line: bytes) -> None:
    """All of the line or nothing. Raises OSError."""
    before = os.fstat(handle).st_size
    rest = memoryview(line)
    try:
        while rest:
            rest = rest[os.write(handle, rest) :]
    except OSError:
        os.ftruncate(handle, before)
        raise


def _sync_folders(folder: Path, last: Path) -> None:
    """Makes the names of new files and folders outlive a power cut."""
    while True:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if folder == last:
            return
        folder = folder.parent


def _is_at(handle: int, path: Path) -> bool:
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(handle), there)


def _torn_tail(file: Path) -> bytes:
    """What follows the last end of a line."""
    with file.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        tail = b""
        while size > 0:
            start = max(0, size - TAIL_BLOCK)
            opened.seek(start)
            block = opened.read(size - start)
            if (end := block.rfind(b"\n")) >= 0:
                return block[end + 1 :] + tail
            tail, size = block + tail, start
        return tail
