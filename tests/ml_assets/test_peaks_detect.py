"""Peaks found in series made by hand or by a seed, and the sentence where there is none."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from bench.peaks_campaigns import FIRST_HOUR, ZONE, Planted, capped, days_of, hours_of
from ml_assets.peaks import DAY, HOUR, Measured, detect, rows_of, series_of
from ml_assets.peaks.baseline import judge
from ml_assets.peaks.series import ENGAGEMENT, NEGATIVE_SHARE, VOLUME

ONE_HOUR = timedelta(hours=1)
# 14:00 in New York of the third Wednesday.
AFTERNOON = FIRST_HOUR + timedelta(days=16, hours=14)


def flat(hours, posts=50, start=datetime(2026, 3, 2, tzinfo=UTC), **values):
    """Hours that vary by 6 posts about `posts`, in a rhythm of seven that falls together with no day."""
    return [
        Measured(start + n * ONE_HOUR, posts + n % 7 - 3, posts - 10, 10 * posts + n % 7, counted=posts + n % 7 - 3, coverage=1.0, **values)
        for n in range(hours)
    ]


def put(hours, place, **values):
    return [replace(hour, **values) if n == place else hour for n, hour in enumerate(hours)]


def found(name, measured, grain=HOUR, zone="UTC", hashtag="*"):
    return detect(series_of(name, grain, zone, hashtag, measured))


@pytest.fixture(scope="module")
def quiet():
    """Four weeks of a campaign, seed 11."""
    return hours_of(np.random.default_rng(11), 4, 60)


@pytest.fixture(scope="module")
def loud():
    """The same with five times the posts for three hours."""
    return hours_of(np.random.default_rng(11), 4, 60, [Planted(VOLUME, 5, AFTERNOON, 3)])


def test_an_hour_of_five_times_the_posts_is_found_with_its_start_top_and_end(loud):
    verdict = found(VOLUME, loud, zone=ZONE)
    (event,) = verdict.events
    starts = verdict.series.starts
    assert starts[event.first] <= AFTERNOON + ONE_HOUR and AFTERNOON <= starts[event.top] < AFTERNOON + 3 * ONE_HOUR
    assert verdict.series.values[event.top] > 3 * verdict.scores.expected[event.top]


def test_without_the_event_nothing_stands_out(quiet):
    for grain, measured in ((HOUR, quiet), (DAY, days_of(quiet))):
        for name in (VOLUME, ENGAGEMENT, NEGATIVE_SHARE):
            assert found(name, measured, grain, ZONE).status in {"quiet", "unknown"}, (name, grain)


def test_a_point_is_never_in_its_own_baseline(quiet):
    place = 400
    before = judge(series_of(VOLUME, HOUR, ZONE, "*", quiet)).expected[place]
    after = judge(series_of(VOLUME, HOUR, ZONE, "*", put(quiet, place, counted=10**9))).expected[place]
    assert after == before


def test_a_busy_evening_of_every_friday_is_at_most_one_event_the_first():
    def hours(evenings):
        return [
            replace(hour, counted=hour.counted * 4) if (hour.start.weekday(), hour.start.hour) == (4, 18) and evenings(hour.start) else hour
            for hour in flat(8 * 168)
        ]

    verdict = found(VOLUME, hours(lambda start: True))
    assert [verdict.series.starts[event.top].date() for event in verdict.events] in ([], [date(2026, 3, 6)])
    assert len(found(VOLUME, hours(lambda start: start.date() == date(2026, 3, 27))).events) == 1


def test_neighbours_with_a_pause_of_two_hours_are_one_event_and_of_three_are_two():
    at = 200
    for pause, events in ((2, 1), (3, 2)):
        hours = put(put(flat(15 * 24), at, counted=500), at + 1 + pause, counted=500)
        assert len(found(VOLUME, hours).events) == events, pause


def test_an_event_across_midnight_is_one_event():
    hours = flat(21 * 24)
    for place in range(238, 243):
        hours = put(hours, place, counted=400 + place)
    (event,) = found(VOLUME, hours).events
    assert (event.first, event.top, event.last) == (238, 242, 242)


def test_a_rise_that_goes_on_for_days_is_one_event_that_began_once():
    hours = [replace(hour, counted=hour.counted * (6 if 360 <= n < 360 + 50 else 1)) for n, hour in enumerate(flat(28 * 24))]
    (event,) = found(VOLUME, hours).events
    assert (event.first, event.last) == (360, 409)


@pytest.mark.parametrize("days", [1, 7])
def test_what_was_as_high_the_day_or_the_week_before_is_no_event(days):
    """The first of the two is of one author, so that it is no event itself."""
    place, hours = 400, flat(28 * 24)
    hours = put(hours, place, counted=300)
    assert len(found(VOLUME, hours).events) == 1
    assert found(VOLUME, put(hours, place - days * 24, counted=280, authors=1)).events == ()
    assert len(found(VOLUME, put(hours, place - days * 24, counted=200, authors=1)).events) == 1


def test_an_hour_captured_below_90_percent_peaks_on_the_count_and_never_on_captured_posts(loud):
    kept = [replace(hour, coverage=0.5) if hour.start >= AFTERNOON - ONE_HOUR and hour.start < AFTERNOON + 6 * ONE_HOUR else hour for hour in loud]
    assert len(found(VOLUME, kept, zone=ZONE).events) == 1
    assert found(VOLUME, kept, zone=ZONE, hashtag="tag").events == ()
    assert found(ENGAGEMENT, kept, zone=ZONE).events == ()


def test_a_capped_hour_still_peaks_on_its_count(loud):
    hours = capped(loud, 150)
    assert min(hour.coverage for hour in hours) < 0.4
    assert len(found(VOLUME, hours, zone=ZONE).events) == 1


def test_an_hour_of_which_next_to_nothing_was_captured_peaks_on_its_count_all_the_same():
    place, hours = 250, flat(21 * 24)
    assert len(found(VOLUME, put(hours, place, counted=900, posts=9, authors=4, coverage=0.01)).events) == 1
    assert found(VOLUME, put(hours, place, counted=900, posts=90, authors=0, coverage=0.1)).events == ()


def test_one_author_who_posts_everything_makes_no_event():
    place, hours = 250, flat(21 * 24)
    assert len(found(VOLUME, put(hours, place, counted=900, posts=900, authors=900)).events) == 1
    assert found(VOLUME, put(hours, place, counted=900, posts=900, authors=9)).events == ()


def test_a_few_posts_make_no_event_however_many_liked_them():
    hours = [replace(hour, engagement=40 + n % 5) for n, hour in enumerate(flat(21 * 24))]
    assert found(ENGAGEMENT, put(hours, 250, posts=19, authors=19, engagement=100_000)).events == ()
    assert len(found(ENGAGEMENT, put(hours, 250, posts=20, authors=19, engagement=100_000)).events) == 1


def test_one_post_in_a_silent_series_is_not_infinitely_many():
    hours = [replace(hour, posts=0, counted=0, authors=0) for hour in flat(21 * 24)]
    scores = judge(series_of(VOLUME, HOUR, "UTC", "*", put(hours, 250, counted=1))).scores
    assert 0 < scores[250] < 1


def test_engagement_that_nobody_knows_is_said_to_be_unknown():
    verdict = found(ENGAGEMENT, [replace(hour, engagement=None) for hour in flat(15 * 24)])
    assert (verdict.status, verdict.known, verdict.events) == ("unknown", 0, ())
    assert verdict.reason.startswith("No hour has a value")


def test_all_zero_is_silent():
    verdict = found(VOLUME, [replace(hour, posts=0, counted=0, authors=0) for hour in flat(15 * 24)])
    assert (verdict.status, verdict.reason) == ("silent", "All 360 hours are zero.")


def test_hours_that_were_not_captured_are_missing_and_not_zero(loud):
    """A hole of four days, and every other night: what is left is judged as before."""
    kept = [hour for n, hour in enumerate(loud) if not 100 <= n < 196 and not (hour.start.hour < 8 and (n // 24) % 2)]
    verdict = found(VOLUME, kept, zone=ZONE)
    assert len(verdict.events) == 1 and verdict.known == len(kept)


def test_the_first_day_alone_has_no_verdict_and_says_so():
    hours = flat(24)
    verdict = found(VOLUME, put(hours, 12, counted=10_000))
    assert (verdict.status, verdict.judged) == ("too_little_history", 0)
    assert verdict.reason == "1 days are known, and each is judged by at least 3 others: no verdict yet."


def test_days_of_a_week_have_no_verdict_and_hours_of_it_have():
    hours = flat(7 * 24)
    assert found(VOLUME, hours).status == "quiet"
    days = [Measured(datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=n), 400, 300, 0) for n in range(7)]
    assert found(VOLUME, days, DAY).status == "too_little_history"
    assert "Only 7 days are known" in found(VOLUME, hours).reason


def test_nothing_at_all_is_unknown():
    assert found(VOLUME, []).status == "unknown"


def test_the_hour_that_comes_twice_in_autumn_is_judged_twice_and_the_one_that_is_missing_in_spring_not_at_all():
    start = datetime(2026, 10, 19, 4, tzinfo=UTC)
    hours = flat(21 * 24, start=start)
    second = datetime(2026, 11, 1, 6, tzinfo=UTC)
    place = int((second - start) / ONE_HOUR)
    verdict = found(VOLUME, put(hours, place, counted=900), zone="America/New_York")
    assert verdict.judged == len(hours)
    (event,) = verdict.events
    assert verdict.series.starts[event.top] == second and verdict.series.clock(event.top) == verdict.series.clock(event.top - 1) == (
        date(2026, 11, 1),
        1,
    )
    spring = flat(14 * 24, start=datetime(2026, 3, 2, 5, tzinfo=UTC))
    assert found(VOLUME, spring, zone="America/New_York").judged == len(spring)


def test_two_events_do_not_hide_each_other():
    """The larger widens the scale by which the smaller is judged, until it is taken out: eight days of one campaign."""
    values = [400, 410, 390, 405, 4_000, 395, 1_200, 400, 402, 410, 3_800, 398]
    days = [Measured(datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=n), value, 300, 0) for n, value in enumerate(values)]
    verdict = found(VOLUME, days, DAY)
    assert [event.top for event in verdict.events] == [4, 6, 10]


def test_two_events_in_eight_days_do_not_take_away_the_days_that_each_is_judged_by():
    values = [400, 410, 4_000, 405, 395, 400, 4_200, 390]
    days = [Measured(datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=n), value, 300, 0) for n, value in enumerate(values)]
    assert [event.top for event in found(VOLUME, days, DAY).events] == [2, 6]


def test_negative_share_rises_without_more_posts():
    hours = [replace(hour, scored=40, negative=4 + n % 3) for n, hour in enumerate(flat(21 * 24))]
    (event,) = found(NEGATIVE_SHARE, put(hours, 300, negative=30)).events
    assert event.top == 300


def test_a_hashtag_used_in_three_campaigns_has_peaks_of_three_ids(loud):
    verdict = found(VOLUME, loud, zone=ZONE, hashtag="tag")
    rows = [row for campaign in ("a", "b", "c") for row in rows_of(campaign, "tag", verdict)]
    assert len({row["peak_id"] for row in rows}) == 3 and {row["status"] for row in rows} == {"notable"}


def test_a_row_of_an_event_says_what_is_to_be_known_of_it(loud):
    (row,) = rows_of("c", "*", found(VOLUME, loud, zone=ZONE))
    (again,) = rows_of("c", "*", found(VOLUME, loud, zone=ZONE))
    assert row == again and len(row["peak_id"]) == 32
    assert row["start_at"] <= row["top_at"] < row["end_at"] and row["top_day"] == date(2026, 2, 18) and row["is_counted"] is True
    assert row["times_expected"] == pytest.approx(row["value"] / row["expected"], rel=1e-4) and row["score"] > 3.5


def test_a_row_of_a_series_without_events_has_no_figures(quiet):
    (row,) = rows_of("c", "*", found(VOLUME, quiet, zone=ZONE))
    assert row["status"] == "quiet" and "value" not in row and row["reason"].startswith("Nothing notable in 672 hours")
