"""Posts as they were received, and which of them a figure is of: edits collapsed, hours of the scope, posts of the hashtag. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from orchestration.tracing.scope import Scope
from orchestration.windows import floor_hour

# A post can be edited for 30 minutes, and then its later version takes its place, in the next hour where need be.
EDITS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Post:
    """A row of `raw.tweets` without its text. `carries` says whether it has the hashtag that is asked for."""

    tweet_id: str
    root_id: str
    created_at: datetime
    observed_at: datetime | None
    author_key: str | None
    is_repost: bool
    like_count: int | None
    reply_count: int | None
    quote_count: int | None
    repost_count: int | None
    source: str | None
    source_ref: str | None
    run_id: str | None
    carries: bool
    impression_count: int | None = None

    @property
    def hour(self) -> datetime:
        return floor_hour(self.created_at)


def latest_versions(versions: Iterable[Post]) -> Iterator[Post]:
    """Of each post the version that was made last; of equal times the greater id."""
    latest: dict[str, Post] = {}
    for post in versions:
        known = latest.get(post.root_id)
        if known is None or (post.created_at, post.tweet_id) > (known.created_at, known.tweet_id):
            latest[post.root_id] = post
    yield from latest.values()


def posts_of(scope: Scope, versions: Iterable[Post]) -> list[Post]:
    """The posts of the scope, in the order of time. `versions` reach EDITS beyond its window on both sides: a later version can stand there."""
    found = (post for post in latest_versions(versions) if post.carries and post.created_at in scope.window)
    return sorted(found, key=lambda post: (post.created_at, post.tweet_id))
