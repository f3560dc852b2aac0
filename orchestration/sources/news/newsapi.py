"""NewsAPI (newsapi.org) through newsapi-python."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.sources.base import DeadLetter
from orchestration.sources.news.articles import most_telling_first, parse_article, without_copies
from orchestration.sources.news.base import (
    FAILED,
    NO_ARTICLES,
    OK,
    RATE_LIMITED,
    TOO_FRESH,
    UNAVAILABLE,
    Article,
    NewsAnswer,
    NewsError,
    NewsQuestion,
)
from orchestration.sources.news.terms import as_query, mentioned
from orchestration.sources.values import BadRecord

KEY = "NEWSAPI_KEY"
# The developer plan shows articles a day late (measured lag: median 27 h, 95 % within 32 h) and a month back.
DELAY = timedelta(hours=32)
OLDEST = timedelta(days=29)
PAGE_SIZE = 100
LIMITS = frozenset({"rateLimited", "apiKeyExhausted"})
OUT_OF_PLAN = frozenset({"parameterInvalid", "maximumResultsReached"})


class NewsApi:
    """One request per question. The key is read from the environment when it is needed and kept nowhere."""

    name = "newsapi"
    is_free = False

    def __init__(self, session: Any = None, now: datetime | None = None) -> None:
        self._session, self._now = session, now

    def search(self, question: NewsQuestion) -> NewsAnswer:
        """Raises NewsError when the key is missing or refused."""
        query, window, now = as_query(question.terms), question.window, self._now or datetime.now(UTC)
        if now < window.end + DELAY:
            return self._no(query, TOO_FRESH, f"The service shows these articles from {window.end + DELAY:%Y-%m-%d %H:%M} UTC on.")
        if window.start < now - OLDEST:
            return self._no(query, UNAVAILABLE, "The day is older than the month that the service's plan shows.")
        answer = self._ask(query, question)
        if isinstance(answer, NewsAnswer):
            return answer
        articles, letters = [], []
        for record in answer:
            try:
                article = parse_article(record)
            except BadRecord as bad:
                letters.append(DeadLetter(bad.reason, bad.detail, "newsapi.org", None, str(record)[:8_192]))
                continue
            if article.published_at in window:
                terms = mentioned(question.terms, article.title, article.description, article.content)
                articles.append(_with(article, terms, question))
        middle = window.start + (window.end - window.start) / 2
        kept = tuple(most_telling_first(without_copies(articles), middle))
        status, reason = (OK, f"{len(kept)} articles were found.") if kept else (NO_ARTICLES, "The service found no article.")
        return NewsAnswer(self.name, query, status, reason, kept, tuple(letters))

    def _ask(self, query: str, question: NewsQuestion) -> list | NewsAnswer:
        from newsapi import NewsApiClient
        from newsapi.newsapi_exception import NewsAPIException
        from requests import RequestException

        key = os.environ.get(KEY)
        if not key:
            raise NewsError(f"{KEY} is not set. Get a key at newsapi.org and set it, or choose another news source.")
        window = question.window
        try:
            answer = NewsApiClient(api_key=key, session=self._session).get_everything(
                q=query,
                from_param=f"{window.start:%Y-%m-%dT%H:%M:%S}",
                to=f"{window.end - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}",
                language=question.languages[0] if len(question.languages) == 1 else None,
                sort_by="relevancy",
                page_size=PAGE_SIZE,
            )
        except NewsAPIException as error:
            return self._refused(query, error.exception if isinstance(error.exception, dict) else {})
        except (RequestException, ValueError) as error:
            # The name alone: a message of requests can carry the address with its parameters.
            return self._no(query, FAILED, f"The service did not answer ({type(error).__name__}).")
        # It answers 200 with an error inside, or with `{}`: both seen on real days.
        if answer.get("status") != "ok":
            return self._refused(query, answer)
        return answer.get("articles") or []

    def _refused(self, query: str, answer: dict[str, Any]) -> NewsAnswer:
        code, said = answer.get("code"), str(answer.get("message") or "no reason given")[:300]
        if code in {"apiKeyInvalid", "apiKeyMissing", "apiKeyDisabled"}:
            raise NewsError(f"NewsAPI refuses the key ({code}). Set {KEY} to a valid one.")
        status = RATE_LIMITED if code in LIMITS else UNAVAILABLE if code in OUT_OF_PLAN else FAILED
        return self._no(query, status, f"The service refused ({code or 'no code'}): {said}")

    def _no(self, query: str, status: str, reason: str) -> NewsAnswer:
        return NewsAnswer(self.name, query, status, reason)


def _with(article: Article, terms: tuple[str, ...], question: NewsQuestion) -> Article:
    language = question.languages[0] if len(question.languages) == 1 else article.language
    return replace(article, matched_terms=terms, language=article.language or language)
