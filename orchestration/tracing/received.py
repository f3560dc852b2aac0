"""The rows that a recount starts from, read with literal bounds from the tables that Python writes. No mart is asked here.

Of words alone two tables of dbt are read as well: which words a text has, and which texts are copies (`copies`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from sys import intern
from typing import Any

import orjson

from orchestration.tracing.engagement import Reading
from orchestration.tracing.posts import EDITS, Post, posts_of
from orchestration.tracing.scope import Scope
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever, in_window
from orchestration.warehouse.tables import (
    ARTICLE_ENTITIES,
    CAMPAIGNS,
    CAPTURE_LEDGER,
    NEWS_ARTICLES,
    TWEET_METRICS,
    TWEET_SENTIMENT,
    TWEETS,
    Table,
)

Row = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Received:
    """Raises WarehouseError, TableMissing before the first run."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def zone(self, campaign_id: str) -> str | None:
        """The campaign's zone, as the campaigns file was last loaded."""
        rows = self.warehouse.query(f"select zone from {self._table(CAMPAIGNS)} where campaign_id = @campaign", campaign=campaign_id)
        return rows[0]["zone"] if rows else None

    def competitors(self, campaign_id: str) -> list[str]:
        """Campaign ids of the declared set, without the campaign itself."""
        rows = self.warehouse.query(f"select competitors from {self._table(CAMPAIGNS)} where campaign_id = @campaign", campaign=campaign_id)
        return list(rows[0]["competitors"] or ()) if rows else []

    def span(self, campaign_id: str) -> Row:
        """first_hour and last_hour that were captured; None when none was."""
        sql = f"select min(hour) as first_hour, max(hour) as last_hour from {self._table(CAPTURE_LEDGER)} where campaign_id = @campaign and {ever('hour', 'TIMESTAMP')}"
        return self.warehouse.query(sql, campaign=campaign_id)[0]

    def captured(self, scope: Scope) -> Row:
        """hours captured in the window, and how many of their posts were removed since by duty."""
        sql = f"select count(*) as hours, sum(removed) as removed from {self._table(CAPTURE_LEDGER)} where {_bounds('hour', scope)}"
        return self.warehouse.query(sql, campaign=scope.campaign_id)[0]

    def posts(self, scope: Scope) -> list[Post]:
        """The posts of the scope, each once, in the order of time."""
        start, end = in_window("created_at", scope.window.padded(EDITS, EDITS))
        rows = self._packed(
            f"""
            select tweet_id, root_id, unix_micros(created_at) as created_at, unix_micros(observed_at) as observed_at, author_key, is_repost,
                like_count, reply_count, quote_count, repost_count, impression_count, source, source_ref, run_id,
                @hashtag = '*' or @hashtag in unnest(hashtags) as carries
            from {self._table(TWEETS)}
            where campaign_id = @campaign and {start} and {end}
            """,
            campaign=scope.campaign_id,
            hashtag=scope.hashtag,
        )
        return posts_of(scope, (Post(**row | {name: _moment(row[name]) for name in ("created_at", "observed_at")}) for row in rows))

    def readings(self, scope: Scope) -> dict[str, list[Reading]]:
        """What was read again, by post."""
        rows = self._packed(
            f"""
            select tweet_id, age_hours, status, format('%.9f', observed_age_hours) as observed_age_hours, like_count, reply_count, quote_count, repost_count,
                impression_count, run_id
            from {self._table(TWEET_METRICS)} where {_bounds("created_at", scope)}
            """,
            campaign=scope.campaign_id,
        )
        found: dict[str, list[Reading]] = defaultdict(list)
        for row in rows:
            age = row["observed_age_hours"]
            found[row["tweet_id"]].append(Reading(**row | {"observed_age_hours": None if age is None else float(age)}))
        return found

    def labels(self, scope: Scope) -> dict[str, Row]:
        """sentiment_label and what gave it, by post; those that could not be scored are left out."""
        rows = self._packed(
            f"""
            select tweet_id, sentiment_label, run_id, code_version, model_id, model_revision from {self._table(TWEET_SENTIMENT)}
            where {_bounds("created_at", scope)} and sentiment_label != 'not_scored'
            """,
            campaign=scope.campaign_id,
        )
        return {row["tweet_id"]: row for row in rows}

    def hours(self, scope: Scope) -> list[Row]:
        """The ledger: hour, counted, removed, source, source_ref, run_id."""
        return self.warehouse.query(
            f"""
            select hour, counted, coalesce(removed, 0) as removed, source, source_ref, run_id from {self._table(CAPTURE_LEDGER)}
            where {_bounds("hour", scope)} order by hour
            """,
            campaign=scope.campaign_id,
        )

    def stored(self, scope: Scope) -> dict[datetime, int]:
        """Rows of `raw.tweets` by hour."""
        rows = self.warehouse.query(
            f"""
            select timestamp_trunc(created_at, hour) as hour, count(*) as posts from {self._table(TWEETS)}
            where {_bounds("created_at", scope)} group by hour
            """,
            campaign=scope.campaign_id,
        )
        return {row["hour"]: row["posts"] for row in rows}

    def copies(self, scope: Scope) -> list[Row]:
        """tweet_id, day, duplicate_group, has_text, occurrences of the word: every post of a group in which a post has the word."""
        first, last = scope.days
        days = f"day >= date '{first}' and day <= date '{last}'"
        rows = self._packed(
            f"""
            with named as (
                select tweet_id, (select count(*) from unnest(words) as word where word = @word) as occurrences
                from {self.warehouse.qualified("intermediate.int_tweet_terms")}
                where {_bounds("created_at", scope)} and @word in unnest(words)
            ),
            texts as (
                select tweet_id, text_clean is not null as has_text from {self.warehouse.qualified("marts.tweets")}
                where {_bounds("created_at", scope)}
            ),
            copies as (
                select tweet_id, day, duplicate_group from {self.warehouse.qualified("intermediate.int_tweet_duplicates")}
                where campaign_id = @campaign and {days}
            ),
            groups_of_word as (
                select distinct copies.day, copies.duplicate_group from copies inner join named on copies.tweet_id = named.tweet_id
            )
            select copies.tweet_id, copies.day, copies.duplicate_group, coalesce(texts.has_text, false) as has_text,
                coalesce(named.occurrences, 0) as occurrences
            from copies
            inner join groups_of_word as found on copies.day = found.day and copies.duplicate_group = found.duplicate_group
            left join named on copies.tweet_id = named.tweet_id
            left join texts on copies.tweet_id = texts.tweet_id
            """,
            campaign=scope.campaign_id,
            word=scope.name,
        )
        return [row | {"day": date.fromisoformat(row["day"])} for row in rows]

    def articles(self, scope: Scope) -> list[Row]:
        """article_id, published_at, url, source_name, source, run_id: what was kept for the peak."""
        return self.warehouse.query(
            f"""
            select article_id, published_at, url, source_name, source, run_id from {self._table(NEWS_ARTICLES)}
            where campaign_id = @campaign and hashtag = @hashtag and peak_day = date '{scope.day}'
            """,
            campaign=scope.campaign_id,
            hashtag=scope.hashtag,
        )

    def naming(self, scope: Scope, label: str) -> dict[str, Row]:
        """mentions of the name and what read it, by article; `label` is ORG or LOC."""
        rows = self.warehouse.query(
            f"""
            select article_id, mentions, run_id, code_version, model_id, model_revision from {self._table(ARTICLE_ENTITIES)}
            where entity_label = @label and entity_name = @name
            """,
            label=label,
            name=scope.name,
        )
        return {row["article_id"]: row for row in rows}

    def _packed(self, sql: str, **parameters: Any) -> Iterator[Row]:
        """Rows of a query, each sent as one JSON text: 30,000 posts of 14 columns took 10.9 s as cells and 1.4 s so. Times must be whole numbers, and fractions texts."""
        packed = self.warehouse.pages(f"select to_json_string(t) as packed from ({sql}) as t", **parameters)
        return _unpacked(packed.rows)

    def _table(self, table: Table) -> str:
        """The table, or the view of its name where this account may not read the table. What is read here must be a column there: deploy/terraform/traces.tf."""
        views = self.warehouse.settings.trace_dataset
        return self.warehouse.qualified(f"{views}.{table.name}" if views else table)


def _unpacked(pages: Iterable[Iterable[tuple[str]]]) -> Iterator[Row]:
    for page in pages:
        for (text,) in page:
            yield {name: intern(value) if type(value) is str else value for name, value in orjson.loads(text).items()}


def _bounds(column: str, scope: Scope) -> str:
    return f"campaign_id = @campaign and {' and '.join(in_window(column, scope.window))}"


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else EPOCH + timedelta(microseconds=micros)
