"""The stream as a home has it: its books by the hour, gaps filled by search, and its status in words."""

from datetime import timedelta

import pytest

from orchestration.settings import Settings
from orchestration.sources.base import CampaignQuery
from orchestration.sources.x.coverage import CONNECTED, DISCONNECTED, Event
from orchestration.sources.x.metering import STREAM, Unlimited
from orchestration.sources.x.stream_source import Repaired, Unrepaired
from orchestration.stream.figures import Figures
from orchestration.stream.status import Status
from orchestration.stream.wiring import HourBooks, search_repair
from orchestration.windows import HOUR as AN_HOUR
from orchestration.windows import Window
from orchestration.x_stub.running import RunningStub
from tests.contract.conftest import END, START, TOKEN, spread

GAP = Window(START + timedelta(minutes=10), START + timedelta(minutes=20))
QUERY = CampaignQuery("contract", "#tag")


@pytest.fixture
def stub(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    with RunningStub(spread(600), now=END + AN_HOUR, limits=False) as running:
        yield running


def repair_of(stub, meter=None, now=END + AN_HOUR):
    return search_repair(Settings(x_base_url=stub.url, x_clock=now), meter or Unlimited())


def test_a_gap_is_read_by_search_from_its_start_to_its_end_and_paid_for(stub):
    meter = Unlimited()
    outcome = repair_of(stub, meter)(GAP, QUERY)
    assert isinstance(outcome, Repaired) and len(outcome.posts) == 100
    assert {post.created_at in GAP for post in outcome.posts} == {True}
    assert outcome.cost_usd == 0.5 == pytest.approx(0.005 * sum(posts for _, posts in meter.calls))


def test_a_gap_that_search_does_not_reach_says_why_and_nothing_is_asked(stub):
    assert repair_of(stub, now=START + timedelta(days=8))(GAP, QUERY) == Unrepaired("it is older than 7 days")
    assert repair_of(stub)(GAP, CampaignQuery("contract")) == Unrepaired("the campaign has no query")
    assert stub.log == []


def test_a_rule_that_is_no_query_of_search_leaves_the_gap(stub):
    outcome = repair_of(stub)(GAP, CampaignQuery("contract", " OR ".join(f"#tag{number}" for number in range(100))))
    assert isinstance(outcome, Unrepaired) and "400" in outcome.why


def test_each_hour_of_the_stream_is_a_run_of_its_own_in_the_books(home_settings, warehouse):
    moment = [END - timedelta(minutes=1)]
    books = HourBooks(home_settings, warehouse, now=lambda: moment[0])
    for _ in range(2):
        books.meter("hour-books").record(STREAM, 500)
        moment[0] += timedelta(minutes=2)
    books.flush()
    rows = warehouse.query("select spent_by_run, posts from raw.api_spend where campaign_id = 'hour-books' and spend_day >= date '2026-01-01' order by 1")
    assert [row["spent_by_run"] for row in rows] == ["stream-2026-03-02T05Z", "stream-2026-03-02T06Z"] and [row["posts"] for row in rows] == [500, 500]


def told(events=(), running=True, now=START + timedelta(hours=3), **life) -> str:
    return "\n".join(Status.of(running, life, list(events), now).lines())


def test_the_status_says_what_to_do_when_nothing_runs():
    assert told(running=False) == "not running. Start it:  pulse stream run\nNo post has ever been received here."


def test_the_status_lists_the_gaps_of_today_since_the_stream_first_began():
    events = [
        Event(START - timedelta(days=1), CONNECTED, "a"), Event(START, DISCONNECTED, "a"),
        Event(START + timedelta(minutes=5), CONNECTED, "b"), Event(START + AN_HOUR, DISCONNECTED, "b"),
    ]  # fmt: skip
    said = told(events, running=True, connected=False, posts=12_345)
    assert "gaps of today (UTC): 2\n  05:00:00-05:05:00  300 s\n  06:00:00-08:00:00  7,200 s" in said
    assert "running, but not connected" in said and "posts: 12,345 since the consumer began" in said


def test_a_running_consumer_has_no_gap_up_to_its_next_sign_of_life():
    events = [Event(START, CONNECTED, "a"), Event(START + AN_HOUR, "alive", "a")]
    said = told(events, now=START + AN_HOUR + timedelta(seconds=2), connected=True, at=(START + AN_HOUR).isoformat(), pid=7, posts_per_minute=61.2)
    assert "gaps of today (UTC): none" in said and "connected (process 7), last heard of 2026-03-02 06:00:00Z" in said and "61.2 a minute" in said


def test_a_broken_sign_of_life_is_no_reason_to_fail():
    assert "not connected" in told(at="soon", last_post=7, posts=0)


def test_the_rate_is_that_of_the_five_whole_minutes_before_now():
    figures = Figures()
    for seconds in range(0, 600, 2):
        figures.took(START + timedelta(seconds=seconds), START)
    assert figures.posts_per_minute(START + timedelta(minutes=10, seconds=1)) == 30
    assert figures.posts_per_minute(START + timedelta(minutes=20)) == 0
