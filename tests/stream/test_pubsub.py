"""The spool as messages: their shape, when a post counts as stored, and the landed table read as the files are."""

import json
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from orchestration.settings import Settings
from orchestration.sources.x.coverage import ALIVE, CONNECTED, DISCONNECTED, RULES, Event
from orchestration.sources.x.spool import SpoolLine, late_hours, written_in
from orchestration.sources.x.stream_source import XStreamSource
from orchestration.stream import pubsub
from orchestration.stream.file_spool import FileSpoolWriter
from orchestration.stream.landing import TABLE, LandingSpool
from orchestration.stream.lines import bad_line, read_line
from orchestration.stream.manifest import read_life
from orchestration.stream.pubsub import PubSubSink, attributes_of, google_publisher
from orchestration.stream.rules import RuleBook
from orchestration.stream.sink import SinkError
from orchestration.stream.wiring import sink_of, spool_reader
from orchestration.windows import HOUR as AN_HOUR
from tests.contract.conftest import END, START, ids, post, spread
from tests.stream.conftest import CAMPAIGN, HOUR

TOPIC = "projects/p/topics/x-stream"
BOOK = RuleBook(("contract", "other"), {"1": ("contract",), "2": ("contract", "other")})


class Topic:
    """A publisher whose acknowledgements are given by the test."""

    def __init__(self, *, acknowledges=True) -> None:
        self.acknowledges, self.messages, self.futures = acknowledges, [], []

    def publish(self, topic, data, **attributes):
        assert topic == TOPIC and all(isinstance(value, str) and len(value.encode()) <= 1_024 for value in attributes.values())
        self.messages.append(SimpleNamespace(data=data, attributes=attributes))
        future: Future[str] = Future()
        self.futures.append(future)
        if self.acknowledges:
            future.set_result(str(len(self.futures)))
        return future


def line_of(record, rule="1", received_at=None):
    raw = json.dumps({"data": record, "matching_rules": [{"id": rule}]}).encode()
    return read_line(raw, received_at or START + timedelta(seconds=3), "s", BOOK)


@pytest.fixture
def topic():
    return Topic()


@pytest.fixture
def sink(topic, tmp_path):
    (tmp_path / "x_stream").mkdir()
    return PubSubSink(topic, TOPIC, tmp_path / "x_stream", seconds=0.05)


def test_a_message_is_the_line_of_the_spool_with_what_the_table_is_asked_by(sink, topic):
    record = post(START, 7)
    sink.post(line_of(record, rule="2"))
    (message,) = topic.messages
    assert SpoolLine.of(message.data).post["data"] == record
    assert message.attributes == {
        "kind": "post",
        "tweet_id": record["id"],
        "created_at": "2026-03-02T05:00:00.000Z",
        "campaigns": "contract,other",
        "received_at": "2026-03-02T05:00:03.000Z",
    }


def test_attributes_of_very_many_campaigns_stay_within_pubsubs_limit():
    book = RuleBook((), {"1": tuple(f"campaign-{number}" for number in range(200))})
    raw = json.dumps({"data": post(START), "matching_rules": [{"id": "1"}]}).encode()
    line = read_line(raw, START, "s", book)
    assert len(attributes_of(line)["campaigns"]) <= 1_024 and len(SpoolLine.of(line.text).campaigns) == 200


def test_a_post_counts_as_stored_only_when_it_was_acknowledged(tmp_path):
    topic = Topic(acknowledges=False)
    (tmp_path / "x").mkdir()
    sink = PubSubSink(topic, TOPIC, tmp_path / "x", seconds=0.05)
    sink.post(line_of(post(START)))
    with pytest.raises(SinkError, match="did not take a post"):
        sink.sync()
    with pytest.raises(SinkError):
        sink.alive(Event(START, ALIVE, "s"), {})
    assert read_life(tmp_path / "x") == {}
    topic.futures[0].set_result("1")
    sink.sync()


def test_a_refusal_says_what_to_look_at(sink, topic):
    topic.acknowledges = False
    sink.post(line_of(post(START)))
    topic.futures[0].set_exception(PermissionError("403 denied"))
    with pytest.raises(SinkError, match=r"403 denied.*projects/p/topics/x-stream"):
        sink.sync()


def test_only_so_many_posts_wait_for_their_acknowledgement(sink, topic, monkeypatch):
    monkeypatch.setattr(pubsub, "MOST_WAITING", 3)
    topic.acknowledges = False
    for order in range(3):
        sink.post(line_of(post(START, order)))
    with pytest.raises(SinkError):
        sink.post(line_of(post(START, 4)))


def test_signs_of_life_are_messages_each_half_minute_only(sink, topic):
    for seconds in range(0, 65, 5):
        sink.alive(Event(START + timedelta(seconds=seconds), ALIVE, "s", campaigns=("contract",)), {"posts": seconds})
    assert len(topic.messages) == 3 and read_life(sink.folder)["posts"] == 60


