"""Who may write, and whether the writer lives: the lock, the sign of life, and the end of a session that was killed."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from orchestration.lock import Busy
from orchestration.sources.x.coverage import ALIVE, CONNECTED, DISCONNECTED, Event
from orchestration.sources.x.spool import LIFE, FileSpool

LOCK = "run.lock"
LOOKS, LOOK_SECONDS = 3, 0.05
KILLED = "the process was killed; this is its last sign of life"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the stream's lock, which the system frees when the process ends. Raises Busy, naming the process that holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+") as lock:
        if not _locked(lock):
            lock.seek(0)
            who = lock.read().strip() or "unknown"
            raise Busy(
                f"Process {who} runs `pulse stream run` with this spool already, and X allows one connection. Stop it:  kill {who}  "
                "or look at it:  pulse stream status"
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _locked(lock: IO[str]) -> bool:
    """Tries for a moment: `is_running` holds the lock while it looks."""
    for _ in range(LOOKS):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
        else:
            return True
    return False


def is_running(folder: Path) -> bool:
    """Whether a consumer holds the lock."""
    try:
        with (folder / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def write_life(folder: Path, event: Event, figures: dict[str, Any]) -> None:
    """Replaces the sign of life as a whole."""
    part = folder / (LIFE + ".part")
    with part.open("wb") as opened:
        opened.write(orjson.dumps(json.loads(event.as_line()) | figures, option=orjson.OPT_APPEND_NEWLINE))
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(folder / LIFE)


def read_life(folder: Path) -> dict[str, Any]:
    """The last sign of life with its figures; empty when there is none that can be read."""
    try:
        life = json.loads((folder / LIFE).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return life if isinstance(life, dict) else {}


def end_of_killed(folder: Path) -> Event | None:
    """The end that a killed session could not write itself, at its last sign of life; None when the last one has its end."""
    events = FileSpool(folder).events()
    open_session, sign = None, None
    for event in events:
        if event.kind == CONNECTED:
            open_session, sign = event.session, event.at
        elif event.session == open_session and event.kind == DISCONNECTED:
            open_session = None
        elif event.session == open_session and event.kind == ALIVE and sign is not None:
            sign = max(sign, event.at)
    return Event(sign, DISCONNECTED, open_session, KILLED) if open_session and sign else None
