"""A change against the days before: by hand where numbers can be worked out, by trial where they cannot."""

from datetime import date, timedelta

import numpy as np
import pytest

from bench.effects import trial
from ml_assets.effects import FEWEST_DAYS, MOST_BEFORE, Day, changed, chosen
from ml_assets.effects.student import quantile, tail

MONDAY = date(2026, 3, 2)
SEED = 7


def days(values, first=MONDAY, weights=None):
    weights = weights or [1.0] * len(values)
    return [Day(first + timedelta(number), None if value is None else float(value), float(weight)) for number, (value, weight) in enumerate(zip(values, weights, strict=True))]


TWO_WEEKS = [10, 20, 30, 40, 50, 60, 70, 12, 22, 32, 42, 52, 62, 72]
NEXT = MONDAY + timedelta(14)


def test_a_period_is_compared_with_the_same_weekdays_and_with_no_others():
    """Mondays were 10 and 12, Tuesdays 20 and 22: a Monday of 31 and a Tuesday of 41 are 36 a day where 16 were expected."""
    found = changed(days(TWO_WEEKS), days([31, 41], NEXT), seed=SEED)
    assert (found.value, found.baseline, found.change) == (36, 16, 20)
    assert found.relative()[0] == pytest.approx(1.25)


def test_a_ratio_weighs_each_day_by_what_it_is_a_ratio_of():
    """Mondays: 1 of 10 and 9 of 30 are 10 of 40. The Monday of the period has 0.5 of 20 and counts twice as much as a Tuesday of 10."""
    before = days([0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2], weights=[10] * 7 + [30] + [10] * 6)
    found = changed(before, days([0.5, 0.2], NEXT, [20, 10]), seed=SEED)
    assert found.value == pytest.approx((0.5 * 20 + 0.2 * 10) / 30)
    assert found.baseline == pytest.approx((0.25 * 20 + 0.2 * 10) / 30)


def test_equal_days_and_seeds_give_equal_intervals():
    rng = np.random.default_rng(SEED)
    before, period = days(rng.poisson(100, 28)), days(rng.poisson(120, 14), MONDAY + timedelta(28))
    assert changed(before, period, seed=1) == changed(before, period, seed=1)
    assert changed(before, period, seed=1).low != changed(before, period, seed=2).low


def test_the_relative_interval_excludes_0_exactly_when_the_absolute_one_does():
    rng, excluded = np.random.default_rng(SEED), 0
    for run in range(60):
        before, period = days(rng.poisson(50, 21)), days(rng.poisson(50 + run, 7), MONDAY + timedelta(21))
        found = changed(before, period, seed=run, draws=200)
        _, low, high = found.relative()
        assert np.sign(found.low) == np.sign(low) and (high is None or np.sign(found.high) == np.sign(high))
        assert found.low <= found.change <= found.high
        excluded += found.low > 0
    assert 0 < excluded < 60


def test_the_p_value_is_below_5_in_100_exactly_when_the_interval_excludes_0():
    rng, below = np.random.default_rng(SEED), 0
    for run in range(40):
        found = changed(days(rng.poisson(50, 21)), days(rng.poisson(50 + run, 7), MONDAY + timedelta(21)), seed=run, draws=200)
        assert (found.p_value < 0.05) == (found.low > 0 or found.high < 0)
        below += found.p_value < 0.05
    assert 0 < below < 40


def test_no_less_than_nothing_was_expected():
    """Of 5 posts a day no change is larger than +5, whatever the noise says."""
    before, period = days([0, 40, 0, 0, 0, 0, 40, 0, 0, 0, 40, 0, 0, 0]), days([5] * 7, NEXT)
    found = changed(before, period, seed=SEED)
    assert found.high == 5 and found.relative()[2] is None
    assert changed(before, period, seed=SEED, lowest=None).high > 5


