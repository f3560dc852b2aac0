"""Which posts a person is asked about: a simple random sample of the campaign's scored originals, the same for everybody with one seed."""

import hashlib
from collections.abc import Collection, Iterable, Iterator

from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever
from orchestration.warehouse.tables import TWEET_SENTIMENT
from orchestration.windows import Window

TWEETS = "marts.tweets"
# Texts held at once.
TEXTS_AT_ONCE = 50


def in_random_order(ids: Iterable[str], seed: int = 0) -> list[str]:
    """The ids by a hash of seed and id: its first n are a simple random sample without replacement.

    Unlike a shuffle it keeps its order when posts come or go, so that labelling can be resumed while a campaign is captured.
    """
    return sorted(ids, key=lambda each: (hashlib.sha256(f"{seed}\x1f{each}".encode()).digest(), each))


def to_label(ids: Iterable[str], labelled: Collection[str], seed: int = 0) -> list[str]:
    """The ids in their random order, without those `labelled` already."""
    return [each for each in in_random_order(ids, seed) if each not in labelled]


def candidates(warehouse: Warehouse, campaign_id: str) -> list[str]:
    """Ids of the campaign's originals that the model labelled, one for each distinct text. Raises WarehouseError before a first run."""
    rows = warehouse.query(
        f"""
        select min(tweet_id) as tweet_id from {warehouse.qualified(TWEETS)}
        where campaign_id = @campaign and {ever('created_at', 'TIMESTAMP')} and not is_repost and sentiment_label != 'not_scored'
        group by coalesce(text_hash, tweet_id)
        """,
        campaign=campaign_id,
    )
    return [row["tweet_id"] for row in rows]


def with_texts(warehouse: Warehouse, campaign_id: str, ids: list[str]) -> Iterator[tuple[str, str]]:
    """(tweet_id, text as a reader sees it) in the order of `ids`, read some at a time; a post that has gone meanwhile is left out."""
    for start in range(0, len(ids), TEXTS_AT_ONCE):
        part = ids[start : start + TEXTS_AT_ONCE]
        rows = warehouse.query(
            f"""
            select tweet_id, coalesce(text_shown, text) as text from {warehouse.qualified(TWEETS)}
            where campaign_id = @campaign and {ever('created_at', 'TIMESTAMP')} and tweet_id in unnest(@ids)
            """,
            campaign=campaign_id,
            ids=part,
        )
        texts = {row["tweet_id"]: row["text"] for row in rows}
        yield from ((each, texts[each]) for each in part if each in texts)


def scored_hours(warehouse: Warehouse, campaign_id: str) -> Window | None:
    """From the first to the last hour with a scored post of the campaign; None without one."""
    row = warehouse.query(
        f"""
        select min(created_at) as first, max(created_at) as last from {warehouse.qualified(TWEET_SENTIMENT)}
        where campaign_id = @campaign and {ever('created_at', 'TIMESTAMP')} and sentiment_label != 'not_scored'
        """,
        campaign=campaign_id,
    )[0]
    return None if row["first"] is None else Window(row["first"], Window.hour_of(row["last"]).end).to_whole_hours()
