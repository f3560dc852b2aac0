"""What an explanation is made of: peaks, posts, articles and their names, read from the warehouse, and what of it is new. Loads no Dagster."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ml_assets.explanations import CODE_VERSION
from ml_assets.explanations.rules import MOST_POSTS, REACH
from orchestration.sources.news.terms import phrases_of
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import (
    ARTICLE_ENTITIES,
    ARTICLE_EVIDENCE,
    NEWS_ARTICLES,
    NEWS_REQUESTS,
    PEAK_EXPLANATIONS,
    Table,
)
from orchestration.windows import Window

if TYPE_CHECKING:
    from ml_assets.explanations.corpus import Article, Post
    from ml_assets.explanations.explain import Explanation

POSTS, PEAKS, CAMPAIGNS = "marts.tweets", "marts.peak_days", "marts.campaigns"
Peak = tuple[str, date]


@dataclass(frozen=True)
class Asked:
    """A campaign with the days that want an explanation."""

    campaign_id: str
    name: str
    zone: str
    hashtags: tuple[str, ...]
    peaks: tuple[Peak, ...]

    @property
    def days(self) -> frozenset[date]:
        return frozenset(day for _, day in self.peaks)

    def window(self, peaks: Iterable[Peak]) -> Window:
        """All hours of the days within reach of these peaks, in any zone."""
        days = [day for _, day in peaks]
        first, last = min(days) - REACH - timedelta(days=1), max(days) + REACH + timedelta(days=2)
        return Window(*(datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last)))


@dataclass(frozen=True)
class Found:
    """What the news brought for each peak of a campaign, and the words that were asked for."""

    articles: Mapping[Peak, list[dict[str, Any]]]
    names: Mapping[str, list[dict[str, Any]]]
    question: tuple[str, ...]


def asked_for(warehouse: Warehouse) -> list[Asked]:
    """Campaigns with rows of marts.peak_days."""
    rows = warehouse.query(f"""
        select p.campaign_id, p.hashtag, p.peak_day, c.name, coalesce(c.zone, 'UTC') as zone, c.hashtags
        from {warehouse.qualified(PEAKS)} as p
        left join {warehouse.qualified(CAMPAIGNS)} as c on p.campaign_id = c.campaign_id
        order by p.campaign_id, p.hashtag, p.peak_day
    """)
    by_campaign: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_campaign[row["campaign_id"]].append(row)
    return [
        Asked(name, of[0]["name"] or name, of[0]["zone"], tuple(of[0]["hashtags"] or ()), tuple((row["hashtag"], row["peak_day"]) for row in of))
        for name, of in by_campaign.items()
    ]


def found_for(warehouse: Warehouse, asked: Asked) -> Found:
    """Articles by peak, their names by article, and the question: search terms, name and hashtags of the campaign."""
    articles: dict[Peak, list[dict[str, Any]]] = defaultdict(list)
    rows = warehouse.query(
        f"""
        select hashtag, peak_day, article_id, title, description, content, published_at, source_name, source_names, language, matched_terms, row_hash
        from {warehouse.qualified(NEWS_ARTICLES)}
        where campaign_id = @campaign and {_of_days("peak_day", asked.days)}
        order by hashtag, peak_day, article_id
        """,
        campaign=asked.campaign_id,
    )
    for row in rows:
        articles[row["hashtag"], row["peak_day"]].append(row)
    names: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in warehouse.query(
        f"""
        select article_id, entity_name, surface_forms, row_hash from {warehouse.qualified(ARTICLE_ENTITIES)}
        where article_id in (
            select article_id from {warehouse.qualified(NEWS_ARTICLES)} where campaign_id = @campaign and {_of_days("peak_day", asked.days)}
        )
        order by article_id, entity_label, entity_name
        """,
        campaign=asked.campaign_id,
    ):
        names[row["article_id"]].append(row)
    queries = warehouse.query(
        f"""
        select distinct query from {warehouse.qualified(NEWS_REQUESTS)}
        where campaign_id = @campaign and {_of_days("peak_day", asked.days)} and query is not null
        """,
        campaign=asked.campaign_id,
    )
    question = {asked.name, *asked.hashtags, *(hashtag for hashtag, _ in asked.peaks if hashtag != "*")}
    question |= {phrase for row in queries for phrase in phrases_of(row["query"])}
    question |= {term for row in rows for term in row["matched_terms"] or ()}
    return Found(articles, names, tuple(sorted(question)))


def states_of_days(warehouse: Warehouse, asked: Asked) -> dict[date, tuple[int, datetime]]:
    """Posts of each day within reach and when the newest of them was loaded: a day is as it was while both are."""
    rows = warehouse.query(
        f"""
        select day, count(*) as posts, max(loaded_at) as loaded_at from {warehouse.qualified(POSTS)}
        where {" and ".join(in_window("created_at", asked.window(asked.peaks)))} and campaign_id = @campaign
        group by day
        """,
        campaign=asked.campaign_id,
    )
    return {row["day"]: (row["posts"], row["loaded_at"]) for row in rows}


def input_hash(asked: Asked, found: Found, states: Mapping[date, tuple[int, datetime]], peak: Peak) -> str:
    """32 hex digits of SHA-256 over all that the explanation of a peak depends on."""
    _, day = peak
    articles = found.articles.get(peak, [])
    depends_on = (
        CODE_VERSION,
        MOST_POSTS,
        asked.zone,
        found.question,
        sorted(each.isoformat() for each in asked.days if abs(each - day) <= REACH + timedelta(days=1)),
        [(row["article_id"], row["row_hash"]) for row in articles],
        sorted({row["row_hash"] for article in articles for row in found.names.get(article["article_id"], [])}),
        sorted((each.isoformat(), posts, loaded_at.isoformat()) for each, (posts, loaded_at) in states.items() if abs(each - day) <= REACH),
    )
    return hashlib.sha256(json.dumps([*peak[:1], day.isoformat(), depends_on]).encode()).hexdigest()[:32]


def posts_of(warehouse: Warehouse, asked: Asked, peaks: Iterable[Peak]) -> "list[Post]":
    """Originals of the days within reach: of each text and day one, and of each hashtag's day at most MOST_POSTS, chosen by hash."""
    from ml_assets.explanations.corpus import Post

    peaks = list(peaks)
    rows = warehouse.query(
        f"""
        with originals as (
            select day, text_hash, text_clean, language, author_key, hashtags, created_at
            from {warehouse.qualified(POSTS)}
            where {" and ".join(in_window("created_at", asked.window(peaks)))} and campaign_id = @campaign
                and not is_repost and text_clean is not null and text_hash is not null
            qualify row_number() over (partition by day, text_hash order by created_at, tweet_id) = 1
        ),
        of_hashtags as (
            select day, text_hash, hashtag
            from originals
            cross join unnest(array_concat(['*'], hashtags)) as hashtag
            where hashtag = '*' or hashtag in unnest(@hashtags)
            qualify row_number() over (partition by day, hashtag order by text_hash) <= {MOST_POSTS}
        ),
        sampled as (
            select day, text_hash, array_agg(hashtag order by hashtag) as counted_for
            from of_hashtags
            group by day, text_hash
        )
        select originals.day, originals.text_clean, originals.language, originals.author_key, originals.created_at, sampled.counted_for
        from originals
        inner join sampled on originals.day = sampled.day and originals.text_hash = sampled.text_hash
        order by originals.text_hash, originals.day
        """,
        campaign=asked.campaign_id,
        hashtags=sorted({hashtag for hashtag, _ in peaks if hashtag != "*"}),
    )
    return [Post(row["day"], row["text_clean"], row["created_at"], row["author_key"], frozenset(row["counted_for"]), row["language"]) for row in rows]


