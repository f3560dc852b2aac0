"""Answers of NewsAPI and GDELT, and archives of articles: through the clients and sources of the product."""

import gzip
import json
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import requests

from bench.fuzz import mutation
from bench.fuzz.answers import Answers, is_readable
from bench.fuzz.archives import SHM
from bench.fuzz.corpus import article, lines, of_gdelt
from bench.fuzz.engines import Broken
from bench.fuzz.findings import Rows, Wrong
from orchestration.sources.news.base import NewsAnswer, NewsError, NewsQuestion
from orchestration.sources.news.files import FileNews
from orchestration.sources.news.gdelt import Gdelt
from orchestration.sources.news.gdelt_calls import GdeltCalls
from orchestration.sources.news.newsapi import NewsApi
from orchestration.sources.news.newsapi_calls import NewsApiCalls
from orchestration.sources.news.transport import ADDRESS
from orchestration.sources.x.retry import RetryPolicy
from orchestration.warehouse.rows import encode

QUESTION = NewsQuestion("fuzz", "auroratrail", date(2026, 3, 2), "Europe/Oslo", ("Aurora Trail", "auroratrail"), ("en",))
NOW = datetime(2026, 3, 9, tzinfo=UTC)
ONCE = RetryPolicy(tries=1)
# A line separator is a character like any other in JSON.
GOOD = {"newsapi": (article(101), article(102, description="Aurora Trail,\u2028and on\x85")), "gdelt": (of_gdelt(101), of_gdelt(102))}
REFUSED = {"status": "error", "code": "parameterInvalid", "message": "You are trying to request results too far in the past. Your plan permits 30 days."}
STATUSES = (200, 400, 401, 426, 429, 500)


def news_bodies() -> Broken:
    """The first byte says which service answers and how; behind it stands the answer, or one article among good ones."""
    os.environ["NEWSAPI_KEY"] = "test-fuzz"
    found = [bytes([0]) + line for line in lines([article(1), article(2, source="Post"), article(3, url=None, content=None)])]
    found += [bytes([1]) + line for line in lines([of_gdelt(1), of_gdelt(2, language="Norwegian"), of_gdelt(3, domain="")])]
    found += [bytes([2]) + line for line in lines([article(1), {"status": "ok", "totalResults": 1, "articles": [article(2)]}])]
    found += [bytes([3]) + line for line in lines([{"articles": [of_gdelt(1)]}, {}])]
    found += [bytes([3]) + b"Invalid query start date.", bytes([3]) + b'{"articles": [{"title": "it\\\'s", "url": "https://a.example"}]}']
    found += [bytes([4 + number]) + line for number in range(len(STATUSES)) for line in lines([REFUSED, {"status": "ok", "articles": [article(1)]}])]
    found += [bytes([len(QUESTIONS) - 1]) + gzip.compress(b"\n".join(lines([article(1), article(2)])), 1, mtime=0)]
    return Broken(found, mutation.behind_first_byte(mutation.of_json), _answer)


class _NewsApiCalls(NewsApiCalls):
    """The product's calls; only what lies below their session is replaced."""

    answers: Answers

    def _opened(self) -> Any:
        client = super()._opened()
        client.request_method.mount(f"{ADDRESS}/", self.answers)
        return client


class _GdeltCalls(GdeltCalls):
    answers: Answers

    def _opened(self) -> requests.Session:
        session = super()._opened()
        session.mount("https://", self.answers)
        return session


def _newsapi(body: bytes, status: int = 200) -> NewsAnswer:
    calls = _NewsApiCalls(retry=ONCE, sleep=lambda _: None, now=lambda: NOW)
    calls.answers = Answers(status, body, {"content-type": "application/json"})
    return NewsApi(calls, now=lambda: NOW).search(QUESTION)


def _gdelt(body: bytes, status: int = 200) -> NewsAnswer:
    calls = _GdeltCalls(retry=ONCE, sleep=lambda _: None, clock=lambda: 0.0)
    calls.answers = Answers(status, body, {"content-type": "application/json"})
    return Gdelt(calls, now=lambda: NOW).search(QUESTION)


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=SHM if SHM.is_dir() else None))


def _file(given: bytes) -> Rows:
    """A broken line of an archive among good ones."""
    good = [json.dumps(each, ensure_ascii=False).encode() for each in GOOD["newsapi"]]
    file = _folder() / "articles.jsonl"
    file.write_bytes(b"\n".join((good[0], given, good[1], b"")))
    return _counted(FileNews(file).search(QUESTION), "newsapi")


def _compressed(given: bytes) -> Rows:
    file = _folder() / "articles.json.gz"
    file.write_bytes(given)
    _counted(FileNews(file).search(QUESTION), "newsapi")
    return Rows()


def _among(service: str, ask: Callable[[bytes], NewsAnswer]) -> Callable[[bytes], Rows]:
    """The article of an answer that is broken, with good ones on either side."""

    def asked(given: bytes) -> Rows:
        if not is_readable(given):
            ask(given)
            return Rows()
        one, other = lines(GOOD[service])
        return _counted(ask(b'{"status":"ok","totalResults":3,"articles":[' + b",".join((one, given, other)) + b"]}"), service)

    return asked


def _whole(ask: Callable[..., NewsAnswer], *status: int) -> Callable[[bytes], Rows]:
    def asked(given: bytes) -> Rows:
        _counted(ask(given, *status), "newsapi")
        return Rows()

    return asked


QUESTIONS: tuple[Callable[[bytes], Rows], ...] = (
    _among("newsapi", _newsapi), _among("gdelt", _gdelt), _file, _whole(_gdelt), *(_whole(_newsapi, status) for status in STATUSES), _compressed,
)  # fmt: skip


def _answer(given: bytes) -> Rows:
    try:
        return QUESTIONS[given[0] % len(QUESTIONS) if given else 0](given[1:])
    except NewsError as error:
        if not str(error):
            raise Wrong("the error says nothing") from None
        return Rows()


def _counted(answer: NewsAnswer, service: str) -> Rows:
    """Good articles that are missing. A broken one that tells the same as a good one, earlier, stands for it."""
    if not (answer.status and answer.reason):
        raise Wrong("the answer does not say how it went")
    for each in answer.articles:
        if not all(type(value) is str for value in (each.article_id, each.title, each.raw_record)):
            raise Wrong("an article holds what is no text")
        for value in (each.url, each.description, each.content, each.source_name, each.author, each.language):
            if value is not None and type(value) is not str:
                raise Wrong("an article holds what is no text")
            encode(value)
    told = {each.title: each.copies for each in answer.articles}
    wanted = [_title(each) for each in GOOD[service]]
    lost = sum(title not in told for title in wanted)
    return Rows(len(wanted), max(0, lost - sum(copies - 1 for copies in told.values())))


def _title(record: dict[str, Any]) -> str:
    from orchestration.sources.news.gdelt import LOOSE_MARK

    return LOOSE_MARK.sub(r"\1", record["title"])
