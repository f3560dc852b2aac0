"""Metric snapshots: which posts are to be measured again, and at which age. Engagement at capture is almost nothing.

A snapshot of age A stands for A hours when the post was measured at an age of A to A + tolerance. Later, it is missed: the
figure of that age cannot be had any more. Nothing here knows a warehouse or Dagster.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from orchestration.sources.x.lookup import DELETED, Looked
from orchestration.windows import HOUR, Window, floor_hour

MISSED = "missed"
# An hourly run measures posts that differ by an hour in age, and may itself be late.
TOLERANCE_SHARE, TOLERANCE_LEAST = 0.25, timedelta(hours=2)


@dataclass(frozen=True)
class Captured:
    """A captured post: `observed_at` is when its capture read the metrics, UTC; None when unknown."""

    campaign_id: str
    tweet_id: str
    created_at: datetime
    observed_at: datetime | None = None


@dataclass(frozen=True)
class Due:
    """A snapshot to be written. `gone` says that the post was deleted at an earlier age: it needs no call."""

    post: Captured
    age_hours: int
    gone: bool = False


@dataclass(frozen=True)
class Plan:
    to_measure: tuple[Due, ...]
    missed: tuple[Due, ...]


def tolerance(age_hours: int) -> timedelta:
    return max(TOLERANCE_LEAST, timedelta(hours=age_hours * TOLERANCE_SHARE))


def plan_snapshots(
    posts: Iterable[Captured], recorded: Mapping[tuple[str, str, int], str], now: datetime, ages: Sequence[int]
) -> Plan:
    """What is due at `now` and has no row yet. `recorded` maps (campaign_id, tweet_id, age) to the status of its row.

    A post that was captured after an age's tolerance has no missed row for it: nobody could have measured it.
    """
    to_measure, missed = [], []
    for post in posts:
        age = now - post.created_at
        gone = any(recorded.get((post.campaign_id, post.tweet_id, hours)) == DELETED for hours in ages)
        for hours in ages:
            if (post.campaign_id, post.tweet_id, hours) in recorded or age < timedelta(hours=hours):
                continue
            last = post.created_at + timedelta(hours=hours) + tolerance(hours)
            if now <= last:
                to_measure.append(Due(post, hours, gone))
            elif post.observed_at is None or post.observed_at <= last:
                missed.append(Due(post, hours, gone))
    return Plan(tuple(to_measure), tuple(missed))


def snapshot_rows(due: Iterable[Due], looked: Mapping[str, Looked], now: datetime) -> list[dict[str, Any]]:
    """Rows of `raw.tweet_metrics`; a due post that was not looked up has none yet."""
    rows = []
    for each in due:
        if each.gone:
            rows.append(_row(each, DELETED, "gone at an earlier snapshot", now, {}))
        elif (found := looked.get(each.post.tweet_id)) is not None:
            rows.append(_row(each, found.status, found.reason, found.observed_at, found.metrics))
    return rows


def missed_rows(missed: Iterable[Due]) -> list[dict[str, Any]]:
    return [_row(each, MISSED, "nobody asked in time", None, {}) for each in missed]


def due_hours(now: datetime, ages: Sequence[int]) -> dict[int, Window]:
    """By age: the hour whose last post has just reached it."""
    return {age: Window.hour_of(floor_hour(now) - HOUR - timedelta(hours=age)) for age in ages}


def open_hours(now: datetime, ages: Sequence[int]) -> list[Window]:
    """Every hour of which some age can still be measured, oldest first: what a catch-up looks at."""
    hours = set()
    for age, newest in due_hours(now, ages).items():
        hours |= set(Window(newest.start - tolerance(age), newest.end).hours())
    return sorted(hours)


def _row(due: Due, status: str, reason: str | None, observed_at: datetime | None, metrics: Mapping[str, int | None]) -> dict[str, Any]:
    post = due.post
    age = None if observed_at is None else round((observed_at - post.created_at).total_seconds() / 3600, 4)
    return {
        "campaign_id": post.campaign_id,
        "tweet_id": post.tweet_id,
        "created_at": post.created_at,
        "age_hours": due.age_hours,
        "status": status,
        "reason": reason,
        "observed_at": observed_at,
        "observed_age_hours": age,
        **metrics,
    }
