"""NewsAPI (newsapi.org): which questions are asked, and what its answers mean."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.sources.news.answering import Door, sorted_out
from orchestration.sources.news.articles import parse_article
from orchestration.sources.news.base import (
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
from orchestration.sources.news.newsapi_calls import PAGE_SIZE, NewsApiCalls
from orchestration.sources.news.terms import as_query
from orchestration.windows import Window

# Those that the service documents; newsapi-python raises ValueError for any other.
LANGUAGES = frozenset(["ar", "de", "en", "es", "fr", "he", "it", "nl", "no", "pt", "ru", "sv", "ud", "zh"])
# X still writes Hebrew by its old code.
ALSO_WRITTEN = {"iw": "he"}


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
    _door: Door = field(default_factory=Door)
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

        def parse(record: Any) -> Article:
            article = parse_article(record)
            return replace(article, language=article.language or language)

        articles, letters = sorted_out(records, question, parse, "newsapi.org")
        reason = " ".join([f"{len(articles)} articles were found." if articles else "The service found no article.", *notes])
        return NewsAnswer(self.name, query, OK if articles else NO_ARTICLES, reason, articles, letters)

    def _records(self, query: str, window: Window, language: str | None) -> tuple[list[Any], list[str]]:
        """Articles as received, and what is to be said about them. A later page that is refused loses nothing of the earlier."""
        records: list[Any] = []
        for number in range(1, self.plan.pages + 1):
            try:
                answer = self._door.through(self.calls.page, query, window, language, number)
            except Unanswered as error:
                if number == 1:
                    raise
                return records, [f"Only the first {len(records)} results are shown. {error.reason}"]
            records += answer["articles"]
            total = answer.get("totalResults")
            if len(answer["articles"]) < PAGE_SIZE or (isinstance(total, int) and total <= number * PAGE_SIZE):
                break
        return records, []

    def _no(self, query: str, status: str, reason: str) -> NewsAnswer:
        return NewsAnswer(self.name, query, status, reason)


def supported(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `languages` that the service knows, as it writes them: `pt-BR` is `pt`."""
    plain = (language.split("-")[0].lower() for language in languages)
    return tuple(dict.fromkeys(code for each in plain if (code := ALSO_WRITTEN.get(each, each)) in LANGUAGES))
