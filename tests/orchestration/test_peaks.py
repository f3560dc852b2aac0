"""From rows of the marts to verdicts: which hours and days there are, what is filled in, when nothing is judged again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.peaks import Followed, Inputs, peak_rows

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
ONE_HOUR = timedelta(hours=1)
CAMPAIGN = Followed("c", "America/New_York", ("*", "tag"))
DAYS, EVENT = 15, 200


def hour_row(hashtag, n, posts, **values):
    return {"hashtag": hashtag, "hour": START + n * ONE_HOUR, "posts": posts, "authors": posts, "engagement": posts * 5, "engagement_waiting": 0} | values


def day_row(hashtag, day, posts, **values):
    hours = 23 if day == 6 else 24
    known = {"counted": posts, "coverage": 1.0, "captured_hours": hours, "hours_in_day": hours}
    row = {"hashtag": hashtag, "day": date(2026, 3, 2) + timedelta(days=day), "posts": posts, "authors": posts, "engagement": posts * 5, "engagement_waiting": 0}
    return row | known | values


@pytest.fixture
def inputs():
    """Fifteen days of some 50 posts an hour, 400 in one of them; the hashtag has posts in that hour alone."""
    captured = [{"hour": START + n * ONE_HOUR, "counted": 50 + n % 7, "coverage": 1.0, "capped": False} for n in range(DAYS * 24 - 1)]
    captured[EVENT]["counted"] = 400
    hours = [hour_row("*", n, row["counted"]) for n, row in enumerate(captured)]
    days = [day_row("*", day, 1200 + day % 4 * 10) for day in range(DAYS)]
    return Inputs(CAMPAIGN, captured, [*hours, hour_row("tag", EVENT, 300)], [*days, day_row("tag", 8, 300)], [])


def verdicts(inputs, labels=()):
    return {(row["hashtag"], row["series"], row["grain"]): row for row in peak_rows(inputs, labels)}


def test_every_series_of_every_followed_hashtag_has_a_row(inputs):
    found = verdicts(inputs)
    assert len(found) == 2 * 3 * 2
    assert {row["input_hash"] for row in found.values()} == {inputs.content_hash} and all(row["code_version"] for row in found.values())


def test_the_event_has_its_hour_in_utc_and_its_day_in_the_campaigns_zone(inputs):
    row = verdicts(inputs)["*", "volume", "hour"]
    assert (row["top_at"], row["end_at"]) == (START + EVENT * ONE_HOUR, START + (EVENT + 1) * ONE_HOUR)
    assert row["top_day"] == date(2026, 3, 10) and row["value"] == 400


def test_a_captured_hour_without_posts_of_the_hashtag_is_a_zero_that_it_stands_out_from(inputs):
    row = verdicts(inputs)["tag", "volume", "hour"]
    assert (row["status"], row["value"], row["expected"], row["times_expected"]) == ("notable", 300, 0, None)


def test_an_hour_that_was_not_captured_is_not_there(inputs):
    row = verdicts(replace(inputs, captured=inputs.captured[: 10 * 24], hours=inputs.hours[: 10 * 24]))["*", "engagement", "hour"]
    assert row["days_known"] == 11 and row["points_judged"] <= 10 * 24


def test_a_day_that_is_not_captured_whole_is_not_judged(inputs):
    rows = [row | ({"captured_hours": 12} if row["day"] == date(2026, 3, 16) else {}) for row in inputs.days]
    assert verdicts(inputs)["*", "volume", "day"]["points_judged"] == DAYS
    assert verdicts(replace(inputs, days=rows))["*", "volume", "day"]["points_judged"] == DAYS - 1


def test_a_capped_day_that_nobody_counted_is_judged_by_nothing_captured(inputs):
    captured = [row | {"counted": None, "coverage": None, "capped": n == 30} for n, row in enumerate(inputs.captured)]
    days = [row | {"counted": None, "coverage": None} for row in inputs.days]
    found = verdicts(replace(inputs, captured=captured, days=days))
    assert found["*", "volume", "day"]["points_judged"] == DAYS - 1
    assert found["*", "volume", "hour"]["points_judged"] == len(captured) - 1


def test_negative_share_by_the_hour_is_of_the_labels_of_that_hour(inputs):
    labels = [{"hashtag": "*", "hour": START + n * ONE_HOUR, "scored": 40, "negative": 35 if n == EVENT else 4 + n % 3} for n in range(DAYS * 24 - 1)]
    row = verdicts(inputs, labels)["*", "negative_share", "hour"]
    assert (row["top_at"], row["value"]) == (START + EVENT * ONE_HOUR, 0.875)
    assert verdicts(inputs)["*", "negative_share", "hour"]["status"] == "unknown"


def test_the_hash_is_that_of_the_content(inputs):
    again = replace(inputs, hours=[dict(row) for row in inputs.hours])
    assert again.content_hash == inputs.content_hash
    for changed in (
        replace(inputs, followed=replace(CAMPAIGN, zone="UTC")),
        replace(inputs, captured=inputs.captured[1:]),
        replace(inputs, hours=[*inputs.hours[1:], hour_row("*", 0, 51)]),
        replace(inputs, days=inputs.days[1:]),
        replace(inputs, sentiment=[{"hashtag": "*", "day": date(2026, 3, 2), "scored": 1, "negative": 0}]),
    ):
        assert changed.content_hash != inputs.content_hash


def test_twice_is_once(inputs):
    assert peak_rows(inputs, []) == peak_rows(inputs, [])
