"""What is read of a campaign to judge it: its days, those of its competitors, and which hashtags."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from orchestration.campaigns import Campaign as Declared
from orchestration.effects.judging import Facts
from orchestration.effects.series import WHOLE_CAMPAIGN
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever

ENGAGEMENT = "day, hashtag, posts, authors, engagement, engagement_waiting, captured_hours, hours_in_day, counted, coverage"
SENTIMENT = "day, hashtag, scored, net_sentiment, corrected_net_sentiment, model_id, model_revision, code_version"
VOICE = "day, volume, set_volume, basis, lowest_coverage, members_missing, is_captured_alike"


def facts_of(warehouse: Warehouse, declared: Declared, most_hashtags: int, most_before: int) -> Facts:
    """Of the campaign's days from `most_before` days before its first day on. `most_hashtags` are judged when it names none.

    Raises WarehouseError. The campaign must have a first day.
    """
    if declared.start_day is None:
        raise ValueError(f"{declared.campaign_id} has no first day")
    first = declared.start_day - timedelta(days=most_before)
    hashtags = [WHOLE_CAMPAIGN, *(declared.hashtags or _seen_most(warehouse, declared.campaign_id, most_hashtags))]

    def engagement(campaign_id: str, tags: list[str]) -> list[dict[str, Any]]:
        return warehouse.query(
            f"""
            select {ENGAGEMENT} from {warehouse.qualified("marts.engagement_daily")}
            where campaign_id = @campaign and day >= @first and hashtag in unnest(@hashtags)
            order by hashtag, day
            """,
            campaign=campaign_id,
            first=first,
            hashtags=tags,
        )

    sentiment = warehouse.query(
        f"""
        select {SENTIMENT} from {warehouse.qualified("marts.sentiment_daily")}
        where campaign_id = @campaign and day >= @first and hashtag in unnest(@hashtags)
        order by hashtag, day
        """,
        campaign=declared.campaign_id,
        first=first,
        hashtags=hashtags,
    )
    voice = warehouse.query(
        f"""
        select {VOICE} from {warehouse.qualified("marts.share_of_voice_daily")}
        where campaign_id = @campaign and day >= @first and is_own
        order by day
        """,
        campaign=declared.campaign_id,
        first=first,
    )
    members = {name: engagement(name, [WHOLE_CAMPAIGN]) for name in declared.competitors}
    return Facts(engagement(declared.campaign_id, hashtags), sentiment, voice, _modes(warehouse, declared, first), members)


def _modes(warehouse: Warehouse, declared: Declared, first: date) -> dict[date, str]:
    """Day in the campaign's zone -> the ways in which its hours were captured."""
    rows = warehouse.query(
        f"""
        select date(hour, @zone) as day, string_agg(distinct capture_mode, ', ' order by capture_mode) as modes
        from {warehouse.qualified("marts.capture_coverage")}
        where campaign_id = @campaign and hour >= @start
        group by day
        """,
        campaign=declared.campaign_id,
        zone=declared.zone,
        # A day begins up to 14 hours before the UTC day of its name.
        start=datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1),
    )
    return {row["day"]: row["modes"] for row in rows}


def _seen_most(warehouse: Warehouse, campaign_id: str, most: int) -> list[str]:
    """As the mart chooses the followed hashtags of a campaign without a list; the mart has the last word."""
    rows = warehouse.query(
        f"""
        select hashtag from {warehouse.qualified("marts.engagement_daily")}
        where campaign_id = @campaign and hashtag != '*' and {ever("day", "DATE")}
        group by hashtag order by sum(posts) desc, hashtag limit @most
        """,
        campaign=campaign_id,
        most=most,
    )
    return [row["hashtag"] for row in rows]
