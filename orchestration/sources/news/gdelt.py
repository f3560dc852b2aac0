"""GDELT's DOC 2.0 API (api.gdeltproject.org): headlines of the world's news without a key. It has no standfirst and no text."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.sources.news.answering import Door, sorted_out
from orchestration.sources.news.articles import article_id, canonical_url
from orchestration.sources.news.base import (
    FAILED,
    NO_ARTICLES,
    OK,
    TOO_FRESH,
    UNAVAILABLE,
    UNSUPPORTED_LANGUAGE,
    Article,
    NewsAnswer,
    NewsQuestion,
    Unanswered,
)
from orchestration.sources.news.gdelt_calls import MOST_RECORDS, GdeltCalls, seen_at
from orchestration.sources.news.gdelt_query import CODES, gdelt_query, supported
from orchestration.sources.values import BadRecord
from orchestration.windows import Window

# Sources are read every 15 minutes and translated after that; two hours leave room for a late quarter.
DELAY = timedelta(hours=2)
# It writes "Serrano , 24 , found dead": the words of a title, parted by blanks.
LOOSE_MARK = re.compile(r"\s+([,.;:!?%)\]…])")


@dataclass
class Gdelt:
    """`reach` is how far back it is asked; `now` (UTC) is given by a stub whose clock is set."""

    calls: GdeltCalls
    reach: timedelta = timedelta(days=90)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _door: Door = field(default_factory=Door)
    _received: dict[tuple[str, Window], list[Any]] = field(default_factory=dict)

    name = "gdelt"
    # It costs no money, but seconds of everybody's limit; and what it answers changes: a peak is asked about once.
    is_free = False

    def search(self, question: NewsQuestion) -> NewsAnswer:
        """Raises NewsError for an address that would be read on the way."""
        window, now = question.window, self.now()
        languages = supported(question.languages)
        query = gdelt_query(question.terms, languages)
        if question.languages and not languages:
            return self._no(query.text, UNSUPPORTED_LANGUAGE, f"GDELT has no language {', '.join(question.languages)} that we know. It was not asked.")
        if not query.text:
            reason = f"GDELT takes no words of less than 3 letters ({', '.join(question.terms)}). Give the campaign a longer news query."
            return self._no("", FAILED, reason)
        if now < window.end + DELAY:
            return self._no(query.text, TOO_FRESH, f"GDELT has all of these articles from {window.end + DELAY:%Y-%m-%d %H:%M} UTC on.")
        if window.start < now - self.reach:
            return self._no(query.text, UNAVAILABLE, f"The day is older than the {self.reach.days} days that GDELT is asked for.")
        try:
            records = self._records(query.text, question)
        except Unanswered as error:
            return self._no(query.text, error.status, error.reason)
        articles, letters = sorted_out(records, question, parse_gdelt_article, "api.gdeltproject.org")
        said = [f"{len(articles)} articles were found." if articles else "GDELT found no article."]
        if len(records) >= MOST_RECORDS:
            said.append(f"It shows {MOST_RECORDS} of them at most; there may be more.")
        if query.left_out:
            said.append(f"Not asked for, as too short or over the length of a query: {', '.join(query.left_out)}.")
        return NewsAnswer(self.name, query.text, OK if articles else NO_ARTICLES, " ".join(said), articles, letters)

    def _records(self, query: str, question: NewsQuestion) -> list[Any]:
        asked = (query, question.window)
        if asked not in self._received:
            self._received[asked] = self._door.through(self.calls.articles, *asked)
        return self._received[asked]

    def _no(self, query: str, status: str, reason: str) -> NewsAnswer:
        return NewsAnswer(self.name, query, status, reason)


def parse_gdelt_article(record: Any) -> Article:
    """`published_at` is when GDELT first saw it, on a quarter of an hour. Raises BadRecord: unknown_shape, null_article, bad_timestamp."""
    if not isinstance(record, dict) or not record.keys() & {"title", "url", "seendate"}:
        raise BadRecord("unknown_shape", "no article as GDELT writes it")
    title = LOOSE_MARK.sub(r"\1", " ".join(str(record.get("title") or "").split()))
    if not title:
        raise BadRecord("null_article", "the article has no title")
    published_at = seen_at(record.get("seendate"))
    if published_at is None:
        raise BadRecord("bad_timestamp", f"no time can be read from {str(record.get('seendate'))[:80]!r}")
    url, domain = canonical_url(record.get("url")), str(record.get("domain") or "").removeprefix("www.") or None
    return Article(
        article_id=article_id(url, title, domain, published_at),
        title=title,
        published_at=published_at,
        url=url,
        source_name=domain,
        language=CODES.get(str(record.get("language") or "").lower()),
        raw_record=json.dumps(record, ensure_ascii=False, sort_keys=True),
    )
