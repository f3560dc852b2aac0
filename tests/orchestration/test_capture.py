"""Capture: what a source answers lands whole hours at a time, and never fewer posts than before without a word."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.campaigns import Campaign
from orchestration.capture import WouldShrink, capturable, capture_campaign, letter_rows
from orchestration.compliance.tombstones import key_of
from orchestration.sources.base import Capture, DeadLetter, Post, SourceError
from orchestration.sources.choice import make_tweet_source
from orchestration.sources.hours import latest_observations, select_hours
from orchestration.windows import HOUR, Window

START = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = Window(START, START + 2 * HOUR)
CAMPAIGN = Campaign("one", "One")


def post(number: int, minutes: int = 0, **fields) -> Post:
    return Post(str(number), str(number), START + timedelta(minutes=minutes), f"text {number}", "original", **fields)


class Source:
    name = "archive"

    def __init__(self, posts, letters=(), stopped_after=None):
        self.posts, self.letters, self.stopped_after = posts, letters, stopped_after

    def fetch(self, window, query, cap):
        hours = select_hours(self.posts, window, cap)[: self.stopped_after]
        stopped = SourceError("the budget is spent") if self.stopped_after else None
        return Capture(self.name, "file", "posts.csv", hours, tuple(self.letters), stopped=stopped)


def captured(posts, stored=None, *, cap=10, force=False, letters=(), stopped_after=None, tombstones=frozenset()):
    source = Source(posts, letters, stopped_after)
    return capture_campaign(CAMPAIGN, source, WINDOW, cap, stored=stored or {}, tombstones=tombstones, force=force)


def capture(posts, stored=None, **how):
    return captured(posts, stored, **how).rows


def test_rows_carry_campaign_source_and_content():
    rows = capture([post(1, like_count=3), post(2, 70)])
    assert [(row["campaign_id"], row["tweet_id"], row["source"], row["like_count"]) for row in rows.tweets] == [
        ("one", "1", "archive", 3),
        ("one", "2", "archive", None),
    ]
    assert [(row["captured"], row["counted"], row["capped"]) for row in rows.ledger] == [(1, 1, False), (1, 1, False)]


def test_an_hour_without_posts_has_its_ledger_row():
    assert [(row["hour"], row["captured"]) for row in capture([post(1)]).ledger] == [(START, 1), (START + HOUR, 0)]


def test_an_hour_that_would_lose_posts_is_refused_unless_forced():
    with pytest.raises(WouldShrink, match="holds 3, posts.csv now brings 1.*--force"):
        capture([post(1)], {START: 3})
    assert len(capture([post(1)], {START: 3}, force=True).tweets) == 1


def test_more_posts_than_before_and_a_lower_cap_are_no_loss():
    assert len(capture([post(1), post(2)], {START: 1}).tweets) == 2
    assert len(capture([post(n) for n in range(9)], {START: 9}, cap=5).tweets) == 5


def test_a_source_that_was_stopped_lands_the_hours_before_and_says_why():
    found = captured([post(1), post(2, 70)], stopped_after=1)
    assert found.window == Window(START, START + HOUR) and str(found.stopped) == "the budget is spent"
    assert ([row["tweet_id"] for row in found.rows.tweets], [row["hour"] for row in found.rows.ledger]) == (["1"], [START])
    whole = captured([post(1)])
    assert whole.window == WINDOW and whole.stopped is None


def test_a_post_that_was_deleted_by_duty_does_not_come_back(monkeypatch):
    monkeypatch.setenv("PULSE_AUTHOR_SALT", "salt-of-the-tests")
    rows = capture([post(1), post(2)], tombstones=frozenset({key_of("post", "2")}))
    assert [row["tweet_id"] for row in rows.tweets] == ["1"]
    assert (rows.ledger[0]["captured"], rows.ledger[0]["removed"]) == (2, 1)


def test_an_hour_that_lost_posts_by_duty_is_not_refused():
    """The ledger's count less what was removed is what a run is held against."""
    assert len(capture([post(1)], {START: 1}).tweets) == 1


def test_the_same_bad_record_is_one_dead_letter_however_often_it_is_read():
    letter = DeadLetter("bad_timestamp", "x", "posts.csv", 4, "raw")
    assert len(letter_rows("one", "tweets", "archive", [letter, letter])) == 1
    assert letter_rows("one", "tweets", "archive", [letter]) == letter_rows("one", "tweets", "archive", [letter])


@pytest.mark.parametrize("turned", [False, True])
def test_the_latest_observation_counts_whatever_the_order(turned):
    early, late = post(1, observed_at=START, like_count=9), post(1, observed_at=START + HOUR, like_count=4)
    assert latest_observations([late, early] if turned else [early, late]) == [late]


def test_an_observation_without_a_time_loses_against_one_with():
    known = post(1, observed_at=START, like_count=1)
    assert latest_observations([known, post(1, like_count=50)]) == [known]


def test_posts_of_one_second_are_cut_by_id():
    (hour, _) = select_hours([post(n) for n in (3, 1, 2)], WINDOW, 2)
    assert [each.tweet_id for each in hour.posts] == ["1", "2"] and hour.capped


def test_a_counts_service_knows_more_than_the_posts_at_hand():
    (first, second) = select_hours([post(1)], WINDOW, 10, counted={START: 40})
    assert (first.counted, second.counted) == (40, None)


def test_only_live_campaigns_of_the_hour_are_captured_without_a_word():
    live = Campaign("live", "Live", source="x_search", start_day=START.date(), end_day=START.date())
    archive = Campaign("old", "Old", source="archive")
    assert capturable([live, archive], Window(START, START + HOUR)) == [live]
    assert capturable([live], Window(START + 48 * HOUR, START + 49 * HOUR)) == []


def test_an_unknown_source_and_an_archive_without_a_path_are_refused():
    for name, said in (("carrier_pigeon", "no tweet source"), ("archive", "--archive PATH")):
        with pytest.raises(SourceError, match=said):
            make_tweet_source(name)
