"""Engagement of a post at the stated age, as the recount has it: worked out by hand, without a warehouse."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.tracing.engagement import Reading, age_between, engagement_of
from orchestration.tracing.posts import Post, posts_of
from orchestration.tracing.scope import Scope, hours_of

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def post(
    tweet_id="1", *, created_at=NOON, after=None, likes=None, replies=None, source="x_search", root_id=None, repost=False, carries=True, author="a",
    impressions=None,
):
    observed_at = None if after is None else created_at + timedelta(hours=after)
    return Post(
        tweet_id, root_id or tweet_id, created_at, observed_at, author, repost, likes, replies, None, None, source, f"{source}:1", "capture", carries,
        impressions,
    )


def read(age, at, likes, status="measured"):
    return Reading("1", age, status, at, likes, None, None, None, f"run-{age}")


def known(made, *readings):
    found = engagement_of(made, readings, age=24, last_age=168)
    return found.engagement, found.state, found.age_hours, found.run_id


def test_an_archive_has_its_last_observation_whatever_its_age():
    assert known(post(source="archive", after=0.5, likes=3, replies=2)) == (5, "observed", 0.5, None)
    assert known(post(source="archive")) == (None, "observed", None, None)


def test_of_a_post_from_x_the_first_reading_at_the_age_or_older_counts_and_names_its_run():
    assert known(post(after=1, likes=90), read(1, 1.5, 91), read(72, 72.5, 50), read(24, 24.5, 10)) == (10, "measured", 24.5, "run-24")


def test_a_capture_at_the_age_is_a_reading_and_of_equal_ages_the_reading_goes_first():
    assert known(post(after=26, likes=6), read(72, 72.5, 50)) == (6, "measured", 26.0, None)
    assert known(post(after=24.5, likes=6), read(24, 24.5, 7)) == (7, "measured", 24.5, "run-24")


def test_a_reading_without_metrics_is_unknown_and_does_not_wait():
    assert known(post(after=1, likes=9), read(24, 24.5, None)) == (None, "measured", 24.5, "run-24")


@pytest.mark.parametrize(
    ("readings", "state"),
    [
        ((), "not_yet"),
        ((read(1, 1.5, 9),), "not_yet"),
        ((read(1, 1.5, None, "unavailable"),), "not_yet"),
        ((read(24, 24.5, None, "unavailable"),), "deleted"),
        ((read(1, 1.5, None, "deleted"),), "deleted"),
        ((read(24, None, None, "missed"),), "not_yet"),
        ((read(24, None, None, "missed"), read(168, None, None, "missed")), "missed"),
        ((read(24, None, None, "deleted"), read(168, None, None, "missed")), "deleted"),
    ],
)
def test_a_post_without_a_reading_at_the_age_is_unknown_and_says_why(readings, state):
    assert known(post(after=1, likes=70), *readings) == (None, state, None, None)


def test_ages_are_hours_to_four_decimals_and_a_wrong_clock_has_none():
    assert age_between(NOON, NOON + timedelta(hours=24) - timedelta(milliseconds=100)) == 24.0
    assert age_between(NOON, NOON + timedelta(hours=24) - timedelta(milliseconds=200)) == 23.9999
    assert age_between(NOON, NOON - timedelta(seconds=1)) is None and age_between(NOON, None) is None


def scope(day="2026-03-05", zone="America/New_York"):
    day = datetime.fromisoformat(day).date()
    return Scope("c", "*", day, zone, hours_of(day, zone))


def test_a_day_is_the_days_hours_in_its_zone_and_has_23_where_the_clock_goes_on():
    assert (scope().window.start.hour, scope().window.end - scope().window.start) == (5, timedelta(hours=24))
    assert scope("2026-03-08").window.end - scope("2026-03-08").window.start == timedelta(hours=23)


def test_an_edited_post_is_one_in_its_last_version_though_that_stands_beyond_the_day():
    midnight = scope().window.end
    early, late = post("1", created_at=midnight - timedelta(minutes=10), likes=1), post("2", created_at=midnight + timedelta(minutes=5), root_id="1")
    assert posts_of(scope(), [early, late]) == []
    assert posts_of(scope("2026-03-06"), [early, late]) == [late]
    inside = post("3", created_at=midnight - timedelta(minutes=5), root_id="1")
    assert posts_of(scope(), [early, inside]) == [inside]


def test_a_post_whose_last_version_lost_the_hashtag_is_not_of_the_hashtag():
    assert posts_of(scope(), [post("1"), post("2", root_id="1", created_at=NOON + timedelta(minutes=5), carries=False)]) == []
