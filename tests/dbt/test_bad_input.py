"""Input that nobody wishes for, through raw tables and models: docs/bad-input.md says what each becomes."""

import pytest

from orchestration.dbt import runner
from orchestration.sources import text_entities
from orchestration.sources.envelopes import Wrapped
from orchestration.sources.records import parse_record
from orchestration.sources.values import BadRecord
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import CAMPAIGNS, CAPTURE_LEDGER, TWEETS
from orchestration.windows import HOUR, Window, parse_time

LONG_AGO = "2026-02-10T12:10:00Z"


def post(tweet_id: str, created_at: str, likes: int | None = 1, campaign: str = "bad", **more) -> dict:
    columns = {column.name: [] if column.repeated else None for column in TWEETS.columns}
    return columns | {
        "campaign_id": campaign, "tweet_id": tweet_id, "root_id": tweet_id, "created_at": parse_time(created_at), "author_key": "a",
        "text": "words", "kind": "original", "is_repost": False, "like_count": likes, "id_is_exact": True, "source": "archive", "raw_record": "{}",
    } | more  # fmt: skip


def hour_of(moment: str) -> Window:
    start = parse_time(moment).replace(minute=0, second=0)
    return Window(start, start + HOUR)


def capture(settings, moment: str, *posts: dict) -> None:
    """Replaces the hour of `moment` by these posts and runs the models of that hour."""
    warehouse, window = Warehouse(settings), hour_of(moment)
    warehouse.replace_window(TWEETS, window, list(posts), run_id="test", scope={"campaign_id": ["bad", "other"]})
    hours = [
        {"campaign_id": campaign, "hour": window.start, "source": "archive", "capture_mode": "file", "captured": len(posts), "counted": len(posts),
         "capped": False, "hourly_cap": 10_000, "observations": len(posts), "ids_exact": True, "requests": 0, "cost_usd": 0.0, "removed": 0}
        for campaign in ("bad", "other")
    ]  # fmt: skip
    warehouse.replace_window(CAPTURE_LEDGER, window, hours, run_id="test", scope={"campaign_id": ["bad", "other"]})
    run = runner.run_command(settings, "models", window, ["run"], ["--select", "+tweets", "+engagement_daily"])
    assert run.failures == []


def declare(settings, zone: str) -> None:
    rows = [
        {"campaign_id": campaign, "name": campaign, "hashtags": [], "competitors": [], "languages": [], "zone": zone, "source": "archive"}
        for campaign in ("bad", "other")
    ]
    Warehouse(settings).replace_all(CAMPAIGNS, rows, run_id="test", scope={"campaign_id": ["bad", "other"]})


def stands(settings, tweet_id: str) -> list[tuple]:
    rows = Warehouse(settings).query(
        "select campaign_id, created_at, engagement from marts.tweets where tweet_id = @id and created_at >= timestamp '2026-01-01' order by campaign_id, created_at",
        id=tweet_id,
    )
    return [(row["campaign_id"], f"{row['created_at']:%H:%M}", row["engagement"]) for row in rows]


@pytest.fixture(scope="module")
def settings(empty_project):
    declare(empty_project, "America/New_York")
    capture(empty_project, LONG_AGO, post("old", LONG_AGO))
    capture(
        empty_project,
        "2026-03-02T05:00:00Z",
        post("shrinks", "2026-03-02T05:30:00Z", likes=10),
        post("moves a little", "2026-03-02T05:50:00Z", likes=3),
        post("moves far", "2026-03-02T05:20:00Z", likes=3),
        post("shared", "2026-03-02T05:40:00Z", likes=7),
        post("shared", "2026-03-02T05:40:00Z", likes=7, campaign="other"),
    )
    return empty_project


@pytest.mark.full
def test_an_id_seen_in_two_campaigns_is_a_post_of_each(settings):
    assert stands(settings, "shared") == [("bad", "05:40", 7), ("other", "05:40", 7)]


@pytest.mark.slow
def test_a_post_that_moves_within_an_hour_stands_once_and_one_that_moves_farther_until_its_old_hour_is_captured_again(settings):
    capture(settings, "2026-03-02T06:00:00Z", post("moves a little", "2026-03-02T06:10:00Z", likes=4))
    assert stands(settings, "moves a little") == [("bad", "06:10", 4)]

    capture(settings, "2026-03-02T09:00:00Z", post("moves far", "2026-03-02T09:20:00Z", likes=5))
    assert stands(settings, "moves far") == [("bad", "05:20", 3), ("bad", "09:20", 5)]

    capture(settings, "2026-03-02T05:00:00Z", post("shrinks", "2026-03-02T05:30:00Z", likes=4), post("shared", "2026-03-02T05:40:00Z", likes=7))
    assert stands(settings, "moves far") == [("bad", "09:20", 5)]
    assert stands(settings, "shrinks") == [("bad", "05:30", 4)], "an archive's latest observation counts, also when it is smaller"


@pytest.mark.slow
def test_days_of_a_zone_that_was_changed_are_found_until_their_hours_are_run_again(settings):
    def found():
        run = runner.run_command(settings, "test", hour_of(LONG_AGO), ["test"], ["--select", "test_name:days_are_in_the_present_zone"])
        assert len(run.seconds) == 1 and not run.failures, "a warning must not stop a run"
        return run.events[-1]["data"]["status"]

    def zone_of_old_day():
        (row,) = Warehouse(settings).query("select zone from marts.engagement_daily where campaign_id = 'bad' and hashtag = '*' and day = date '2026-02-10'")
        return row["zone"]

    built = runner.run_command(settings, "campaigns", None, ["run"], ["--select", "campaigns"])
    assert not built.failures and found() == "pass"

    declare(settings, "Asia/Tokyo")
    runner.run_command(settings, "campaigns", None, ["run"], ["--select", "campaigns"])
    assert found() == "warn" and zone_of_old_day() == "America/New_York"

    for moment in (LONG_AGO, "2026-03-02T05:00:00Z", "2026-03-02T06:00:00Z", "2026-03-02T09:00:00Z"):
        runner.run_command(settings, "models", hour_of(moment), ["run"], ["--select", "+engagement_daily"])
    assert found() == "pass" and zone_of_old_day() == "Asia/Tokyo"


@pytest.mark.parametrize("likes", [-1, "-3", "many", 2**63])
def test_a_metric_that_is_no_count_is_refused_with_its_reason(likes):
    record = {"id": "1", "text": "x", "created_at": "2026-03-02T05:00:00Z", "public_metrics": {"like_count": likes}}
    with pytest.raises(BadRecord) as refused:
        parse_record(Wrapped(record), source_ref="test:1")
    assert refused.value.reason == "bad_metric"


def test_a_damaged_count_of_followers_does_not_cost_the_post():
    record = {"id": "1", "text": "x", "created_at": "2026-03-02T05:00:00Z", "author": {"id": "9", "public_metrics": {"followers_count": -4}}}
    assert parse_record(Wrapped(record), source_ref="test:1").author_followers is None
    record["author"]["public_metrics"]["followers_count"] = 12
    assert parse_record(Wrapped(record), source_ref="test:1").author_followers == 12


def test_hashtags_that_differ_by_case_width_or_combining_form_are_one():
    assert text_entities.normalised(["Café", "cafe\u0301", "ＣＡＦÉ", "CAFÉ"]) == ("café",)
