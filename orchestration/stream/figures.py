"""What a run of the consumer has seen, for people."""

import os
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

MINUTE = timedelta(minutes=1)


@dataclass
class Figures:
    """Counts since the consumer began. `foreign` are posts of rules that somebody else made: they are billed, and not kept."""

    posts: int = 0
    unread: int = 0
    foreign: int = 0
    messages: int = 0
    keep_alives: int = 0
    connections: int = 0
    last_post: datetime | None = None
    endings: Counter[str] = field(default_factory=Counter)
    # Posts by minute of arrival, the newest last: what the rate is made of.
    _minutes: deque[tuple[datetime, int]] = field(default_factory=lambda: deque(maxlen=6))

    def took(self, received_at: datetime, created_at: datetime) -> None:
        self.posts += 1
        if self.last_post is None or created_at > self.last_post:
            self.last_post = created_at
        minute = received_at.replace(second=0, microsecond=0)
        if self._minutes and self._minutes[-1][0] == minute:
            self._minutes[-1] = (minute, self._minutes[-1][1] + 1)
        else:
            self._minutes.append((minute, 1))

    def ended(self, why: str) -> None:
        self.endings[why] += 1

    def posts_per_minute(self, at: datetime) -> float:
        """Over the five whole minutes before that of `at`."""
        this = at.replace(second=0, microsecond=0)
        return sum(count for minute, count in self._minutes if this - 5 * MINUTE <= minute < this) / 5

    def as_row(self, *, connected: bool, at: datetime) -> dict[str, Any]:
        """For the sign of life; times are UTC in ISO 8601."""
        return {
            "pid": os.getpid(),
            "connected": connected,
            "written_at": at.isoformat(),
            "posts": self.posts,
            "unread": self.unread,
            "foreign": self.foreign,
            "connections": self.connections,
            "last_post": self.last_post.isoformat() if self.last_post else None,
            "posts_per_minute": round(self.posts_per_minute(at), 1),
        }
