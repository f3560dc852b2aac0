"""The time as a stub sees it: real, standing still, or running from a given moment."""

import time
from datetime import UTC, datetime, timedelta


class StubClock:
    """UTC. Without `start` it is the real time; `running` lets a given time go on."""

    def __init__(self, start: datetime | None = None, *, running: bool = False) -> None:
        self._running = running
        self._start: datetime | None = None
        self._since = time.monotonic()
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=time.monotonic() - self._since if self._running else 0)

    def set(self, moment: datetime) -> None:
        """Raises ValueError for a time without a zone."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment.isoformat()} has no zone")
        self._start, self._since = moment.astimezone(UTC), time.monotonic()

    def advance(self, seconds: float) -> None:
        """A clock of the real time stands still at what it shows from now on, unless it was made to run."""
        self.set(self.now() + timedelta(seconds=seconds))
