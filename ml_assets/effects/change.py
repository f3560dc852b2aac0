"""The change of a measure against its own weekdays before, with an interval by block bootstrap.

The days of the period are known; what is not known is what they would have been. So the interval is that of the expected value: the
days before leave residuals from their weekday's mean, and blocks of these, drawn with replacement, play the noise of all days. What
that noise alone would make of `value - baseline` has a spread, and the interval is the change ± Student's t times this spread.

Blocks: Kuensch (1989), Annals of Statistics 17(3); drawn in a circle as Politis and Romano (1992). The expected
value as the one unknown is the idea of CausalImpact (Brodersen and others 2015, Annals of Applied Statistics 9(1)), without its model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml_assets.effects.days import Day
from ml_assets.effects.student import quantile, tail

CONFIDENCE = 0.95
DRAWS = 2_000
# Each weekday twice: of one Monday nobody knows how much Mondays differ.
FEWEST_DAYS = 14
# A week at least, and a quarter of the days. Where each day leans on the last (0.6), blocks of 3 days covered 73 to 86 in 100 campaigns of more
# than a day; blocks of a fifth of eight weeks covered 92.4 of 100 that took four. `make bench-effects` prints what these cover: 93 to 99.
SHORTEST_BLOCK, BLOCKS = 7, 4
# Two weeks are one difference between weeks: with 1 degree of freedom intervals were 12.7 errors wide and covered 100 in 100, with
# 2 they still cover 93.
FEWEST_FREEDOM = 2.0
WEEK = 7


@dataclass(frozen=True)
class Change:
    """What was and what was expected, both a day or a ratio; `change` is their difference.

    `low` and `high` are its 95 % interval; None, with `reason` in words for people, when there is none. All are None but `value`
    where even the expected value is unknown.
    """

    value: float | None
    baseline: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    reason: str | None = None

    @property
    def change(self) -> float | None:
        return None if self.value is None or self.baseline is None else self.value - self.baseline

    def relative(self) -> tuple[float | None, float | None, float | None]:
        """Change over what was expected, and its ends; an end is None where the expected value may be 0.

        The interval of the expected value turned round, so that it excludes 0 exactly when the absolute one does.
        """
        if self.value is None or self.baseline is None:
            return None, None, None
        ends = [None if end is None else self.value - end for end in (self.low, self.high)]
        middle, low, high = (self.value / expected - 1 if expected is not None and expected > 0 else None for expected in (self.baseline, *ends))
        return middle, low, high


def changed(before: Sequence[Day], period: Sequence[Day], *, seed: int, lowest: float | None = 0.0, draws: int = DRAWS) -> Change:
    """The change from `before` to `period`, days that count in order of time; `lowest` is the least value that the measure can have.

    Equal days and seed give equal answers. Raises ValueError when the two overlap.
    """
    if before and period and before[-1].day >= period[0].day:
        raise ValueError(f"the days before end on {before[-1].day}, in the period that starts on {period[0].day}")
    if not period:
        return Change(None, reason="No day of the period can be used.")
    value = _mean(period)
    if not before:
        return Change(value, reason="No day before can be used.")
    usable, missing = f"{_days(len(before))} before can be used", {each.day.weekday() for each in period} - {each.day.weekday() for each in before}
    baseline = None if missing else float(shares_of(before, period) @ [each.value for each in before])
    if len(before) < FEWEST_DAYS:
        return Change(value, baseline, reason=f"{usable}, and {FEWEST_DAYS} are needed to know how much days differ.")
    if baseline is None:
        return Change(value, reason=f"{usable}, and not each weekday is among them.")
    residuals = residuals_of(before)
    # Below a billionth of the values, it is the rounding of the means that differs and not the days.
    if len(residuals) == 0 or np.abs(residuals).max() <= 1e-9 * max(abs(each.value) for each in before if each.value is not None):
        return Change(value, baseline, reason="The days before are all alike, so that nothing says how much days differ.")
    block = max(SHORTEST_BLOCK, len(residuals) // BLOCKS)
    spread = spread_of_noise(before, period, residuals, block, np.random.default_rng(seed), draws)
    freedom = max(FEWEST_FREEDOM, (len(residuals) - len({each.day.weekday() for each in before})) / block)
    half, change = quantile(CONFIDENCE, freedom) * spread, value - baseline
    low, high = change - half, change + half
    if lowest is not None:
        # What was expected is not less than the least value.
        high = max(change, min(high, value - lowest))
    return Change(value, baseline, low, high, tail(change / spread, freedom))


def _mean(days: Sequence[Day]) -> float:
    return float(np.average([each.value for each in days], weights=[each.weight for each in days]))


def shares_of(before: Sequence[Day], period: Sequence[Day]) -> np.ndarray:
    """How much each day before weighs in what was expected of the period: its weekday's part of the period, shared among its like."""
    part, like = np.zeros(WEEK), np.zeros(WEEK)
    for each in period:
        part[each.day.weekday()] += each.weight
    for each in before:
        like[each.day.weekday()] += each.weight
    return np.array([part[each.day.weekday()] / part.sum() * each.weight / like[each.day.weekday()] for each in before])


def residuals_of(before: Sequence[Day]) -> np.ndarray:
    """Days less their weekday's mean, made larger by what the mean took from them; weekdays seen once have none. Their mean is 0."""
    weekday = np.array([each.day.weekday() for each in before])
    values, weights = (np.array([getattr(each, name) for each in before], dtype=float) for name in ("value", "weight"))
    kept = []
    for position, day in enumerate(weekday):
        like = weekday == day
        own = weights[position] / weights[like].sum()
        if like.sum() > 1:
            kept.append((values[position] - np.average(values[like], weights=weights[like])) / np.sqrt(1 - own))
    return np.array(kept) - np.mean(kept) if kept else np.array([])


def spread_of_noise(before: Sequence[Day], period: Sequence[Day], residuals: np.ndarray, block: int, rng: np.random.Generator, draws: int) -> float:
    """Standard deviation of value less baseline when nothing is in the days but blocks of `block` residuals in a row."""
    first = before[0].day.toordinal()
    at_before = np.array([each.day.toordinal() - first for each in before])
    at_period = np.array([each.day.toordinal() - first for each in period])
    weights = np.array([each.weight for each in period])
    starts = rng.integers(len(residuals), size=(draws, -(-(at_period[-1] + 1) // block)))
    noise = residuals[(starts[:, :, None] + np.arange(block)) % len(residuals)].reshape(draws, -1)
    return float((noise[:, at_period] @ (weights / weights.sum()) - noise[:, at_before] @ shares_of(before, period)).std())


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"
