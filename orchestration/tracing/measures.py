"""Every measure that can be traced, once: its definition, its mart, its recount. The command line and the page read this list."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from orchestration.nearest import nearest
from orchestration.settings import REPOSITORY, Settings
from orchestration.tracing import recounts, voices
from orchestration.tracing.figures import Figure, Recount
from orchestration.tracing.received import Received
from orchestration.tracing.reported import Reported
from orchestration.tracing.scope import Scope, TraceError

# Made by `make docs` from dbt's doc blocks, where a definition stands once.
GLOSSARY = REPOSITORY / "app" / "glossary.json"
NOTHING_SHARED = "the recount shares nothing with the mart but the rows as they were received"


@dataclass(frozen=True)
class Given:
    """What a recount may ask. `said` is the mart's figure: a word is counted on the days that the mart keeps it."""

    received: Received
    scope: Scope
    settings: Settings
    said: Figure


@dataclass(frozen=True)
class Measure:
    """`entry` is of the glossary. `parts` names what adds to the figure. `names` is what `--name` must name: word, organization, location.

    `is_of_news` measures are of the peak of `day`; `has_days` false: of all days only; `has_hashtags` false: of the whole campaign only.
    """

    name: str
    title: str
    entry: str
    mart: str
    raw: tuple[str, ...]
    report: Callable[[Reported, Scope], Figure]
    recount: Callable[[Given], Recount]
    parts: tuple[str, str] = ("post", "posts")
    shared: str = NOTHING_SHARED
    is_ratio: bool = False
    names: str | None = None
    is_of_news: bool = False
    has_days: bool = True
    has_hashtags: bool = True

    @property
    def definition(self) -> str:
        return glossary()[self.entry]["definition"]

    @property
    def facts(self) -> dict[str, str]:
        """Formula, Unit, Denominator, NULL, Source: those that the glossary has."""
        return glossary()[self.entry]["facts"]


@cache
def glossary() -> dict[str, dict[str, Any]]:
    """Definition and facts by name, plain text."""
    return json.loads(GLOSSARY.read_text(encoding="utf-8"))


def _volume(name: str, keep: Callable[[Any], bool]) -> Measure:
    return Measure(
        name, name.capitalize(), name, "engagement_daily", ("raw.tweets",),
        lambda reported, scope: reported.volume(scope, name), lambda given: recounts.volume(given.received, given.scope, keep),
    )  # fmt: skip


def _sentiment(name: str, title: str, top: Callable[[dict[str, Any]], int], weight: Callable[[str], int]) -> Measure:
    return Measure(
        name, title, name, "sentiment_daily", ("raw.tweets", "ml.tweet_sentiment"),
        lambda reported, scope: reported.sentiment(scope, name, top), lambda given: recounts.sentiment(given.received, given.scope, weight),
        parts=("scored original", "scored originals"), is_ratio=True,
        shared="the recount shares the model's label of each post with the mart, and nothing else",
    )  # fmt: skip


def _share(label: str) -> Measure:
    return _sentiment(f"{label}_share", f"{label.capitalize()} share", lambda row: row[label], lambda found: int(found == label))


def _naming(name: str, title: str, label: str) -> Measure:
    return Measure(
        name, title, "entity_articles", f"top_{name}s", ("raw.news_articles", "ml.article_entities"),
        lambda reported, scope: reported.naming(scope, name), lambda given: recounts.naming(given.received, given.scope, label),
        parts=("article", "articles"), names=name, is_of_news=True,
        shared="the recount shares the names that the model found in each article with the mart, and nothing else",
    )  # fmt: skip


def _with_settings(recount: Callable[[Received, Scope, Settings], Recount]) -> Callable[[Given], Recount]:
    return lambda given: recount(given.received, given.scope, given.settings)


ENGAGEMENT_FROM = ("raw.tweets", "raw.tweet_metrics")

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        _volume("posts", lambda post: True),
        _volume("originals", lambda post: not post.is_repost),
        _volume("reposts", lambda post: post.is_repost),
        Measure(
            "authors", "Authors", "authors", "engagement_daily", ("raw.tweets",), Reported.authors,
            lambda given: recounts.authors(given.received, given.scope), parts=("author", "authors"),
        ),
        Measure(
            "engagement", "Engagement", "engagement", "engagement_daily", ENGAGEMENT_FROM, Reported.engagement, _with_settings(recounts.engagement),
            parts=("original", "originals"),
        ),
        Measure(
            "engagement_per_post", "Engagement per post", "engagement_per_post", "engagement_daily", ENGAGEMENT_FROM, Reported.engagement_per_post,
            _with_settings(recounts.engagement_per_post), parts=("original", "originals"), is_ratio=True,
        ),
        Measure(
            "engagement_rate_by_impressions", "Engagement rate by impressions", "engagement_rate_by_impressions", "engagement_daily", ENGAGEMENT_FROM,
            Reported.engagement_rate_by_impressions, _with_settings(recounts.engagement_rate_by_impressions), parts=("original", "originals"), is_ratio=True,
        ),
        Measure(
            "peak_day", "Peak day", "most_engagement_day", "hashtag_peaks", ENGAGEMENT_FROM, Reported.peak_day, _with_settings(recounts.peak_day),
            parts=("day", "days"), has_days=False,
        ),
        _sentiment("net_sentiment", "Net sentiment", lambda row: row["positive"] - row["negative"], recounts.LABELS.__getitem__),
        *map(_share, recounts.LABELS),
        Measure(
            "coverage", "Coverage", "coverage", "engagement_daily", ("raw.tweets", "raw.capture_ledger"), Reported.coverage,
            lambda given: recounts.coverage(given.received, given.scope), parts=("hour", "hours"), is_ratio=True, has_hashtags=False,
            shared="posts are counted again from raw.tweets; what the source counted stands in the ledger alone",
        ),
        Measure(
            "share_of_voice", "Share of voice", "share_of_voice", "share_of_voice_daily", ("raw.tweets", "raw.capture_ledger", "raw.campaigns"),
            Reported.share_of_voice, lambda given: voices.share_of_voice(given.received, given.scope),
            parts=("day of a campaign", "days of campaigns"), is_ratio=True, has_hashtags=False,
            shared="posts are counted again from raw.tweets; what each source counted stands in the ledger alone",
        ),
        Measure(
            "word", "Posts with a word", "word_posts", "word_frequencies_daily",
            ("raw.tweets", "intermediate.int_tweet_terms", "intermediate.int_tweet_duplicates", "marts.tweets"), Reported.word,
            lambda given: recounts.word(given.received, given.scope, given.said.by_day), parts=("text", "texts"), names="word",
            shared="the recount shares with the mart which words a text has, which texts are copies and on which days the word is kept; "
            "posts, hashtags and the first of the copies are its own",
        ),
        Measure(
            "articles", "Articles", "peak_articles", "related_articles", ("raw.news_articles",), Reported.articles,
            lambda given: recounts.articles(given.received, given.scope), parts=("article", "articles"), is_of_news=True,
        ),
        _naming("organization", "Articles that name an organisation", "ORG"),
        _naming("location", "Articles that name a place", "LOC"),
    )
}  # fmt: skip


def find(name: str) -> Measure:
    """Raises TraceError that names the nearest and all there are."""
    if name not in MEASURES:
        raise TraceError(f"There is no measure {name!r}.{nearest(name, MEASURES)} There are: {', '.join(MEASURES)}.")
    return MEASURES[name]
