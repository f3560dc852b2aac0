"""What X would bill: each post and user once per UTC day, and every request for counts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

POST_USD, USER_USD, COUNTS_USD = 0.005, 0.010, 0.005


@dataclass
class Bill:
    """US dollars; days are those of the stub's clock."""

    post_usd: float = POST_USD
    user_usd: float = USER_USD
    counts_usd: float = COUNTS_USD
    posts: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))
    users: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))
    counts: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, now: datetime, posts: Iterable[str], users: Iterable[str], *, counts: bool = False) -> None:
        day = now.date()
        self.posts[day].update(posts)
        self.users[day].update(users)
        self.counts[day] += counts

    def total(self) -> dict[str, Any]:
        """What was billed so far, and day by day."""
        days = sorted({*self.posts, *self.users, *self.counts})
        by_day = {day.isoformat(): self._of(len(self.posts[day]), len(self.users[day]), self.counts[day]) for day in days}
        parts = [{name: each[name] for name in ("posts", "users", "counts_requests")} for each in by_day.values()]
        whole = self._of(*(sum(part[name] for part in parts) for name in ("posts", "users", "counts_requests")))
        return {**whole, "days": by_day}

    def _of(self, posts: int, users: int, counts: int) -> dict[str, Any]:
        usd = posts * self.post_usd + users * self.user_usd + counts * self.counts_usd
        return {"posts": posts, "users": users, "counts_requests": counts, "usd": round(usd, 6)}
