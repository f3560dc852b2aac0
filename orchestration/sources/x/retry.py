"""When a call is repeated, and how long that waits: only what can heal is repeated."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

SHORTEST_LIMIT_WAIT, LONGEST_LIMIT_WAIT = 1.0, 960.0
# Of a 429 that does not say when: one window of X's limits is 15 minutes.
UNSAID_LIMIT_WAITS = (60.0, 120.0, 240.0)


@dataclass(frozen=True)
class RetryPolicy:
    """`tries` calls in all for what can heal (5xx, network, no JSON), exponential with full jitter between them.

    A 429 is waited for in place when that takes at most `longest_sleep` seconds; a longer wait is the caller's, so that
    it can free its slot. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """

    tries: int = 5
    first_wait: float = 2.0
    longest_wait: float = 60.0
    limit_tries: int = 3
    longest_sleep: float = 120.0
    uniform: Callable[[float, float], float] = field(default=random.uniform, repr=False)

    def wait_before(self, retry: int) -> float:
        """Seconds before the retry number `retry`, from 1."""
        return self.uniform(0, min(self.longest_wait, self.first_wait * 2 ** (retry - 1)))


def limit_wait(reset: int | None, now: float, attempt: int) -> float:
    """Seconds to wait after a 429: until `reset` (unix seconds) and one more, or growing waits when it does not say."""
    if reset is None:
        return UNSAID_LIMIT_WAITS[min(attempt, len(UNSAID_LIMIT_WAITS) - 1)]
    return min(LONGEST_LIMIT_WAIT, max(SHORTEST_LIMIT_WAIT, reset - now + 1))
