"""From the books to the page: planned, used and refused of each day, out of dbt, as the site asks for it."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest

from app.queries import Marts
from orchestration.dbt.runner import build
from orchestration.sources.x.errors import BudgetExceeded
from orchestration.sources.x.metering import COUNTS, SEARCH
from orchestration.spending.books import Books
from orchestration.warehouse.tables import API_SPEND


@pytest.fixture(scope="module")
def marts(home_settings, warehouse):
    """Two days of two campaigns, a plan, and a budget that refused; then the mart."""
    before = dict(os.environ)
    warehouse.execute(f"delete from {warehouse.qualified(API_SPEND)} where true")
    now = datetime(2026, 2, 27, 12, tzinfo=UTC)
    settings = home_settings.model_copy(update={"x_budget_day_usd": 2.0})
    books = Books(settings, warehouse, "run-1", now=lambda: now)
    books.plan("c", SEARCH, 4, 400)
    for _ in range(3):
        books.record("c", SEARCH, 100)
    books.record("c", COUNTS, 0)
    books.record(None, COUNTS, 0)
    with pytest.raises(BudgetExceeded):
        books.meter("c").allow(SEARCH, 100)
    now += timedelta(days=2)
    books.record("d", SEARCH, 50)
    books.flush()
    try:
        build(home_settings, "spend", None, ["--select", "stg_x__api_spend", "api_spend_daily"]).raise_failures()
    finally:
        os.environ.clear()
        os.environ.update(before)
    return Marts(warehouse)


@pytest.mark.full
def test_each_day_says_what_was_planned_used_and_refused(marts, warehouse):
    rows = warehouse.query(
        """
        select cast(day as string) as day, campaign_id, kind, planned_usd, round(used_usd, 6) as used_usd, requests, posts, refused
        from marts.api_spend_daily order by day, campaign_id, kind
        """
    )
    assert [tuple(row.values()) for row in rows] == [
        ("2026-02-27", "(none)", "counts", 0.0, 0.005, 1, 0, 0),
        ("2026-02-27", "c", "counts", 0.0, 0.005, 1, 0, 0),
        ("2026-02-27", "c", "day", 0.0, 0.0, 0, 0, 1),
        ("2026-02-27", "c", "search", 2.0, 1.5, 3, 300, 0),
        ("2026-03-01", "d", "search", 0.0, 0.25, 1, 50, 0),
    ]


@pytest.mark.full
def test_the_page_is_told_the_month_by_campaign(marts):
    february = marts.spend(date(2026, 2, 1))
    assert [(row.campaign_id, round(row.used_usd, 3), row.posts, row.refused) for row in february.itertuples()] == [
        ("c", 1.505, 300, 1), ("d", 0.25, 50, 0), ("(none)", 0.005, 0, 0),
    ]  # fmt: skip
    assert list(marts.spend(date(2026, 3, 1))["campaign_id"]) == ["d"]
