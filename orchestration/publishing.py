"""What is published of a campaign, as which figures, and when. Pure; `publications` keeps it in the warehouse."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

# Raised when a field of the summary changes its name or meaning; readers take summaries of every version.
SCHEMA_VERSION = 1
WHOLE_CAMPAIGN, WHOLE_PERIOD = "*", "whole"
# A sum of floats may differ in its last digits from run to run; a publication must not.
DIGITS = 12
# Times are kept to the second, so two publications of a campaign are at least this far apart.
STEP = timedelta(seconds=1)

# Measures by the mart they are from, each with its unit. Those of `CAPTURE` count the hours of the whole campaign.
ENGAGEMENT = {"posts": "posts", "originals": "posts", "reposts": "posts", "authors": "authors", "engagement": "engagements"}
CAPTURE = {"captured": "posts", "counted": "posts", "coverage": "ratio"}
SENTIMENT = dict.fromkeys(("scored", "not_scored", "negative", "neutral", "positive"), "posts") | {"net_sentiment": "ratio"}
# Distinct authors of days do not add up to the distinct authors of all days.
SUMMED = ("posts", "originals", "reposts", "engagement", "captured", "counted", "scored", "not_scored", "negative", "neutral", "positive")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Content:
    """What a publication says: the facts of `pulse summary` as JSON text, and the figures as rows without campaign and time."""

    summary: str
    figures: tuple[dict[str, Any], ...]
    schema_version: int = SCHEMA_VERSION

    @classmethod
    def of(cls, facts: Mapping[str, Any], engagement: Sequence[Row], sentiment: Sequence[Row], peaks: Sequence[Row]) -> "Content":
        """From `summarise`, and the campaign's rows of the daily marts and the peaks that are published."""
        summary = json.dumps(steady(facts), ensure_ascii=False, default=_as_json)
        return cls(summary, tuple(figures_of(facts, engagement, sentiment, peaks)))

    @property
    def hash(self) -> str:
        """First 32 hex digits of SHA-256; two contents are equal when this is."""
        rows = sorted([row["hashtag"], row["period"], row["figure"], row["value"], row["unit"]] for row in self.figures)
        return hashlib.sha256(json.dumps([self.schema_version, self.summary, rows]).encode()).hexdigest()[:32]


def figures_of(facts: Mapping[str, Any], engagement: Sequence[Row], sentiment: Sequence[Row], peaks: Sequence[Row]) -> list[dict[str, Any]]:
    """One row per hashtag, period and figure: hashtag, period, day, figure, value, unit."""
    figures = []
    for rows, units in ((engagement, ENGAGEMENT), (sentiment, SENTIMENT)):
        by_hashtag: dict[str, list[Row]] = {}
        for row in rows:
            by_hashtag.setdefault(row["hashtag"], []).append(row)
        for hashtag, days in by_hashtag.items():
            chosen = units | CAPTURE if units is ENGAGEMENT and hashtag == WHOLE_CAMPAIGN else units
            for row in days:
                figures += [_figure(hashtag, row["day"], name, row.get(name), unit) for name, unit in chosen.items()]
            whole = _over_all_days(days, chosen)
            if "coverage" in chosen:
                whole["coverage"] = facts.get("coverage")
            figures += [_figure(hashtag, None, name, value, chosen[name]) for name, value in whole.items()]
    for peak in peaks:
        figures.append(_figure(peak["hashtag"], peak["peak_day"], "peak_engagement", peak["engagement"], "engagements"))
        if peak["runner_up_day"] is not None:
            figures.append(_figure(peak["hashtag"], peak["runner_up_day"], "runner_up_engagement", peak["runner_up_engagement"], "engagements"))
    return figures


def published_at(now: datetime, last: datetime | None) -> datetime:
    """The whole second of `now` (UTC), but after `last`: a clock that was set back must not put a publication before its elder."""
    second = now.astimezone(UTC).replace(microsecond=0)
    return second if last is None else max(second, last + STEP)


def end_of(day: date) -> datetime:
    """First moment after the UTC day: what is published before it is known on that day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def steady(value: Any) -> Any:
    """The value with every float inside rounded to 12 significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, Mapping):
        return {name: steady(each) for name, each in value.items()}
    return [steady(each) for each in value] if isinstance(value, (list, tuple)) else value


def _over_all_days(days: Iterable[Row], chosen: Mapping[str, str]) -> dict[str, Any]:
    days = list(days)
    whole: dict[str, Any] = {}
    for name in SUMMED:
        if name in chosen:
            known = [row[name] for row in days if row.get(name) is not None]
            whole[name] = sum(known) if known else None
    if "net_sentiment" in chosen:
        whole["net_sentiment"] = (whole["positive"] - whole["negative"]) / whole["scored"] if whole["scored"] else None
    return whole


def _figure(hashtag: str, day: date | None, figure: str, value: Any, unit: str) -> dict[str, Any]:
    value = None if value is None else steady(float(value))
    return {"hashtag": hashtag, "period": day.isoformat() if day else WHOLE_PERIOD, "day": day, "figure": figure, "value": value, "unit": unit}


def _as_json(value: Any) -> str:
    """Times as ISO 8601 in UTC. Raises TypeError for what a summary does not hold."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A summary holds no {type(value).__name__}: {value!r}")
