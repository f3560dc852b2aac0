"""What a NewsAPI plan shows and how often it may be asked."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Plan:
    """`limits` are (requests, within); `most_results` of one query, None for all."""

    name: str
    delay: timedelta
    reach: timedelta
    most_results: int | None
    limits: tuple[tuple[int, timedelta], ...]


DEVELOPER = Plan(
    "developer",
    delay=timedelta(hours=24),
    reach=timedelta(days=30),
    most_results=100,
    limits=((100, timedelta(hours=24)), (50, timedelta(hours=12))),
)
BUSINESS = Plan(
    "business",
    delay=timedelta(0),
    reach=timedelta(days=5 * 365),
    most_results=None,
    limits=((250_000, timedelta(days=30)),),
)
PLANS = {plan.name: plan for plan in (DEVELOPER, BUSINESS)}


class Counter:
    """Requests answered, by the stub's clock. One that is refused does not count."""

    def __init__(self, plan: Plan) -> None:
        self._limits = plan.limits
        self._times: deque[datetime] = deque(maxlen=max(most for most, _ in plan.limits))

    def take(self, now: datetime) -> bool:
        """Counts one request at `now`; False when a limit is reached."""
        for most, within in self._limits:
            if sum(now - within < moment <= now for moment in self._times) >= most:
                return False
        self._times.append(now)
        return True
