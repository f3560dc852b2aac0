"""When the stream was connected: pure, from the events of the manifest."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources.x.coverage import (
    ALIVE,
    CONNECTED,
    DISCONNECTED,
    RULES,
    Event,
    connections,
    covered_since,
    events_in,
    gaps,
    in_words,
    to_repair,
)
from orchestration.windows import HOUR, Window

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
WINDOW = Window(START, START + HOUR)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def event(minutes: float, kind: str, session: str = "a", *campaigns: str) -> Event:
    return Event(at(minutes), kind, session, campaigns=campaigns)


def span(start: float, end: float) -> Window:
    return Window(at(start), at(end))


def test_a_time_between_two_sessions_is_a_gap():
    events = [event(-5, CONNECTED), event(10, DISCONNECTED), event(12, CONNECTED, "b"), event(70, DISCONNECTED, "b")]
    assert gaps(events, WINDOW) == [span(10, 12)] and covered_since(events) == at(-5)


def test_a_killed_session_ends_at_its_last_sign_of_life_and_not_at_the_next_connection():
    events = [event(-5, CONNECTED), event(20, ALIVE), event(30, CONNECTED, "b"), event(61, ALIVE, "b")]
    assert gaps(events, WINDOW) == [span(20, 30)]


def test_a_session_that_runs_is_covered_to_its_last_sign_of_life_only():
    assert gaps([event(-5, CONNECTED), event(59, ALIVE)], WINDOW) == [span(59, 60)]


def test_a_sign_of_an_earlier_session_says_nothing_of_the_next():
    events = [event(-5, CONNECTED), event(5, DISCONNECTED), event(6, ALIVE, "a", "c")]
    assert gaps(events, WINDOW) == [span(5, 60)]


def test_nothing_is_covered_without_events_and_nothing_of_a_campaign_without_its_rule():
    assert gaps([], WINDOW) == [WINDOW] and covered_since([]) is None
    assert gaps([event(-5, CONNECTED), event(70, ALIVE)], WINDOW, "c") == [WINDOW]


def test_a_campaign_is_covered_from_its_rule_on_and_until_its_rule_goes():
    events = [
        event(-9, RULES, "", "other"), event(-5, CONNECTED), event(10, RULES, "a", "other", "c"), event(40, RULES, "a", "other"), event(70, ALIVE),
    ]  # fmt: skip
    assert gaps(events, WINDOW, "c") == [span(0, 10), span(40, 60)]
    assert gaps(events, WINDOW, "other") == []


def test_signs_of_life_are_enough_where_older_events_are_not_at_hand():
    events = [event(-5, ALIVE, "a", "c"), event(30, ALIVE, "a", "c"), event(31, DISCONNECTED)]
    assert connections(events, "c") == [span(-5, 31)] and connections(events, "other") == []


def test_a_connection_says_itself_whose_posts_it_brings():
    events = [event(-5, CONNECTED, "a", "c"), event(31, DISCONNECTED)]
    assert connections(events, "c") == [span(-5, 31)] and connections(events, "other") == []


def test_a_repair_takes_the_edges_of_a_gap_with_it_in_whole_seconds_and_stays_in_the_hour():
    events = [event(-5, CONNECTED), event(10.005, DISCONNECTED), event(12.005, CONNECTED, "b"), event(59.9, ALIVE, "b")]
    assert to_repair(events, WINDOW) == [
        Window(at(9.5), at(12) + timedelta(seconds=6)), Window(at(59.4), at(60)),
    ]  # fmt: skip


def test_a_gap_just_after_the_hour_touches_its_last_seconds():
    events = [event(-5, CONNECTED), event(60.1, DISCONNECTED), event(61, CONNECTED, "b"), event(130, ALIVE, "b")]
    assert gaps(events, WINDOW) == [] and to_repair(events, WINDOW) == [Window(at(59.6), at(60))]


def test_a_torn_line_of_the_manifest_is_left_out_and_others_read_back_as_written():
    written = [event(1, CONNECTED, "a", "c"), Event(at(2), DISCONNECTED, "a", "X closed the connection")]
    lines = [*(each.as_line() for each in written), b'{"at": "2026-03', b"[]\n", b'{"at":"2026-03-02","kind":"party","session":"a"}\n']
    assert list(events_in(lines)) == written


def test_gaps_are_told_by_the_clock():
    assert in_words([span(3, 11), span(40, 60)]) == "05:03:00-05:11:00 and 05:40:00-06:00:00 UTC"


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-30, 90), st.integers(0, 40), st.booleans()), max_size=6))
def test_gaps_and_connections_share_the_hour_out_among_them(sessions):
    events, expected = [], set()
    position = -40
    for number, (start, length, killed) in enumerate(sorted(sessions)):
        start = max(start, position + 1)
        position = start + length
        expected |= set(range(start, position))
        events += [event(start, CONNECTED, str(number)), event(position, ALIVE if killed else DISCONNECTED, str(number))]
    off = {minute for gap in gaps(events, WINDOW) for minute in range(60) if at(minute) in gap}
    assert off == set(range(60)) - expected


@pytest.mark.parametrize("line", [b"", b"null", b'{"kind":"alive"}', b'{"at":1,"kind":"alive","session":"a"}'])
def test_what_is_no_event_raises_valueerror(line):
    with pytest.raises(ValueError):
        Event.of_line(line)
