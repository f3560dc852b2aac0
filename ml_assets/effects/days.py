"""Days of one measure before and in a period, and which of them may be compared."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# Eight weeks: older days say more of how the topic drifted than of what would have come next.
MOST_BEFORE = 56


@dataclass(frozen=True)
class Day:
    """A day's value: a number a day (weight 1), or a ratio (weight: its denominator). None, with the reason, when it must not be used."""

    day: date
    value: float | None
    weight: float = 1.0
    left_out: str | None = None

    @property
    def counts(self) -> bool:
        return self.value is not None and self.left_out is None and self.weight > 0


@dataclass(frozen=True)
class Judged:
    """The days before and those of the period that may be used, and how many were left out for which reason."""

    before: tuple[Day, ...]
    period: tuple[Day, ...]
    left_out: dict[str, int]


def chosen(days: Iterable[Day], *, start: date, first: date, last: date) -> Judged:
    """Days of [start - MOST_BEFORE, start) that count, and of [first, last], both included; each date at most once.

    Days of the two spans that are not in `days` at all are no part of the answer: nobody captured them.
    """
    known = sorted(days, key=lambda each: each.day)
    before = [each for each in known if start - timedelta(days=MOST_BEFORE) <= each.day < start]
    period = [each for each in known if first <= each.day <= last]
    left_out = Counter(each.left_out or "the measure is unknown" for each in (*before, *period) if not each.counts)
    return Judged(tuple(filter(_counts, before)), tuple(filter(_counts, period)), dict(sorted(left_out.items())))


def _counts(day: Day) -> bool:
    return day.counts
