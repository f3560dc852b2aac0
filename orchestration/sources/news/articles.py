"""An article as NewsAPI writes it as an `Article`: canonical link, a time in UTC, nothing that was removed."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from orchestration.sources.news.base import Article
from orchestration.sources.news.terms import mentioned
from orchestration.sources.values import BadRecord, parse_created_at

REMOVED = "[removed]"
TRACKING = re.compile(r"^(utm_.*|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ref|ref_src|cmpid|ocid|smid|partner|ito|cn-track)$", re.I)
TITLE_TAIL = re.compile(r"\s+[-–—|]\s+[^-–—|]{2,60}$")


def parse_article(record: Any) -> Article:
    """Raises BadRecord: unknown_shape, removed_article, null_article, bad_timestamp."""
    if not isinstance(record, dict) or not record.keys() & {"title", "url", "publishedAt"}:
        raise BadRecord("unknown_shape", "no article as NewsAPI writes it")
    title = _text(record.get("title"))
    if (title or "").lower() == REMOVED:
        raise BadRecord("removed_article", "the publisher has withdrawn the article")
    if title is None:
        raise BadRecord("null_article", "the article has no title")
    published_at = parse_created_at(record.get("publishedAt"))
    source = record.get("source")
    source_name = _text(source.get("name")) if isinstance(source, dict) else _text(source)
    url = canonical_url(record.get("url"))
    return Article(
        article_id=article_id(url, title, source_name, published_at),
        title=title,
        published_at=published_at,
        url=url,
        description=_text(record.get("description")),
        content=_text(record.get("content")),
        source_name=source_name,
        author=_text(record.get("author")),
        language=_text(record.get("language")),
        raw_record=json.dumps(record, ensure_ascii=False, sort_keys=True),
    )


def article_id(url: str | None, title: str, source_name: str | None, published_at: datetime) -> str:
    """Hash of the canonical link; of title, publication and UTC day where there is none."""
    return _hash(url) if url else _hash(_plain_title(title), source_name or "", published_at.date().isoformat())


def canonical_url(url: Any) -> str | None:
    """The link without tracking, fragment and capital letters in the host; None for what is no http(s) link."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or "." not in host or re.search(r"[\s<>\"'`]", host):
        return None
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.match(name)], errors="replace")
    path = re.sub(r"[\s<>\"`]", lambda found: f"%{ord(found[0]):02X}", parts.path).rstrip("/") or "/"
    return urlunsplit((parts.scheme.lower(), host + port, path, query, ""))


def most_telling_first(articles: Iterable[Article], middle: datetime) -> list[Article]:
    """By the number of terms in the title, then of terms at all, then nearness to `middle`."""

    def rank(article: Article) -> tuple[int, int, float, str]:
        distance = abs((article.published_at - middle).total_seconds())
        return (-len(mentioned(article.matched_terms, article.title)), -len(article.matched_terms), distance, article.article_id)

    return sorted(articles, key=rank)


def _plain_title(title: str) -> str:
    return re.sub(r"\W+", " ", TITLE_TAIL.sub("", title)).strip().casefold()


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:20]
