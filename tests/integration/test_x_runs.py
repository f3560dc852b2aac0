"""X mode through the `pulse` command, against the stub: capture, snapshots, budgets, refusals, and where the token is not."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orchestration.instance.home import prepare_dagster_home
from orchestration.windows import HOUR
from orchestration.x_stub.running import RunningStub
from orchestration.x_stub.store import Store
from tests.contract.conftest import post

# A home of its own and six runs of the pipeline.
pytestmark = pytest.mark.full

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
TOKEN = "test-a-token-that-nobody-may-read"
LOUD = "\npython_logs:\n  managed_python_loggers: [root]\n  python_log_level: DEBUG\n"
POSTS = [post(START + timedelta(minutes=minute), order=minute, lang="en", text=f"great news {minute} #tag") for minute in range(180)]
RANGE = ("--from", "2026-03-02T05:00Z", "--to", "2026-03-02T08:00Z")


class Live:
    """A home, a stub, and the environment that joins them."""

    def __init__(self, home, stub):
        self.home, self.stub = home, stub

    def pulse(self, *words, code=0, **more):
        environment = {
            "PULSE_X_BASE_URL": self.stub.url,
            "PULSE_X_CLOCK": f"{self.stub.clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "X_BEARER_TOKEN": TOKEN,
            "PULSE_ENGAGEMENT_AGE_HOURS": "24",
        }
        return self.home.pulse(*words, code=code, **environment | more)

    def run(self, *words, code=0, **more):
        return self.pulse("run", "--campaign", "live", *RANGE, *words, code=code, **more)

    def one(self, sql):
        (row,) = self.home.query(sql)
        return row


@pytest.fixture(scope="module")
def live(make_home):
    home = make_home("live")
    # Everything that any logger says, at DEBUG, goes into Dagster's event log.
    config = prepare_dagster_home(home.settings) / "dagster.yaml"
    config.write_text(config.read_text() + LOUD)
    home.pulse("campaigns", "add", "live", "--name", "Live", "--query", "#tag", "--source", "x_search", "--news-source", "sample")
    with RunningStub(Store.of(POSTS), now=START + 4 * HOUR, growth_hours=12) as stub:
        yield Live(home, stub)


def test_a_run_over_its_budget_lands_the_hours_before_it_and_says_what_to_do(live):
    """60 posts an hour are 0.30 USD, the counts half a cent, and a page may bring 100 posts: the third hour does not fit."""
    said = live.run(code=1, PULSE_X_BUDGET_RUN_USD="1.00")
    assert "PULSE_X_BUDGET_RUN_USD" in said and "It was not made" in said
    assert live.one("select count(*) as hours, sum(captured) as posts from raw.capture_ledger where campaign_id = 'live'") == {"hours": 2, "posts": 120}
    assert live.one("select count(*) as n from raw.api_spend where status = 'refused'") == {"n": 1}


def test_the_plan_is_within_a_tenth_of_the_bill(live):
    said = live.run("--dry-run")
    planned = live.one("select sum(usd) as usd from raw.api_spend where status = 'planned' and kind in ('search', 'counts')")["usd"]
    before = live.stub.bill()["usd"]
    assert "2026-08-22" in said
    live.run()
    bought = live.one("select sum(cost_usd) as usd from raw.capture_ledger where campaign_id = 'live'")["usd"]
    assert planned == pytest.approx(bought, rel=0.1)
    # What the stopped run had read already is on X's bill once.
    assert live.stub.bill()["usd"] - before < bought


def test_every_hour_is_in_the_ledger_with_its_count_and_its_price(live):
    rows = live.home.query("select captured, counted, capture_mode, requests, cost_usd, capped from raw.capture_ledger where campaign_id = 'live' order by hour")
    assert [(row["captured"], row["counted"], row["capture_mode"], row["capped"]) for row in rows] == [(60, 60, "search", False)] * 3
    assert all(row["requests"] >= 1 and row["cost_usd"] >= 0.3 for row in rows)


def test_before_its_age_engagement_is_unknown_and_the_day_is_provisional(live):
    day = live.one("select engagement, engagement_age, engagement_waiting from marts.engagement_daily where campaign_id = 'live' and hashtag = '*'")
    assert day["engagement"] is None and day["engagement_waiting"] == 180 and "not yet 24 h old" in day["engagement_age"]


@pytest.mark.slow
def test_at_its_age_the_metrics_are_read_again_and_a_post_that_is_gone_is_deleted_and_not_zero(live):
    if live.one("select count(*) as hours from raw.capture_ledger where campaign_id = 'live'") != {"hours": 3}:
        live.run()
    live.stub.clock.set(START + 3 * HOUR + timedelta(hours=24, minutes=20))
    live.stub.store.delete(POSTS[0]["id"])
    said = live.pulse("snapshots")
    assert "179 at 24 h" in said and "deleted: 1 at 24 h" in said
    day = live.one("""
        select posts, engagement, engagement_age, engagement_measured, engagement_waiting, engagement_deleted
        from marts.engagement_daily where campaign_id = 'live' and hashtag = '*'
    """)
    assert (day["engagement_measured"], day["engagement_waiting"], day["engagement_deleted"], day["posts"]) == (179, 0, 1, 180)
    assert day["engagement_age"] == "at 24 h" and day["engagement"] > 179
    assert live.one("select peak_day, provisional from marts.hashtag_peaks where campaign_id = 'live' and hashtag = '*'")["provisional"] is False


@pytest.mark.slow
def test_a_second_time_nothing_is_asked_again(live):
    before = live.stub.bill()["usd"]
    assert "No post captured from X has reached an age" in live.pulse("snapshots")
    assert live.stub.bill()["usd"] == before


@pytest.mark.slow
def test_an_hour_that_would_lose_posts_is_refused_with_the_reason_in_dagster(live):
    said = live.run(code=1)
    assert "holds 60" in said and "--force" in said
    assert "would lose posts" in events(live.home)


@pytest.mark.slow
def test_force_replaces_an_hour_that_lost_posts(live):
    live.run("--force")
    count = "select count(*) as n from marts.tweets where campaign_id = 'live'"
    before = live.one(count)["n"]
    live.stub.store.delete(POSTS[100]["id"])
    assert "--force" in live.run(code=1)
    assert live.one(count)["n"] == before
    live.run("--force")
    assert live.one(count)["n"] == before - 1


def test_hours_older_than_the_search_reaches_are_never_an_empty_success(live):
    said = live.pulse("run", "--campaign", "live", "--from", "2026-02-01", "--to", "2026-02-02", code=1)
    assert "reaches back to" in said and "PULSE_X_FULL_ARCHIVE" in said
    assert live.one("select count(*) as n from raw.capture_ledger where hour < timestamp '2026-02-10'") == {"n": 0}


def test_a_refused_token_is_said_and_nothing_is_changed(live):
    said = live.run(code=1, X_BEARER_TOKEN="wrong-token-of-nobody")
    assert "X_BEARER_TOKEN" in said and "wrong-token-of-nobody" not in said
    assert "X_BEARER_TOKEN is not set" in live.run(code=1, X_BEARER_TOKEN="")


def test_the_token_stands_in_no_file_of_the_home_at_the_loudest_level(live):
    assert "api.twitter.com" in events(live.home), "nothing was logged at DEBUG: this test would prove nothing"
    for file in live.home.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for secret in (TOKEN.encode(), b"wrong-token-of-nobody"):
                assert secret not in content, file


def events(home) -> str:
    """Everything in Dagster's event logs."""
    said = []
    for file in Path(home.settings.dagster_home).rglob("*.db"):
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
            tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table' and name = 'event_logs'")]
            for table in tables:
                said += [event for (event,) in connection.execute(f"select event from {table}")]
    return "\n".join(json.loads(event).get("user_message", "") + event for event in said)
