"""Rows of ml.campaign_effects: each measure of each hashtag during and after a campaign, against its days before. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from orchestration.campaigns import Campaign as Declared
from orchestration.effects.series import (
    WHOLE_CAMPAIGN,
    Campaign,
    Row,
    Series,
    of_engagement,
    of_engagement_against,
    of_sentiment,
    of_voice,
)

# As the scorecard: of fewer posts nothing is said.
FEWEST_POSTS = 30
# A sum of floats may differ in its last digits between machines; a row that says the same must not change.
DIGITS = 9
SAME_DAYS = "Without the campaign, these days would have been as the same weekdays before. Nothing that it did not touch was compared: change, not proven effect."
AS_COMPETITORS = "Without the campaign, it would have moved in proportion to its competitors (parallel trends), and the campaign did not move theirs."
ASSUMPTIONS = {"none": SAME_DAYS, "competitors": AS_COMPETITORS}


@dataclass(frozen=True)
class Facts:
    """What the marts say of a campaign: rows of the daily marts, the ways its days were captured, and its competitors' engagement."""

    engagement: Sequence[Row]
    sentiment: Sequence[Row]
    voice: Sequence[Row]
    modes: Mapping[date, str]
    members: Mapping[str, Sequence[Row]]

    def hash(self, declared: Declared, code_version: str) -> str:
        """First 32 hex digits of SHA-256 of all that an answer can depend on: equal facts are not judged again."""
        modes = sorted((day.isoformat(), mode) for day, mode in self.modes.items())
        told = [code_version, declared.start_day, declared.end_day, declared.competitors, self.engagement, self.sentiment, self.voice, modes, self.members]
        return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Phase:
    """Days that are compared with those before `start`: the campaign's own, or as many after them. Both ends included."""

    name: str
    start: date
    first: date
    last: date


def phases_of(declared: Declared, whole: Sequence[Row]) -> list[Phase]:
    """The days of the campaign up to the last that was captured whole; after its end, as many days, where any was captured."""
    captured = [row["day"] for row in whole if row["captured_hours"] is not None and row["captured_hours"] >= row["hours_in_day"]]
    if declared.start_day is None or not captured or max(captured) < declared.start_day:
        return []
    start, end = declared.start_day, declared.end_day
    found = [Phase("during", start, start, min(end or max(captured), max(captured)))]
    if end is not None and max(captured) > end:
        found.append(Phase("after", start, end + timedelta(days=1), min(end + (end - start) + timedelta(days=1), max(captured))))
    return found


def judge(declared: Declared, facts: Facts, input_hash: str) -> list[dict[str, Any]]:
    """Rows of the campaign; none when it names no first day, or no day of it was captured whole."""
    whole = [row for row in facts.engagement if row["hashtag"] == WHOLE_CAMPAIGN]
    campaign = Campaign(sorted(whole, key=lambda row: row["day"]), facts.modes)
    return [
        _row(declared, hashtag, series, phase, input_hash)
        for phase in phases_of(declared, campaign.whole)
        for hashtag, series in all_series(declared, campaign, facts)
    ]


def all_series(declared: Declared, campaign: Campaign, facts: Facts) -> Iterator[tuple[str, Series]]:
    """(hashtag, series), the whole campaign first. Competitors are campaigns, so only the whole campaign is compared with them."""
    for hashtag in dict.fromkeys([WHOLE_CAMPAIGN, *(row["hashtag"] for row in facts.engagement)]):
        posts, engagement, authors = of_engagement(campaign, hashtag, _of(facts.engagement, hashtag))
        yield from ((hashtag, each) for each in (posts, engagement, authors))
        yield hashtag, of_sentiment(campaign, _of(facts.sentiment, hashtag))
        if hashtag == WHOLE_CAMPAIGN and declared.competitors:
            yield from ((hashtag, each) for each in of_voice(campaign, facts.voice))
            members = {name: facts.members.get(name, ()) for name in declared.competitors}
            yield hashtag, of_engagement_against(engagement, campaign, members)


def seed_of(*names: str) -> int:
    """The same draws for the same campaign, hashtag, measure and phase in every run."""
    return int.from_bytes(hashlib.sha256("\n".join(names).encode()).digest()[:8])


def _of(rows: Iterable[Row], hashtag: str) -> list[Row]:
    return [row for row in rows if row["hashtag"] == hashtag]


def _row(declared: Declared, hashtag: str, series: Series, phase: Phase, input_hash: str) -> dict[str, Any]:
    from ml_assets.effects import CODE_VERSION, changed, chosen

    judged = chosen(series.days, start=phase.start, first=phase.first, last=phase.last)
    seed = seed_of(declared.campaign_id, hashtag, series.measure, phase.name, series.control)
    found = changed(judged.before, judged.period, seed=seed, lowest=series.lowest)
    before, during = (sum(series.n.get(each.day, 0) for each in days) for days in (judged.before, judged.period))
    reason = series.obstacle or _no_before(series, phase) or found.reason or _too_few(series, before, during)
    # A change without an interval is a number that nobody can weigh: it is kept where days are too few, and no further.
    is_bare = reason is not None
    relative, relative_low, relative_high = found.relative() if series.lowest == 0 else (None, None, None)
    scale = sum(each.weight for each in judged.period) / len(judged.period) if series.is_scaled and judged.period else 1.0
    return {
        "campaign_id": declared.campaign_id,
        "hashtag": hashtag,
        "measure": series.measure,
        "phase": phase.name,
        "control": series.control,
        "unit": series.unit,
        "basis": series.basis,
        "first_day": phase.first,
        "last_day": phase.last,
        "baseline_first_day": judged.before[0].day if judged.before else None,
        "baseline_last_day": judged.before[-1].day if judged.before else None,
        "days_before": len(judged.before),
        "days_in_phase": len(judged.period),
        "days_left_out": sum(judged.left_out.values()),
        "left_out_because": "; ".join(f"{reason}: {days}" for reason, days in judged.left_out.items()) or None,
        "posts_before": before,
        "posts_in_phase": during,
        "value": _steady(found.value, scale),
        "baseline": _steady(found.baseline, scale),
        "change": _steady(found.change, scale),
        "low": None if is_bare else _steady(found.low, scale),
        "high": None if is_bare else _steady(found.high, scale),
        "relative_change": _steady(relative),
        "relative_low": None if is_bare else _steady(relative_low),
        "relative_high": None if is_bare else _steady(relative_high),
        "p_value": None if is_bare else _steady(found.p_value),
        "assumption": ASSUMPTIONS[series.control],
        "not_comparable_because": reason,
        "input_hash": input_hash,
        "code_version": CODE_VERSION,
    }


def _no_before(series: Series, phase: Phase) -> str | None:
    if any(each.day < phase.start for each in series.days):
        return None
    return f"No day before its first day ({phase.start}) was captured; two weeks or more are wanted (capture_from in the campaigns file)."


def _too_few(series: Series, before: int, during: int) -> str | None:
    """Labels are shares of posts and want enough on both sides; a number a day may fall to nothing, and that is an answer."""
    if series.measure == "net_sentiment" and min(before, during) < FEWEST_POSTS:
        return f"Too few scored posts to compare ({min(before, during)} on one side, {FEWEST_POSTS} are needed)."
    if before + during < FEWEST_POSTS:
        return f"Too few posts to compare ({before + during} in all, {FEWEST_POSTS} are needed)."
    return None


def _steady(value: float | None, scale: float = 1.0) -> float | None:
    return None if value is None else float(f"{value * scale:.{DIGITS}g}")

