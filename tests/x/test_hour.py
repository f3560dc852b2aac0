"""The first N of an hour out of a search that answers newest first, whatever the rhythm and however counts err."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources.base import Post
from orchestration.sources.hours import select_hours
from orchestration.sources.x.hour import OVERFLOW, HourReading
from orchestration.sources.x.pages import Page
from orchestration.windows import HOUR, Window

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
WINDOW = Window(START, START + HOUR)
PAGE = 10


class Search:
    """Posts at the given milliseconds of the hour, answered newest first in pages of ten."""

    page_size = PAGE

    def __init__(self, milliseconds, *, duplicates=False):
        self.posts = [
            Post(f"{number:05}", f"{number:05}", START + timedelta(milliseconds=at), "text", "original", observed_at=START + HOUR)
            for number, at in enumerate(sorted(milliseconds))
        ]
        self.calls, self.duplicates = 0, duplicates

    def pages(self, window):
        inside = sorted((post for post in self.posts if post.created_at in window), key=lambda post: (post.created_at, post.tweet_id), reverse=True)
        if self.duplicates:
            inside = [each for post in inside for each in (post, post)]
        for start in range(0, max(1, len(inside)), PAGE):
            self.calls += 1
            yield Page(tuple(inside[start : start + PAGE]), (), 0, start + PAGE < len(inside))

    def minutes(self, bias=1.0):
        counts = {}
        for post in self.posts:
            minute = post.created_at.replace(second=0, microsecond=0)
            counts[minute] = counts.get(minute, 0) + 1
        return {minute: round(count * bias) for minute, count in counts.items()}

    def first(self, cap):
        return [post.tweet_id for post in self.posts[:cap]]


def read(search, cap, counts):
    reading = HourReading(search, WINDOW, cap, counts).read()
    (hour,) = select_hours(reading.posts.values(), WINDOW, cap)
    return reading, hour


@st.composite
def rhythms(draw):
    """Milliseconds within the hour: quiet, even, or in bursts of a few seconds."""
    times = draw(st.lists(st.integers(0, 3_599_999), max_size=120))
    for _ in range(draw(st.integers(0, 3))):
        at, width, size = draw(st.integers(0, 3_590_000)), draw(st.integers(1, 9_000)), draw(st.integers(1, 80))
        times += [at + step * width // size for step in range(size)]
    return times


@settings(max_examples=300, deadline=None)
@given(rhythms(), st.integers(1, 150), st.sampled_from([0.0, 0.5, 0.98, 1.0, 1.03, 2.0, None]), st.booleans())
def test_it_is_the_true_first_n_for_any_rhythm_and_any_error_of_the_counts(times, cap, bias, duplicates):
    search = Search(times, duplicates=duplicates)
    reading, hour = read(search, cap, None if bias is None else search.minutes(bias))
    if OVERFLOW not in reading.notes:
        assert [post.tweet_id for post in hour.posts] == search.first(cap)
        assert hour.capped == (len(search.posts) > cap)


@pytest.mark.parametrize(("rate", "cap"), [(6_000, 1_000), (3_000, 1_000), (1_001, 1_000)])
def test_an_even_hour_costs_little_more_than_its_cap(rate, cap):
    search = Search([number * 3_600_000 // rate for number in range(rate)])
    reading, hour = read(search, cap, search.minutes())
    assert [post.tweet_id for post in hour.posts] == search.first(cap)
    assert reading.observations <= cap + 1.5 * PAGE and search.calls <= cap / PAGE + 12


def test_an_hour_below_the_cap_is_one_slice():
    search = Search([number * 10_000 for number in range(95)])
    _, hour = read(search, 100, search.minutes())
    assert (search.calls, hour.capped, len(hour.posts)) == (10, False, 95)


def test_exactly_the_cap_is_not_capped_and_one_more_is():
    for extra in (0, 1):
        search = Search([number * 30_000 for number in range(100 + extra)])
        _, hour = read(search, 100, search.minutes())
        assert (len(hour.posts), hour.capped) == (100, bool(extra))


def test_a_minute_with_more_than_the_cap_is_cut_into_seconds():
    search = Search([600_000 + number * 50 for number in range(1_000)])
    reading, hour = read(search, 100, search.minutes())
    assert [post.tweet_id for post in hour.posts] == search.first(100)
    assert reading.observations <= 100 + 3 * PAGE


def test_a_second_with_more_than_twice_the_cap_is_given_up_and_says_so():
    search = Search([600_000 + number for number in range(900)])
    reading, _ = read(search, 100, search.minutes())
    assert OVERFLOW in reading.notes and search.calls < 60


def test_counts_that_know_more_than_search_are_noted_and_do_not_multiply_calls():
    """Counts may include reposts that search does not bring: half of what was counted is found."""
    search = Search([number * 1_800 for number in range(2_000)])
    reading, hour = read(search, 1_500, search.minutes(2.0))
    assert [post.tweet_id for post in hour.posts] == search.first(1_500)
    assert search.calls <= 1_500 / PAGE + 12
    search = Search([number * 1_800 for number in range(2_000)])
    reading, _ = read(search, 3_000, search.minutes(2.0))
    assert any("search brought 2000" in note for note in reading.notes)


def test_without_counts_the_hour_is_read_in_fixed_slices_and_says_so():
    search = Search([number * 600 for number in range(6_000)])
    reading, hour = read(search, 1_000, None)
    assert [post.tweet_id for post in hour.posts] == search.first(1_000)
    assert reading.counted is None and any("counts did not answer" in note for note in reading.notes)
    assert reading.observations <= 1_000 * 1.6
