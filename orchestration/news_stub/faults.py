"""What goes wrong, by script: for which request, and how."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.news_stub.gdelt import FAULTS as OF_GDELT

# Kinds that stand in place of the answer: (status, code, message); None for a code means a body that is no error object.
ERRORS: dict[str, tuple[int, str, str]] = {
    "200_error": (200, "unexpectedError", "This should not happen, and if it does then it is our fault."),
    "400_too_old": (400, "parameterInvalid", "You are trying to request results too far in the past. Your plan permits you to request "
                    "articles as far back as {oldest:%Y-%m-%d}, but you have requested {asked}. You may need to upgrade to a paid plan."),
    "401": (401, "apiKeyInvalid", "Your API key is invalid or incorrect. Check your key, or go to https://newsapi.org to create a free API key."),
    "401_disabled": (401, "apiKeyDisabled", "Your API key has been disabled."),
    "401_exhausted": (401, "apiKeyExhausted", "Your API key has no more requests available."),
    "426": (426, "maximumResultsReached", "You have requested too many results. Developer accounts are limited to a max of 100 results. "
            "Please upgrade to a paid plan if you need more results."),
    "429": (429, "rateLimited", "You have made too many requests recently. Developer accounts are limited to 100 requests over a 24 hour "
            "period (50 requests available every 12 hours). Please upgrade to a paid plan if you need more requests."),
    "500": (500, "unexpectedError", "This should not happen, and if it does then it is our fault."),
}  # fmt: skip
BODIES: dict[str, tuple[int, str, str]] = {
    "200_empty": (200, "application/json; charset=utf-8", "{}"),
    "200_error_and_articles": (200, "application/json; charset=utf-8", '{"status":"error","code":"unexpectedError","message":"","articles":[]}'),
    "200_list": (200, "application/json; charset=utf-8", "[]"),
    "200_html": (200, "text/html", "<html><body>Please wait</body></html>"),
    "502_html": (502, "text/html", "<html><head><title>502 Bad Gateway</title></head></html>"),
}
# Kinds that spoil the articles of an answer that is otherwise as it should be, and one that keeps it back.
ARTICLES = ("removed_articles", "null_articles", "null_fields", "articles_outside")
STALL = "stall"
KINDS = (*ERRORS, *BODIES, *ARTICLES, *OF_GDELT, STALL)


@dataclass
class Fault:
    """The requests number `nth` to `nth + times - 1`, counted from 1 when the fault was added; without `nth` every one.

    `seconds` is how long a stalled request stays silent.
    """

    kind: str
    nth: int | None = None
    times: int = 1
    seconds: float = 60.0
    seen: int = 0

    def strikes(self) -> bool:
        """Counts one request."""
        self.seen += 1
        return self.nth is None or self.nth <= self.seen < self.nth + self.times


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, kind: str, nth: int | None = None, times: int = 1, seconds: float = 60.0) -> None:
        """Raises ValueError for an unknown kind."""
        if kind not in KINDS:
            raise ValueError(f"There is no fault {kind!r}. Choose {', '.join(KINDS)}.")
        self._faults.append(Fault(kind, nth, times, seconds))

    def load(self, script: Any) -> None:
        """Adds `[{"kind": "429", "nth": 3, "times": 2}, ...]`. Raises ValueError for anything else."""
        if not isinstance(script, list):
            raise ValueError('A script of faults is a list: [{"kind": "429", "nth": 3, "times": 2}]')
        for fault in script:
            try:
                self.add(**fault)
            except TypeError:
                raise ValueError(f"A fault has kind, nth, times and seconds; this one is {fault!r}") from None

    def load_file(self, path: Path) -> None:
        """Raises ValueError for what is no script, OSError."""
        self.load(json.loads(path.read_text(encoding="utf-8")))

    def clear(self) -> None:
        self._faults.clear()

    def next(self) -> Fault | None:
        """The fault of the request that has come; the one added first, when several would strike."""
        return next(iter([fault for fault in self._faults if fault.strikes()]), None)


def spoiled(articles: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The page with articles as real days have brought them: withdrawn, empty, without their texts, or of another day."""
    if kind == "removed_articles":
        gone = {"source": {"id": None, "name": "[Removed]"}, "author": None, "urlToImage": None, "url": "https://removed.com"}
        gone |= dict.fromkeys(("title", "description", "content"), "[Removed]") | {"publishedAt": "1970-01-01T00:00:00"}
        return [gone, *articles]
    if kind == "null_articles":
        fields = ("author", "title", "description", "url", "urlToImage", "publishedAt", "content")
        return [{"source": {"id": None, "name": None}} | dict.fromkeys(fields), *articles]
    if kind == "articles_outside":
        return [*articles, *(article | {"url": f"{article['url']}?again", "publishedAt": "2020-02-29T00:00:00Z"} for article in articles)]
    return [article | {"author": None, "description": "" if number % 2 else None, "content": None} for number, article in enumerate(articles)]
