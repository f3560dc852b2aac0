"""Hours from the spool, as the capture asset reads them."""

import json
from datetime import timedelta

import pytest

from orchestration.capture import capture_campaign
from orchestration.settings import Settings
from orchestration.sources.base import SourceError
from orchestration.sources.x.coverage import CONNECTED, DISCONNECTED, RULES, Event
from orchestration.sources.x.errors import BudgetExceeded, TooEarly
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.spool import FileSpool, late_hours, written_in
from orchestration.sources.x.stream_source import Repaired, Unrepaired, XStreamSource
from orchestration.stream.file_spool import FileSpoolWriter
from orchestration.stream.lines import bad_line, read_line
from orchestration.stream.rules import RuleBook
from orchestration.windows import HOUR as AN_HOUR
from orchestration.windows import Window
from orchestration.x_access import x_source
from tests.contract.conftest import END, START, ids, post, spread
from tests.stream.conftest import CAMPAIGN, HOUR

BOOK = RuleBook(("contract", "other"), {"1": ("contract",), "2": ("other",)})
NOW = END + timedelta(hours=1)


class Spooled:
    """A spool as a consumer left it."""

    def __init__(self, folder) -> None:
        self.writer, self.spool = FileSpoolWriter(folder), FileSpool(folder)
        self.repairs = []

    def holds(self, posts, *, rule="1", received_at=None):
        for each in posts:
            raw = json.dumps({"data": each, "matching_rules": [{"id": rule}]}).encode()
            self.writer.post(read_line(raw, received_at or NOW, "s", BOOK))

    def connected(self, start, end, session="s", campaigns=("contract",)):
        self.writer.event(Event(start, RULES, session, campaigns=campaigns))
        self.writer.event(Event(start, CONNECTED, session, campaigns=campaigns))
        self.writer.event(Event(end, DISCONNECTED, session))

    def source(self, *, repair=None, counts=None, now=NOW):
        return XStreamSource(self.spool, timedelta(minutes=5), repair, counts=counts, usd_of_post=0.005, now=lambda: now)

    def fetch(self, window=HOUR, *, cap=10_000, **source):
        return self.source(**source).fetch(window, CAMPAIGN.as_query(), cap)


@pytest.fixture
def spool(tmp_path):
    made = Spooled(tmp_path)
    yield made
    made.writer.close()


@pytest.fixture
def whole(spool):
    spool.connected(START - AN_HOUR, END + AN_HOUR)
    return spool


def test_an_hour_that_was_covered_whole_has_the_posts_that_arrived(whole):
    posts = spread(30)
    whole.holds(posts)
    whole.holds([post(START, 99)], rule="2")
    (hour,) = whole.fetch().hours
    assert [each.tweet_id for each in hour.posts] == [each["id"] for each in posts]
    assert (hour.counted, hour.capture_mode, hour.requests, hour.cost_usd) == (30, None, 0, 0.15)
    assert hour.posts[0].observed_at == NOW and hour.posts[0].source_ref == "spool 2026-03-02T05Z line 1"


def test_a_covered_hour_without_posts_is_empty_and_known(whole):
    (hour,) = whole.fetch().hours
    assert (hour.posts, hour.counted, hour.capped) == ((), 0, False)


def test_the_cap_keeps_the_first_posts_of_the_hour_in_whatever_order_they_came(whole):
    posts = spread(30)
    whole.holds(reversed(posts))
    (hour,) = whole.fetch(cap=10).hours
    assert [each.tweet_id for each in hour.posts] == [each["id"] for each in posts[:10]]
    assert (hour.counted, hour.capped, hour.capped_at) == (30, True, hour.posts[-1].created_at)


def test_a_post_that_came_twice_is_kept_once_as_it_was_last(whole):
    first, last = post(START), post(START, public_metrics={"like_count": 9})
    whole.holds([last], received_at=START + timedelta(minutes=9))
    whole.holds([first], received_at=START + timedelta(minutes=1))
    (hour,) = whole.fetch().hours
    assert ([each.like_count for each in hour.posts], hour.observations) == ([9], 2)


def test_an_hour_whose_grace_is_not_over_is_too_early_and_says_for_how_long(whole):
    with pytest.raises(TooEarly) as raised:
        whole.fetch(now=END + timedelta(minutes=1))
    assert raised.value.seconds == 240


def test_without_a_stream_the_next_command_is_named(spool):
    with pytest.raises(SourceError, match="pulse stream run"):
        spool.fetch()
    spool.connected(START - AN_HOUR, END + AN_HOUR, campaigns=("other",))
    with pytest.raises(SourceError, match="No stream has brought posts of contract yet"):
        spool.fetch()


def test_hours_before_the_stream_began_are_refused_and_never_empty(spool):
    spool.connected(END, END + AN_HOUR)
    with pytest.raises(SourceError, match=r"since 2026-03-02T06:00Z.*x_search"):
        spool.fetch()


def test_a_gap_that_search_cannot_fill_leaves_the_number_of_posts_unknown_and_says_why(spool):
    spool.connected(START - AN_HOUR, START + timedelta(minutes=10))
    spool.connected(START + timedelta(minutes=20), END + AN_HOUR, "t")
    spool.holds(spread(6))
    (hour,) = spool.fetch(repair=lambda *_: Unrepaired("it is older than 7 days")).hours
    assert hour.counted is None and hour.capture_mode is None and len(hour.posts) == 6
    assert "the stream was off 05:10:00-05:20:00 UTC; search cannot fill it (it is older than 7 days), so posts may be missing" in hour.notes


