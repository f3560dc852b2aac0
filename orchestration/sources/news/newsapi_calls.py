"""The one place that makes requests of NewsAPI: newsapi-python over our session, with a budget and few retries."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.redaction import redact
from orchestration.sources.news.base import BUDGET_SPENT, FAILED, RATE_LIMITED, UNAVAILABLE, NewsError, Unanswered
from orchestration.sources.news.budget import BudgetSpent, RequestBudget
from orchestration.sources.news.transport import ADDRESS, KEY, api_key, news_session
from orchestration.sources.values import is_too_deep, without_deep
from orchestration.sources.x.retry import RetryPolicy
from orchestration.windows import Window

log = logging.getLogger("pulse.news")

PAGE_SIZE = 100
LONGEST_REASON = 300
BAD_KEY = frozenset({"apiKeyInvalid", "apiKeyMissing", "apiKeyDisabled"})
LIMITS = frozenset({"rateLimited", "apiKeyExhausted"})
HEALS = frozenset({"unexpectedError"})
TOO_MANY_RESULTS = "maximumResultsReached"
# `parameterInvalid` is said of a day that the plan does not show as of anything else; only the words tell them apart.
OUT_OF_PLAN = re.compile(r"far (back|in the past)|your plan|upgrade", re.IGNORECASE)


@dataclass
class NewsApiCalls:
    """Not for several threads at once. `sleep` and `now` (UTC) are given by tests."""

    base_url: str = ADDRESS
    budget: RequestBudget | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    retry: RetryPolicy = field(default_factory=lambda: RetryPolicy(tries=3, first_wait=2.0, longest_wait=10.0))
    timeout: tuple[float, float] | None = None
    _client: Any = None

    def page(self, query: str, window: Window, language: str | None, number: int) -> dict[str, Any]:
        """The answer `{"status": "ok", "articles": [...]}` of a page, from 1. Raises Unanswered; NewsError for the key or address."""
        parameters = {
            "q": query,
            # In UTC and without a zone: newsapi-python would drop a zone unconverted.
            "from_param": f"{window.start:%Y-%m-%dT%H:%M:%S}",
            "to": f"{window.end - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}",
            "language": language,
            "sort_by": "relevancy",
            "page_size": PAGE_SIZE,
            "page": number,
        }
        tried = 0
        while True:
            try:
                return self._once(parameters)
            except Unanswered as error:
                tried += 1
                if not error.heals:
                    raise
                if tried >= self.retry.tries:
                    raise Unanswered(error.status, f"{error.reason} Tried {tried} times; the next run asks again.", for_all=error.for_all) from None
                wait = self.retry.wait_before(tried)
                log.warning("%s Next try in %.1f s.", error.reason, wait)
                self.sleep(wait)

    def _once(self, parameters: dict[str, Any]) -> dict[str, Any]:
        from newsapi.newsapi_exception import NewsAPIException
        from requests import RequestException

        client = self._opened()
        if self.budget:
            try:
                self.budget.take()
            except BudgetSpent as spent:
                raise Unanswered(BUDGET_SPENT, str(spent), for_all=True) from None
        try:
            answer = client.get_everything(**parameters)
        except NewsAPIException as error:
            raise self._refused(error.exception) from None
        except (RequestException, ValueError, RecursionError) as error:
            # The name alone: a message of requests can carry the address with its parameters.
            raise Unanswered(FAILED, f"The service did not answer ({type(error).__name__}).", for_all=True, heals=True) from None
        if isinstance(answer, dict) and isinstance(answer.get("articles"), list):
            answer["articles"] = without_deep(answer["articles"])
        # It answers 200 with an error inside, or with `{}`: both seen on real days.
        if not isinstance(answer, dict) or answer.get("status") != "ok" or not isinstance(answer.get("articles"), list) or is_too_deep(answer):
            raise self._refused(answer)
        return answer

    def _opened(self) -> Any:
        if self._client is None:
            from newsapi import NewsApiClient

            session = news_session(self.base_url, **({"timeout": self.timeout} if self.timeout else {}))
            self._client = NewsApiClient(api_key=api_key(), session=session)
        return self._client

    def _refused(self, answer: Any) -> Unanswered:
        """What an answer without articles means. Raises NewsError when it is about the key."""
        answer = answer if isinstance(answer, dict) and not is_too_deep(answer) else {}
        code, said = answer.get("code"), _said(answer.get("message"))
        if not code or not isinstance(code, str):
            return Unanswered(FAILED, "The service answered with neither articles nor an error.", heals=True)
        if code in BAD_KEY:
            raise NewsError(f"NewsAPI refuses the key ({code}). Set {KEY} to a valid one.")
        where = f"The service refused ({_said(code)}): {said}"
        if code in LIMITS:
            tomorrow = self.now().astimezone(UTC).date() + timedelta(days=1)
            return Unanswered(RATE_LIMITED, f"{where} It is asked again from {tomorrow} (UTC) on.", for_all=True)
        if code == TOO_MANY_RESULTS or (code == "parameterInvalid" and OUT_OF_PLAN.search(said)):
            return Unanswered(UNAVAILABLE, where)
        return Unanswered(FAILED, where, heals=code in HEALS)


def _said(value: Any) -> str:
    """What the service said, in one line without secrets, with a full stop."""
    return redact(" ".join(str(value or "no reason given").split()))[:LONGEST_REASON].rstrip(".") + "."
