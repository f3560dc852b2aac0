"""What a tweet source is asked and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from orchestration.windows import Window


# Not frozen: that doubles the time to make one (4.8 against 2.1 µs), of which an archive has millions.
@dataclass(slots=True)
class Post:
    """One post, normalised; the fields are those of `raw.tweets`, without campaign and lineage. Nobody changes it."""

    tweet_id: str
    root_id: str
    created_at: datetime
    text: str
    kind: str
    observed_at: datetime | None = None
    author_id: str | None = None
    author_key: str | None = None
    lang: str | None = None
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    cashtags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    referenced_id: str | None = None
    like_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None
    repost_count: int | None = None
    bookmark_count: int | None = None
    impression_count: int | None = None
    author_followers: int | None = None
    id_is_exact: bool = True
    source_ref: str | None = None
    raw_record: str = "{}"

    @property
    def is_repost(self) -> bool:
        return self.kind == "repost"


@dataclass(frozen=True)
class DeadLetter:
    """A record that could not be used. `reason` is a code, e.g. bad_timestamp; `detail` says it in words."""

    reason: str
    detail: str
    source_ref: str
    line: int | None
    raw_record: str


@dataclass(frozen=True)
class HourCapture:
    """What was kept of one UTC hour: at most `cap` posts, the first ones by (created_at, tweet_id)."""

    hour: datetime
    posts: tuple[Post, ...]
    counted: int | None
    observations: int
    capped: bool = False
    capped_at: datetime | None = None
    notes: tuple[str, ...] = ()
    requests: int = 0
    cost_usd: float = 0.0
    # Of this hour where it differs from the capture's, e.g. a stream's hour whose gap was filled by search.
    capture_mode: str | None = None


@dataclass(frozen=True)
class Capture:
    """Answer of a source: one `HourCapture` for each hour asked for, empty hours included, in order.

    A source that was stopped on the way (budget, limits) answers the hours that are complete and says why in `stopped`.
    """

    source: str
    capture_mode: str
    source_ref: str
    hours: tuple[HourCapture, ...]
    dead_letters: tuple[DeadLetter, ...] = ()
    skipped_files: tuple[str, ...] = ()
    stopped: "SourceError | None" = None


@dataclass(frozen=True)
class CampaignQuery:
    """What a source needs to know of a campaign."""

    campaign_id: str
    query: str | None = None
    hashtags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


class SourceError(Exception):
    """The source cannot answer; the message says what happened and what to do next."""


class NothingInWindow(SourceError):
    """The source has posts, but none in the window; the message says which span it has."""


class TweetSource(Protocol):
    """Anything that can answer `fetch`. An hour it cannot know raises; an hour without posts is an empty capture."""

    @property
    def name(self) -> str: ...

    def fetch(self, window: Window, query: CampaignQuery, cap: int) -> Capture:
        """Posts of `window` (whole hours), at most the first `cap` of each hour. Raises SourceError."""
        ...
