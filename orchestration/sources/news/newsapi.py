"""NewsAPI (newsapi.org): which questions are asked, and what its answers mean."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.sources.base import DeadLetter
from orchestration.sources.news.articles import most_telling_first, parse_article
from orchestration.sources.news.base import (
    NO_ARTICLES,
    OK,
    TOO_FRESH,
    UNAVAILABLE,
    UNSUPPORTED_LANGUAGE,
    Article,
    NewsAnswer,
    NewsError,
    NewsQuestion,
    Unanswered,
)
from orchestration.sources.news.copies import without_copies
from orchestration.sources.news.newsapi_calls import PAGE_SIZE, NewsApiCalls
from orchestration.sources.news.terms import as_query, mentioned
from orchestration.sources.values import BadRecord
from orchestration.windows import Window

# Those that the service documents; newsapi-python raises ValueError for any other.
LANGUAGES = frozenset(["ar", "de", "en", "es", "fr", "he", "it", "nl", "no", "pt", "ru", "sv", "ud", "zh"])
# X still writes Hebrew by its old code.
ALSO_WRITTEN = {"iw": "he"}
LONGEST_KEPT = 8_192


@dataclass(frozen=True)
class Plan:
    """What a subscription shows: articles `delay` after they appear, as far back as `reach`, in at most `pages` pages of 100."""

    delay: timedelta
    reach: timedelta
    pages: int


PLANS = {
    # The developer plan shows articles a day late (measured lag: median 27 h, 95 % within 32 h) and a month back.
    "developer": Plan(timedelta(hours=32), timedelta(days=29), pages=1),
    "business": Plan(timedelta(hours=1), timedelta(days=5 * 365 - 1), pages=3),
}


@dataclass
class NewsApi:
    """One question, one request or few. The key is read from the environment when it is needed and kept nowhere else."""

    calls: NewsApiCalls = field(default_factory=NewsApiCalls)
    plan: Plan = PLANS["developer"]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    # Why nothing more is asked: what refused one peak would refuse the next, and each costs a request.
    _closed: Unanswered | NewsError | None = None
    # Peaks of one day often ask the same (`*` and the campaign's own hashtag): paid for once.
    _received: dict[tuple[str, Window, str | None], tuple[list[Any], list[str]]] = field(default_factory=dict)

    name = "newsapi"
    is_free = False

    def search(self, question: NewsQuestion) -> NewsAnswer:
        """Raises NewsError when the key is missing or refused, or would travel in clear."""
        query, window, now = as_query(question.terms), question.window, self.now()
        languages = supported(question.languages)
        if question.languages and not languages:
            reason = f"The service has no articles in {', '.join(question.languages)}; it knows {', '.join(sorted(LANGUAGES))}. It was not asked."
            return self._no(query, UNSUPPORTED_LANGUAGE, reason)
        if now < window.end + self.plan.delay:
            return self._no(query, TOO_FRESH, f"The service shows these articles from {window.end + self.plan.delay:%Y-%m-%d %H:%M} UTC on.")
        if window.start < now - self.plan.reach:
            return self._no(query, UNAVAILABLE, "The day is older than what the service's plan shows.")
        language = languages[0] if len(languages) == 1 else None
        try:
            asked = (query, window, language)
            if asked not in self._received:
                self._received[asked] = self._records(*asked)
            records, notes = self._received[asked]
        except Unanswered as error:
            return self._no(query, error.status, error.reason)
        articles, letters = _sorted_out(records, question, language)
        reason = " ".join([f"{len(articles)} articles were found." if articles else "The service found no article.", *notes])
        return NewsAnswer(self.name, query, OK if articles else NO_ARTICLES, reason, articles, letters)

    def _records(self, query: str, window: Window, language: str | None) -> tuple[list[Any], list[str]]:
        """Articles as received, and what is to be said about them. A later page that is refused loses nothing of the earlier."""
        records: list[Any] = []
        for number in range(1, self.plan.pages + 1):
            try:
                answer = self._page(query, window, language, number)
            except Unanswered as error:
                if number == 1:
                    raise
                return records, [f"Only the first {len(records)} results are shown. {error.reason}"]
            records += answer["articles"]
            total = answer.get("totalResults")
            if len(answer["articles"]) < PAGE_SIZE or (isinstance(total, int) and total <= number * PAGE_SIZE):
                break
        return records, []

    def _page(self, query: str, window: Window, language: str | None, number: int) -> dict[str, Any]:
        if self._closed:
            raise self._closed
        try:
            return self.calls.page(query, window, language, number)
        except Unanswered as error:
            if error.for_all:
                self._closed = error
            raise
        except NewsError as error:
            self._closed = error
            raise

    def _no(self, query: str, status: str, reason: str) -> NewsAnswer:
        return NewsAnswer(self.name, query, status, reason)


def supported(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `languages` that the service knows, as it writes them: `pt-BR` is `pt`."""
    plain = (language.split("-")[0].lower() for language in languages)
    return tuple(dict.fromkeys(code for each in plain if (code := ALSO_WRITTEN.get(each, each)) in LANGUAGES))


def _sorted_out(
    records: list[Any], question: NewsQuestion, language: str | None
) -> tuple[tuple[Article, ...], tuple[DeadLetter, ...]]:
    """Articles of the window, one of several copies, most telling first; and what could not be used."""
    articles, letters = [], []
    for record in records:
        try:
            article = parse_article(record)
        except BadRecord as bad:
            raw = json.dumps(record, ensure_ascii=False)[:LONGEST_KEPT]
            letters.append(DeadLetter(bad.reason, bad.detail, "newsapi.org", None, raw))
            continue
        # What `to` includes is not documented to the second.
        if article.published_at in question.window:
            terms = mentioned(question.terms, article.title, article.description, article.content)
            articles.append(replace(article, matched_terms=terms, language=article.language or language))
    window = question.window
    middle = window.start + (window.end - window.start) / 2
    return tuple(most_telling_first(without_copies(articles), middle)), tuple(letters)
