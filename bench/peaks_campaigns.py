"""Campaigns with a weekly rhythm, noise, and events of a known size, as the marts would have them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ml_assets.peaks.series import Measured, start_of_day

ZONE = "America/New_York"
# Two clock changes a year, and the eight weeks from here hold one of them.
FIRST_HOUR = start_of_day(date(2026, 2, 2), ZONE)
HOUR = timedelta(hours=1)
# The rhythm of the sample campaign: share of a day's posts by local hour; weekends are quieter.
BY_HOUR = np.array((6, 3, 2, 1, 1, 2, 8, 18, 28, 34, 38, 42, 46, 42, 38, 36, 38, 44, 48, 50, 52, 44, 28, 14), dtype=float)
BY_WEEKDAY = np.array((1.0, 1.05, 1.05, 1.05, 1.0, 0.75, 0.7))
# Posts of an hour vary by a gamma factor of this shape beside the noise of counting: a standard deviation of 29 %.
SHAPE = 12.0
# Days as a whole vary by 12 %, and what a day has over, half is left on the next.
DAY_NOISE, DAY_MEMORY = 0.12, 0.5
# Engagement of a post: a middle one has 4, one in a thousand some 560.
MIDDLE_ENGAGEMENT, SPREAD_OF_ENGAGEMENT = 4.0, 1.6
ORIGINALS, SCORED, NEGATIVE, AUTHORS = 0.65, 0.5, 0.15, 0.85


@dataclass(frozen=True)
class Planted:
    """`factor` times the ordinary from `start` on, for `hours`, then back to the ordinary within as many again; in one of the series."""

    series: str
    factor: float
    start: datetime
    hours: int

    @property
    def end(self) -> datetime:
        return self.start + self.hours * HOUR

    def at(self, moment: datetime) -> float:
        if moment < self.start:
            return 1.0
        late = max(0.0, (moment - self.end) / HOUR + 1)
        return 1 + (self.factor - 1) * max(0.0, 1 - late / (self.hours + 1))


def hours_of(rng: np.random.Generator, weeks: float, posts_per_hour: float, planted: Sequence[Planted] = ()) -> list[Measured]:
    """Every hour of a campaign of `weeks` weeks."""
    starts = [FIRST_HOUR + n * HOUR for n in range(round(weeks * 7 * 24))]
    local = [moment.astimezone(ZoneInfo(ZONE)) for moment in starts]
    first = local[0].date().toordinal()
    days = np.array([moment.date().toordinal() - first for moment in local])
    ordinary = posts_per_hour * BY_HOUR[[m.hour for m in local]] / BY_HOUR.mean() * BY_WEEKDAY[[m.weekday() for m in local]]
    rate = ordinary * np.exp(_day_noise(rng, int(days.max()) + 1))[days] * rng.gamma(SHAPE, 1 / SHAPE, len(starts))
    posts = rng.poisson(rate * _factors(planted, "volume", starts))
    louder, angrier = _factors(planted, "engagement", starts), _factors(planted, "negative_share", starts)
    measured = []
    for place, start in enumerate(starts):
        count = int(posts[place])
        originals, scored = rng.binomial(count, ORIGINALS), rng.binomial(count, SCORED)
        engagement = rng.lognormal(np.log(MIDDLE_ENGAGEMENT * louder[place]), SPREAD_OF_ENGAGEMENT, originals).sum()
        negative = rng.binomial(scored, min(0.95, NEGATIVE * angrier[place] * rng.lognormal(0, 0.1)))
        authors = rng.binomial(count, AUTHORS)
        measured.append(Measured(start, count, authors, int(engagement), counted=count, coverage=1.0, scored=scored, negative=negative))
    return measured


def days_of(hours: Sequence[Measured]) -> list[Measured]:
    """The same as days of the zone; those of which not every hour is there are not whole."""
    by_day: dict = {}
    for hour in hours:
        by_day.setdefault(hour.start.astimezone(ZoneInfo(ZONE)).date(), []).append(hour)
    days = []
    for day, own in by_day.items():
        start, end = start_of_day(day, ZONE), start_of_day(day + timedelta(days=1), ZONE)
        counted = None if any(hour.counted is None for hour in own) else sum(hour.counted for hour in own)
        posts = sum(hour.posts for hour in own)
        days.append(
            Measured(
                start,
                posts,
                sum(hour.authors for hour in own),
                sum(hour.engagement or 0 for hour in own),
                counted=counted,
                coverage=min(1.0, posts / counted) if counted else None,
                scored=sum(hour.scored for hour in own),
                negative=sum(hour.negative for hour in own),
                whole=len(own) == (end - start) / HOUR,
            )
        )
    return days


def capped(hours: Sequence[Measured], cap: int) -> list[Measured]:
    """What a cap of posts an hour keeps; the counts stay."""
    return [
        replace(hour, posts=min(cap, hour.posts), coverage=min(1.0, cap / hour.posts), capped=hour.posts > cap) if hour.posts else hour
        for hour in hours
    ]


def planted_at_random(rng: np.random.Generator, series: str, factor: float, hours: int, weeks: int) -> Planted:
    """An event that begins at any hour from the second week on when people are awake, and ends before the last day."""
    day = int(rng.integers(7, weeks * 7 - 2))
    return Planted(series, factor, FIRST_HOUR + timedelta(days=day, hours=int(rng.integers(7, 22))), hours)


def _factors(planted: Sequence[Planted], series: str, starts: Sequence[datetime]) -> np.ndarray:
    return np.array([np.prod([each.at(start) for each in planted if each.series == series]) for start in starts])


def _day_noise(rng: np.random.Generator, days: int) -> np.ndarray:
    noise, last = np.empty(days), 0.0
    for day in range(days):
        last = DAY_MEMORY * last + rng.normal(0, DAY_NOISE * np.sqrt(1 - DAY_MEMORY**2))
        noise[day] = last
    return noise
