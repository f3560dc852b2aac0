"""The stub's filtered stream and its rules, over HTTP."""

import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import pytest
import requests

from orchestration.sources.x.client import XClient
from orchestration.sources.x.errors import NoRules, RateLimited
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.retry import RetryPolicy
from tests.x_stub.conftest import HEADERS, START, TOKEN, ask, post

STREAM = "/2/tweets/search/stream"
RULES = f"{STREAM}/rules"


class Open:
    """An open stream that is read in a thread; `lines` are what came, keep-alives as b''."""

    def __init__(self, stub, **parameters) -> None:
        host = stub.url.removeprefix("http://")
        self._connection = HTTPConnection(host, timeout=20)
        self._connection.request("GET", f"{STREAM}?{urlencode(parameters)}", headers=HEADERS)
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        self.lines: list[bytes] = []
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        left = b""
        try:
            while chunk := self._answer.read1(65_536):
                *whole, left = (left + chunk).split(b"\r\n")
                self.lines += whole
        except (OSError, HTTPException):
            pass
        self.lines += [left] if left else []
        self.ended.set()

    def hang_up(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._connection.close()

    def posts(self, count: int) -> list[dict]:
        """Waits until so many lines with something in them have come."""
        limit = time.monotonic() + 5
        while len(found := [line for line in self.lines if line]) < count and time.monotonic() < limit:
            time.sleep(0.005)
        return [json.loads(line) if line.endswith(b"}") and line.startswith(b"{") else line for line in found]


@contextmanager
def opened(stub, **parameters):
    stream = Open(stub, **parameters)
    try:
        yield stream
    finally:
        stream.hang_up()


def ruled(stub, *values, tag="t"):
    answer = ask(stub, RULES, "POST", json={"add": [{"value": value, "tag": tag} for value in values or ["#tag"]]})
    assert answer.status_code == 201, answer.text
    return [rule["id"] for rule in answer.json()["data"]]


@pytest.fixture
def stub(running):
    return running((post(second) for second in range(1, 40)), now=START)


def test_posts_come_as_the_clock_passes_them_with_their_rules_and_fields(stub):
    (rule,) = ruled(stub)
    with opened(stub, **{"tweet.fields": "created_at"}) as stream:
        stub.clock.advance(2)
        first, second = stream.posts(2)
        assert (first["data"]["text"], second["data"]["text"]) == ("post at 1 #tag", "post at 2 #tag")
        assert set(first["data"]) == {"id", "text", "edit_history_tweet_ids", "created_at"}
        assert first["matching_rules"] == [{"id": rule, "tag": "t"}]
        assert stub.streamed == [first["data"]["id"], second["data"]["id"]] and stub.bill()["posts"] == 2


def test_what_matches_no_rule_or_is_deleted_is_not_sent_and_reposts_are(running):
    repost = post(3, "RT @a: x #tag", referenced_tweets=[{"type": "retweeted", "id": "5"}])
    stub = running([post(1, "nothing"), post(2), repost, post(4)], now=START)
    stub.store.delete(stub.store.posts[1].id)
    ruled(stub, "#tag", "#tag post", "café")
    with opened(stub) as stream:
        stub.clock.advance(10)
        assert [each["data"]["text"] for each in stream.posts(2)] == ["RT @a: x #tag", "post at 4 #tag"]
        assert [len(each["matching_rules"]) for each in stream.posts(2)] == [1, 2]


def test_what_passes_while_nobody_listens_is_lost_as_it_is_with_x(stub):
    ruled(stub)
    with opened(stub) as stream:
        stub.clock.advance(1)
        stream.posts(1)
    limit = time.monotonic() + 5
    while stub.desk.streams and time.monotonic() < limit:
        time.sleep(0.01)
    stub.clock.advance(5)
    with opened(stub) as stream:
        stub.clock.advance(1)
        assert [each["data"]["text"] for each in stream.posts(1)] == ["post at 7 #tag"]


def test_late_posts_and_raw_lines_can_be_pushed(stub):
    ruled(stub)
    with opened(stub, **{"tweet.fields": "created_at"}) as stream:
        stub.push(post(-7_200) | {"id": "2028304284105474048"})
        assert requests.post(f"{stub.url}/stub/stream/push", json="no json", timeout=5).json() == {"pushed": 1}
        assert requests.post(f"{stub.url}/stub/stream/push", json={"text": "x"}, timeout=5).status_code == 400
        late, line = stream.posts(2)
        assert (late["data"]["id"], late["data"]["created_at"]) == ("2028304284105474048", "2026-03-02T03:00:00.000Z") and line == b"no json"


def test_a_quiet_stream_is_kept_alive(running):
    stub = running([post(1)], now=START, keep_alive_seconds=0.05)
    ruled(stub)
    with opened(stub) as stream:
        limit = time.monotonic() + 5
        while stream.lines.count(b"") < 3 and time.monotonic() < limit:
            time.sleep(0.01)
        assert stream.lines[:3] == [b"", b"", b""]


def test_without_rules_and_beside_another_stream_it_does_not_open(stub, monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    client = XClient(stub.url, Unlimited(), RetryPolicy(limit_tries=1))
    with pytest.raises(NoRules):
        client.get(STREAM, {})
    ruled(stub)
    with opened(stub), pytest.raises(RateLimited):
        client.get(STREAM, {})


@pytest.mark.parametrize("parameters", [{"backfill_minutes": 5}, {"start_time": "2026-03-02T05:00:00Z"}, {"post.fields": "lang"}, {"partition": 1}])
def test_what_the_plan_does_not_have_is_refused(running, parameters):
    stub = running([post(1)], now=START)
    ruled(stub)
    assert ask(stub, STREAM, **parameters).status_code == 400


def test_the_stream_keeps_the_old_names_in_the_new_vocabulary(running):
    stub = running([post(1)], now=START, vocabulary="post")
    ruled(stub)
    with opened(stub, **{"tweet.fields": "public_metrics"}) as stream:
        stub.clock.advance(2)
        (found,) = stream.posts(1)
        assert "retweet_count" in found["data"]["public_metrics"] and "edit_history_tweet_ids" in found["data"]


@pytest.mark.parametrize(
    ("kind", "rules"), [("no_tag", [{"id": "R"}]), ("null_tag", [{"id": "R", "tag": None}]), ("int_ids", [{"id": "N", "tag": None}]), ("no_rules", None)]
)
def test_rules_of_a_line_come_in_every_form_that_was_seen(stub, kind, rules):
    (rule,) = ruled(stub)
    stub.faults.add(kind, after=1, times=1)
    with opened(stub) as stream:
        stub.clock.advance(3)
        before, spoiled, behind = (each.get("matching_rules") for each in stream.posts(3))
    assert before == behind == [{"id": rule, "tag": "t"}]
    expected = rules and [{name: rule if value == "R" else int(rule) if value == "N" else value for name, value in each.items()} for each in rules]
    assert spoiled == expected


def test_lines_are_spoiled_after_as_many_posts_as_the_script_says(stub):
    ruled(stub)
    stub.faults.add("malformed_line", after=1)
    stub.faults.add("unknown_line", after=2)
    stub.faults.add("duplicate_line", after=2)
    with opened(stub) as stream:
        stub.clock.advance(3)
        first, broken, second, warning, third, again = stream.posts(6)
    assert [each["data"]["text"][:9] for each in (first, second, third)] == ["post at 1", "post at 2", "post at 3"]
    assert isinstance(broken, bytes) and "warning" in warning and again == third and len(stub.streamed) == 3


@pytest.mark.parametrize("kind", ["disconnect_error", "server_close", "torn_line", "silent_stall"])
def test_a_connection_ends_as_the_script_says_and_the_next_one_does_not(stub, kind):
    ruled(stub)
    stub.faults.add(kind, nth=1, after=2, seconds=0.2)
    with opened(stub) as stream:
        stub.clock.advance(5)
        assert stream.ended.wait(5)
        found = stream.posts(2)
    assert [each["data"]["text"][:9] for each in found[:2]] == ["post at 1", "post at 2"]
    match kind:
        case "disconnect_error":
            assert found[2]["errors"][0]["title"] == "operational-disconnect"
        case "torn_line":
            assert found[2].startswith(b'{"data"')
        case _:
            assert len(found) == 2
    with opened(stub) as stream:
        stub.clock.advance(1)
        assert stream.posts(1)[0]["data"]["text"] == "post at 6 #tag" and not stream.ended.is_set()


@pytest.mark.parametrize(("kind", "status"), [("401", 401), ("503_json", 503), ("connection_exception", 429), ("429_with_reset", 429)])
def test_a_connection_is_refused_as_the_script_says(stub, kind, status):
    ruled(stub)
    stub.faults.add(kind, path=STREAM, nth=1)
    assert ask(stub, STREAM).status_code == status
    assert stub.desk.streams == 0


def test_rules_are_added_listed_tried_and_deleted(stub):
    body = ask(stub, RULES, "POST", json={"add": [{"value": "a"}, {"value": "b", "tag": "t"}]}).json()
    assert body["meta"]["summary"] == {"created": 2, "not_created": 0, "valid": 2, "invalid": 0}
    assert [set(rule) for rule in body["data"]] == [{"id", "value"}, {"id", "value", "tag"}]
    tried = ask(stub, RULES, "POST", dry_run="true", json={"add": [{"value": "c"}]}).json()
    assert tried["meta"]["summary"]["created"] == 1
    again = ask(stub, RULES, "POST", json={"add": [{"value": "a"}, {"value": "d"}]})
    assert again.status_code == 201 and again.json()["errors"][0]["title"] == "DuplicateRule"
    assert again.json()["errors"][0]["id"] == body["data"][0]["id"] and again.json()["meta"]["summary"]["created"] == 1
    listed = ask(stub, RULES).json()
    assert [rule["value"] for rule in listed["data"]] == ["a", "b", "d"] and listed["meta"]["result_count"] == 3
    gone = ask(stub, RULES, "POST", json={"delete": {"ids": [body["data"][0]["id"], "77"], "values": ["b"]}}).json()
    assert gone["meta"]["summary"] == {"deleted": 2, "not_deleted": 1} and len(gone["errors"]) == 1
    assert [rule["value"] for rule in ask(stub, RULES).json()["data"]] == ["d"]
    assert ask(stub, RULES, ids="77").json() == {"meta": listed["meta"] | {"result_count": 0}}


def test_a_rule_that_cannot_be_read_keeps_all_of_them_out(stub):
    answer = ask(stub, RULES, "POST", json={"add": [{"value": "a"}, {"value": "min_faves:3 a"}]})
    assert answer.json()["meta"]["summary"] == {"created": 0, "not_created": 2, "valid": 0, "invalid": 1}
    assert "min_faves" in answer.json()["errors"][0]["details"][0] and "data" not in ask(stub, RULES).json()
    long = ask(stub, RULES, "POST", json={"add": [{"value": "a" * 1_025}]}).json()
    assert "1,025 characters" in long["errors"][0]["details"][0]


@pytest.mark.parametrize("body", [{}, {"add": []}, {"add": [{"tag": "x"}]}, {"add": [{"value": "a"}], "delete": {"ids": ["1"]}}, {"delete": {}}, []])
def test_a_change_of_rules_that_says_nothing_is_refused(stub, body):
    assert ask(stub, RULES, "POST", json=body).status_code == 400


def test_there_are_no_more_than_a_thousand_rules(stub):
    ruled(stub, *(f"word{number}" for number in range(1_000)))
    answer = ask(stub, RULES, "POST", json={"add": [{"value": "one more"}]})
    assert answer.status_code == 400 and answer.json()["errors"][0]["title"] == "RulesCapExceeded"


def test_a_replay_sends_new_posts_at_its_rate_each_with_an_id_of_its_own(running):
    stub = running([post(1), post(2, "nothing"), post(3)], now=START, running_clock=True, replay_rate=1_500)
    ruled(stub)
    with opened(stub, **{"tweet.fields": "created_at,public_metrics"}) as stream:
        began = time.monotonic()
        found = stream.posts(1_000)[:1_000]
        seconds = time.monotonic() - began
    ids = [each["data"]["id"] for each in found]
    assert len(set(ids)) == 1_000 and ids == stub.streamed[:1_000]
    assert {each["data"]["text"] for each in found} == {"post at 1 #tag", "post at 3 #tag"}
    assert all(each["data"]["edit_history_tweet_ids"] == [each["data"]["id"]] for each in found)
    assert 0.5 < seconds < 5
