"""What peaks are looked for in: each campaign's followed hashtags, hour by hour and day by day, from the marts. Loads no Dagster."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from ml_assets.peaks import (
    CODE_VERSION,
    DAY,
    HOUR,
    SERIES,
    WHOLE_CAMPAIGN,
    Measured,
    detect,
    rows_of,
    series_of,
    start_of_day,
)
from orchestration.settings import Settings
from orchestration.warehouse import statements
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import CAMPAIGNS, DETECTED_PEAKS
from orchestration.windows import HOUR as ONE_HOUR
from orchestration.windows import Window

Row = Mapping[str, Any]
NO_POSTS = {"posts": 0, "authors": 0, "engagement": 0, "engagement_waiting": 0}


@dataclass(frozen=True)
class Followed:
    """A campaign with days of engagement: its zone, and the hashtags that are judged, the whole campaign among them."""

    campaign_id: str
    zone: str
    hashtags: tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """Rows of the marts of one campaign: its captured hours, and of the followed hashtags hours, days and days of sentiment."""

    followed: Followed
    captured: Sequence[Row]
    hours: Sequence[Row]
    days: Sequence[Row]
    sentiment: Sequence[Row]

    @property
    def content_hash(self) -> str:
        """Equal when nothing that peaks are found in has changed, and the code neither."""
        content = (CODE_VERSION, self.followed, self.captured, self.hours, self.days, self.sentiment)
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_UTC_Z)).hexdigest()[:32]


def followed_campaigns(warehouse: Warehouse, settings: Settings) -> list[Followed]:
    """As dbt's int_hashtags_followed, which stands on what is found here: the campaign's list, without one the hashtags seen most."""
    rows = warehouse.query(
        f"""
        with totals as (
            select campaign_id, hashtag, sum(posts) as posts from {warehouse.qualified("marts.engagement_daily")}
            where {statements.ever("day", "DATE")}
            group by campaign_id, hashtag
        ),
        ranked as (
            select campaign_id, hashtag,
                row_number() over (partition by campaign_id, hashtag = '{WHOLE_CAMPAIGN}' order by posts desc, hashtag) as place
            from totals
        )
        select ranked.campaign_id, coalesce(c.zone, 'UTC') as zone, array_agg(ranked.hashtag order by ranked.hashtag) as hashtags
        from ranked
        left join {warehouse.qualified(CAMPAIGNS)} as c on ranked.campaign_id = c.campaign_id
        where ranked.hashtag = '{WHOLE_CAMPAIGN}'
            or if(coalesce(array_length(c.hashtags), 0) > 0, ranked.hashtag in unnest(c.hashtags), ranked.place <= @most)
        group by ranked.campaign_id, c.zone
        order by ranked.campaign_id
        """,
        most=settings.followed_hashtags,
    )
    return [Followed(row["campaign_id"], row["zone"], tuple(row["hashtags"])) for row in rows]


def inputs_of(warehouse: Warehouse, followed: Followed) -> Inputs:
    """One query for each mart, each in a fixed order."""
    given = {"campaign": followed.campaign_id}
    of_hashtags = "campaign_id = @campaign and hashtag in unnest(@hashtags)"
    hours, days = statements.ever("hour", "TIMESTAMP"), statements.ever("day", "DATE")
    measured = "posts, authors, engagement, engagement_waiting"
    return Inputs(
        followed,
        captured=warehouse.query(
            f"""
            select hour, counted, coverage, capped from {warehouse.qualified("marts.capture_coverage")}
            where campaign_id = @campaign and {hours} order by hour
            """,
            **given,
        ),
        hours=warehouse.query(
            f"select hashtag, hour, {measured} from {warehouse.qualified('marts.engagement_hourly')} where {of_hashtags} and {hours} order by hashtag, hour",
            **given,
            hashtags=followed.hashtags,
        ),
        days=warehouse.query(
            f"""
            select hashtag, day, {measured}, counted, coverage, captured_hours, hours_in_day
            from {warehouse.qualified("marts.engagement_daily")} where {of_hashtags} and {days} order by hashtag, day
            """,
            **given,
            hashtags=followed.hashtags,
        ),
        sentiment=warehouse.query(
            f"select hashtag, day, scored, negative from {warehouse.qualified('marts.sentiment_daily')} where {of_hashtags} and {days} order by hashtag, day",
            **given,
            hashtags=followed.hashtags,
        ),
    )


def sentiment_by_hour(warehouse: Warehouse, inputs: Inputs) -> list[dict[str, Any]]:
    """hashtag, hour, scored, negative: labels of originals, counted over the campaign's captured hours."""
    if not inputs.captured:
        return []
    window = Window(inputs.captured[0]["hour"], inputs.captured[-1]["hour"] + ONE_HOUR)
    return warehouse.query(
        f"""
        select hashtag, timestamp_trunc(created_at, hour) as hour, countif(sentiment_label != 'not_scored') as scored,
            countif(sentiment_label = 'negative') as negative
        from {warehouse.qualified("marts.tweets")}
        cross join unnest(array_concat(['{WHOLE_CAMPAIGN}'], hashtags)) as hashtag
        where campaign_id = @campaign and {" and ".join(statements.in_window("created_at", window))} and not is_repost
            and hashtag in unnest(@hashtags)
        group by hashtag, hour
        """,
        campaign=inputs.followed.campaign_id,
        hashtags=inputs.followed.hashtags,
    )