def test_counts_of_x_stand_where_somebody_has_asked_for_them(spool):
    spool.connected(START - AN_HOUR, START + timedelta(minutes=10))
    (hour,) = spool.fetch(counts=lambda window: {START: 77}).hours
    assert hour.counted == 77


def test_an_hour_of_which_nothing_is_known_is_an_error_and_not_an_empty_success(spool):
    spool.connected(START - 2 * AN_HOUR, START - AN_HOUR)
    with pytest.raises(SourceError, match="Nothing of the hour is known"):
        spool.fetch(repair=lambda *_: Unrepaired("it is older than 7 days"))


def test_an_hour_in_which_the_stream_was_off_is_read_by_search_as_a_whole(spool):
    spool.connected(START - 2 * AN_HOUR, START - AN_HOUR)
    asked = []
    spool.fetch(repair=lambda gap, query: asked.append(gap) or Repaired((), 1, 0.5))
    assert asked == [HOUR]


def test_a_budget_that_ends_in_the_second_hour_keeps_the_first_and_says_why(spool):
    spool.connected(START - AN_HOUR, END)

    def repair(gap, query):
        raise BudgetExceeded("The day's budget would be exceeded.", "day")

    window = Window(START, END + AN_HOUR)
    capture = spool.fetch(window, repair=lambda gap, query: repair(gap, query) if gap.start >= END else Repaired(()), now=END + 2 * AN_HOUR)
    assert [hour.hour for hour in capture.hours] == [START] and isinstance(capture.stopped, BudgetExceeded)
    with pytest.raises(BudgetExceeded):
        spool.fetch(Window(END, END + AN_HOUR), repair=repair, now=END + 2 * AN_HOUR)


def test_bad_lines_are_dead_letters_and_lose_nothing_else(whole):
    whole.holds([post(START), post(START, 5) | {"id": "77"}, post(START, 6, public_metrics={"like_count": "many"})])
    whole.writer.unread(bad_line(b'{"torn', START, "s", "json_error", "this is no JSON"))
    with (whole.spool.folder / "2026-03-02" / "05.jsonl").open("ab") as opened:
        opened.write(b"\x00\x00\x00\n{}\n")
    capture = whole.fetch()
    assert {each.tweet_id for each in capture.hours[0].posts} == {"77", post(START)["id"]}
    assert sorted(letter.reason for letter in capture.dead_letters) == ["bad_metric", "json_error", "json_error", "unknown_shape"]
    assert {letter.raw_record for letter in capture.dead_letters} >= {'{"torn', "{}"}


def test_a_post_whose_id_tells_another_time_is_a_dead_letter(whole):
    whole.holds([post(START) | {"created_at": (START + timedelta(minutes=3)).isoformat()}])
    capture = whole.fetch()
    assert [letter.reason for letter in capture.dead_letters] == ["id_time_mismatch"] and capture.hours[0].posts == ()


def test_a_late_post_makes_its_hour_late_until_it_is_read_again(whole):
    whole.holds(spread(3))
    (row,) = capture_campaign(CAMPAIGN, whole.source(), HOUR, 100, stored={}).rows.ledger
    read = {START: written_in(row["notes"])}
    assert late_hours(whole.spool, read) == []
    import time

    time.sleep(0.02)
    whole.holds([post(START + timedelta(minutes=5), 9)])
    assert late_hours(whole.spool, read) == [START]
    (row,) = capture_campaign(CAMPAIGN, whole.source(), HOUR, 100, stored={}).rows.ledger
    assert row["captured"] == 4 and late_hours(whole.spool, {START: written_in(row["notes"])}) == []


def test_an_hour_that_was_empty_when_it_was_read_becomes_late_with_its_first_post(whole):
    (row,) = capture_campaign(CAMPAIGN, whole.source(), HOUR, 100, stored={}).rows.ledger
    assert late_hours(whole.spool, {START: written_in(row["notes"])}) == []
    whole.holds([post(START)])
    assert late_hours(whole.spool, {START: written_in(row["notes"])}) == [START]


def test_the_platform_finds_the_source_by_its_name_without_a_token(tmp_path, monkeypatch):
    monkeypatch.delenv("X_BEARER_TOKEN", raising=False)
    source = x_source("x_stream", Settings(home=tmp_path), Unlimited(), None)
    assert (source.name, source.grace, source.spool) == ("x_stream", timedelta(minutes=5), FileSpool(tmp_path / "spool" / "x_stream"))


def test_ids_of_two_hours_stand_each_in_its_own(whole):
    whole.writer.event(Event(END + AN_HOUR, CONNECTED, "t"))
    whole.writer.event(Event(END + 3 * AN_HOUR, DISCONNECTED, "t"))
    whole.holds([post(START), post(END)])
    capture = whole.fetch(Window(START, END + AN_HOUR), now=END + 3 * AN_HOUR)
    assert ids(capture) == [post(START)["id"], post(END)["id"]] and [len(hour.posts) for hour in capture.hours] == [1, 1]
