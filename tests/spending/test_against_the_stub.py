"""The dry run and the books against the bill of the stub, which charges as X does."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from orchestration import campaigns
from orchestration.campaigns import SAMPLE, Campaign
from orchestration.cli.planning import plan_and_show
from orchestration.settings import Settings
from orchestration.sources.x.errors import BudgetExceeded
from orchestration.spending.books import Books
from orchestration.warehouse.tables import API_SPEND
from orchestration.windows import HOUR, Window
from orchestration.x_access import search_source
from orchestration.x_stub.running import RunningStub
from tests.contract.conftest import START, post, spread

NOW = START + timedelta(hours=6)
FOUR_HOURS = Window(START, START + 4 * HOUR)
CAP = 1_000
TAG = Campaign(campaign_id="tag", name="Tag", query="#tag", source="x_search")


@pytest.fixture(scope="module")
def stub():
    """Four hours: quiet, empty, over the cap in a burst, and three times the cap evenly."""
    burst = START + 2 * HOUR + timedelta(minutes=20)
    posts = [
        *spread(240),
        *[post(burst + timedelta(seconds=number / 10), order=number % 4096) for number in range(1_500)],
        *spread(3_000, start=START + 3 * HOUR),
    ]
    with RunningStub(posts, now=NOW, limits=False) as running:
        yield running


@pytest.fixture
def home(stub, home_settings, warehouse, monkeypatch):
    """Settings whose X is the stub; nothing is spent, and the stub's bill is new."""
    monkeypatch.setenv("PULSE_HOME", str(home_settings.root))
    monkeypatch.setenv("PULSE_X_BASE_URL", stub.url)
    monkeypatch.setenv("PULSE_X_CLOCK", NOW.isoformat())
    monkeypatch.setenv("PULSE_HOURLY_CAP", str(CAP))
    monkeypatch.setenv("X_BEARER_TOKEN", "test-money")
    for kept in (stub.desk.bill.posts, stub.desk.bill.counts):
        kept.clear()
    warehouse.execute(f"delete from {warehouse.qualified(API_SPEND)} where true")
    before = home_settings.campaigns_file.read_text() if home_settings.campaigns_file.exists() else None
    campaigns.save(home_settings, [SAMPLE, TAG])
    yield warehouse
    home_settings.campaigns_file.unlink()
    if before is not None:
        home_settings.campaigns_file.write_text(before)


def capture(warehouse, **changed):
    """(capture, books) of one run over the four hours, without the pages of an earlier one."""
    settings = Settings(**changed)
    books = Books(settings, warehouse, f"run {datetime.now(UTC).isoformat()}")
    source = search_source(settings, books.meter(TAG.campaign_id))
    source.store = None
    try:
        return source.fetch(FOUR_HOURS, TAG.as_query(), CAP), books
    finally:
        books.flush()


def used(warehouse, column):
    return warehouse.query(f"select sum({column}) as used from {warehouse.qualified(API_SPEND)} where status = 'used'")[0]["used"]


def test_the_dry_run_is_within_a_tenth_of_the_bill(home, stub, capsys):
    plan_and_show(TAG.campaign_id, FOUR_HOURS, None)
    (row,) = [line.replace("│", " ").split() for line in capsys.readouterr().out.splitlines() if line.split()[:1] == ["tag"]]
    hours, posts, kept, requests, usd = [float(re.sub(",", "", cell)) for cell in row[1:]]
    asked, before = len(stub.log), stub.bill()["usd"]
    found, _ = capture(home)
    billed = stub.bill()["usd"] - before
    print(f"planned {posts:.0f} posts, {requests:.0f} requests, {usd} USD; billed {stub.bill()['posts']} posts, {len(stub.log) - asked} requests, {billed} USD")
    assert abs(usd - billed) <= 0.1 * billed
    assert abs(posts - stub.bill()["posts"]) <= 0.1 * stub.bill()["posts"]
    assert abs(requests - (len(stub.log) - asked)) <= 0.1 * requests + 2
    assert (hours, kept) == (4, sum(len(hour.posts) for hour in found.hours))


def test_the_books_say_what_the_bill_says_to_the_cent(home, stub):
    found, _ = capture(home)
    assert used(home, "usd") == pytest.approx(stub.bill()["usd"])
    assert used(home, "posts") == stub.bill()["posts"] and used(home, "requests") == sum(hour.requests for hour in found.hours)
    assert sum(hour.cost_usd for hour in found.hours) == pytest.approx(stub.bill()["usd"])


def test_what_is_read_twice_in_a_day_is_in_the_books_twice_and_on_the_bill_once(home, stub):
    capture(home)
    capture(home)
    assert used(home, "posts") == 2 * stub.bill()["posts"]


def test_a_budget_stops_before_the_call_and_leaves_the_complete_hours(home, stub, caplog):
    found, _ = capture(home, x_budget_run_usd=4)
    assert isinstance(found.stopped, BudgetExceeded) and found.stopped.budget == "run"
    assert [len(hour.posts) for hour in found.hours] == [240, 0]
    assert stub.bill()["usd"] <= 4 and used(home, "usd") == pytest.approx(stub.bill()["usd"])
    refusals = home.query(f"select kind, detail from {home.qualified(API_SPEND)} where status = 'refused'")
    assert [row["kind"] for row in refusals] == ["run"] and "PULSE_X_BUDGET_RUN_USD" in refusals[0]["detail"]
    assert caplog.text.count("The run's budget would be exceeded") == 1