@pytest.mark.parametrize(
    ("before", "period", "said"),
    [
        ([], [5], "No day before can be used."),
        (TWO_WEEKS[:6], [5] * 7, "6 days before can be used, and 14 are needed to know how much days differ."),
        (([*TWO_WEEKS[:6], None] * 3)[:20], [5] * 7, "18 days before can be used, and not each weekday is among them."),
        (TWO_WEEKS[: FEWEST_DAYS - 1], [5], "13 days before can be used, and 14 are needed to know how much days differ."),
        ([0] * 14, [5] * 7, "The days before are all alike, so that nothing says how much days differ."),
        ([7.1, 8.3, 9, 9, 9, 9, 9] * 2, [5] * 7, "The days before are all alike, so that nothing says how much days differ."),
        (TWO_WEEKS, [], "No day of the period can be used."),
    ],
)
def test_where_nothing_says_how_much_days_differ_there_is_no_interval_but_a_reason(before, period, said):
    usable = [day for day in days(before) if day.counts]
    found = changed(usable, days(period, MONDAY + timedelta(len(before))), seed=SEED)
    assert found.reason == said and found.low is found.high is found.p_value is None


def test_a_period_that_overlaps_the_days_before_is_refused():
    with pytest.raises(ValueError, match="in the period that starts on"):
        changed(days(TWO_WEEKS), days([1], MONDAY + timedelta(13)), seed=SEED)


def test_days_that_must_not_be_used_are_left_out_and_counted_by_reason():
    known = [*days([1] * 5), Day(MONDAY + timedelta(5), 3.0, left_out="thin"), Day(MONDAY + timedelta(6), None), *days([2] * 3, MONDAY + timedelta(7))]
    found = chosen(known, start=MONDAY + timedelta(7), first=MONDAY + timedelta(7), last=MONDAY + timedelta(8))
    assert (len(found.before), len(found.period)) == (5, 2)
    assert found.left_out == {"thin": 1, "the measure is unknown": 1}


def test_days_longer_ago_than_eight_weeks_are_not_asked():
    start = MONDAY + timedelta(100)
    found = chosen(days([1] * 101), start=start, first=start, last=start)
    assert len(found.before) == MOST_BEFORE and found.before[0].day == start - timedelta(MOST_BEFORE)


def test_student_t_is_as_in_printed_tables():
    """Two-sided 95 %: 12.706, 4.303, 2.228 and 2.042 for 1, 2, 10 and 30 degrees of freedom."""
    assert [round(quantile(0.95, freedom), 3) for freedom in (1, 2, 10, 30)] == [12.706, 4.303, 2.228, 2.042]
    assert tail(2.228, 10) == pytest.approx(0.05, abs=1e-4) and tail(0, 3) == 1
    with pytest.raises(ValueError, match="too few"):
        tail(1, 0.5)


@pytest.mark.parametrize(("before", "during"), [(14, 14), (28, 14), (56, 28)])
def test_of_100_campaigns_that_changed_nothing_at_least_93_intervals_cover_0(before, during):
    """Weekly rhythm, more spread than chance gives, each day leaning on the last by 0.3. The plain bootstrap stands beside it."""
    found = trial(before, during, 0.3, runs=100, seed=SEED, draws=500)
    print(f"{before} days before, {during} during, seed {SEED}: ours {found.ours}, blocks of 3 days {found.plain} of 100")
    assert found.ours >= 93
    assert found.plain < found.ours


def test_a_campaign_that_trebled_its_posts_is_seen():
    found = trial(28, 14, 0.3, runs=20, seed=SEED, factor=3.0, draws=500)
    assert found.ours == 0


def test_few_days_before_have_an_expected_value_only_where_each_weekday_is_among_them():
    assert changed(days(TWO_WEEKS[:7]), days([5] * 7, MONDAY + timedelta(7)), seed=SEED).baseline == pytest.approx(40)
    assert changed(days(TWO_WEEKS[:3]), days([5] * 7, MONDAY + timedelta(3)), seed=SEED).baseline is None
