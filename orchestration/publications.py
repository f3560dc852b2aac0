"""Publications in the warehouse: each campaign's, written once and read as they stood. Added to, never changed or deleted."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from orchestration.publishing import STEP, Content, end_of, published_at
from orchestration.summary import summarise
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import TableMissing, WarehouseError
from orchestration.warehouse.statements import ever
from orchestration.warehouse.tables import FIGURES, SUMMARIES
from orchestration.windows import FIRST_DAY, Window

# Longer than any clock is set back: figures that a killed run left beyond the last publication are cleared away up to here.
LEFTOVERS = timedelta(days=1)


@dataclass(frozen=True)
class Publication:
    """What stood of a campaign from `published_at` (UTC) on, until its next publication. `summary` is JSON text."""

    campaign_id: str
    published_at: datetime
    content_hash: str
    summary: str
    schema_version: int

    def facts(self) -> dict[str, Any]:
        """As `summarise` answered; times are text. A summary of an older version lacks fields that came later."""
        return json.loads(self.summary)


def published_campaigns(warehouse: Warehouse) -> list[str]:
    """Campaigns that have figures to publish."""
    try:
        rows = warehouse.query(f"""
            select distinct campaign_id from {warehouse.qualified("marts.engagement_daily")}
            where hashtag = '*' and {ever('day', 'DATE')} order by campaign_id
        """)
    except TableMissing:
        return []
    return [row["campaign_id"] for row in rows]


def content_of(warehouse: Warehouse, campaign_id: str) -> Content:
    """What the marts say of the campaign now. Raises WarehouseError when they say nothing."""
    facts = summarise(warehouse, campaign_id)
    followed = f"select hashtag from {warehouse.qualified('marts.hashtag_peaks')} where campaign_id = @campaign and followed"

    def days(mart: str) -> list[dict[str, Any]]:
        sql = f"""
            select * from {warehouse.qualified(mart)}
            where campaign_id = @campaign and {ever('day', 'DATE')} and (hashtag = '*' or hashtag in ({followed}))
            order by hashtag, day
        """
        return warehouse.query(sql, campaign=campaign_id)

    return Content.of(facts, days("marts.engagement_daily"), days("marts.sentiment_daily"), facts["peaks"])


def publish(warehouse: Warehouse, campaign_id: str, content: Content, now: datetime, *, run_id: str) -> Publication | None:
    """Keeps the content as published at `now` (UTC). Returns None, and writes nothing, when the last publication says the same."""
    last = last_before(warehouse, campaign_id)
    if last and last.content_hash == content.hash:
        return None
    moment = published_at(now, last.published_at if last else None)
    key: dict[str, Any] = {"campaign_id": campaign_id, "published_at": moment}
    # Figures first, then the summary which says that they are there. What lies beyond the last publication has no summary:
    # a killed run left it, and it goes.
    window = Window(last.published_at + STEP if last else datetime.combine(FIRST_DAY, time(), UTC), moment + LEFTOVERS)
    warehouse.replace_window(FIGURES, window, [key | figure for figure in content.figures], run_id=run_id, scope={"campaign_id": [campaign_id]})
    made = Publication(content_hash=content.hash, summary=content.summary, schema_version=content.schema_version, **key)
    warehouse.add(SUMMARIES, [vars(made)], run_id=run_id)
    return made


def last_before(warehouse: Warehouse, campaign_id: str, end: datetime | None = None) -> Publication | None:
    """The campaign's last publication, or the last before `end`; None when there is none."""
    before = "and published_at < @end_at" if end else ""
    sql = f"""
        select campaign_id, published_at, content_hash, summary, schema_version from {warehouse.qualified(SUMMARIES)}
        where campaign_id = @campaign {before} order by published_at desc limit 1
    """
    try:
        rows = warehouse.query(sql, campaign=campaign_id, **({"end_at": end} if end else {}))
    except TableMissing:
        return None
    return Publication(**rows[0]) if rows else None


def as_reported_on(warehouse: Warehouse, campaign_id: str, day: date, today: date) -> Publication:
    """The campaign's last publication before the end of the UTC `day`. Raises WarehouseError where there is none, or the day is to come."""
    if day > today:
        raise WarehouseError(f"{day} is yet to come (today is {today} in UTC). For what is known now leave out --as-of.")
    found = last_before(warehouse, campaign_id, end_of(day))
    if found is None:
        raise WarehouseError(_none_by(day, campaign_id, history(warehouse, campaign_id)))
    return found


def history(warehouse: Warehouse, campaign_id: str) -> list[dict[str, Any]]:
    """published_at, schema_version, summary of each publication of the campaign, the first one first."""
    sql = f"select published_at, schema_version, summary from {warehouse.qualified(SUMMARIES)} where campaign_id = @campaign order by published_at"
    try:
        return warehouse.query(sql, campaign=campaign_id)
    except TableMissing:
        return []


def read_back(warehouse: Warehouse, publication: Publication) -> Content:
    """Its content as it stands in the warehouse; the hash is the one it was written with, unless somebody changed a row."""
    rows = warehouse.query(
        f"select hashtag, period, day, figure, value, unit from {warehouse.qualified(FIGURES)} where campaign_id = @campaign and published_at = @moment",
        campaign=publication.campaign_id,
        moment=publication.published_at,
    )
    return Content(publication.summary, tuple(rows), publication.schema_version)


def _none_by(day: date, campaign_id: str, known: list[dict[str, Any]]) -> str:
    if not known:
        return f"Nothing of {campaign_id} has been published yet. Each run publishes:  pulse run --campaign {campaign_id} --from DAY --to DAY"
    first, last = (known[n]["published_at"].date() for n in (0, -1))
    return (
        f"Nothing of {campaign_id} was published by {day}: its first publication is of {first}, its last of {last} (UTC). "
        f"The day is that of the publication, not of the data. Ask for a later one:  pulse summary --campaign {campaign_id} --as-of {first}"
    )
