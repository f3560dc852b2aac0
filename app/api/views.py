"""From rows of the marts to answers. Pure but for the questions: each takes `ask` and filters, and returns a model of `schemas`."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from app.api import schemas
from app.api.answers import Ask, span
from app.api.filters import WHOLE_CAMPAIGN, Filters
from app.api.problems import not_built, not_found
from app.figures import Card, between
from app.glossary import definition
from app.shares import Counted, Interval, correction_sentence
from app.text import safe_url
from app.tiles import first_screen
from orchestration.settings import Settings
from orchestration.warehouse.errors import TableMissing
from orchestration.warehouse.tables import LABELS

UNKNOWN = "There is no campaign {!r} that you may see. GET /api/v1/campaigns lists them."


def plain_value(value: Any) -> Any:
    """A value of a data frame as plain Python: NaN, NaT and NA are None, arrays are lists."""
    if isinstance(value, list | tuple):
        return list(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return value
    if value is None or pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{name: plain_value(value) for name, value in row.items()} for row in frame.to_dict("records")]


def about(ask: Ask, asked: Filters) -> schemas.About:
    """Raises ApiError 404 for an unknown campaign, then 422 for days that are none."""
    try:
        campaigns = ask("campaigns")
    except TableMissing:
        raise not_built("The marts") from None
    found = campaigns[campaigns["campaign_id"] == asked.campaign] if not campaigns.empty else campaigns
    if found.empty:
        raise not_found(UNKNOWN.format(asked.campaign))
    asked.check()
    zone = plain_value(found.iloc[0]["zone"]) or "UTC"
    return schemas.About(campaign=asked.campaign, hashtag=asked.hashtag, start=asked.start, end=asked.end, zone=zone, data_version=ask.version)


def hashtag_row(ask: Ask, asked: Filters) -> pd.Series | None:
    """Its row of `Marts.hashtags`. Raises ApiError 404 for a hashtag that no post of the campaign has."""
    tags = ask("hashtags", asked.campaign)
    found = tags[tags["hashtag"] == asked.hashtag] if not tags.empty else tags
    if not found.empty:
        return found.iloc[0]
    # Hashtags without engagement have no peak and stand in no such row.
    if asked.hashtag != WHOLE_CAMPAIGN and not ask("days", asked.campaign, asked.hashtag)["posts"].sum():
        raise not_found("No post of this campaign has this hashtag. GET /api/v1/hashtags lists those that are seen most.")
    return None


def campaigns(ask: Ask) -> pd.DataFrame:
    """Empty before the first run."""
    try:
        return ask("campaigns")
    except TableMissing:
        return pd.DataFrame()


def hashtags(ask: Ask, asked: Filters) -> schemas.Hashtags:
    return schemas.Hashtags(about=about(ask, asked), data=rows_of(ask("hashtags", asked.campaign)))


def days(ask: Ask, asked: Filters) -> pd.DataFrame:
    return between(ask("days", asked.campaign, asked.hashtag), asked.start, asked.end)


def hours(ask: Ask, asked: Filters, zone: str) -> pd.DataFrame:
    found = ask("hours", asked.campaign, asked.hashtag)
    if found.empty:
        return found
    local = pd.to_datetime(found["hour"], utc=True).dt.tz_convert(zone).dt.date
    return between(found.assign(day=local), asked.start, asked.end).drop(columns="day")


def series(ask: Ask, asked: Filters, grain: str) -> schemas.Series:
    of = about(ask, asked)
    hashtag_row(ask, asked)
    frame, row = (days(ask, asked), schemas.DayRow) if grain == "days" else (hours(ask, asked, of.zone), schemas.HourRow)
    return schemas.Series(about=of, grain=grain, data=[row(**each) for each in rows_of(frame)])


def cards(ask: Ask, asked: Filters, settings: Settings) -> schemas.Cards:
    """The page's six, and the day of most engagement, which stands in the page's first sentence."""
    of = about(ask, asked)
    hashtag_row(ask, asked)
    today = datetime.now(UTC).date()
    figures, six = first_screen(ask, asked.campaign, asked.hashtag, asked.start, asked.end, settings.engagement_age_hours, today)
    return schemas.Cards(about=of, data=[_card(card) for card in (*six, figures.peak_card())])


def _card(card: Card) -> schemas.CardRow:
    # The glossary's peak_day is another one: any day that is explained.
    said = " ".join(card.notes) if card.measure == "peak_day" else definition(card.measure)
    return schemas.CardRow(**{**vars(card), "notes": list(card.notes)}, definition=said)


def sentiment(ask: Ask, asked: Filters) -> schemas.Sentiment:
    of = about(ask, asked)
    hashtag_row(ask, asked)
    found = between(ask("sentiment", asked.campaign, asked.hashtag), asked.start, asked.end)
    counted = Counted.of(found, ask("authors", asked.campaign, asked.hashtag, *span(asked.start, asked.end)))
    net = None
    if counted.has_verdict:
        interval = counted.net_interval()
        net = schemas.NetSentiment(points=counted.net_points(), low=interval.low, high=interval.high)
    corrected = "Nothing to correct: no post was scored."
    if counted.scored:
        corrected = correction_sentence(found, ask("confusions", asked.campaign), asked.campaign)
    each_day = [
        schemas.SentimentDay(day=row["day"], scored=row["scored"], not_scored=row["not_scored"], shares=_shares(Counted(tuple(int(row[label]) for label in LABELS))))
        for row in rows_of(found)
    ]  # fmt: skip
    return schemas.Sentiment(
        about=of, scored=counted.scored, not_scored=int(found["not_scored"].sum()) if not found.empty else 0, has_verdict=counted.has_verdict, net=net,
        shares=_shares(counted), said=counted.sentence(), corrected=corrected, days=each_day,
    )  # fmt: skip


def _shares(counted: Counted) -> list[schemas.Share]:
    intervals: Sequence[Interval | None] = [None] * len(LABELS)
    if counted.has_verdict:
        intervals = counted.shares()
    return [
        schemas.Share(label=label, posts=posts, share=posts / counted.scored if counted.scored else None, low=interval and interval.low, high=interval and interval.high)
        for label, posts, interval in zip(LABELS, counted.counts, intervals, strict=True)
    ]  # fmt: skip


def words(ask: Ask, asked: Filters, most: int) -> schemas.Words:
    of = about(ask, asked)
    hashtag_row(ask, asked)
    found = ask("words", asked.campaign, asked.hashtag, 150, *span(asked.start, asked.end))
    tags = ask("hashtags", asked.campaign)
    # As on the page: the followed hashtags are the question, not the answer.
    followed = set(tags.loc[tags["followed"], "hashtag"]) if not tags.empty else set()
    shown = found[~found["word"].isin(followed)].head(most) if not found.empty else found
    return schemas.Words(about=of, data=rows_of(shown))


def articles(ask: Ask, asked: Filters) -> schemas.Articles:
    of = about(ask, asked)
    if not _peak_is_asked(ask, asked):
        return schemas.Articles(about=of, status=None, reason=None, data=[])
    status = ask("news_status", asked.campaign, asked.hashtag)
    first = rows_of(status.head(1))[0] if not status.empty else {"status": None, "reason": None}
    found = rows_of(ask("articles", asked.campaign, asked.hashtag))
    data = [{**row, "url": safe_url(row["url"]), "matched_terms": row["matched_terms"] or []} for row in found]
    return schemas.Articles(about=of, status=first["status"], reason=first["reason"], data=data)


def entities(ask: Ask, asked: Filters) -> schemas.Entities:
    of = about(ask, asked)
    if not _peak_is_asked(ask, asked):
        return schemas.Entities(about=of, data=[])
    kinds = (("organisation", "organizations"), ("place", "locations"))
    rows = [{**row, "kind": kind} for kind, question in kinds for row in rows_of(ask(question, asked.campaign, asked.hashtag))]
    return schemas.Entities(about=of, data=rows)


def _peak_is_asked(ask: Ask, asked: Filters) -> bool:
    """Articles and names are those of the day of most engagement of all days; whether it is among the days asked for."""
    row = hashtag_row(ask, asked)
    return asked.is_open or (row is not None and asked.has(plain_value(row["peak_day"])))


def peaks(ask: Ask, asked: Filters) -> schemas.Peaks:
    of = about(ask, asked)
    try:
        found = ask("peaks", asked.campaign, asked.hashtag)
    except TableMissing:
        raise not_built("Peaks") from None
    return schemas.Peaks(about=of, data=[row for row in rows_of(found) if asked.is_open or asked.has(row["top_day"])])


def explanations(ask: Ask, asked: Filters) -> schemas.Explanations:
    of = about(ask, asked)
    try:
        found = ask("explanations", asked.campaign)
    except TableMissing:
        raise not_built("Explanations") from None
    mine = [row for row in rows_of(found) if row["hashtag"] == asked.hashtag]
    return schemas.Explanations(about=of, data=[row for row in mine if asked.is_open or asked.has(row["peak_day"])])


def coverage(ask: Ask, asked: Filters) -> schemas.Coverage:
    of = about(ask, asked)
    found = ask("capture_hours", asked.campaign, *span(asked.start, asked.end))
    if not found.empty:
        local = pd.to_datetime(found["hour"], utc=True).dt.tz_convert(of.zone).dt.date
        found = between(found.assign(day=local), asked.start, asked.end)
    rows = rows_of(found)
    captured = sum(row["captured"] or 0 for row in rows)
    counted = None if not rows or any(row["counted"] is None for row in rows) else sum(row["counted"] for row in rows)
    return schemas.Coverage(
        about=of, hours=len(rows), capped_hours=sum(bool(row["capped"]) for row in rows), captured=captured, counted=counted,
        coverage=min(1.0, captured / counted) if counted else None, newest_hour=rows[-1]["hour"] if rows else None, data=rows,
    )  # fmt: skip


def spend(ask: Ask, month: date, settings: Settings, campaigns: frozenset[str] | None) -> schemas.Spend:
    """Of campaigns that the caller may see; calls of no campaign are for those who may see all."""
    try:
        rows = rows_of(ask("spend", month))
    except TableMissing:
        rows = []
    seen = [row for row in rows if campaigns is None or row["campaign_id"] in campaigns]
    return schemas.Spend(month=month, budget_usd=settings.x_budget_month_usd, budget_posts=settings.x_budget_month_posts, data=seen)