def test_the_client_of_google_batches_within_its_limits(monkeypatch):
    pytest.importorskip("google.cloud.pubsub_v1")
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", "127.0.0.1:1")
    publisher = google_publisher()
    assert publisher.batch_settings.max_messages == 500
    publisher.stop()


def test_without_the_extra_the_next_command_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "google.cloud.pubsub_v1", None)
    monkeypatch.delattr("google.cloud.pubsub_v1", raising=False)
    with pytest.raises(SinkError, match=r"pip install"):
        google_publisher()


def test_the_sink_and_its_reader_are_chosen_by_the_settings(tmp_path):
    files = Settings(home=tmp_path)
    assert isinstance(sink_of(files), FileSpoolWriter)
    with pytest.raises(SinkError, match="PULSE_STREAM_TOPIC"):
        sink_of(Settings(home=tmp_path, stream_sink="pubsub"))
    assert isinstance(spool_reader(Settings(home=tmp_path, stream_sink="pubsub"), None), LandingSpool)


@pytest.fixture
def landed(warehouse):
    """The table as a BigQuery subscription with metadata writes it."""
    warehouse.execute(
        f"CREATE OR REPLACE TABLE {TABLE} (subscription_name STRING, message_id STRING, publish_time TIMESTAMP, data STRING, attributes STRING)"
    )

    def deliver(messages, *, published=START + timedelta(minutes=1), first=0):
        rows = [
            f"('s', '{first + number}', TIMESTAMP '{published:%Y-%m-%d %H:%M:%S}+00', {json.dumps(message.data.decode())}, {json.dumps(json.dumps(message.attributes))})"
            for number, message in enumerate(messages)
        ]
        warehouse.execute(f"INSERT INTO {TABLE} VALUES {', '.join(rows)}")

    yield deliver
    warehouse.execute(f"DROP TABLE {TABLE}")


def test_the_landed_table_is_read_as_the_files_are_and_redelivery_changes_nothing(warehouse, landed, sink, topic):
    posts = spread(20)
    campaigns = ("contract",)
    sink.event(Event(START - AN_HOUR, RULES, "s", campaigns=campaigns))
    sink.event(Event(START - AN_HOUR, CONNECTED, "s", campaigns=campaigns))
    for each in [*posts, post(END + timedelta(minutes=1))]:
        sink.post(line_of(each))
    sink.unread(bad_line(b'{"torn', START, "s", "json_error", "this is no JSON"))
    sink.alive(Event(END + AN_HOUR, ALIVE, "s", campaigns=campaigns), {})
    landed(topic.messages)
    now = END + 2 * AN_HOUR
    source = XStreamSource(LandingSpool(warehouse, now), timedelta(minutes=5), now=lambda: now)

    once = source.fetch(HOUR, CAMPAIGN.as_query(), 10_000)
    landed(topic.messages[2:12], published=START + timedelta(minutes=9), first=1_000)
    twice = source.fetch(HOUR, CAMPAIGN.as_query(), 10_000)

    assert ids(once) == ids(twice) == [each["id"] for each in posts]
    assert [letter.reason for letter in once.dead_letters] == ["json_error"]
    assert once.hours[0].counted == 20 and once.hours[0].capture_mode is None


def test_a_post_that_lands_later_makes_its_hour_late(warehouse, landed, sink, topic):
    sink.post(line_of(post(START)))
    landed(topic.messages)
    spool = LandingSpool(warehouse, END)
    read = {START: written_in(f"spool last written {spool.written_at(HOUR):%Y-%m-%dT%H:%M:%S.%f}Z")}
    assert late_hours(spool, read) == []
    sink.post(line_of(post(START, 1)))
    landed(topic.messages[1:], published=END + timedelta(hours=3), first=10)
    assert late_hours(spool, read) == [START] and spool.written_at(HOUR) == END + timedelta(hours=3)


def test_a_gap_is_told_from_the_landed_events_although_the_session_began_long_before(warehouse, landed, sink, topic):
    sink.alive(Event(START - AN_HOUR, ALIVE, "s", campaigns=("contract",)), {})
    sink.event(Event(START + timedelta(minutes=10), DISCONNECTED, "s"))
    sink.event(Event(START + timedelta(minutes=20), CONNECTED, "t", campaigns=("contract",)))
    sink.alive(Event(END + AN_HOUR, ALIVE, "t", campaigns=("contract",)), {})
    landed(topic.messages)
    now = END + AN_HOUR
    source = XStreamSource(LandingSpool(warehouse, now), timedelta(minutes=5), now=lambda: now)
    (hour,) = source.fetch(HOUR, CAMPAIGN.as_query(), 10_000).hours
    assert any("off 05:10:00-05:20:00 UTC" in note for note in hour.notes)
    assert isinstance(LandingSpool(warehouse, datetime.now(UTC)).events(), list)