def known_hashes(warehouse: Warehouse) -> dict[str, str]:
    """Of each campaign that was judged, the hash of what it was judged from."""
    rows = warehouse.query(f"select campaign_id, max(input_hash) as input_hash from {warehouse.qualified(DETECTED_PEAKS)} group by campaign_id")
    return {row["campaign_id"]: row["input_hash"] for row in rows}


def peak_rows(inputs: Inputs, hours_of_sentiment: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows of `ml.detected_peaks` of one campaign: every series of every followed hashtag has at least one."""
    followed = inputs.followed
    made_by = {"input_hash": inputs.content_hash, "code_version": CODE_VERSION}
    measured = {HOUR: _measured_hours(inputs, hours_of_sentiment), DAY: _measured_days(inputs)}
    return [
        row | made_by
        for hashtag in followed.hashtags
        for grain, of_hashtag in measured.items()
        for name in SERIES
        for row in rows_of(followed.campaign_id, hashtag, detect(series_of(name, grain, followed.zone, hashtag, of_hashtag[hashtag])))
    ]


def _measured_hours(inputs: Inputs, hours_of_sentiment: Iterable[Row]) -> dict[str, list[Measured]]:
    """Every captured hour of each hashtag: one without posts is a known zero, one that was not captured is not there."""
    rows = {(row["hashtag"], row["hour"]): row for row in inputs.hours}
    labels = {(row["hashtag"], row["hour"]): row for row in hours_of_sentiment}
    return {
        hashtag: [
            _measured(at["hour"].astimezone(UTC), rows.get((hashtag, at["hour"])), labels.get((hashtag, at["hour"])), at, capped=bool(at["capped"]))
            for at in inputs.captured
        ]
        for hashtag in inputs.followed.hashtags
    }


def _measured_days(inputs: Inputs) -> dict[str, list[Measured]]:
    """Every captured day, likewise; the whole campaign has a row for each, which knows what was counted and captured."""
    zone = ZoneInfo(inputs.followed.zone)
    capped = {at["hour"].astimezone(zone).date() for at in inputs.captured if at["capped"]}
    rows = {(row["hashtag"], row["day"]): row for row in inputs.days}
    labels = {(row["hashtag"], row["day"]): row for row in inputs.sentiment}
    days = [row for row in inputs.days if row["hashtag"] == WHOLE_CAMPAIGN]

    def measured(hashtag: str, of_campaign: Row) -> Measured:
        day: date = of_campaign["day"]
        start: datetime = start_of_day(day, inputs.followed.zone)
        is_whole = of_campaign["captured_hours"] is not None and of_campaign["captured_hours"] >= of_campaign["hours_in_day"]
        return _measured(start, rows.get((hashtag, day)), labels.get((hashtag, day)), of_campaign, capped=day in capped, whole=is_whole)

    return {hashtag: [measured(hashtag, row) for row in days] for hashtag in inputs.followed.hashtags}


def _measured(start: datetime, row: Row | None, labels: Row | None, captured: Row, **more: Any) -> Measured:
    row, labels = row or NO_POSTS, labels or {}
    return Measured(
        start=start,
        posts=row["posts"],
        authors=row["authors"],
        engagement=row["engagement"],
        waiting=row["engagement_waiting"] or 0,
        counted=captured["counted"],
        coverage=captured["coverage"],
        scored=labels.get("scored") or 0,
        negative=labels.get("negative") or 0,
        **more,
    )
