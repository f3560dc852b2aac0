"""Which posts are measured again and when; what an answer of the lookup means."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.snapshots import (
    Captured,
    due_hours,
    missed_rows,
    open_hours,
    plan_snapshots,
    snapshot_rows,
    tolerance,
)
from orchestration.sources.x.client import Answer
from orchestration.sources.x.lookup import read_lookup
from orchestration.windows import HOUR, Window

AGES = (1, 24, 72, 168)
MADE = datetime(2026, 3, 2, 5, 20, tzinfo=UTC)
POST = Captured("c", "1", MADE, MADE + timedelta(minutes=75))


def ages(dues):
    return [due.age_hours for due in dues]


def plan(hours, recorded=None, post=POST):
    return plan_snapshots([post], recorded or {}, MADE + timedelta(hours=hours), AGES)


@pytest.mark.parametrize(
    ("hours", "measured", "missed"),
    [(0.9, [], []), (1, [1], []), (3, [1], []), (3.1, [], [1]), (24, [24], [1]), (30, [24], [1]), (31, [], [1, 24]), (168, [168], [1, 24, 72])],
)
def test_an_age_is_measured_from_the_age_on_and_missed_after_its_tolerance(hours, measured, missed):
    found = plan(hours)
    assert (ages(found.to_measure), ages(found.missed)) == (measured, missed)


def test_what_has_a_row_is_never_measured_again():
    assert plan(24.5, {("c", "1", 1): "measured", ("c", "1", 24): "measured"}) == plan_snapshots([], {}, MADE, AGES)


def test_a_post_captured_days_later_has_no_missed_rows_for_the_days_before():
    late = Captured("c", "1", MADE, MADE + timedelta(hours=80))
    assert (ages(plan(81, post=late).to_measure), ages(plan(81, post=late).missed)) == ([72], [])


def test_a_deleted_post_is_deleted_at_every_later_age_without_a_call():
    (due,) = plan(24.5, {("c", "1", 1): "deleted"}).to_measure
    (row,) = snapshot_rows([due], {}, MADE + timedelta(hours=24.5))
    assert due.gone and (row["status"], row["age_hours"], "like_count" in row) == ("deleted", 24, False)


def test_every_answer_becomes_a_row_with_the_age_at_which_it_was_read():
    answer = Answer(
        {
            "data": [{"id": "1", "public_metrics": {"retweet_count": 2, "like_count": 7, "reply_count": 0}}],
            "errors": [
                {"resource_id": "2", "value": "2", "title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"},
                {"value": "3", "title": "Authorization Error", "detail": "Sorry, you are not authorized"},
            ],
        },
        MADE + timedelta(hours=25),
    )
    looked = {each.tweet_id: each for each in read_lookup(answer, ["1", "2", "3", "4"])}
    posts = [Captured("c", tweet_id, MADE) for tweet_id in looked]
    rows = {row["tweet_id"]: row for row in snapshot_rows(plan_snapshots(posts, {}, answer.received_at, (24,)).to_measure, looked, answer.received_at)}
    assert (rows["1"]["like_count"], rows["1"]["repost_count"], rows["1"]["quote_count"], rows["1"]["observed_age_hours"]) == (7, 2, None, 25.0)
    assert [rows[each]["status"] for each in "1234"] == ["measured", "deleted", "unavailable", "unavailable"]
    assert rows["2"].get("like_count") is None and rows["3"]["reason"] == "Authorization Error"


def test_a_metric_that_is_no_number_makes_its_post_unavailable_and_leaves_the_others():
    answer = Answer({"data": [{"id": "1", "public_metrics": {"like_count": "many"}}, {"id": "2", "public_metrics": {"like_count": 1}}]}, MADE)
    assert [each.status for each in read_lookup(answer, ["1", "2"])] == ["unavailable", "measured"]


def test_a_missed_snapshot_has_no_time_and_no_figures():
    (row,) = missed_rows(plan(3.5).missed)
    assert (row["status"], row["observed_at"], row["observed_age_hours"]) == ("missed", None, None)


def test_the_hour_that_is_due_has_wholly_reached_the_age():
    now = datetime(2026, 3, 4, 12, 10, tzinfo=UTC)
    due = due_hours(now, AGES)
    assert due[24] == Window(datetime(2026, 3, 3, 11, tzinfo=UTC), datetime(2026, 3, 3, 12, tzinfo=UTC))
    for age, hour in due.items():
        assert now - hour.end >= timedelta(hours=age) and now - hour.start <= timedelta(hours=age) + tolerance(age)


def test_a_catch_up_looks_at_every_hour_that_can_still_be_measured_and_at_no_other():
    now = datetime(2026, 3, 12, 12, 10, tzinfo=UTC)
    hours = {hour.start for hour in open_hours(now, AGES)}
    for offset in range(1, 240):
        hour = Window.hour_of(now - offset * HOUR)
        wholly = [age for age in AGES if hour.end + timedelta(hours=age) <= now <= hour.start + timedelta(hours=age) + tolerance(age)]
        assert (hour.start in hours) >= bool(wholly), offset
    assert len(hours) < 80
