"""How long to wait before connecting again. Pure."""

from dataclasses import dataclass, field
from enum import Enum


class Ending(Enum):
    """Why a connection ended, as far as waiting is concerned."""

    NETWORK = "network"
    CLOSED = "closed"
    HTTP = "http"
    LIMIT = "limit"
    OURS = "ours"


# (first, added each time, times each time, most) seconds; the first three kinds as docs.x.com says, /x-api/fundamentals/handling-disconnections.
# What X closes cleanly, and tweepy would open again at once: a second, doubling. Trouble of our own likewise.
WAITS = {
    Ending.NETWORK: (0.0, 0.25, 1.0, 16.0),
    Ending.HTTP: (5.0, 0.0, 2.0, 320.0),
    Ending.LIMIT: (60.0, 0.0, 2.0, 320.0),
    Ending.CLOSED: (1.0, 0.0, 2.0, 60.0),
    Ending.OURS: (1.0, 0.0, 2.0, 60.0),
}
# A connection that held for so long was sound: the next end is counted as the first.
SOUND_SECONDS = 60.0


@dataclass
class Backoff:
    _next: dict[Ending, float] = field(default_factory=dict)

    def after(self, ending: Ending, lived: float) -> float:
        """Seconds to wait after a connection that lived so many seconds."""
        if lived >= SOUND_SECONDS:
            self._next.clear()
        first, added, times, most = WAITS[ending]
        wait = self._next.get(ending, first)
        self._next[ending] = min(most, wait * times + added)
        return wait
