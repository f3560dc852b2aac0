"""Answers of X's API: whatever comes back, with whatever status, through the client that the product uses."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.fuzz import mutation
from bench.fuzz.answers import Answers, is_readable
from bench.fuzz.corpus import AT, HOUR, check_post, lines, page, post, records
from bench.fuzz.engines import Broken
from bench.fuzz.findings import Rows, Wrong
from orchestration.sources.x.client import XClient
from orchestration.sources.x.compliance_jobs import ComplianceJobs
from orchestration.sources.x.counts import minute_counts
from orchestration.sources.x.errors import XError
from orchestration.sources.x.lookup import look_up
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.pages import PageReader
from orchestration.sources.x.retry import RetryPolicy
from orchestration.sources.x.transport import TWEEPY_HOST
from orchestration.stream.rules import Rule, synchronise

NEIGHBOURS = tuple(lines([post(101), post(102)]))
GOOD_IDS = frozenset(post(number)["id"] for number in (101, 102))
COUNTED = {"data": [{"start": "2026-03-02T05:00:00.000Z", "end": "2026-03-02T05:01:00.000Z", "tweet_count": 4}], "meta": {"total_tweet_count": 4}}
LOOKED = {"data": [post(1), post(2)], "errors": [{"resource_id": "5", "title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found"}]}
RULES = {"data": [{"id": "1", "value": "#auroratrail", "tag": "pulse:a"}, {"id": "2", "value": "x"}], "errors": [{"value": "y", "title": "DuplicateRule", "details": ["no"]}]}
JOB = {"data": {"id": "7", "status": "complete", "upload_url": "https://up.example.org/x", "download_url": "https://down.example.org/x"}}
PROBLEM = {"title": "Usage capped", "detail": "Usage cap exceeded: Monthly product cap", "type": "https://api.x.com/2/problems/usage-capped", "errors": [{"message": "no", "code": 88}]}


@dataclass
class _Client(XClient):
    """The product's client; only what lies below its session is replaced."""

    answers: Answers | None = None

    def _session(self) -> Any:
        client = super()._session()
        client.session.mount(TWEEPY_HOST, self.answers)
        return client


class _Jobs(ComplianceJobs):
    """The addresses of a job are checked and not gone to."""

    def _transfer(self, method: str, address: str, body: bytes | None = None) -> str:
        return ""


def x_bodies() -> Broken:
    """The first byte says which question is asked and with which status; behind it stands the answer, or one post of a page of good ones."""
    os.environ.setdefault("PULSE_AUTHOR_SALT", "salt-of-the-fuzzer")
    os.environ["X_BEARER_TOKEN"] = "test-fuzz"
    found = [bytes([0]) + line for line in lines(records())]
    whole = (page(post(1), post(2), meta={"next_token": "b26v"}), COUNTED, LOOKED, RULES, JOB)
    found += [bytes([1 + number]) + line for number, line in enumerate(lines(whole))]
    found += [bytes([number]) + line for number in range(len(QUESTIONS) - len(STATUSES), len(QUESTIONS)) for line in lines([PROBLEM])]
    return Broken(found, mutation.behind_first_byte(mutation.of_json), _answer)


def _client(status: int, body: bytes, *, tries: int = 1) -> XClient:
    headers = {"date": "Mon, 02 Mar 2026 06:10:00 GMT", "x-rate-limit-remaining": "9", "x-rate-limit-reset": "1772431800", "content-type": "application/json"}
    retry = RetryPolicy(tries=tries, limit_tries=1)
    return _Client("https://api.x.com", Unlimited(), retry=retry, sleep=lambda _: None, clock=AT.timestamp, answers=Answers(status, body, headers))


def _page(given: bytes) -> Rows:
    """A page of which one post is broken. A body that is no JSON at all is no page."""
    if not is_readable(given):
        _search(given)
        return Rows()
    body = b'{"data":[' + b",".join((NEIGHBOURS[0], given, NEIGHBOURS[1])) + b'],"includes":' + lines([page()["includes"]])[0] + b"}"
    return Rows(len(GOOD_IDS), len(GOOD_IDS - _search(body)))


def _search(body: bytes, status: int = 200) -> set[str]:
    found: set[str] = set()
    for each in PageReader(_client(status, body), "fuzz", "#auroratrail").pages(HOUR):
        for one in each.posts:
            check_post(one)
            found.add(one.tweet_id)
    return found


def _counts(body: bytes) -> None:
    minute_counts(_client(200, body), "#auroratrail", HOUR)


def _lookup(body: bytes) -> None:
    asked = [post(1)["id"], post(2)["id"], "5"]
    for batch in look_up(_client(200, body), asked):
        if [each.tweet_id for each in batch] != asked:
            raise Wrong("an id has no answer of its own")


def _rules(body: bytes) -> None:
    synchronise(_client(200, body), [Rule("#auroratrail", "pulse:a"), Rule("y", "pulse:b")])


def _job(body: bytes) -> None:
    list(_Jobs(_client(200, body), sleep=lambda _: None, looks=2).lines_about(["1", "2"]))


def _refused(status: int) -> Callable[[bytes], None]:
    def ask(body: bytes) -> None:
        _search(body, status)

    return ask


STATUSES = (400, 402, 403, 418, 429, 503)
QUESTIONS: tuple[Callable[[bytes], Any], ...] = (_page, _search, _counts, _lookup, _rules, _job, *map(_refused, STATUSES))


def _answer(given: bytes) -> Rows:
    ask = QUESTIONS[given[0] % len(QUESTIONS) if given else 0]
    try:
        rows = ask(given[1:])
    except XError:
        # For the sake of one record nothing of its page may be refused.
        if ask is _page and is_readable(given[1:]):
            raise
        return Rows()
    return rows if isinstance(rows, Rows) else Rows()
