"""The articles that the stub knows, in NewsAPI's shape, from any file that the `archive` news source reads."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from orchestration.news_stub.query import plain
from orchestration.sources.news.articles import parse_article
from orchestration.sources.news.files import FileNews


@dataclass(frozen=True)
class Shelved:
    """`body` is what is answered; `language` is None where the file does not say it: such an article is in every language."""

    body: dict[str, Any]
    published_at: datetime
    language: str | None
    texts: Mapping[str, str]

    @property
    def domain(self) -> str:
        return (urlsplit(self.body["url"] or "").hostname or "").removeprefix("www.")

    def text(self, fields: Iterable[str]) -> str:
        """The named fields as `query.plain` writes them."""
        return " | ".join(self.texts[field] for field in fields)


def shelve(record: Mapping[str, Any]) -> Shelved:
    """Raises BadRecord for what is no article."""
    article = parse_article(dict(record))
    given = record.get("source")
    source: dict[str, Any] = given if isinstance(given, dict) else {}
    body: dict[str, Any] = {
        "source": {"id": source.get("id"), "name": article.source_name},
        "author": record.get("author"),
        "title": record.get("title"),
        "description": record.get("description"),
        "url": record.get("url"),
        "urlToImage": record.get("urlToImage"),
        "publishedAt": f"{article.published_at:%Y-%m-%dT%H:%M:%SZ}",
        "content": record.get("content"),
    }
    texts = {field: plain(body[field]) for field in ("title", "description", "content")}
    return Shelved(body, article.published_at, article.language, texts)


def from_files(path: Path) -> list[Shelved]:
    """Raises NewsError when there is no such file, or no article in it."""
    return sorted(
        (shelve(json.loads(article.raw_record)) for article in FileNews(path).articles()),
        key=lambda each: (each.published_at, each.body["title"]),
    )


def from_sample() -> list[Shelved]:
    """The articles of the sample campaign."""
    from orchestration.sources.sample.source import ARTICLES

    return from_files(ARTICLES)
