"""Articles from files: the sample's, and archives of NewsAPI responses or of articles, one a line."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from dataclasses import replace as with_fields
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.sources.base import DeadLetter
from orchestration.sources.news.answering import LONGEST_KEPT, told
from orchestration.sources.news.articles import parse_article
from orchestration.sources.news.base import NO_ARTICLES, OK, Article, NewsAnswer, NewsError, NewsQuestion
from orchestration.sources.news.terms import as_query, mentioned
from orchestration.sources.values import TOO_DEEP, BadRecord, refuse_deep

ENDINGS = (".jsonl", ".ndjson", ".json")
LARGEST_ANSWER = 100


@dataclass(frozen=True)
class _Read:
    articles: list[Article] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)


class FileNews:
    """Reads all files once, at the first question."""

    is_free = True

    def __init__(self, path: Path, name: str = "archive") -> None:
        self.path, self.name = path, name

    def search(self, question: NewsQuestion) -> NewsAnswer:
        """Raises NewsError when there is no such file, or no article in it."""
        window = question.window
        found = [
            with_fields(article, matched_terms=terms)
            for article in self._read.articles
            if article.published_at in window
            and (terms := mentioned(question.terms, article.title, article.description, article.content))
        ]
        articles = told(found, question)[:LARGEST_ANSWER]
        day = f"{question.peak_day - timedelta(days=1)} to {question.peak_day + timedelta(days=1)}"
        reason = f"{len(articles)} articles of {day} mention it." if articles else f"No article of {day} mentions it."
        return NewsAnswer(
            self.name, as_query(question.terms), OK if articles else NO_ARTICLES, reason, articles, tuple(self._read.dead_letters)
        )

    def articles(self) -> list[Article]:
        """Every article of the files, copies too. Raises NewsError as `search` does."""
        return list(self._read.articles)

    @cached_property
    def _read(self) -> _Read:
        if not self.path.exists():
            raise NewsError(f"There is no news archive {self.path}. Set PULSE_NEWS_ARCHIVE to a file or folder of articles.")
        files = [self.path] if self.path.is_file() else sorted(each for each in self.path.rglob("*") if each.is_file())
        read = _Read()
        for file in files:
            if file.name.lower().removesuffix(".gz").endswith(ENDINGS):
                for line, record in _records(file, read):
                    try:
                        read.articles.append(parse_article(record))
                    except BadRecord as bad:
                        read.dead_letters.append(_letter(bad, file, line, json.dumps(record, ensure_ascii=False)))
        if not read.articles:
            raise NewsError(f"{self.path.name} holds no articles. Readable: NewsAPI responses and JSON lines of articles, also .gz.")
        return read


def _records(file: Path, read: _Read) -> Iterator[tuple[int, Any]]:
    """(line, article) of a file with one article or one response a line, or one response over several lines. Raises NewsError."""
    try:
        content = gzip.decompress(file.read_bytes()) if file.name.endswith(".gz") else file.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise NewsError(f"{file.name} cannot be read: {error}. Fetch it again.") from error
    text = content.decode("utf-8-sig", "replace")
    try:
        whole = _value_of(text)
    except ValueError:
        # Not `splitlines`: a headline may hold U+2028, which ends no line of JSON.
        for number, line in enumerate(io.StringIO(text, newline=None), start=1):
            if line.strip():
                try:
                    yield from _articles_of(number, _value_of(line))
                except ValueError as error:
                    read.dead_letters.append(_letter(BadRecord("json_error", f"no JSON: {error}"), file, number, line.strip()))
    else:
        yield from _articles_of(1, whole)


def _value_of(text: str) -> Any:
    """Raises ValueError, also for what is nested too deeply."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    refuse_deep(value)
    return value


def _articles_of(line: int, value: Any) -> Iterator[tuple[int, Any]]:
    if isinstance(value, dict) and ("articles" in value or "status" in value or not value):
        value = value.get("articles") or []
    for record in value if isinstance(value, list) else [value]:
        yield line, record


def _letter(bad: BadRecord, file: Path, line: int, raw: str) -> DeadLetter:
    return DeadLetter(bad.reason, bad.detail, file.name, line, raw[:LONGEST_KEPT])
