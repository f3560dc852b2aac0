"""From scores to events: which points stand out, which belong together, and which were no more than the day or the week before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ml_assets.peaks.baseline import Judged
from ml_assets.peaks.series import ENGAGEMENT, HOUR, Series

STEPS = (timedelta(days=1), timedelta(days=7))


@dataclass(frozen=True)
class Rules:
    """When a point is notable; docs/method.md shows what each threshold costs in events missed and in false alarms.

    Thresholds are in robust standard deviations: 3.5 is the textbook's (Iglewicz and Hoaglin 1993). Hours of engagement need more: a single
    post in a thousand brings a hundred times the usual, and 3.5 gave 1.0 false alarm in eight weeks where 4.5 gives 0.1.
    `rise` is the least multiple of what was expected and of the time before, `posts` and `authors` the fewest behind a point, `gap_hours`
    the longest pause within one event.
    """

    threshold: float = 3.5
    engagement_hour_threshold: float = 4.5
    rise: float = 1.25
    posts: int = 20
    authors: int = 10
    gap_hours: int = 2

    def threshold_of(self, name: str, grain: str) -> float:
        return self.engagement_hour_threshold if (name, grain) == (ENGAGEMENT, HOUR) else self.threshold


@dataclass(frozen=True)
class Event:
    """Places of the first, the highest and the last point; `last` is included."""

    first: int
    top: int
    last: int


def candidates(series: Series, judged: Judged, rules: Rules) -> np.ndarray:
    """(points,) bool: high enough above what was expected, and of enough posts by enough people. First stage."""
    with np.errstate(invalid="ignore"):
        high = (judged.scores > rules.threshold_of(series.name, series.grain)) & (series.values >= rules.rise * judged.expected)
    # Where posts were counted and only some of them captured, the authors are those of some only.
    posts = np.where(series.is_counted, series.values, series.posts)
    authors = np.where(series.is_counted, rules.authors * np.nan_to_num(series.coverage, nan=1.0), rules.authors)
    return high & (posts >= rules.posts) & (series.authors >= authors)


def events_of(series: Series, judged: Judged, flagged: np.ndarray, rules: Rules) -> list[Event]:
    """Flagged neighbours as one event each, those left out whose top is no rise over the day before and the week before. Second stage."""
    places = {series.clock(place): place for place in range(len(series.starts))}
    events = []
    for run in runs(series, flagged, rules):
        top = max(run, key=lambda place: (series.values[place], -place))
        if _rose(series, run, top, places, rules):
            events.append(Event(run[0], top, run[-1]))
    return events


def runs(series: Series, flagged: np.ndarray, rules: Rules) -> list[list[int]]:
    """Places of flagged points, joined where not more than the gap lies between them; days only when they follow each other."""
    gap = timedelta(hours=rules.gap_hours) if series.grain == HOUR else timedelta()
    joined: list[list[int]] = []
    for place in np.flatnonzero(flagged).tolist():
        if joined and series.starts[place] - series.end_of(joined[-1][-1]) <= gap:
            joined[-1].append(place)
        else:
            joined.append([place])
    return joined


def _rose(series: Series, run: list[int], top: int, places: Mapping[tuple[date, int], int], rules: Rules) -> bool:
    """Whether the top is a rise over the same hour of the day before, and of the week before, the event began; what nobody knows says nothing."""
    day, hour = series.clock(top)
    began = series.clock(run[0])
    for step in STEPS:
        before = day - step
        while (before, hour) >= began:
            before -= step
        place = places.get((before, hour))
        # Not "<": NaN, an hour that is not known, is no objection.
        if place is not None and series.values[top] < rules.rise * series.values[place]:
            return False
    return True
