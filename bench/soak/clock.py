"""X's time in a soak: an hour goes by in a minute, and every process agrees on it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from orchestration.stub_clock import StubClock

SPEED = 60
# The sample's articles are of these days. It begins within an hour, which is then not whole and is left out.
START = datetime(2026, 3, 9, 0, 45, tzinfo=UTC)


@dataclass(frozen=True)
class FastClock:
    """`began` is the unix time at which X's clock showed START."""

    began: float

    def now(self) -> datetime:
        return START + timedelta(seconds=SPEED * (time.time() - self.began))

    def at(self, moment: datetime) -> float:
        """The unix time at which X's clock shows `moment`."""
        return self.began + (moment - START).total_seconds() / SPEED


class FastStubClock(StubClock):
    def __init__(self, clock: FastClock) -> None:
        super().__init__()
        self.now = clock.now
