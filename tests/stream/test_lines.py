"""Lines of the stream, whatever X writes in them."""

import json
from datetime import timedelta

import pytest

from orchestration.sources.x.query import parse
from orchestration.sources.x.spool import SpoolLine, UnreadLine
from orchestration.stream.lines import BadLine, Message, PostLine, read_line
from orchestration.stream.rules import RuleBook, campaigns_of_tag
from tests.contract.conftest import START, post

AT = START + timedelta(seconds=5)
BOOK = RuleBook(("a", "b"), {"1": ("a",), "2": ("b",)}, frozenset({"9"}), ((("a",), parse("#tag")), (("b",), parse("#other"))))


def read(body, *, rules=BOOK):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_line(raw, AT, "s", rules)


def body(matching=None, **fields):
    return {"data": post(START, **fields)} | ({} if matching is None else {"matching_rules": matching})


@pytest.mark.parametrize(
    ("matching", "campaigns"),
    [
        ([{"id": "1", "tag": "pulse:a"}], ("a",)),
        ([{"id": "7", "tag": "pulse:a,b"}], ("a", "b")),
        ([{"id": "1"}, {"id": "2"}], ("a", "b")),
        ([{"id": 2, "tag": None}], ("b",)),
        ([{"id": "9", "tag": "mine"}, {"id": "2", "tag": "pulse:b"}], ("b",)),
        ([], ("a",)),
        (None, ("a",)),
        ("nonsense", ("a",)),
        ([7, None, {"id": "1"}], ("a",)),
    ],
)
def test_a_post_finds_its_campaigns_by_tag_by_rule_or_by_its_words(matching, campaigns):
    line = read(body(matching))
    assert isinstance(line, PostLine) and line.campaigns == campaigns


def test_a_post_of_somebody_elses_rule_is_not_kept():
    for matching in ([{"id": "9"}], [{"id": "5", "tag": "mine"}]):
        assert read(body(matching)) == Message(foreign=True)


def test_a_post_that_no_rule_explains_is_unread_and_not_lost():
    line = read(body([{"id": "77"}], text="nothing", entities={}))
    assert isinstance(line, BadLine) and line.reason == "unknown_rule" and "nothing" in UnreadLine.of(line.text).line


def test_the_hour_of_a_line_is_that_of_the_post_and_the_id_tells_it_when_nothing_else_does():
    record = post(START + timedelta(minutes=59))
    del record["created_at"]
    line = read({"data": record, "matching_rules": [{"id": "1"}]})
    assert (line.hour, line.received_at) == (START, AT)


def test_a_line_reads_back_as_it_was_received():
    received = body([{"id": "1", "tag": "pulse:a"}]) | {"includes": {"users": [{"id": "1", "username": "x"}]}}
    stored = SpoolLine.of(read(received).text)
    assert stored.post == {"data": received["data"], "includes": received["includes"]}
    assert (stored.received_at, stored.campaigns) == (AT, ("a",))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"data":{"id":"1","text":"brok', "json_error"),
        (b"\xff\xfe", "json_error"),
        (b"[" * 100_000, "json_error"),
        (b"[]", "unknown_shape"),
        (b"7", "unknown_shape"),
        (b'{"data":[1]}', "unknown_shape"),
        (b'{"data":{"id":"1"}}', "unknown_shape"),
        (b'{"data":{"id":1.5e18,"text":"#tag"}}', "float_id"),
        (b'{"data":{"text":"#tag"}}', "missing_id"),
        (b'{"data":{"id":"5","text":"#tag","created_at":"soon"}}', "bad_timestamp"),
    ],
)
def test_what_cannot_be_used_becomes_an_unread_line_with_its_reason(raw, reason):
    line = read(raw)
    assert isinstance(line, BadLine) and line.reason == reason
    stored = UnreadLine.of(line.text)
    assert stored.reason == reason and stored.line == raw[:65_536].decode("utf-8", "replace")


def test_half_an_emoji_and_huge_numbers_pass_through():
    raw = json.dumps(body([{"id": "1"}], text="cut \ud83d #tag", context=2**80)).encode()
    line = read(raw)
    assert SpoolLine.of(line.text).post["data"]["text"] == "cut \ud83d #tag" and line.text.count(b"\n") == 1


def test_a_text_with_line_separators_stays_one_line():
    line = read(body([{"id": "1"}], text="a\u2028b\u0085c\nd\re #tag"))
    assert line.text.count(b"\n") == 1 and b"\r" not in line.text


def test_words_of_x_are_no_posts_and_only_a_disconnect_ends_the_connection():
    assert read({"errors": [{"title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect"}]}).disconnects
    assert read({"errors": [{"title": "Not Found Error"}]}).disconnects is None
    assert isinstance(read({"warning": {"code": "FALLING_BEHIND"}}), Message)
    assert isinstance(read({"errors": "odd", "data": None}), Message)


def test_a_post_with_partial_errors_is_a_post():
    assert isinstance(read(body([{"id": "1"}]) | {"errors": [{"title": "Not Found Error"}]}), PostLine)


@pytest.mark.parametrize("tag", [None, "", 7, "mine", "pulse", "pulse:"])
def test_a_tag_of_another_names_no_campaign(tag):
    assert campaigns_of_tag(tag) == ()


@pytest.mark.parametrize("depth", [250, 985, 1_020])
def test_a_line_nested_too_deeply_is_unread_wherever_the_depth_stands(depth):
    """Some 1,000 levels are read and cannot be shown: a RecursionError ended the consumer."""
    deep = "[" * depth + "]" * depth
    for whole in (body([{"id": "1"}], new="deep"), {"warning": "deep"}, body("deep"), {"errors": [{"title": "deep"}]}):
        line = read(json.dumps(whole).replace('"deep"', deep).encode())
        assert isinstance(line, BadLine) and line.reason == "json_error"


@pytest.mark.parametrize(
    "odd",
    [{"entities": {"hashtags": 5}}, {"public_metrics": {"like_count": "5"}}, {"text": 5, "referenced_tweets": [{"type": "retweeted"}]}, {"geo": 5, "author": 7}, {"id": "\ud83d"}],
)
def test_a_post_of_an_odd_form_is_asked_whether_it_matches_and_ends_nothing(odd):
    """Where X does not say which rule matched, the post is held against the queries."""
    asked = parse("sample:50 (has:hashtags OR #tag OR retweets_of:ann OR place:oslo OR from:ann) min_likes:2 (a OR b OR tag)")
    line = read(body(None, **odd), rules=RuleBook(("a",), queries=((("a",), asked),)))
    assert isinstance(line, PostLine | BadLine)
