"""Which hours are missing."""

from datetime import UTC, datetime, timedelta

from orchestration.automation.gaps import closed_hours, hour_of_tick, missing_hours
from orchestration.campaigns import Campaign
from orchestration.partitions import range_tags
from orchestration.windows import HOUR, Window, contiguous

NOW = datetime(2026, 3, 4, 12, 40, tzinfo=UTC)
LIVE = Campaign("live", "Live", source="x_search")


def hours(*starts):
    return [Window(datetime(2026, 3, 4, start, tzinfo=UTC), datetime(2026, 3, 4, start, tzinfo=UTC) + HOUR) for start in starts]


def captured(*missing):
    return {("live", hour.start) for hour in closed_hours(NOW) if hour not in hours(*missing)}


def test_an_hour_is_closed_when_its_posts_can_be_edited_no_more():
    assert closed_hours(NOW)[-1] == hours(11)[0]
    assert closed_hours(NOW - timedelta(minutes=6))[-1] == hours(10)[0]
    assert hour_of_tick(NOW) == hours(11)[0]


def test_nothing_is_missing_when_every_closed_hour_has_its_ledger_row():
    assert missing_hours([LIVE], captured(), NOW) == []


def test_missing_hours_are_joined_to_ranges():
    assert missing_hours([LIVE], captured(3, 4, 5, 9), NOW) == [Window(hours(3)[0].start, hours(5)[0].end), hours(9)[0]]


def test_one_campaign_without_the_hour_is_enough():
    other = Campaign("other", "Other", source="x_search")
    assert missing_hours([LIVE, other], captured(), NOW, most=3) != []


def test_a_long_outage_is_filled_in_parts_the_oldest_first():
    (window,) = missing_hours([LIVE], set(), NOW, most=5)
    assert (window.start, len(list(window.hours()))) == (closed_hours(NOW)[0].start, 5)


def test_archives_and_campaigns_that_are_over_are_no_gaps():
    over = Campaign("over", "Over", source="x_search", end_day=datetime(2026, 3, 1, tzinfo=UTC).date())
    assert missing_hours([Campaign("old", "Old", source="archive"), over], set(), NOW) == []


def test_a_range_names_its_first_and_its_last_hour():
    window = Window(hours(3)[0].start, hours(5)[0].end)
    assert set(range_tags(window).values()) == {"2026-03-04-03:00", "2026-03-04-05:00"}
    assert contiguous(reversed(hours(3, 4, 5))) == [window]


def test_a_captured_hour_to_which_late_posts_came_is_captured_again():
    live = Campaign("live", "Live", source="x_stream")
    captured = {("live", hour.start) for hour in closed_hours(NOW)}
    assert missing_hours([live], captured, NOW) == []
    (late,) = closed_hours(NOW)[3:4]
    assert missing_hours([live], captured, NOW, {late.start}) == [late]
