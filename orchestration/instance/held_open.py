"""SQLite files that stay open, so that closing another connection to them writes nothing back."""

import sqlite3
from collections import OrderedDict
from contextlib import suppress
from threading import Lock


class HeldOpen:
    """A connection to each of the last few files. The last one of a file that is closed copies its write-ahead log into it and waits for the disk."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._held: OrderedDict[str, sqlite3.Connection] = OrderedDict()

    def hold(self, path: str) -> None:
        """`path` is a database with a write-ahead log. One that cannot be opened is not held: that costs time and no event."""
        with self._lock:
            if path in self._held:
                self._held.move_to_end(path)
                return
            with suppress(sqlite3.Error):
                opened = sqlite3.connect(path, check_same_thread=False)
                self._held[path] = opened
                # SQLite opens the log at the first read.
                opened.execute("select 1 from sqlite_master").fetchone()
            while len(self._held) > self._most:
                self._held.popitem(last=False)[1].close()

    def close(self) -> None:
        with self._lock:
            while self._held:
                self._held.popitem()[1].close()
