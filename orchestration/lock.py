"""One command at a time in a home: two would write the same dbt files, or the same posts."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.settings import Settings

FILE = "run.lock"


class Busy(Exception):
    """Another command is at work in this home; the message says what to do."""


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Holds the home's lock, which the system frees when the process ends. Raises Busy at once where it is taken."""
    settings.root.mkdir(parents=True, exist_ok=True)
    with (settings.root / FILE).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("Another `pulse run`, `pulse compliance` or `pulse models score` is at work in this home. Wait for it, or set PULSE_HOME to another.") from None
        yield
