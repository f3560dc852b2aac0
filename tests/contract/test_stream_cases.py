"""Contract cases 38 to 44: the filtered stream, over real HTTP against the stub of X's API."""

from datetime import timedelta

import pytest

from orchestration.sources.x.coverage import CONNECTED, DISCONNECTED
from orchestration.sources.x.errors import AuthError
from orchestration.windows import Window
from tests.contract.conftest import END, START, TOKEN, ids, post, spread
from tests.stream.conftest import HOUR, until
from tests.stream.conftest import stream as stream


def test_case_38_keep_alives_keep_a_quiet_stream_open_and_silence_ends_it(stream):
    stream.holds(spread(10), keep_alive_seconds=0.1)
    stream.stub.faults.add("silent_stall", nth=1, after=1, seconds=30)
    stream.start(read_seconds=1.0)
    # Twice the time after which silence would end it.
    until(lambda: stream.consumer.figures.keep_alives >= 20)
    assert stream.consumer.figures.connections == 1
    stream.stub.clock.set(START)
    until(lambda: len(stream.backoff.asked) == 1)
    assert stream.backoff.asked == [("network", 0.0)] and stream.consumer.figures.endings["silent for 1 s"] == 1


def test_case_39_a_malformed_line_is_kept_as_unread_and_the_stream_goes_on(stream):
    stream.holds(spread(20))
    stream.stub.faults.add("malformed_line", after=5, times=1)
    stream.start()
    stream.pass_to(END)
    stream.stop()
    assert stream.spooled() == stream.stub.streamed and len(stream.stub.streamed) == 20
    assert [line["reason"] for line in stream.unread()] == ["json_error"]
    assert stream.consumer.figures.connections == 1


@pytest.mark.parametrize("kind", ["no_tag", "null_tag", "int_ids", "no_rules"])
def test_case_40_matching_rules_without_a_tag_or_with_a_number_find_their_campaign(stream, kind):
    stream.holds(spread(5))
    stream.stub.faults.add(kind, times=5)
    stream.start()
    stream.pass_to(END)
    stream.stop()
    stream.stub.clock.set(END + timedelta(hours=1))
    assert len(ids(stream.fetch(repaired=False))) == 5 and stream.unread() == []


def test_case_41_a_disconnect_inside_the_stream_is_followed_by_growing_pauses(stream):
    stream.holds(spread(20))
    for connection in (1, 2, 3):
        stream.stub.faults.add("disconnect_error", nth=connection)
    stream.start(connected=False)
    until(lambda: stream.consumer.figures.connections == 4)
    assert stream.backoff.asked == [("closed", 1.0), ("closed", 2.0), ("closed", 4.0)]
    assert [event.reason for event in stream.events(DISCONNECTED)] == ["operational-disconnect UpstreamOperationalDisconnect"] * 3
    stream.pass_to(END)
    assert len(stream.spooled()) == 20


def test_case_42_a_gap_is_recorded_and_repaired_through_search(stream):
    reposted = {"referenced_tweets": [{"type": "retweeted", "id": "1"}]}
    posts = [post(START + timedelta(seconds=10 * number), **(reposted if number % 5 == 0 else {})) for number in range(360)]
    stream.holds(posts)
    stream.start()
    stream.pass_to(START + timedelta(minutes=20, seconds=3))
    stream.stop()
    stream.stub.clock.set(START + timedelta(minutes=30, seconds=7))
    stream.start()
    stream.pass_to(END)
    stream.stop()
    gap = Window(START + timedelta(minutes=20, seconds=3), START + timedelta(minutes=30, seconds=7))
    sent = set(stream.spooled())
    assert sent == {each["id"] for number, each in enumerate(posts) if START + timedelta(seconds=10 * number) not in gap}
    stream.stub.clock.set(END + timedelta(hours=1))

    (hour,) = stream.fetch().hours

    repost_in_gap = {each["id"] for number, each in enumerate(posts) if number % 5 == 0} - sent
    assert {each.tweet_id for each in hour.posts} == {each["id"] for each in posts} - repost_in_gap
    assert hour.capture_mode == "stream+search" and hour.counted is None and hour.requests > 0
    assert "the stream was off 05:20:03-05:30:07 UTC; filled by search, which has no reposts" in hour.notes
    repaired = [each for each in hour.posts if each.source_ref.startswith("search repair")]
    # The lines of the gap, and of its edges, where the stream may have been late.
    assert {each.tweet_id for each in repaired} >= {each["id"] for each in posts} - sent - repost_in_gap


def test_case_43_a_late_post_goes_to_its_own_hour(stream):
    late = post(START + timedelta(minutes=59), 7)
    stream.holds([])
    stream.start()
    stream.stub.clock.set(END + timedelta(minutes=4))
    stream.stub.push(late)
    stream.stub.push(post(END + timedelta(minutes=4)))
    until(lambda: stream.consumer.figures.posts == 2)
    assert stream.spooled() == [late["id"]] and len(stream.spooled(Window(END, END + timedelta(hours=1)))) == 1


def test_case_44_a_401_stops_at_once_and_never_shows_the_token(stream, caplog):
    caplog.set_level("DEBUG")
    stream.holds(spread(3))
    stream.stub.faults.add("401", path="/2/tweets/search/stream")
    stream.start(connected=False)
    error = stream.ended()
    assert isinstance(error, AuthError) and "401" in str(error) and "X_BEARER_TOKEN" in str(error)
    assert sum(entry["path"] == "/2/tweets/search/stream" for entry in stream.stub.log) == 1
    assert stream.events(CONNECTED) == [] and stream.spooled(HOUR) == []
    written = "".join(file.read_text(errors="replace") for file in stream.folder.rglob("*") if file.is_file())
    assert TOKEN not in caplog.text + str(error) + written
