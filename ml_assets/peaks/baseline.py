"""What a point was expected to be, from the other days of the series, and how far above that it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from ml_assets.peaks.robust import column_medians, column_scales
from ml_assets.peaks.series import DAY, HOUR, NEGATIVE_SHARE, VOLUME, Series

HOURS_OF_DAY = 24
# Days on either side that a day is compared with: eight weeks, so that a campaign of a year is judged by its season, and what was said of
# a day stands once four weeks have followed it.
REACH_DAYS = 28
# Other days that are needed before anything is said: a week for days, and three values of the same hour of the day; then the values that
# a scale is made of, at the least. Events that are taken out count here: what is found must not take away the ground it was found on.
FEWEST_OTHERS: Mapping[str, int] = {HOUR: 3, DAY: 7}
FEWEST_OF_A_SCALE: Mapping[str, int] = {HOUR: 24, DAY: 7}
# Deviations that a scale is made of: 60 give a MAD with a standard error of 15 %.
FEWEST_DEVIATIONS = 60
# How far a weekday is believed that n other weeks show: n / (n + 2). One week gives 1/3, three 3/5, seven 7/9.
WEEKDAY_SHRINKAGE = 2


@dataclass(frozen=True)
class Judged:
    """Arrays (points,). `expected` is in the unit of the series; `scores` are robust standard deviations on the scale of `transformed`.

    NaN in `scores`: not judged, as the point or its baseline is unknown.
    """

    expected: np.ndarray
    scores: np.ndarray


def judge(series: Series, left_out: np.ndarray | None = None) -> Judged:
    """Judges each point by the days around it, never by its own day, nor by the points in `left_out` (bool, (points,)).

    Expected is the median of the hour of the day, moved by the weekday and by the hour of the weekday as far as there are weeks to know
    them from. The score divides what is left by the robust scale of what is left at the same hours of those days, and never by less
    than the noise of counting.
    """
    grid = _Grid.of(series)
    values = grid.lay(transformed(series))
    base = values if left_out is None else np.where(grid.lay(left_out.astype(float)) == 1, np.nan, values)
    expected = np.full(values.shape, np.nan)
    for row in range(len(values)):
        others = grid.around(row)
        enough = np.count_nonzero(~np.isnan(values[others]), axis=0) >= FEWEST_OTHERS[series.grain]
        expected[row] = np.where(enough, _expected(base[others], grid.weekdays[others] == grid.weekdays[row]), np.nan)
    apart, apart_of_base = values - expected, base - expected
    scores = np.full(values.shape, np.nan)
    floors = grid.lay(noise_floor(series, grid.pick(expected)))
    for row in range(len(values)):
        others = grid.around(row)
        if np.count_nonzero(~np.isnan(apart[others])) >= FEWEST_OF_A_SCALE[series.grain]:
            middle, scale = _scale(apart_of_base[others])
            scores[row] = (apart[row] - middle) / np.maximum(scale, floors[row])
    return Judged(as_values(series, grid.pick(expected)), grid.pick(scores))


def transformed(series: Series) -> np.ndarray:
    """The values on a scale where noise is alike at every height: log(1 + x) of counts, the arc sine of the root of a share.

    Campaigns multiply, and so does their noise. Anscombe (1948), Biometrika 35, for the share with its size.
    """
    if series.name == NEGATIVE_SHARE:
        return np.arcsin(np.sqrt((series.values * series.sizes + 3 / 8) / (series.sizes + 3 / 4)))
    return np.log1p(series.values)


def as_values(series: Series, places: np.ndarray) -> np.ndarray:
    """Back to the unit of the series."""
    return np.sin(np.clip(places, 0, np.pi / 2)) ** 2 if series.name == NEGATIVE_SHARE else np.expm1(places)


def noise_floor(series: Series, expected: np.ndarray) -> np.ndarray:
    """The least standard deviation a point can have on the transformed scale: 1/sqrt of the posts expected, 1/(2 sqrt n) of a share.

    A series that was the same every day, or was silent, has no scale of its own, and one post more would be infinitely many.
    """
    if series.name == NEGATIVE_SHARE:
        return 1 / (2 * np.sqrt(series.sizes + 1 / 2))
    posts = np.expm1(expected) if series.name == VOLUME else series.sizes
    return 1 / np.sqrt(np.maximum(posts, 0) + 1)


def _expected(others: np.ndarray, is_same_weekday: np.ndarray) -> np.ndarray:
    """(columns,) from the other days (days, columns); NaN in columns that none of them knows."""
    by_hour = column_medians(others)
    same = (others - by_hour)[is_same_weekday]
    weeks = int((~np.isnan(same)).any(axis=1).sum())
    if weeks:
        weekday = weeks / (weeks + WEEKDAY_SHRINKAGE) * float(column_medians(same.reshape(-1, 1))[0])
        by_hour = by_hour + weekday
        if others.shape[1] > 1:
            counts = np.count_nonzero(~np.isnan(same), axis=0)
            # A single hour of one other week is an accident: from two weeks on 1/3 of it is believed, of seven 3/4.
            cells = column_medians(same - weekday) * np.maximum(counts - 1, 0) / (counts + 1)
            by_hour = by_hour + np.where(np.isnan(cells), 0, cells)
    return by_hour


def _scale(apart: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(median, robust scale) of each column, from its deviations and those of the hours beside it: as many hours as give enough of them."""
    columns, width = apart.shape[1], 0
    pooled = apart
    while columns > 1 and width < columns // 2 and np.count_nonzero(~np.isnan(pooled), axis=0).min() < FEWEST_DEVIATIONS:
        width += 1
        pooled = np.concatenate([pooled, np.roll(apart, width, axis=1), np.roll(apart, -width, axis=1)])
    return column_medians(pooled), column_scales(pooled)


@dataclass(frozen=True)
class _Grid:
    """Points as rows of days and columns of hours; the hour that comes twice when clocks go back has a row of its own."""

    rows: np.ndarray
    columns: np.ndarray
    days: np.ndarray
    weekdays: np.ndarray
    width: int

    @classmethod
    def of(cls, series: Series) -> "_Grid":
        zone = ZoneInfo(series.zone)
        local = [start.astimezone(zone) for start in series.starts]
        keys = [(moment.date(), moment.fold if series.grain == HOUR else 0) for moment in local]
        places: dict[tuple[date, int], int] = {key: place for place, key in enumerate(sorted(set(keys)))}
        return cls(
            rows=np.array([places[key] for key in keys], dtype=int),
            columns=np.array([_column(moment, series.grain) for moment in local], dtype=int),
            days=np.array([day.toordinal() for day, _ in places], dtype=int),
            weekdays=np.array([day.weekday() for day, _ in places], dtype=int),
            width=HOURS_OF_DAY if series.grain == HOUR else 1,
        )

    def lay(self, points: np.ndarray) -> np.ndarray:
        laid = np.full((len(self.days), self.width), np.nan)
        laid[self.rows, self.columns] = points
        return laid

    def pick(self, laid: np.ndarray) -> np.ndarray:
        return laid[self.rows, self.columns]

    def around(self, row: int) -> np.ndarray:
        """Rows of the days within reach, without those of the same day."""
        low, high = np.searchsorted(self.days, (self.days[row] - REACH_DAYS, self.days[row] + REACH_DAYS + 1))
        near = np.arange(low, high)
        return near[self.days[near] != self.days[row]]


def _column(moment: datetime, grain: str) -> int:
    return moment.hour if grain == HOUR else 0
