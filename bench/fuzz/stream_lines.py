"""Lines of X's filtered stream: through the consumer's reader into a spool, and out of it as the capture reads it back."""

import os
from collections.abc import Iterator
from datetime import datetime

from bench.fuzz import mutation
from bench.fuzz.corpus import AT, HOUR, check_post, lines, page, post, records
from bench.fuzz.engines import Broken
from bench.fuzz.findings import Rows, Wrong
from orchestration.sources.base import CampaignQuery
from orchestration.sources.x.coverage import CONNECTED, DISCONNECTED, Event
from orchestration.sources.x.query import parse
from orchestration.sources.x.spool import Numbered
from orchestration.sources.x.stream_source import XStreamSource
from orchestration.stream.lines import BadLine, PostLine, read_line
from orchestration.stream.rules import RuleBook
from orchestration.windows import Window

# Queries that look at every part of a post, for lines that do not say which rule matched.
QUERIES = ("#auroratrail", '(trail OR "all of it" OR @ann OR $gme OR from:ann OR to:ann OR retweets_of:ann) lang:en', "x (has:links OR has:geo OR is:quote OR min_likes:2 OR url:example OR conversation_id:5 OR place:oslo OR sample:50)")
BOOK = RuleBook(("a", "b", "c"), {"1": ("a",), "2": ("b",)}, frozenset({"9"}), tuple(((name,), parse(text)) for name, text in zip("abc", QUERIES)))
EVENTS = (
    Event(HOUR.start.replace(hour=4), CONNECTED, "s", campaigns=("a", "b", "c")),
    Event(HOUR.end.replace(hour=7), DISCONNECTED, "s", "stopped"),
)
RULES = [{"id": "1", "tag": "pulse:a"}]
BEFORE, BEHIND = (lines([{"data": post(number), "matching_rules": RULES}])[0] for number in (101, 102))
GOOD_IDS = frozenset(post(number)["id"] for number in (101, 102))


class _Spool:
    """Lines in memory; every hour has all of them, so that what belongs elsewhere is met too."""

    def __init__(self) -> None:
        self.posts: list[bytes] = []
        self.bad: list[bytes] = []

    def lines(self, hour: Window) -> Iterator[Numbered]:
        return (Numbered(number, text) for number, text in enumerate(self.posts, start=1))

    def unread(self, hour: Window) -> Iterator[Numbered]:
        return (Numbered(number, text) for number, text in enumerate(self.bad, start=1))

    def events(self) -> tuple[Event, ...]:
        return EVENTS

    def written_at(self, hour: Window) -> datetime | None:
        return AT


def stream_lines() -> Broken:
    """A broken line between two good ones. Each line is a post, an unread line or a word of X; of what is stored nothing goes missing."""
    os.environ.setdefault("PULSE_AUTHOR_SALT", "salt-of-the-fuzzer")
    bodies = [
        *({"data": record, "matching_rules": RULES} for record in records()),
        {"data": post(1)},
        {"data": post(1), "includes": page()["includes"], "matching_rules": [{"id": 2, "tag": None}, {"id": "9", "tag": "mine"}]},
        {"data": post(1), "matching_rules": [{"id": "77"}], "errors": [{"title": "Not Found Error"}]},
        {"errors": [{"title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect"}]},
        {"warning": {"code": "FALLING_BEHIND", "percent_full": 60}},
    ]
    return Broken(lines(bodies), mutation.of_json, _line)


def _line(given: bytes) -> Rows:
    spool = _Spool()
    kept = 0
    for raw in (BEFORE, given, BEHIND):
        line = read_line(raw, AT, "s", BOOK)
        if isinstance(line, PostLine | BadLine) and (line.text.count(b"\n") != 1 or not line.text.endswith(b"\n")):
            raise Wrong("a stored line is not one line")
        if isinstance(line, PostLine):
            spool.posts.append(line.text)
            kept += "a" in line.campaigns
        elif isinstance(line, BadLine):
            spool.bad.append(line.text)
    captured = XStreamSource(spool, grace=AT - AT, now=lambda: HOUR.end).fetch(HOUR, CampaignQuery("a"), 1_000)
    (hour,) = captured.hours
    for each in hour.posts:
        check_post(each)
    if hour.observations + len(captured.dead_letters) != kept + len(spool.bad):
        raise Wrong(f"{kept + len(spool.bad)} lines were stored, {hour.observations} posts and {len(captured.dead_letters)} dead letters came of them")
    return Rows(len(GOOD_IDS), len(GOOD_IDS - {each.tweet_id for each in hour.posts}))
