"""Engagement at a stated age, from hand-made posts and snapshots to the marts: every figure here was worked out by hand."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.dbt.runner import build
from orchestration.settings import Settings
from orchestration.snapshots import tolerance
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.warehouse.tables import CAMPAIGNS, CAPTURE_LEDGER, TWEET_METRICS, TWEETS
from orchestration.windows import Window

# The marts of a home of its own.
pytestmark = pytest.mark.full

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = Window(START, START + timedelta(days=5))
AGE = 24
LATEST = AGE + tolerance(AGE).total_seconds() / 3600

# campaign, post, day, source, hours after which it was captured, likes then, tag.
POSTS = [
    ("live", "grows", 1, "x_search", 1, 1, "trail"),
    ("live", "deleted_early", 1, "x_search", 1, 5, "trail"),
    ("live", "deleted_late", 1, "x_stream", 0, 0, "trail"),
    ("live", "measured_late", 1, "x_search", 1, 0, "trail"),
    ("live", "captured_late", 1, "x_search", 26, 6, "trail"),
    ("live", "repost", 1, "x_stream", 0, 99, "trail"),
    ("live", "plain", 2, "x_search", 1, 0, "trail"),
    ("live", "came_back", 2, "x_search", 1, 0, "trail"),
    ("live", "known", 3, "x_search", 1, 0, "trail"),
    ("live", "young", 3, "x_search", 1, 70, "trail"),
    ("live", "away_for_now", 4, "x_search", 1, 70, "trail"),
    ("live", "never_asked", 5, "x_search", 1, 70, "trail"),
    ("live", "withheld", 5, "x_search", 1, 70, "gone"),
    ("edge", "in_time", 1, "x_search", LATEST, 1, "trail"),
    ("edge", "too_late", 1, "x_search", LATEST + 0.01, 1, "trail"),
    ("edge", "too_early", 1, "x_search", AGE - 0.01, 1, "trail"),
    ("old", "dated", 1, "archive", 0.5, 3, "trail"),
    ("old", "undated", 1, "archive", None, 4, "trail"),
    ("old", "without_metrics", 1, "archive", 0.5, None, "trail"),
    ("both", "from_x", 1, "x_search", 25, 2, "trail"),
    ("both", "from_file", 1, "archive", None, 3, "trail"),
    ("fresh", "monday", 1, "x_search", 24, 5, "trail"),
    ("fresh", "monday_young", 1, "x_search", 1, 5, "trail"),
    ("fresh", "tuesday", 2, "x_search", 24, 9, "trail"),
    ("fresh", "tuesday_young", 2, "x_search", 1, 5, "trail"),
]
# post, age, status, hours at which it was read, likes, replies.
SNAPSHOTS = [
    ("grows", 1, "measured", 1.5, 3, 0), ("grows", 24, "measured", 24.5, 10, 2), ("grows", 72, "measured", 72.5, 50, 2),
    ("deleted_early", 1, "measured", 1.5, 5, 0), ("deleted_early", 24, "deleted", 24.5, None, None),
    ("deleted_late", 24, "measured", 24.25, 4, None), ("deleted_late", 72, "deleted", 72.5, None, None),
    ("measured_late", 24, "missed", None, None, None), ("measured_late", 72, "measured", 72.5, 7, 0),
    ("plain", 24, "measured", 24, 20, 0),
    ("came_back", 1, "unavailable", 1.5, None, None), ("came_back", 24, "measured", 24.25, 1, 0),
    ("known", 24, "measured", 24.25, 100, 0),
    ("young", 1, "measured", 1.5, 90, 0),
    ("away_for_now", 1, "unavailable", 1.5, None, None),
    ("never_asked", 24, "missed", None, None, None), ("never_asked", 72, "missed", None, None, None), ("never_asked", 168, "missed", None, None, None),
    ("withheld", 24, "unavailable", 24.25, None, None),
]  # fmt: skip


def made_at(name: str) -> datetime:
    day = next(post[2] for post in POSTS if post[1] == name)
    return START + timedelta(days=day - 1, hours=10)


def after(name: str, hours: float | None) -> datetime | None:
    return None if hours is None else made_at(name) + timedelta(hours=hours)


def post_row(campaign_id, name, day, source, captured_after, likes, tag) -> dict:
    return {
        "campaign_id": campaign_id, "tweet_id": name, "root_id": name, "created_at": made_at(name), "observed_at": after(name, captured_after),
        "author_key": name, "text": f"about #{tag}", "hashtags": [tag], "kind": "repost" if name == "repost" else "original",
        "is_repost": name == "repost", "like_count": likes, "id_is_exact": True, "source": source,
    }  # fmt: skip


def snapshot_row(name, age, status, read_after, likes, replies) -> dict:
    return {
        "campaign_id": next(post[0] for post in POSTS if post[1] == name), "tweet_id": name, "created_at": made_at(name), "age_hours": age,
        "status": status, "observed_at": after(name, read_after), "observed_age_hours": read_after, "like_count": likes, "reply_count": replies,
    }  # fmt: skip


def build_lanes(settings: Settings, *lanes: str) -> None:
    for lane in lanes:
        build(settings, lane, None if lane == "peaks" else DAYS, ["--select", f"tag:{lane}"]).raise_failures()


@pytest.fixture(scope="module")
def settings(new_home):
    """A home of its own; dbt runs in this process, so the environment that it reads is put back afterwards."""
    before = dict(os.environ)
    made = Settings(home=new_home("ages"))
    server_control.start(made)
    yield made
    server_control.halt(ServerFiles(made.warehouse_dir))
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def marts(settings) -> Warehouse:
    """Built once; its hashtags stand in a table of the version before, which knew no ages."""
    opened = Warehouse(settings)
    opened.ensure_tables()
    ids = sorted({post[0] for post in POSTS})
    opened.replace_all(CAMPAIGNS, [{"campaign_id": each, "name": each, "zone": "UTC"} for each in ids], run_id="r")
    opened.replace_window(TWEETS, DAYS, [post_row(*post) for post in POSTS], run_id="r")
    opened.replace_window(TWEET_METRICS, DAYS, [snapshot_row(*snapshot) for snapshot in SNAPSHOTS], run_id="r")
    hours = {(post[0], made_at(post[1])) for post in POSTS}
    ledger = [{"campaign_id": campaign_id, "hour": hour, "captured": 1, "counted": 1} for campaign_id, hour in sorted(hours)]
    silent = {"campaign_id": "live", "hour": START + timedelta(hours=3), "captured": 0, "counted": 0}
    opened.replace_window(CAPTURE_LEDGER, DAYS, [*ledger, silent], run_id="r")
    opened.execute("create schema if not exists intermediate")
    opened.execute("""
        create table intermediate.int_tweet_hashtags as
        select 'live' as campaign_id, 'before' as tweet_id, timestamp '2025-01-01 00:00:00+00' as created_at, date '2025-01-01' as day,
            '*' as hashtag, 'a' as author_key, false as is_repost, 8 as engagement
    """)
    build_lanes(settings, "posts", "hourly_marts", "peaks")
    return opened


def figures(warehouse: Warehouse) -> dict:
    rows = warehouse.query("select tweet_id, engagement, engagement_state, engagement_age_hours from marts.tweets")
    return {row["tweet_id"]: (row["engagement"], row["engagement_state"], row["engagement_age_hours"]) for row in rows}


def test_a_post_has_the_figure_of_its_first_measurement_at_the_age_or_older(marts):
    found = figures(marts)
    assert found["grows"] == (12, "at_age", 24.5)
    assert found["plain"] == (20, "at_age", 24.0)
    assert found["captured_late"] == (6, "at_age", 26.0)
    assert found["measured_late"] == (7, "older", 72.5)
    assert (found["in_time"], found["too_late"]) == ((1, "at_age", 30.0), (1, "older", 30.01))


def test_a_post_without_a_measurement_at_the_age_is_unknown_and_never_what_it_was_at_capture(marts):
    found = figures(marts)
    for name in ("young", "away_for_now", "too_early"):
        assert found[name] == (None, "not_yet", None), name
    assert found["never_asked"] == (None, "missed", None)
    columns = "like_count, reply_count, quote_count, repost_count, impression_count"
    (row,) = marts.query(f"select {columns} from marts.tweets where tweet_id = 'young'")
    assert set(row.values()) == {None}


def test_a_post_that_went_before_it_was_measured_is_deleted_and_not_zero(marts):
    found = figures(marts)
    assert found["deleted_early"] == found["withheld"] == (None, "deleted", None)
    assert found["deleted_late"] == (4, "at_age", 24.25)
    assert found["came_back"] == (1, "at_age", 24.25)


def test_a_repost_has_no_age_and_an_archive_keeps_its_latest_observation(marts):
    found = figures(marts)
    assert found["repost"] == (None, None, None)
    assert found["dated"] == (3, "observed", 0.5)
    assert found["undated"] == (4, "observed", None)
    assert found["without_metrics"] == (None, "observed", 0.5)


def days(warehouse: Warehouse, campaign_id: str, hashtag: str = "*") -> dict:
    rows = warehouse.query(
        "select * from marts.engagement_daily where campaign_id = @campaign and hashtag = @hashtag", campaign=campaign_id, hashtag=hashtag
    )
    names = ("engagement", "engagement_age", "engagement_measured", "engagement_waiting", "engagement_deleted", "engagement_missed")
    return {row["day"].day: tuple(row[name] for name in names) for row in rows}


def test_the_days_say_what_is_known_at_which_age_and_what_is_not(marts):
    assert days(marts, "live") == {
        1: (12 + 4 + 7 + 6, "24 to 73 h", 4, 0, 1, 0),
        2: (20 + 1, "at 24 h", 2, 0, 0, 0),
        3: (100, "at 24 h", 1, 1, 0, 0),
        4: (None, "not yet 24 h old", 0, 1, 0, 0),
        5: (None, "not measured", 0, 0, 1, 1),
    }
    assert days(marts, "live", "gone") == {5: (None, "deleted", 0, 0, 1, 0)}
    assert days(marts, "old") == {1: (7, "observed", 2, 0, 0, 0)}
    assert days(marts, "both") == {1: (5, "observed and at 24 h", 2, 0, 0, 0)}


def test_an_hour_says_the_same_as_its_day_and_a_silent_hour_has_no_age(marts):
    rows = marts.query("select * from marts.engagement_hourly where campaign_id = 'live' and hashtag = '*' order by hour")
    silent, *others = rows
    assert (silent["engagement"], silent["engagement_age"], silent["engagement_measured"], silent["engagement_waiting"]) == (0, None, 0, 0)
    found = {row["hour"].day: (row["engagement"], row["engagement_age"], row["engagement_waiting"]) for row in others}
    assert found == {day: (known, age, waiting) for day, (known, age, _, waiting, _, _) in days(marts, "live").items()}


def peak(warehouse: Warehouse, campaign_id: str) -> dict:
    (row,) = warehouse.query("select * from marts.hashtag_peaks where campaign_id = @campaign and hashtag = '*'", campaign=campaign_id)
    return row


def test_a_day_with_posts_still_to_be_measured_is_no_peak_while_there_are_complete_days(marts):
    found = peak(marts, "live")
    assert (found["peak_day"], found["engagement"], found["engagement_age"]) == (date(2026, 3, 1), 29, "24 to 73 h")
    assert (found["runner_up_day"], found["runner_up_engagement"], found["provisional"]) == (date(2026, 3, 2), 21, False)


def test_a_peak_among_days_that_still_grow_is_provisional(marts):
    found = peak(marts, "fresh")
    assert (found["peak_day"], found["engagement"], found["runner_up_engagement"]) == (date(2026, 3, 2), 9, 5)
    assert (found["provisional"], found["engagement_waiting"]) == (True, 1)


def test_the_posts_of_most_engagement_are_ranked_by_the_figure_at_the_age(marts):
    rows = marts.query("select * from marts.top_posts where campaign_id = 'live' and hashtag = '*' and day <= date '2026-03-03' order by day, rank")
    assert [row["tweet_id"] for row in rows] == ["grows", "measured_late", "captured_late", "deleted_late", "plain", "came_back", "known"]
    assert [row["engagement_age_hours"] for row in rows][:2] == [24.5, 72.5]


def test_a_table_of_the_version_before_gains_the_columns_and_keeps_its_rows(marts):
    rows = marts.query("select * from intermediate.int_tweet_hashtags where tweet_id in ('before', 'grows') and hashtag = '*' order by tweet_id")
    assert [(row["engagement"], row["engagement_state"]) for row in rows] == [(8, None), (12, "at_age")]


@pytest.mark.slow
def test_a_snapshot_that_comes_later_completes_its_day(marts, settings):
    late = [("young", 24, "measured", 25, 90, 5), ("away_for_now", 24, "measured", 24.5, 2, 0)]
    marts.add(TWEET_METRICS, [snapshot_row(*each) for each in late], run_id="later")
    build_lanes(settings, "posts", "hourly_marts", "peaks")
    assert days(marts, "live")[3] == (195, "at 24 h", 2, 0, 0, 0)
    assert days(marts, "live")[4] == (2, "at 24 h", 1, 0, 0, 0)
    assert peak(marts, "live")["peak_day"] == date(2026, 3, 3)


@pytest.mark.slow
def test_another_age_is_one_setting(marts, settings):
    build_lanes(settings.model_copy(update={"engagement_age_hours": 72}), "posts", "hourly_marts")
    found = figures(marts)
    assert found["grows"] == (52, "at_age", 72.5)
    assert found["measured_late"] == (7, "at_age", 72.5)
    assert found["deleted_late"] == (None, "deleted", None)
    assert found["plain"] == (None, "not_yet", None)
    assert found["dated"] == (3, "observed", 0.5)
    assert days(marts, "live")[1] == (59, "at 72 h", 2, 1, 2, 0)
