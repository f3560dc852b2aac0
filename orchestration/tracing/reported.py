"""What the marts say: the figures as the page shows them, and the names that can be asked for."""

from collections.abc import Callable
from datetime import date
from typing import Any

from orchestration.tracing.figures import Figure
from orchestration.tracing.scope import WHOLE, Scope
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever

Row = dict[str, Any]
NAMES = {"word": "word_frequencies_daily", "organization": "top_organizations", "location": "top_locations"}


class Reported:
    """One campaign and hashtag; what several figures need is asked once. Raises WarehouseError, TableMissing before the first run."""

    def __init__(self, warehouse: Warehouse, campaign_id: str, hashtag: str) -> None:
        self.warehouse, self.campaign_id, self.hashtag = warehouse, campaign_id, hashtag
        self._days: list[Row] | None = None

    # What there is

    def campaigns(self) -> list[str]:
        rows = self.warehouse.query(
            f"select distinct campaign_id from {self._mart('engagement_daily')} where {ever('day', 'DATE')} order by campaign_id"
        )
        return [row["campaign_id"] for row in rows]

    def hashtags(self) -> list[str]:
        """Those of most posts first."""
        rows = self.warehouse.query(
            f"""
            select hashtag, sum(posts) as posts from {self._mart("engagement_daily")}
            where campaign_id = @campaign and {ever("day", "DATE")} group by hashtag order by posts desc, hashtag
            """,
            campaign=self.campaign_id,
        )
        return [row["hashtag"] for row in rows]

    def days(self) -> list[Row]:
        """Rows of `engagement_daily` of the whole campaign and of the hashtag."""
        if self._days is None:
            self._days = self.warehouse.query(
                f"""
                select hashtag, day, zone, posts, originals, reposts, authors, engagement, engagement_measured, engagement_waiting, engagement_per_post,
                    impressions, engagement_with_impressions, engagement_rate_by_impressions, captured, counted, coverage
                from {self._mart("engagement_daily")}
                where campaign_id = @campaign and hashtag in ('*', @hashtag) and {ever("day", "DATE")}
                order by day
                """,
                campaign=self.campaign_id,
                hashtag=self.hashtag,
            )
        return self._days

    def news_days(self) -> dict[date, bool]:
        """Days whose news were asked for, and whether the day is that of most engagement."""
        rows = self.warehouse.query(
            f"select peak_day, is_most_engagement from {self._mart('news_status')} where campaign_id = @campaign and hashtag = @hashtag order by peak_day",
            campaign=self.campaign_id,
            hashtag=self.hashtag,
        )
        return {row["peak_day"]: row["is_most_engagement"] for row in rows}

    def names(self, what: str, day: date | None) -> list[str]:
        """Words of the day or of all days, organisations or places of a peak: those of most posts or articles first."""
        if what == "word":
            bounds = f"day = date '{day}'" if day else ever("day", "DATE")
            sql = f"""
                select word as name, sum(posts) as weight from {self._mart(NAMES[what])}
                where campaign_id = @campaign and hashtag = @hashtag and {bounds} group by word order by weight desc, word
            """
        else:
            sql = f"""
                select name, articles as weight from {self._mart(NAMES[what])}
                where campaign_id = @campaign and hashtag = @hashtag and peak_day = date '{day}' order by entity_rank
            """
        return [row["name"] for row in self.warehouse.query(sql, campaign=self.campaign_id, hashtag=self.hashtag)]

    # Figures

    def volume(self, scope: Scope, column: str) -> Figure:
        """Posts, originals or reposts."""
        rows = self._of(scope)
        return Figure(None) if rows is None else Figure.total(sum(row[column] for row in rows), {row["day"]: row[column] for row in rows})

    def authors(self, scope: Scope) -> Figure:
        """Of all days together no sum of days: an author of three days is one."""
        if scope.day:
            return self.volume(scope, "authors")
        (row,) = self.warehouse.query(
            f"""
            select count(distinct author_key) as authors from {self._mart("tweets")}
            where campaign_id = @campaign and {ever("created_at", "TIMESTAMP")} and (@hashtag = '*' or @hashtag in unnest(hashtags))
            """,
            campaign=self.campaign_id,
            hashtag=self.hashtag,
        )
        return Figure.total(row["authors"])

    def engagement(self, scope: Scope) -> Figure:
        rows = self._of(scope)
        if rows is None or (sum(row["originals"] for row in rows) and not sum(row["engagement_measured"] for row in rows)):
            return Figure(None)
        known = {row["day"]: row["engagement"] for row in rows if row["engagement"] is not None}
        return Figure.total(sum(known.values()), known)

    def engagement_per_post(self, scope: Scope) -> Figure:
        return self._ratio(self._of(scope), scope, "engagement_per_post", lambda row: row["engagement"] or 0, "engagement_measured")

    def engagement_rate_by_impressions(self, scope: Scope) -> Figure:
        top = "engagement_with_impressions"
        return self._ratio(self._of(scope), scope, "engagement_rate_by_impressions", lambda row: row[top] or 0, "impressions")

    def peak_day(self, scope: Scope) -> Figure:
        rows = self.warehouse.query(
            f"select peak_day, engagement from {self._mart('hashtag_peaks')} where campaign_id = @campaign and hashtag = @hashtag",
            campaign=self.campaign_id,
            hashtag=self.hashtag,
        )
        return Figure(rows[0]["peak_day"], rows[0]["engagement"]) if rows else Figure(None)

    def sentiment(self, scope: Scope, column: str, top: Callable[[Row], int]) -> Figure:
        rows = self.warehouse.query(
            f"""
            select day, scored, negative, neutral, positive, net_sentiment, negative_share, neutral_share, positive_share
            from {self._mart("sentiment_daily")} where campaign_id = @campaign and hashtag = @hashtag and {_days(scope)}
            """,
            campaign=self.campaign_id,
            hashtag=self.hashtag,
        )
        return self._ratio(rows, scope, column, top, "scored")

    def coverage(self, scope: Scope) -> Figure:
        """Of the days that were counted, as the page has it."""
        rows = [row for row in self.days() if row["hashtag"] == WHOLE and row["counted"] is not None and scope.day in (None, row["day"])]
        if not rows:
            return Figure(None)
        found = Figure.ratio(
            sum(row["captured"] for row in rows), sum(row["counted"] for row in rows), {row["day"]: row["captured"] for row in rows}, most=1.0
        )
        return Figure(rows[0]["coverage"], found.top, found.bottom, found.by_day) if scope.day else found

    def share_of_voice(self, scope: Scope) -> Figure:
        """Of the days on which every campaign of the set was captured, as the page has it."""
        rows = self.warehouse.query(
            f"""
            select day, is_own, volume, share_of_voice from {self._mart("share_of_voice_daily")}
            where campaign_id = @campaign and {_days(scope)} and set_volume is not null and volume is not null
            """,
            campaign=self.campaign_id,
        )
        own = [row for row in rows if row["is_own"]]
        found = Figure.ratio(sum(row["volume"] for row in own), sum(row["volume"] for row in rows), {row["day"]: row["volume"] for row in own})
        if not rows:
            return Figure(None)
        return Figure(own[0]["share_of_voice"], found.top, found.bottom, found.by_day) if scope.day and own else found

    def word(self, scope: Scope) -> Figure:
        rows = self.warehouse.query(
            f"""
            select day, posts from {self._mart("word_frequencies_daily")}
            where campaign_id = @campaign and hashtag = @hashtag and word = @word and {_days(scope)}
            """,
            campaign=self.campaign_id,
            hashtag=self.hashtag,
            word=scope.name,
        )
        return Figure.total(sum(row["posts"] for row in rows), {row["day"]: row["posts"] for row in rows}) if rows else Figure(None)

    def articles(self, scope: Scope) -> Figure:
        (row,) = self.warehouse.query(
            f"""
            select count(*) as articles from {self._mart("related_articles")}
            where campaign_id = @campaign and hashtag = @hashtag and peak_day = date '{scope.day}'
            """,
            campaign=self.campaign_id,
            hashtag=self.hashtag,
        )
        return Figure.total(row["articles"])

    def naming(self, scope: Scope, what: str) -> Figure:
        rows = self.warehouse.query(
            f"""
            select articles from {self._mart(NAMES[what])}
            where campaign_id = @campaign and hashtag = @hashtag and peak_day = date '{scope.day}' and name = @name
            """,
            campaign=self.campaign_id,
            hashtag=self.hashtag,
            name=scope.name,
        )
        return Figure.total(rows[0]["articles"]) if rows else Figure(None)

    def _of(self, scope: Scope) -> list[Row] | None:
        """Rows of the hashtag in the scope; none on a captured day is a known zero, and no row of the whole campaign no figure at all: None."""
        there = [row for row in self.days() if scope.day in (None, row["day"])]
        return [row for row in there if row["hashtag"] == scope.hashtag] if any(row["hashtag"] == WHOLE for row in there) else None

    def _ratio(self, rows: list[Row] | None, scope: Scope, column: str, top: Callable[[Row], int], bottom: str) -> Figure:
        """Of a day the mart's own ratio, of several days the ratio of their sums."""
        if rows is None:
            return Figure(None)
        found = Figure.ratio(sum(map(top, rows)), sum(row[bottom] for row in rows), {row["day"]: top(row) for row in rows})
        return Figure(rows[0][column], found.top, found.bottom, found.by_day) if scope.day and rows else found

    def _mart(self, name: str) -> str:
        return self.warehouse.qualified(f"marts.{name}")


def _days(scope: Scope) -> str:
    return f"day = date '{scope.day}'" if scope.day else ever("day", "DATE")
