"""The consumer against the stub: what ends it, what does not, and what the manifest says afterwards."""

import errno
import time
from datetime import timedelta

import pytest

from orchestration.ports import free_port
from orchestration.sources.x.client import XClient
from orchestration.sources.x.coverage import CONNECTED, DISCONNECTED, RULES, gaps
from orchestration.sources.x.errors import BadQuery, BudgetExceeded, NoRules, QuotaExceeded
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.spool import LIFE
from orchestration.stream import consumer
from orchestration.stream.backoff import WAITS, Backoff, Ending
from orchestration.stream.connection import Connection
from orchestration.stream.consumer import Limits
from orchestration.stream.manifest import KILLED, read_life
from orchestration.stream.rules import Rule, synchronise
from orchestration.warehouse.errors import WarehouseError
from orchestration.windows import Window
from tests.contract.conftest import END, START, post, spread
from tests.stream.conftest import BEFORE, HOUR, RULE, until

STREAM = "/2/tweets/search/stream"
MINE, OTHER = ({"hashtags": [{"start": 0, "end": 5, "tag": tag}]} for tag in ("mine", "other"))


class Purse(Unlimited):
    """Allows so many posts, and remembers."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self.asked = most, 0

    def allow(self, kind, most_posts):
        self.asked += 1
        if sum(posts for _, posts in self.calls) + most_posts > self.most:
            raise BudgetExceeded("The day's budget would be exceeded.", "day")


def connects(stream) -> int:
    return sum(entry["path"] == STREAM for entry in stream.stub.log)


def test_a_stop_ends_a_quiet_stream_at_once_and_everything_is_stored(stream):
    stream.holds(spread(40), keep_alive_seconds=20)
    stream.start(read_seconds=21)
    stream.pass_to(END)
    began = time.monotonic()
    stream.stop()
    assert time.monotonic() - began < 3 and stream.ended() is None
    assert len(stream.spooled()) == 40
    assert [event.kind for event in stream.events()][:3] == [RULES, CONNECTED, DISCONNECTED]
    assert read_life(stream.folder)["connected"] is False and read_life(stream.folder)["posts"] == 40


def test_a_restart_adds_no_doubles_and_the_time_between_is_a_gap(stream):
    stream.holds(spread(60))
    stream.start()
    stream.pass_to(START + timedelta(minutes=10))
    stream.stop()
    stream.stub.clock.set(START + timedelta(minutes=20))
    stream.start()
    stream.pass_to(END)
    stream.stop()
    assert stream.spooled() == stream.stub.streamed and len(set(stream.spooled())) == len(stream.spooled())
    assert gaps(stream.events(), HOUR, "contract") == [Window(START + timedelta(minutes=10), START + timedelta(minutes=20))]


def test_what_a_killed_consumer_left_ends_at_its_last_sign_of_life(stream):
    stream.holds(spread(60))
    stream.start()
    stream.pass_to(START + timedelta(minutes=10))
    until(lambda: read_life(stream.folder).get("posts") == stream.consumer.figures.posts)
    left = {file.name: file.read_bytes() for file in stream.folder.iterdir() if file.is_file()}
    stream.stop()
    # As a kill leaves it: no word of an end.
    for name, content in left.items():
        (stream.folder / name).write_bytes(content)
    stream.stub.clock.set(START + timedelta(minutes=20))
    stream.start()
    (killed, *_) = stream.events(DISCONNECTED)
    assert killed.reason == KILLED and killed.at == START + timedelta(minutes=10)


def test_a_silent_connection_ended_when_it_was_last_heard_of_and_not_when_that_was_noticed(stream):
    stream.holds([post(START)], keep_alive_seconds=20)
    stream.stub.faults.add("silent_stall", nth=1, after=1, seconds=30)
    stream.start(read_seconds=1.0)
    stream.stub.clock.set(START + timedelta(minutes=1))
    until(lambda: stream.consumer.figures.posts == 1)
    stream.stub.clock.set(START + timedelta(minutes=9))
    until(lambda: stream.events(DISCONNECTED))
    assert stream.events(DISCONNECTED)[0].at == START + timedelta(minutes=1)


@pytest.mark.parametrize("kind", ["server_close", "torn_line"])
def test_an_end_in_the_middle_of_it_loses_only_the_gap(stream, kind):
    stream.holds(spread(30))
    stream.stub.faults.add(kind, nth=1, after=10)
    stream.start()
    stream.stub.clock.set(START + timedelta(minutes=30))
    until(lambda: stream.consumer.figures.connections == 2 and stream.stub.desk.streams == 1)
    stream.pass_to(END)
    assert len(stream.spooled()) == len(stream.stub.streamed) and len(stream.events(CONNECTED)) == 2
    assert [line["reason"] for line in stream.unread()] == (["json_error"] if kind == "torn_line" and stream.unread() else [])


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("503_json", ("http", 5.0)), ("503_html", ("http", 5.0)), ("429_with_reset", ("limit", 60.0)), ("connection_exception", ("limit", 60.0))],
)  # fmt: skip
def test_what_heals_by_waiting_is_waited_for_as_x_asks(stream, kind, asked):
    stream.holds(spread(3))
    stream.stub.faults.add(kind, path=STREAM, nth=1)
    stream.start()
    assert stream.backoff.asked == [asked] and connects(stream) == 2


@pytest.mark.parametrize(
    ("kind", "error"), [("402", QuotaExceeded), ("403_usage_capped", QuotaExceeded), ("429_usage_capped", QuotaExceeded), ("409", NoRules)]
)
def test_what_waiting_does_not_heal_stops_it(stream, kind, error):
    stream.holds([])
    stream.stub.faults.add(kind, path=STREAM)
    stream.start(connected=False)
    assert isinstance(stream.ended(), error) and connects(stream) == 1


def test_an_address_where_nobody_answers_is_trouble_of_the_network(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", "test-nobody")
    connection = Connection(f"http://127.0.0.1:{free_port()}", on_open=pytest.fail, on_line=pytest.fail, on_quiet=pytest.fail)
    connection.listen()
    assert (connection.ending, connection.why, connection.fatal) == (Ending.NETWORK, "the connection was cut (ConnectionError)", None)


def test_an_address_that_would_show_the_token_is_refused(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", "test-nobody")
    with pytest.raises(BadQuery, match="in clear"):
        Connection("http://example.org", on_open=pytest.fail, on_line=pytest.fail, on_quiet=pytest.fail)


def test_pauses_grow_as_x_asks_and_a_sound_connection_forgets_them():
    backoff = Backoff()
    assert [backoff.after(Ending.HTTP, 0) for _ in range(8)] == [5, 10, 20, 40, 80, 160, 320, 320]
    assert [backoff.after(Ending.NETWORK, 0) for _ in range(3)] == [0, 0.25, 0.5]
    assert [backoff.after(Ending.LIMIT, 0) for _ in range(4)] == [60, 120, 240, 320]
    assert backoff.after(Ending.HTTP, 60) == 5
    assert all(most <= 320 for _, _, _, most in WAITS.values())


def test_a_budget_ends_the_stream_after_what_it_allows_and_the_manifest_says_why(stream):
    purse = Purse(1_200)
    stream.holds(spread(2_000))
    stream.start(meter_of=lambda _: purse)
    stream.stub.clock.set(END)
    error = stream.ended()
    assert isinstance(error, BudgetExceeded)
    # Asked each 500 posts: after 1,000 the next 500 would be too many.
    assert sum(posts for _, posts in purse.calls) == len(stream.spooled()) == 1_000
    assert stream.events(DISCONNECTED)[-1].reason == "The day's budget would be exceeded."


def test_a_budget_that_is_spent_already_connects_not_at_all(stream):
    stream.holds([])
    stream.start(connected=False, meter_of=lambda _: Purse(0))
    assert isinstance(stream.ended(), BudgetExceeded) and connects(stream) == 0


def test_what_is_read_is_written_down_for_its_campaign_at_the_end_too(stream):
    meters = {}
    stream.holds(spread(7))
    stream.start(meter_of=lambda campaign: meters.setdefault(campaign, Unlimited()))
    stream.pass_to(END)
    stream.stop()
    assert meters["contract"].calls == [("stream", 7)] and meters[None].calls == []


def test_a_warehouse_that_does_not_answer_for_a_while_does_not_end_the_stream(stream):
    class Unknown(Unlimited):
        broken = False

        def allow(self, kind, most_posts):
            if self.broken:
                raise WarehouseError("it does not answer")

    meter = Unknown()
    stream.holds(spread(1_200))
    stream.start(meter_of=lambda _: meter)
    meter.broken = True
    stream.pass_to(END)
    stream.stop()
    assert stream.ended() is None and len(stream.spooled()) == 1_200


def test_posts_of_somebody_elses_rule_are_paid_for_and_not_kept(stream):
    stream.holds([post(START), post(START, 1, text="#mine", entities=MINE)])
    stream.start()
    stream.stub.desk.rules.clear()
    client = XClient(stream.stub.url, Unlimited())
    client.post(f"{STREAM}/rules", {"add": [{"value": "#tag", "tag": "pulse:contract"}, {"value": "#mine", "tag": "mine"}]})
    stream.pass_to(END)
    stream.stop()
    assert stream.spooled() == [post(START)["id"]] and stream.consumer.figures.foreign == 1
    assert stream.meter.calls == [("stream", 1), ("stream", 1)]


def test_a_campaign_that_is_added_while_it_runs_is_covered_from_then_on(stream):
    rules = [RULE]
    stream.holds([post(START + timedelta(minutes=50), 1, text="#other", entities=OTHER)])
    stream.start(rules=rules, rules_seconds=0.05)
    stream.stub.clock.set(START + timedelta(minutes=20))
    rules.append(Rule("#other", "pulse:other"))
    until(lambda: stream.consumer.figures.connections == 1 and len(stream.events(RULES)) == 2)
    stream.pass_to(END)
    stream.stop()
    assert gaps(stream.events(), HOUR, "other") == [Window(START, START + timedelta(minutes=20))]
    assert gaps(stream.events(), HOUR, "contract") == [] and len(stream.spooled()) == 1


def test_rules_that_cannot_be_read_for_a_while_do_not_end_the_stream(stream, caplog):
    broken = False
    def rules():
        if broken:
            raise ValueError("campaigns.csv, line 2: no")
        return synchronise(XClient(stream.stub.url, Unlimited()), [RULE])[1]

    stream.holds(spread(3))
    stream.start(rules_seconds=0.05)
    stream.consumer.synchronise, broken = rules, True
    until(lambda: "the old ones stay" in caplog.text)
    stream.pass_to(END)
    assert len(stream.spooled()) == 3


def test_a_full_disk_ends_the_stream_with_its_cause(stream, monkeypatch):
    stream.holds(spread(10))
    stream.start()

    def full(line):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(stream.consumer.sink, "post", full)
    stream.stub.clock.set(END)
    error = stream.ended()
    assert isinstance(error, OSError) and error.errno == errno.ENOSPC
    assert stream.events(DISCONNECTED)[-1].reason.startswith("[Errno 28]")


def test_an_error_that_nobody_foresaw_is_recorded_and_the_stream_goes_on(stream, monkeypatch):
    stream.holds(spread(10))
    stream.start()
    real, calls = consumer.read_line, []

    def odd(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise RuntimeError("a bug")
        return real(*arguments)

    monkeypatch.setattr(consumer, "read_line", odd)
    stream.stub.clock.set(START + timedelta(minutes=30))
    until(lambda: stream.consumer.figures.connections == 2)
    assert stream.events(DISCONNECTED)[0].reason == "RuntimeError: a bug" and stream.backoff.asked == [("ours", 1.0)]
    assert len(stream.spooled()) == 2


def test_it_ends_by_itself_after_so_many_posts_or_seconds(stream):
    stream.holds(spread(50))
    stream.start(limits=Limits(posts=20))
    stream.stub.clock.set(END)
    assert stream.ended() is None and len(stream.spooled()) == 20
    stream.start(limits=Limits(seconds=0.1), connected=False)
    assert stream.ended() is None


def test_the_manifest_is_written_by_xs_clock_where_ours_differs(stream):
    stream.holds([], now=BEFORE)
    stream.start(now=lambda: BEFORE + timedelta(hours=3))
    (connected,) = stream.events(CONNECTED)
    assert connected.at == BEFORE


def test_the_sign_of_life_says_how_it_goes(stream):
    stream.holds(spread(60))
    stream.start()
    stream.pass_to(START + timedelta(minutes=30))
    until(lambda: read_life(stream.folder).get("posts") == 31)
    life = read_life(stream.folder)
    assert life["connected"] is True and life["last_post"] == (START + timedelta(minutes=30)).isoformat()
    assert (stream.folder / LIFE).read_bytes().count(b"\n") == 1
