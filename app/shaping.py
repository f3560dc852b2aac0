"""Rows of the marts in the shape that charts and tables take. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from app.charts.engagement import KINDS, WEEKDAYS
from app.made import Ask
from app.shares import FEWEST_FOR_A_VERDICT, of_scored, wilson
from orchestration.warehouse.tables import LABELS


def local(times: pd.Series, zone: str) -> pd.Series:
    """UTC times as wall clock times of the zone."""
    return pd.to_datetime(times, utc=True).dt.tz_convert(ZoneInfo(zone)).dt.tz_localize(None)


def hours_of(hours: pd.DataFrame, zone: str, campaign_zone: str, start: date, end: date) -> pd.DataFrame:
    """Rows of `Marts.hours` whose day in the campaign's zone lies in the period; `hour` becomes wall clock time of `zone`."""
    if hours.empty:
        return hours
    days = local(hours["hour"], campaign_zone).dt.date
    kept = hours[(days >= start) & (days < end)]
    return kept.assign(hour=local(kept["hour"], zone))


def hours_shown(ask: Ask, campaign_id: str, hashtag: str, zone: str, campaign_zone: str, start: date, end: date) -> pd.DataFrame:
    """`hours_of` the answer of `Marts.hours`, which `ask` asks for."""
    return hours_of(ask("hours", campaign_id, hashtag), zone, campaign_zone, start, end)


def hour_of_week(hours: pd.DataFrame) -> pd.DataFrame:
    """Means per weekday and hour of day: weekday, hour, posts, engagement, hours (how many it is the mean of). Takes rows of `hours_of`."""
    known = hours.assign(weekday=[WEEKDAYS[day] for day in hours["hour"].dt.dayofweek], of_day=hours["hour"].dt.hour)
    cells = known.groupby(["weekday", "of_day"], sort=False).agg(posts=("posts", "mean"), engagement=("engagement", "mean"), hours=("hour", "count"))
    cells = cells.reset_index().rename(columns={"of_day": "hour"})
    return cells.sort_values(["weekday", "hour"], key=lambda column: column.map(WEEKDAYS.index) if column.name == "weekday" else column)


def kinds_of(days: pd.DataFrame) -> pd.Series:
    """likes, reposts, replies, quotes of all these days; NA where no day knows."""
    return days[list(KINDS)].astype("Float64").sum(min_count=1).rename(index=KINDS)


def shares_of(sentiment: pd.DataFrame) -> pd.DataFrame:
    """Positive and negative share of each day with scored posts, in Wilson's 95 % interval: day, label, posts, scored, share, low, high, thin."""
    rows = []
    for day in sentiment[sentiment["scored"] > 0].itertuples():
        for label in ("negative", "positive"):
            count, scored = int(getattr(day, label)), int(day.scored)
            interval = of_scored(wilson(count, scored))
            rows.append(
                (
                    day.day,
                    label,
                    count,
                    scored,
                    count / scored,
                    interval.low,
                    interval.high,
                    scored < FEWEST_FOR_A_VERDICT,
                )
            )
    return pd.DataFrame(rows, columns=["day", "label", "posts", "scored", "share", "low", "high", "thin"])


def sentiment_table(sentiment: pd.DataFrame) -> pd.DataFrame:
    """A row for each day with scored posts: day, scored, and each label's posts, share, low, high; has_verdict."""
    rows = []
    for day in sentiment[sentiment["scored"] > 0].itertuples():
        row = {"day": day.day, "scored": int(day.scored), "has_verdict": day.scored >= FEWEST_FOR_A_VERDICT}
        for label in LABELS:
            count = int(getattr(day, label))
            interval = of_scored(wilson(count, int(day.scored)))
            row |= {
                label: count,
                f"{label}_share": count / day.scored,
                f"{label}_low": interval.low,
                f"{label}_high": interval.high,
            }
        rows.append(row)
    return pd.DataFrame(rows)


def campaign_days(days: pd.DataFrame, first: date, value: str, who: str) -> pd.DataFrame:
    """Rows of `Marts.days` counted from the campaign's first day, which is 1: campaign_day, day, value, who."""
    return pd.DataFrame(
        {
            "campaign_day": [(day - first).days + 1 for day in pd.to_datetime(days["day"]).dt.date],
            "day": days["day"],
            "value": days[value],
            "who": who,
        }
    )


def voice_totals(voices: pd.DataFrame) -> pd.DataFrame:
    """Share of voice of the days on which every member was captured: name, is_own, volume, share. Takes rows of `Marts.voices`."""
    known = voices.dropna(subset=["set_volume", "volume"])
    if known.empty:
        return pd.DataFrame(columns=["name", "is_own", "volume", "share"])
    totals = known.groupby(["member_id", "name", "is_own"], sort=False)["volume"].sum().reset_index()
    whole = totals["volume"].sum()
    totals["share"] = totals["volume"] / whole if whole else None
    return totals.sort_values(["is_own", "volume"], ascending=False)[["name", "is_own", "volume", "share"]]


def period_before(days: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """Rows of the equally long period before; fewer where it was not captured whole."""
    length = end - start
    return days[(days["day"] >= start - length) & (days["day"] < start)]


def is_whole(days: pd.DataFrame, start: date, end: date) -> bool:
    """True when every day from `start` up to `end` has a row."""
    return len(set(days["day"])) == (end - start) // timedelta(days=1)


def merge_names(names: Sequence[str], longest: int = 10) -> str:
    """`a, b and c`, at most `longest` of them."""
    listed = list(names)[:longest]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}" if listed else "none"
