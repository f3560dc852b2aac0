from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from orchestration.windows import HOUR, Window, parse_time

START = datetime(2026, 3, 2, 5, tzinfo=UTC)


def test_the_start_is_inside_and_the_end_is_not():
    window = Window(START, START + HOUR)
    assert START in window and START + HOUR not in window


def test_times_without_a_zone_and_windows_that_end_before_they_start_are_refused():
    with pytest.raises(ValueError, match="zone"):
        Window(datetime(2026, 3, 2), START)  # noqa: DTZ001
    with pytest.raises(ValueError, match="ends after"):
        Window(START, START - HOUR)


def test_other_zones_become_utc():
    local = datetime(2026, 3, 2, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert Window(local, local + HOUR) == Window(START, START + HOUR)


def test_whole_hours_hold_the_window():
    window = Window(START + timedelta(minutes=10), START + timedelta(minutes=70))
    assert window.to_whole_hours() == Window(START, START + 2 * HOUR)
    assert [hour.start for hour in window.hours()] == [START, START + HOUR]


def test_an_empty_window_has_no_hours_and_no_days():
    window = Window(START, START)
    assert list(window.hours()) == [] and window.utc_days() == []


def test_a_window_that_ends_at_midnight_does_not_touch_the_next_day():
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert Window(START, midnight).utc_days() == [date(2026, 3, 2)]


@pytest.mark.parametrize("text", ["2026-03-02T05:00:00Z", "2026-03-02T05", "2026-03-02 05:00", "2026-03-02T00:00-05:00", " 2026-03-02T05:00+00:00 "])
def test_times_are_read_as_people_write_them(text):
    assert parse_time(text) == START


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_outside_of_the_calendar_is_a_value_error_as_any_other_that_is_none(text):
    """It was an OverflowError, which nobody who reads a time expects."""
    with pytest.raises(ValueError, match="before the year 1 or after 9999"):
        parse_time(text)
