"""Files of the local warehouse's folder: who runs it, where it answers, and whether somebody stopped it on purpose."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Running:
    """What the running server says of itself in `server.json`."""

    pid: int
    url: str


@dataclass(frozen=True)
class ServerFiles:
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def stopped(self) -> Path:
        """Exists after `pulse warehouse stop`, until the next start."""
        return self.folder / "stopped"

    @property
    def _lock(self) -> Path:
        return self.folder / "server.lock"

    @property
    def _said(self) -> Path:
        return self.folder / "server.json"

    def take_lock(self) -> IO[str] | None:
        """The lock, held for as long as the file stays open (the kernel frees it on any death), or None if another holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self._lock.open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        return lock

    def is_owned(self) -> bool:
        """Whether a process holds the lock now."""
        if not self._lock.exists():
            return False
        with self._lock.open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def say(self, running: Running) -> None:
        part = self._said.with_suffix(".part")
        part.write_text(json.dumps(asdict(running)))
        part.replace(self._said)

    def unsay(self) -> None:
        self._said.unlink(missing_ok=True)

    def said(self) -> Running | None:
        try:
            return Running(**json.loads(self._said.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
