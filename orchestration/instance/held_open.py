"""SQLite files that stay open, so that closing another connection to them writes nothing back."""

import sqlite3
from collections import OrderedDict
from threading import Lock


class HeldOpen:
    """A connection to each of the last few files. The last one of a file that is closed copies its write-ahead log into it and waits for the disk."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._held: OrderedDict[str, sqlite3.Connection] = OrderedDict()

    def hold(self, path: str) -> None:
        """`path` is a database with a write-ahead log."""
        with self._lock:
            if path not in self._held:
                self._held[path] = opened = sqlite3.connect(path, check_same_thread=False)
                # SQLite opens the log at the first read.
                opened.execute("select 1 from sqlite_master").fetchone()
            self._held.move_to_end(path)
            while len(self._held) > self._most:
                self._held.popitem(last=False)[1].close()

    def close(self) -> None:
        with self._lock:
            while self._held:
                self._held.popitem()[1].close()
