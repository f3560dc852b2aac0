"""Engagement of one post at the stated age, from its capture and the times it was read again. Pure; written apart from dbt's model."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from orchestration.tracing.posts import Post

# Posts of these sources are read again at fixed ages; others are as they were last observed.
READ_AGAIN = frozenset({"x_search", "x_stream"})
# Ages are kept to 4 decimals of an hour; in whole numbers of them no rounding of fractions can move a post over the edge.
TICKS = 10_000
TICK = timedelta(microseconds=360_000)


@dataclass(frozen=True, slots=True)
class Reading:
    """A row of `raw.tweet_metrics`: what stood for the age `age_hours`, and the age at which it was read."""

    tweet_id: str
    age_hours: int
    status: str
    observed_age_hours: float | None
    like_count: int | None
    reply_count: int | None
    quote_count: int | None
    repost_count: int | None
    run_id: str | None
    impression_count: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Engagement and impressions of a post, None when unknown; `state` says where it comes from or why it is unknown; `run_id` read it, None: capture did."""

    engagement: int | None
    state: str
    age_hours: float | None = None
    run_id: str | None = None
    impressions: int | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it will still be measured."""
        return self.state == "not_yet"


def total(metrics: Post | Reading) -> int | None:
    """Likes, replies, quotes and reposts together; None when none of the four is known."""
    counts = [metrics.like_count, metrics.reply_count, metrics.quote_count, metrics.repost_count]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def age_between(start: datetime, end: datetime | None) -> float | None:
    """Hours to 4 decimals; None when unknown, or when a clock was wrong."""
    if end is None or end < start:
        return None
    return ((end - start + TICK / 2) // TICK) / TICKS


def engagement_of(post: Post, readings: Iterable[Reading], *, age: int, last_age: int) -> Known:
    """Engagement of an original: as observed, or of a post from X at its first observation at `age` hours or older.

    `last_age` is the age of the last reading there will be. Capture is an observation too, where it was that late.
    """
    captured_at = age_between(post.created_at, post.observed_at)
    if post.source not in READ_AGAIN:
        return Known(total(post), "observed", captured_at, impressions=post.impression_count)
    readings = list(readings)
    found: list[tuple[float | None, bool, Post | Reading]] = [(reading.observed_age_hours, False, reading) for reading in readings if reading.status == "measured"]
    found = [each for each in [*found, (captured_at, True, post)] if each[0] is not None and each[0] >= age]
    if found:
        at, is_capture, first = min(found, key=lambda each: each[:2])
        return Known(total(first), "measured", at, None if is_capture else first.run_id, first.impression_count)
    if any(each.status == "deleted" or (each.status == "unavailable" and each.age_hours >= age) for each in readings):
        return Known(None, "deleted")
    return Known(None, "missed" if any(each.age_hours >= last_age for each in readings) else "not_yet")
