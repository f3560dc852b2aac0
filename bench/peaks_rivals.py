"""What others do, for comparison only: plain mean and deviation, Seasonal Hybrid ESD, the highest hour. Counts in, flagged places out."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from ml_assets.peaks.series import Series

HOURS_OF_WEEK = 7 * 24


def mean_and_sigmas(values: np.ndarray, sigmas: float = 3, window: int = HOURS_OF_WEEK) -> np.ndarray:
    """Flags what stands more than `sigmas` standard deviations above the mean of the `window` points before it."""
    flagged = np.zeros(len(values), dtype=bool)
    for place in range(window, len(values)):
        before = values[place - window : place]
        flagged[place] = values[place] > before.mean() + sigmas * before.std(ddof=1)
    return flagged


def seasonal_hybrid_esd(values: np.ndarray, period: int = HOURS_OF_WEEK, alpha: float = 0.05, most: float = 0.1) -> np.ndarray:
    """Flags high values by Seasonal Hybrid ESD: Hochenbaum, Vallis and Kejariwal (2017), arXiv:1704.07706, section 4.

    The season is taken out as the median of its phase (the paper: STL with a periodic season), then the generalised extreme Studentised
    deviate test runs with median and MAD in the place of mean and deviation, one-sided, on at most `most` of the points; both defaults
    are those of Twitter's package.
    """
    phases = np.arange(len(values)) % period
    season = np.array([np.median(values[phases == phase]) for phase in range(min(period, len(values)))])
    left = values - season[phases % len(season)]
    left = left - np.median(left)
    alive, order, last = np.ones(len(values), dtype=bool), [], 0
    for turn in range(1, int(most * len(values)) + 1):
        known = left[alive]
        middle = np.median(known)
        scale = 1.4826 * np.median(np.abs(known - middle))
        if scale == 0:
            break
        scores = np.where(alive, (left - middle) / scale, -np.inf)
        place = int(scores.argmax())
        alive[place] = False
        order.append(place)
        if scores[place] > _critical(len(values), turn, alpha):
            last = turn
    flagged = np.zeros(len(values), dtype=bool)
    flagged[order[:last]] = True
    return flagged


def highest(values: np.ndarray) -> np.ndarray:
    """Flags the one highest value: what a `max by day` does."""
    flagged = np.zeros(len(values), dtype=bool)
    flagged[int(values.argmax())] = True
    return flagged


def joined(series: Series, flagged: np.ndarray, gap_hours: int = 2) -> list[tuple[int, int]]:
    """(first, last) places of flagged hours as events, joined as ours are."""
    events: list[tuple[int, int]] = []
    for place in np.flatnonzero(flagged).tolist():
        if events and place - events[-1][1] - 1 <= gap_hours:
            events[-1] = (events[-1][0], place)
        else:
            events.append((place, place))
    return events


def _critical(points: int, turn: int, alpha: float) -> float:
    """Rosner's critical value of the deviate of the given turn, one-sided."""
    freedom = points - turn - 1
    t = _quantile_of_t(1 - alpha / (points - turn + 1), freedom)
    return (points - turn) * t / np.sqrt((freedom + t**2) * (points - turn + 1))


def _quantile_of_t(share: float, freedom: int) -> float:
    """Student's t from the normal by Cornish and Fisher's expansion; for the hundreds of degrees here it is exact to four digits."""
    z = NormalDist().inv_cdf(share)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


RIVALS: Sequence[tuple[str, object]] = (
    ("mean + 3 sigma of the 7 days before", mean_and_sigmas),
    ("Seasonal Hybrid ESD", seasonal_hybrid_esd),
    ("the highest hour (argmax)", highest),
)
