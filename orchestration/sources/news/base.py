"""What a news source is asked and what it answers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from orchestration.sources.base import DeadLetter, SourceError
from orchestration.windows import Window

OK, NO_ARTICLES, UNAVAILABLE, RATE_LIMITED, BUDGET_SPENT, TOO_FRESH, UNSUPPORTED_LANGUAGE, FAILED = (
    "ok",
    "no_articles",
    "unavailable_plan_window",
    "rate_limited",
    "budget_spent",
    "too_fresh",
    "unsupported_language",
    "failed",
)
# Answers that asking again can change, the campaign's languages included; the others are final and never paid for twice.
WORTH_ASKING_AGAIN = frozenset({RATE_LIMITED, BUDGET_SPENT, TOO_FRESH, UNSUPPORTED_LANGUAGE, FAILED})


class NewsError(SourceError):
    """The news source cannot answer at all; the message says what to do."""


class Unanswered(Exception):
    """No articles; `status` is one of the codes above. With `for_all`, asking for another peak now would end the same."""

    def __init__(self, status: str, reason: str, *, for_all: bool = False, heals: bool = False) -> None:
        super().__init__(reason)
        self.status, self.reason, self.for_all, self.heals = status, reason, for_all, heals


@dataclass(frozen=True)
class Article:
    """One article, normalised; the fields are those of `raw.news_articles`, without campaign, hashtag and lineage.

    `copies` counts the articles that tell it in the same words, this one included; `source_names` are their publications.
    """

    article_id: str
    title: str
    published_at: datetime
    url: str | None = None
    description: str | None = None
    content: str | None = None
    source_name: str | None = None
    author: str | None = None
    language: str | None = None
    matched_terms: tuple[str, ...] = ()
    copies: int = 1
    source_names: tuple[str, ...] = ()
    raw_record: str = "{}"


@dataclass(frozen=True)
class NewsQuestion:
    """The peak that is asked about: the day in the campaign's zone, and what the articles must mention."""

    campaign_id: str
    hashtag: str
    peak_day: date
    zone: str
    terms: tuple[str, ...]
    languages: tuple[str, ...] = ()

    @property
    def window(self) -> Window:
        """The peak day and one day on either side, in the campaign's zone."""
        zone = ZoneInfo(self.zone)
        edges = (self.peak_day - timedelta(days=1), self.peak_day + timedelta(days=2))
        start, end = (datetime(edge.year, edge.month, edge.day, tzinfo=zone).astimezone(UTC) for edge in edges)
        return Window(start, end)


@dataclass(frozen=True)
class NewsAnswer:
    """`status` is one of the codes above, `reason` the status in words."""

    source: str
    query: str
    status: str
    reason: str
    articles: tuple[Article, ...] = ()
    dead_letters: tuple[DeadLetter, ...] = ()


class NewsSource(Protocol):
    """Anything that can answer `search`. `is_free` says that asking again costs nothing and answers are repeatable."""

    name: str
    is_free: bool

    def search(self, question: NewsQuestion) -> NewsAnswer:
        """Articles of the question's window that mention a term, most telling first. Raises NewsError."""
        ...
