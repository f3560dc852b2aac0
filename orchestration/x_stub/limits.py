"""How often each endpoint may be asked: windows of 15 minutes, as X counts them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

WINDOW_SECONDS = 900
# Of an app, docs.x.com /x-api/fundamentals/rate-limits.
PER_WINDOW: Mapping[str, int] = {
    "search/recent": 450,
    "search/all": 300,
    "counts/recent": 300,
    "counts/all": 300,
    "lookup": 3_500,
    "stream": 50,
    "rules/get": 450,
    "rules/post": 100,
    "usage": 50,
    "compliance": 150,
}
SECOND = "search/all"


@dataclass
class Limits:
    """`enforced` false counts and lets everything pass. `one_per_second` holds for the full archive."""

    per_window: Mapping[str, int] = field(default_factory=lambda: dict(PER_WINDOW))
    enforced: bool = True
    one_per_second: bool = False
    # Family -> (unix seconds of the window's start, requests in it).
    _used: dict[str, tuple[float, int]] = field(default_factory=dict)
    _last: float = float("-inf")

    def take(self, family: str, now: float) -> tuple[bool, dict[str, str]]:
        """Whether one more request is allowed at `now` (unix seconds), and the headers that say what is left."""
        most = self.per_window[family]
        start, used = self._used.get(family, (now, 0))
        if not start <= now < start + WINDOW_SECONDS:
            start, used = now, 0
        reset = int(start + WINDOW_SECONDS)
        if self.enforced and used >= most:
            return False, headers(most, 0, reset)
        self._used[family] = start, used + 1
        if family == SECOND:
            too_soon = self.one_per_second and 0 <= now - self._last < 1
            self._last = now
            if too_soon:
                return False, headers(1, 0, int(now) + 1)
        return True, headers(most, most - used - 1 if self.enforced else most, reset)


def headers(most: int, left: int, reset: int) -> dict[str, str]:
    return {"x-rate-limit-limit": str(most), "x-rate-limit-remaining": str(max(0, left)), "x-rate-limit-reset": str(reset)}
