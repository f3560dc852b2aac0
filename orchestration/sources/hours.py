"""From posts to hours: the latest observation of each post, and of each hour the first ones up to the cap."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from orchestration.sources.base import HourCapture, Post
from orchestration.windows import Window, floor_hour

_NEVER = datetime.min.replace(tzinfo=UTC)

NOT_EXACT = "ids of this source are not exact; keys are made from id, author and time"
FROM_CONTENT = "this source has no ids; keys are made from author, time and text"


def latest_observations(posts: Iterable[Post]) -> list[Post]:
    """One post per id: the one observed last. Where that does not decide, the larger metrics do, so that order does not."""
    latest: dict[str, Post] = {}
    for post in posts:
        known = latest.get(post.tweet_id)
        if known is None or _age_and_size(known) < _age_and_size(post):
            latest[post.tweet_id] = post
    return list(latest.values())


def select_hours(
    posts: Iterable[Post],
    window: Window,
    cap: int,
    *,
    counted: Mapping[datetime, int] | None = None,
    notes: Iterable[str] = (),
) -> tuple[HourCapture, ...]:
    """Every hour of `window`, empty ones included, with its first `cap` posts by (created_at, tweet_id).

    `counted` says how many posts an hour had where a counts service knows better than the posts at hand.
    """
    inside = [post for post in posts if post.created_at in window]
    observations = Counter(floor_hour(post.created_at) for post in inside)
    by_hour: dict[datetime, list[Post]] = defaultdict(list)
    for post in latest_observations(inside):
        by_hour[floor_hour(post.created_at)].append(post)
    captures = []
    for hour in window.hours():
        found = sorted(by_hour.get(hour.start, ()), key=lambda post: (post.created_at, post.tweet_id))
        kept = found[:cap]
        total = counted.get(hour.start) if counted is not None else len(found)
        captures.append(
            HourCapture(
                hour=hour.start,
                posts=tuple(kept),
                counted=total,
                observations=observations[hour.start],
                capped=len(found) > cap,
                capped_at=kept[-1].created_at if len(found) > cap else None,
                notes=(*notes, *_id_notes(kept)),
            )
        )
    return tuple(captures)


def _age_and_size(post: Post) -> tuple[datetime, int, str]:
    metrics = (post.like_count, post.reply_count, post.quote_count, post.repost_count, post.impression_count)
    return (post.observed_at or _NEVER, sum(metric or 0 for metric in metrics), post.raw_record)


def _id_notes(posts: list[Post]) -> list[str]:
    made = {post.tweet_id.split("-", 1)[0] for post in posts if not post.id_is_exact}
    return [note for kind, note in (("approx", NOT_EXACT), ("content", FROM_CONTENT)) if kind in made]