def explain_peaks(warehouse: Warehouse, asked: Asked, found: Found, peaks: Iterable[Peak]) -> "dict[Peak, Explanation]":
    """Explanations of these peaks of the campaign; its posts are read once for all of them."""
    from ml_assets.explanations.corpus import Corpus
    from ml_assets.explanations.explain import explain

    peaks = list(peaks)
    pools = {peak: [_article(row, found.names) for row in found.articles.get(peak, [])] for peak in peaks}
    corpus = Corpus(posts_of(warehouse, asked, peaks), [article for pool in pools.values() for article in pool], found.question, asked.zone)
    return {(hashtag, day): explain(corpus, hashtag, day, pools[hashtag, day], asked.days) for hashtag, day in peaks}


def rows_of(campaign_id: str, peak: Peak, explanation: "Explanation", hashed: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of ml.peak_explanations and the rows of ml.article_evidence."""
    from ml_assets.explanations.explain import as_row

    key = {"campaign_id": campaign_id, "hashtag": peak[0], "peak_day": peak[1]}
    evidence = [
        {**key, **{name: list(value) if isinstance(value, tuple) else value for name, value in vars(each).items()}, "code_version": CODE_VERSION}
        for each in explanation.evidence
    ]
    return {**key, **as_row(explanation), "input_hash": hashed, "code_version": CODE_VERSION}, evidence


def stored(warehouse: Warehouse, campaign_id: str) -> tuple[dict[Peak, dict[str, Any]], dict[Peak, list[dict[str, Any]]]]:
    """Explanations and evidence of a campaign as they stand, by peak."""
    explanations, evidence = {}, defaultdict(list)
    for row in _stored(warehouse, PEAK_EXPLANATIONS, campaign_id):
        explanations[row["hashtag"], row["peak_day"]] = row
    for row in _stored(warehouse, ARTICLE_EVIDENCE, campaign_id):
        evidence[row["hashtag"], row["peak_day"]].append(row)
    return explanations, evidence


def _stored(warehouse: Warehouse, table: Table, campaign_id: str) -> list[dict[str, Any]]:
    names = ", ".join(column.name for column in table.columns)
    return warehouse.query(f"select {names} from {warehouse.qualified(table)} where campaign_id = @campaign", campaign=campaign_id)


def _article(row: Mapping[str, Any], names: Mapping[str, list[dict[str, Any]]]) -> "Article":
    from ml_assets.explanations.corpus import Article, Name

    fields = ("article_id", "title", "description", "content", "published_at", "source_name", "language")
    found = tuple(Name(name["entity_name"], tuple(name["surface_forms"] or ())) for name in names.get(row["article_id"], ()))
    return Article(**{name: row[name] for name in fields}, sources=max(1, len(row["source_names"] or ())), names=found)


def _of_days(column: str, days: Iterable[date]) -> str:
    """Literal bounds, so that BigQuery reads the partitions of these days alone."""
    days = sorted(days)
    return f"{column} >= date '{days[0]}' and {column} <= date '{days[-1]}'"
