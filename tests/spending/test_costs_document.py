"""docs/costs.md: every figure is worked out here again, from the settings and from what the estimate says."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.settings import REPOSITORY, Settings
from orchestration.sources.x.metering import LOOKUP, SEARCH
from orchestration.spending.estimate import expect
from orchestration.spending.prices import Prices

DOCUMENT = (REPOSITORY / "docs" / "costs.md").read_text(encoding="utf-8")
START, HOURS = datetime(2026, 3, 1, tzinfo=UTC), 720
SIZES = {"small": [200 / 24] * HOURS, "medium": [20_000 / 24] * HOURS, "large": [30_000] * 60 + [1_000] * 660}
# One of 24 hours is captured before midnight UTC and measured at 1 h after it.
AT_AN_HOUR = 1 / 24
REPOSTS = 2 / 3
DEFAULTS = Settings()
PRICES = Prices.of_settings(DEFAULTS)


@pytest.fixture(scope="module")
def table():
    """Cells of the table of the three campaigns, by the name of the row; names that come twice have both."""
    rows: dict[str, list[list[str]]] = {}
    for line in DOCUMENT.split("## Three campaigns")[1].split("## ")[0].splitlines():
        name, *cells = [cell.strip().strip("*") for cell in line.strip("|").split("|")]
        if len(cells) == 3:
            rows.setdefault(name, []).append(cells)
    return rows


def month(size):
    """(posts read by search, kept, USD of counts, USD of search)."""
    estimate = expect({START + timedelta(hours=n): posts for n, posts in enumerate(SIZES[size])}, DEFAULTS.hourly_cap, PRICES)
    return estimate.posts, estimate.kept, HOURS * PRICES.counts_usd, PRICES.of(SEARCH, estimate.posts, 0)


@pytest.mark.parametrize(("place", "size"), enumerate(SIZES))
def test_the_table_is_what_the_prices_and_the_estimate_say(table, place, size):
    read, kept, counts, search = month(size)
    once, others = PRICES.of(LOOKUP, kept, 0), PRICES.of(LOOKUP, kept, 0) * (2 + AT_AN_HOUR)
    said = {name: [cells[place] for cells in rows] for name, rows in table.items()}
    assert said["posts kept"] == [f"{kept:,}"]
    assert said["counts"] == [f"{counts:,.2f}"] and said["search"] == [f"{search:,.2f}"]
    assert said["snapshot at 24 h"] == [f"{once:,.2f}"] and said["snapshots at 1, 72 and 168 h"] == [f"{others:,.2f}"]
    assert said["all of it"] == [f"{counts + search + once + others:,.2f}"]
    assert said["posts read of 3,000,000"] == [f"{read + round(kept * (3 + AT_AN_HOUR)):,}", f"{read + kept:,}"]
    assert said["search and 24 h only"] == [f"{counts + search + once:,.2f}"]
    assert said["search without snapshots"] == [f"{counts + search:,.2f}"]
    stream = PRICES.of(SEARCH, round(kept / (1 - REPOSTS)), 0)
    assert said["stream without snapshots"] == ["" if size == "large" else f"{stream:,.2f}"]


def test_the_prices_the_budgets_and_their_day_are_those_of_the_settings():
    assert f"{DEFAULTS.x_prices_as_of}" in DOCUMENT and f"| {PRICES.post_usd} USD | `PULSE_X_PRICE_POST_USD` |" in DOCUMENT
    for name in ("x_budget_run_usd", "x_budget_day_usd", "x_budget_snapshots_day_usd", "x_budget_month_usd", "x_budget_month_posts"):
        assert f"| `PULSE_{name.upper()}` | {getattr(DEFAULTS, name):,.0f} |" in DOCUMENT, name


def test_a_full_hour_and_a_month_at_the_cap_are_as_said():
    estimate = expect({START: 1_000_000}, DEFAULTS.hourly_cap, PRICES)
    assert estimate.posts == 10_030 and "10,030" in DOCUMENT
    hours = DEFAULTS.x_budget_month_posts // estimate.posts
    assert f"after {hours} hours, {hours / 24:.1f} days" in DOCUMENT


def test_the_budgets_named_for_the_medium_campaign_hold_it():
    read, kept, counts, search = month("medium")
    snapshots = PRICES.of(LOOKUP, kept * len(DEFAULTS.snapshot_ages), 0)
    for name, cost in (("DAY", (counts + search + snapshots) / 30), ("SNAPSHOTS_DAY", snapshots / 30), ("MONTH", counts + search + snapshots)):
        limit = float(DOCUMENT.split(f"PULSE_X_BUDGET_{name}_USD=")[1].split("`")[0])
        assert cost <= limit <= cost * 1.05, (name, cost)
    assert read + kept * len(DEFAULTS.snapshot_ages) <= DEFAULTS.x_budget_month_posts
