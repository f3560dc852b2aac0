"""Series in, verdict out: notable events, or in words why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ml_assets.peaks.baseline import FEWEST_OTHERS, Judged, judge
from ml_assets.peaks.events import Event, Rules, candidates, events_of
from ml_assets.peaks.series import DAY, HOUR, Series

# Peaks hide peaks: what was found is taken out of the baseline and the rest is judged again, until nothing new is found. Two rounds are
# the rule; the bound keeps a series that falls apart from eating its own baseline.
MOST_ROUNDS = 4
NOTABLE, QUIET, SILENT, TOO_LITTLE_HISTORY, UNKNOWN = STATUSES = (
    "notable",
    "quiet",
    "silent",
    "too_little_history",
    "unknown",
)
# With fewer days a weekday has been seen twice at most, and its rhythm is guessed from the hour of the day.
DAYS_OF_A_RHYTHM = 21
POINTS = {HOUR: "hours", DAY: "days"}


@dataclass(frozen=True)
class Verdict:
    """What can be said of one series. `known` points have a value, `judged` ones a baseline too; `days` are those with a known point.

    `events` are in order of time and only there with the status `notable`. `reason` is a sentence for people.
    """

    series: Series
    status: str
    reason: str
    known: int
    judged: int
    days: int
    scores: Judged
    events: Sequence[Event] = field(default=())


def detect(series: Series, rules: Rules = Rules()) -> Verdict:
    """Judges every point of the series by its other days, in both stages, and says what came of it."""
    left_out = np.zeros(len(series.starts), dtype=bool)
    for _ in range(MOST_ROUNDS):
        found = judge(series, left_out)
        events = events_of(series, found, candidates(series, found, rules), rules)
        # What comes every week stays in the baseline, or each week would be judged by none of the others.
        now = _within(events, len(left_out))
        if not (now & ~left_out).any():
            break
        left_out |= now
    return _verdict(series, found, events)


def _within(events: Sequence[Event], points: int) -> np.ndarray:
    places = np.arange(points)
    return np.any([(event.first <= places) & (places <= event.last) for event in events], axis=0) if events else np.zeros(points, dtype=bool)


def _verdict(series: Series, found: Judged, events: Sequence[Event]) -> Verdict:
    known, judged = int(series.known.sum()), int(np.count_nonzero(~np.isnan(found.scores)))
    days = len({series.day_of(int(place)) for place in np.flatnonzero(series.known)})
    status = _status(series, known, judged, events)
    return Verdict(
        series,
        status,
        _reason(series, status, known, judged, days, len(events)),
        known,
        judged,
        days,
        found,
        tuple(events),
    )


def _status(series: Series, known: int, judged: int, events: Sequence[Event]) -> str:
    if events:
        return NOTABLE
    if not known:
        return UNKNOWN
    if not np.nanmax(series.values):
        return SILENT
    return QUIET if judged else TOO_LITTLE_HISTORY


def _reason(series: Series, status: str, known: int, judged: int, days: int, events: int) -> str:
    points = POINTS[series.grain]
    if status == UNKNOWN:
        return f"No {series.grain} has a value that is known well enough: not captured to 90 %, not measured yet, or too few scored posts."
    if status == SILENT:
        return f"All {known} {points} are zero."
    if status == TOO_LITTLE_HISTORY:
        return f"{days} days are known, and each is judged by at least {FEWEST_OTHERS[series.grain]} others: no verdict yet."
    rhythm = "" if days >= DAYS_OF_A_RHYTHM else f" Only {days} days are known, so that the weekday counts for little."
    found = f"{events} event{'s' if events > 1 else ''}" if status == NOTABLE else "Nothing notable"
    return f"{found} in {judged} {points} that were judged.{rhythm}"
