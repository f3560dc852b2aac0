"""What the API asks beyond the page's own questions: posts by the page, hours of capture, and how new the data are."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pandas as pd

from app.queries import TABLES, Marts
from orchestration.warehouse.client import Pages
from orchestration.warehouse.errors import TableMissing
from orchestration.warehouse.statements import ever
from orchestration.windows import FIRST_DAY

# Columns of a post; `text` is taken out again where it may not be handed on.
POST = """tweet_id, created_at, day, kind, is_repost, lang, text, hashtags, engagement, engagement_state, engagement_age_hours, like_count, reply_count,
    quote_count, repost_count, sentiment_label, not_scored_reason, p_negative, p_neutral, p_positive, model_id, model_revision, source, run_id"""
# By order: the key that pages go along, and what comes after a post (@first, @at, @id).
ORDERS = {
    "engagement": (
        "engagement desc, created_at, tweet_id",
        "(engagement < @first or engagement = @first and (created_at > @at or created_at = @at and tweet_id > @id))",
    ),
    "newest": ("created_at desc, tweet_id", "(created_at < @at or created_at = @at and tweet_id > @id)"),
}


class Questions(Marts):
    """Raises WarehouseError: TableMissing for what is not built yet. Not for several threads at once."""

    def _named(self, sql: str) -> str:
        names = {name: self._warehouse.qualified(f"marts.{name}") for name in TABLES}
        return sql.format(**names, days=ever("day", "DATE"), hours=ever("hour", "TIMESTAMP"))

    def _rows(self, sql: str, **parameters: Any) -> pd.DataFrame:
        return pd.DataFrame(self._warehouse.query(self._named(sql), **parameters))

    def version(self) -> str:
        """The latest load stamp, UTC: of a captured hour or of an answer about news. `none` before the first run."""
        stamps = []
        for table, bound in (("capture_coverage", "{hours}"), ("news_status", "true")):
            try:
                stamps.append(self._rows(f"select max(loaded_at) as newest from {{{table}}} where {bound}")["newest"].iloc[0])
            except TableMissing:
                continue
        known = [stamp for stamp in stamps if pd.notna(stamp)]
        return f"{max(known):%Y%m%dT%H%M%S%f}" if known else "none"

    def capture_hours(self, campaign_id: str, start: date, end: date) -> pd.DataFrame:
        """hour (UTC), source, captured, counted, coverage, capped, hourly_cap, ids_exact, notes, run_id, loaded_at: around these days of any zone."""
        return self._rows(
            """
            select hour, source, captured, counted, coverage, capped, hourly_cap, ids_exact, notes, run_id, loaded_at from {capture_coverage}
            where campaign_id = @campaign and {hours} and hour >= @since and hour < @until order by hour
            """,
            campaign=campaign_id,
            **_around(start, end),
        )

    def posts(
        self, campaign_id: str, hashtag: str, order: str, label: str | None, limit: int, start: date, end: date, after: tuple[int, datetime, str] | None
    ) -> pd.DataFrame:
        """Columns of POST: at most `limit` posts after the one with the key `after` (engagement or 0, created_at, tweet_id)."""
        sql, parameters = self._posts(campaign_id, hashtag, order, label, start, end)
        by, behind = ORDERS[order]
        if after:
            first, at, tweet_id = after
            sql += f" and {behind}"
            parameters |= {"at": at, "id": tweet_id} | ({"first": first} if order == "engagement" else {})
        return self._rows(f"{sql} order by {by} limit @most", most=limit, **parameters)

    def post_pages(self, campaign_id: str, hashtag: str, order: str, label: str | None, start: date, end: date) -> Pages:
        """The same posts, all of them, a page at a time."""
        sql, parameters = self._posts(campaign_id, hashtag, order, label, start, end)
        return self._warehouse.pages(self._named(f"{sql} order by {ORDERS[order][0]}"), **parameters)

    def _posts(self, campaign_id: str, hashtag: str, order: str, label: str | None, start: date, end: date) -> tuple[str, dict[str, Any]]:
        """By engagement those that have one, as marts.top_posts; else every post, reposts too."""
        known = " and not is_repost and engagement is not null" if order == "engagement" else ""
        of_label = " and sentiment_label = @label" if label else ""
        sql = f"""
            select {POST} from {{tweets}}
            where campaign_id = @campaign and created_at >= timestamp '2006-03-21' and created_at >= @since and created_at < @until
                and day >= @start and day < @end and (@hashtag = '*' or @hashtag in unnest(hashtags)){known}{of_label}"""
        given = {"campaign": campaign_id, "hashtag": hashtag, "start": start, "end": end, **_around(start, end)}
        return sql, given | ({"label": label} if label else {})


def _around(start: date, end: date) -> dict[str, datetime]:
    """UTC bounds that hold these days of every zone: days begin up to 14 hours before and end up to 12 hours after those of UTC."""
    first, last = max(start, FIRST_DAY), min(end, date(9999, 12, 30))
    one = timedelta(days=1)
    return {"since": datetime.combine(first, time(), UTC) - one, "until": datetime.combine(max(last, first), time(), UTC) + one}
