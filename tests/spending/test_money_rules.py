"""Prices, budgets and estimates: pure."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.settings import Settings
from orchestration.sources.x.errors import BudgetExceeded
from orchestration.sources.x.metering import COUNTS, FREE, LOOKUP, SEARCH, STREAM
from orchestration.spending.budget import Budget, Spent, in_usd
from orchestration.spending.estimate import expect
from orchestration.spending.prices import Prices

NOW = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
PRICES = Prices(post_usd=0.005, counts_usd=0.01, as_of=date(2026, 3, 1))
BUDGET = Budget(run_usd=10, day_usd=20, month_usd=100, month_posts=1_000, snapshots_day_usd=5)
HOUR = datetime(2026, 3, 2, 5, tzinfo=UTC)


def hours(*posts):
    return {HOUR + timedelta(hours=number): found for number, found in enumerate(posts)}


@pytest.mark.parametrize(("kind", "usd"), [(SEARCH, 0.5), (LOOKUP, 0.5), (STREAM, 0.5), (COUNTS, 0.03), (FREE, 0)])
def test_posts_are_paid_by_the_post_and_counts_by_the_request(kind, usd):
    assert PRICES.of(kind, 100, 3) == pytest.approx(usd)


def test_a_kind_without_a_price_is_no_gift():
    with pytest.raises(ValueError, match="no kind"):
        PRICES.of("users", 1, 1)


def test_the_prices_are_those_of_the_settings_with_their_day():
    prices = Prices.of_settings(Settings(x_price_post_usd=0.007))
    assert (prices.post_usd, prices.as_of) == (0.007, Settings().x_prices_as_of)


@pytest.mark.parametrize(
    ("spent", "name", "until"),
    [
        (Spent(run_usd=9.5), "run", "every run has a budget of its own"),
        (Spent(day_usd=19.5), "day", "2026-04-01 00:00 UTC"),
        (Spent(month_usd=99.5), "month", "2026-04-01 00:00 UTC"),
        (Spent(month_posts=801), "posts", "2026-04-01 00:00 UTC"),
        (Spent(snapshots_day_usd=4.5), "snapshots", "2026-04-01 00:00 UTC"),
    ],
)
def test_the_call_that_would_exceed_a_budget_is_refused_and_says_which_and_what_to_do(spent, name, until):
    with pytest.raises(BudgetExceeded) as refused:
        BUDGET.check(spent, 1.0, 200, NOW, snapshots=True)
    assert refused.value.budget == name
    assert f"Raise {'PULSE_X_BUDGET_MONTH_POSTS' if name == 'posts' else 'PULSE_X_BUDGET_'}" in str(refused.value)
    assert until in str(refused.value) and "was not made" in str(refused.value)


def test_the_message_names_what_is_spent_the_limit_and_the_cost():
    with pytest.raises(BudgetExceeded, match=r"19\.50 of 20\.00 USD are spent since 00:00 UTC, and the next call would cost up to 1\.00 USD"):
        BUDGET.check(Spent(day_usd=19.5), 1.0, 1, NOW)
    with pytest.raises(BudgetExceeded, match=r"801 of 1,000 posts are read since 2026-03-01, and the next call would bring up to 200"):
        BUDGET.check(Spent(month_posts=801), 1.0, 200, NOW)


@pytest.mark.parametrize("spent", [Spent(run_usd=9), Spent(day_usd=19), Spent(month_usd=99), Spent(month_posts=800)])
def test_reaching_a_budget_exactly_is_allowed(spent):
    BUDGET.check(spent, 1.0, 200, NOW)


def test_sums_of_small_prices_do_not_miss_the_limit_by_a_rounding_error():
    budget = replace(BUDGET, run_usd=0.3)
    BUDGET.check(Spent(run_usd=0.1 + 0.2), 0.0, 0, NOW)
    budget.check(Spent(run_usd=0.1 + 0.1), 0.1, 0, NOW)
    with pytest.raises(BudgetExceeded):
        budget.check(Spent(run_usd=0.1 + 0.2), 0.0001, 0, NOW)


def test_the_budget_of_snapshots_stops_nothing_else():
    BUDGET.check(Spent(snapshots_day_usd=5), 1.0, 10, NOW)


def test_of_several_budgets_the_one_that_lasts_longest_is_named():
    with pytest.raises(BudgetExceeded) as refused:
        BUDGET.check(Spent(run_usd=10, day_usd=20, month_usd=100), 1.0, 1, NOW)
    assert refused.value.budget == "month"


def test_december_ends_in_january():
    with pytest.raises(BudgetExceeded, match="wait until 2027-01-01"):
        BUDGET.check(Spent(month_usd=100), 1.0, 1, datetime(2026, 12, 31, 23, tzinfo=UTC))


def test_less_than_a_cent_is_not_nothing():
    assert [in_usd(amount) for amount in (0, 0.005, 0.01, 1234.5)] == ["0.00", "0.005", "0.01", "1,234.50"]


def test_an_hour_below_the_cap_costs_its_posts_and_its_pages():
    estimate = expect(hours(250), 10_000, PRICES)
    assert (estimate.posts, estimate.kept, estimate.search_requests, estimate.count_requests) == (250, 250, 3, 1)
    assert estimate.usd == pytest.approx(250 * 0.005 + 0.01)


def test_an_empty_hour_costs_one_page_and_no_post():
    assert (expect(hours(0), 10_000, PRICES).search_requests, expect(hours(0), 10_000, PRICES).posts) == (1, 0)


def test_an_hour_over_the_cap_costs_little_more_than_its_cap_however_many_posts_it_has():
    for found in (20_000, 2_000_000):
        estimate = expect(hours(found), 10_000, PRICES)
        assert (estimate.kept, estimate.capped_hours) == (10_000, 1)
        assert 10_000 < estimate.posts <= 10_100 and estimate.search_requests == 101
    assert expect(hours(10_001), 10_000, PRICES).posts == 10_001


def test_counts_of_a_week_are_one_request_and_of_the_archive_one_for_31_days():
    assert expect(hours(*[1] * 168), 100, PRICES).count_requests == 1
    assert expect(hours(*[1] * (31 * 24 + 1)), 100, PRICES, page=500, full_archive=True).count_requests == 2
    assert expect({}, 100, PRICES).requests == 0


def test_the_estimate_is_within_a_tenth_of_what_the_search_reads():
    """The reading itself, over made-up hours: what it would be billed for, against what was expected."""
    from tests.x import test_hour

    seed = random.randrange(2**32)
    print(f"seed {seed}")
    made = random.Random(seed)
    cap = 500
    for total in (0, 7, 80, 499, 500, 520, 900, 6_000):
        at = sorted(made.choices(range(3_600_000), weights=None, k=total))
        search = test_hour.Search(at)
        reading = test_hour.HourReading(search, test_hour.WINDOW, cap, search.minutes()).read()
        estimate = expect({test_hour.START: total}, cap, PRICES, page=test_hour.PAGE)
        assert abs(estimate.posts - reading.observations) <= 0.1 * max(1, reading.observations)
        assert abs(estimate.search_requests - search.calls) <= max(3, 0.1 * search.calls)
