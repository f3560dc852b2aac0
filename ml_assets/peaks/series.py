"""The series that are judged, and which of their points are known. Plain rows in, arrays out; a point nobody knows is NaN."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

VOLUME, ENGAGEMENT, NEGATIVE_SHARE = SERIES = ("volume", "engagement", "negative_share")
HOUR, DAY = GRAINS = ("hour", "day")
WHOLE_CAMPAIGN = "*"
# Rule 6 of the design: below it an hour has lost its later part, which is the louder one.
LOWEST_COVERAGE = 0.9
# As for every share of ours: at 29 posts the interval of a half is 34 points wide.
FEWEST_SCORED = 30


@dataclass(frozen=True)
class Measured:
    """One hour or day of a hashtag as the marts have it, all of it already captured. `counted` is of the whole campaign.

    `whole` is False for a day of which hours are not captured. `waiting` counts posts whose engagement is not yet of the stated age.
    """

    start: datetime
    posts: int
    authors: int
    engagement: int | None = None
    waiting: int = 0
    counted: int | None = None
    coverage: float | None = None
    capped: bool = False
    scored: int = 0
    negative: int = 0
    whole: bool = True


@dataclass(frozen=True)
class Series:
    """One series of one hashtag: `starts` are UTC, ascending, and every array is (points,).

    `sizes` is what the noise of a point depends on: posts, or scored posts of a share. `is_counted`: the value is a count of the source
    and needs no coverage.
    """

    name: str
    grain: str
    zone: str
    starts: Sequence[datetime]
    values: np.ndarray
    sizes: np.ndarray
    posts: np.ndarray
    authors: np.ndarray
    coverage: np.ndarray
    is_counted: np.ndarray

    @property
    def known(self) -> np.ndarray:
        return ~np.isnan(self.values)

    def end_of(self, place: int) -> datetime:
        """End of a point, not included; a day has 23 or 25 hours where the clocks change."""
        if self.grain == HOUR:
            return self.starts[place] + timedelta(hours=1)
        return start_of_day(self.day_of(place) + timedelta(days=1), self.zone)

    def day_of(self, place: int) -> date:
        """The day in the campaign's zone."""
        return self.clock(place)[0]

    def clock(self, place: int) -> tuple[date, int]:
        """(day, hour of the day) in the campaign's zone."""
        local = self.starts[place].astimezone(ZoneInfo(self.zone))
        return local.date(), local.hour


def start_of_day(day: date, zone: str) -> datetime:
    """The moment, in UTC, at which a day begins in a zone."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def series_of(name: str, grain: str, zone: str, hashtag: str, measured: Iterable[Measured]) -> Series:
    """The series `name` over what was measured of `hashtag`, in order of time."""
    points = sorted(measured, key=lambda point: point.start)
    is_counted = [name == VOLUME and hashtag == WHOLE_CAMPAIGN and point.counted is not None for point in points]
    values = _column(value_of(name, point, is_counted=counted) for point, counted in zip(points, is_counted, strict=True))
    posts = _column(point.posts for point in points)
    return Series(
        name=name,
        grain=grain,
        zone=zone,
        starts=[point.start for point in points],
        values=values,
        sizes=_column(point.scored for point in points) if name == NEGATIVE_SHARE else posts,
        posts=posts,
        authors=_column(point.authors for point in points),
        coverage=_column(point.coverage for point in points),
        is_counted=np.array(is_counted, dtype=bool),
    )


def value_of(name: str, point: Measured, *, is_counted: bool = False) -> float | None:
    """The value of a point; None where it is not known well enough to judge it, or to judge others by it.

    Volume of the whole campaign is what was counted; of a hashtag, which nobody counts, what was captured. Whatever rests on captured
    posts needs a coverage of 90 %. Unknown coverage is no reason against a point unless the cap was reached.
    """
    if not point.whole:
        return None
    if is_counted:
        return None if point.counted is None else float(point.counted)
    if point.capped if point.coverage is None else point.coverage < LOWEST_COVERAGE:
        return None
    if name == VOLUME:
        return float(point.posts)
    if name == ENGAGEMENT:
        return None if point.engagement is None or point.waiting else float(point.engagement)
    return point.negative / point.scored if point.scored >= FEWEST_SCORED else None


def _column(numbers: Iterable[float | None]) -> np.ndarray:
    return np.array([np.nan if number is None else number for number in numbers], dtype=float)
