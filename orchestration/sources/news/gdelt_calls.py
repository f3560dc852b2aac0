"""The one place that makes requests of GDELT's DOC 2.0 API: no key, one request every few seconds, and errors that come as text with 200."""

import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests

from orchestration.sources.news.base import FAILED, RATE_LIMITED, UNAVAILABLE, Unanswered
from orchestration.sources.news.transport import checked_gdelt_address
from orchestration.sources.values import without_deep
from orchestration.sources.x.retry import RetryPolicy
from orchestration.sources.x.transport import CONNECT_SECONDS, READ_SECONDS, is_loopback
from orchestration.windows import Window

log = logging.getLogger("pulse.news")

ADDRESS = "https://api.gdeltproject.org"
PATH = "/api/v2/doc/doc"
MOST_RECORDS = 250
# It asks for one request every 5 s; others measured that exactly 5.0 s still draw refusals, since the clock that counts is not ours.
SECONDS_APART = 6.5
# After a refusal it goes on refusing for a while, and answers none the sooner for being asked.
WAITS_AT_A_LIMIT = (20.0, 60.0)
# Without a name requests are refused sooner: alex9smith/gdelt-doc-api#22.
NAME = "campaign-pulse/0.1"
LIMIT = re.compile(r"limit (your )?requests|one every \d+ seconds|rate limit|too many requests", re.IGNORECASE)
OUT_OF_REACH = re.compile(r"invalid query (start|end) date|timespan is too", re.IGNORECASE)
# Said of queries that it takes a minute later, too: it sheds load in these words.
BUSY = re.compile(r"query was too short or too long", re.IGNORECASE)
ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|["\\/bfnrt])|\\')
LONGEST_REASON = 200


@dataclass
class GdeltCalls:
    """Not for several threads at once. `sleep` and `clock` (seconds) are given by tests."""

    base_url: str = ADDRESS
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    retry: RetryPolicy = field(default_factory=lambda: RetryPolicy(tries=3, first_wait=10.0, longest_wait=30.0))
    timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)
    _session: Any = None
    _last: float | None = None

    def articles(self, query: str, window: Window) -> list[Any]:
        """Records of the window, at most 250, most relevant first. Raises Unanswered; NewsError for the address."""
        parameters = {
            "query": query,
            "mode": "artlist",
            "format": "json",
            "startdatetime": f"{window.start:%Y%m%d%H%M%S}",
            "enddatetime": f"{window.end - timedelta(seconds=1):%Y%m%d%H%M%S}",
            "maxrecords": MOST_RECORDS,
            "sort": "hybridrel",
        }
        tried = limited = 0
        was_empty = False
        while True:
            try:
                answer = self._once(parameters)
            except Unanswered as error:
                tried += 1
                limited += error.status == RATE_LIMITED
                if not error.heals:
                    raise
                if tried >= self.retry.tries:
                    raise Unanswered(error.status, f"{error.reason} Tried {tried} times; the next run asks again.", for_all=error.for_all) from None
                wait = WAITS_AT_A_LIMIT[min(limited, len(WAITS_AT_A_LIMIT)) - 1] if error.status == RATE_LIMITED else self.retry.wait_before(tried)
                log.warning("%s Next try in %.1f s.", error.reason, wait)
                self.sleep(wait)
                continue
            # `{}` is how it says that there is nothing, and now and then how it says nothing: the second one is believed.
            if answer or was_empty:
                records = answer.get("articles") or []
                return without_deep(records) if isinstance(records, list) else []
            was_empty = True

    def _once(self, parameters: dict[str, Any]) -> dict[str, Any]:
        session = self._opened()
        if self._last is not None and (wait := SECONDS_APART - (self.clock() - self._last)) > 0:
            self.sleep(wait)
        try:
            response = session.get(f"{checked_gdelt_address(self.base_url)}{PATH}", params=parameters, timeout=self.timeout, allow_redirects=False)
            text = response.content.decode("utf-8", "replace").strip()
        except requests.RequestException as error:
            raise Unanswered(FAILED, f"GDELT did not answer ({type(error).__name__}).", for_all=True, heals=True) from None
        finally:
            self._last = self.clock()
        if response.status_code == 429 or (not text.startswith("{") and LIMIT.search(text[:1_000])):
            raise Unanswered(RATE_LIMITED, "GDELT takes one request every few seconds from an address, and refused this one.", for_all=True, heals=True)
        if response.status_code != 200:
            raise Unanswered(FAILED, f"GDELT answered with status {response.status_code}.", for_all=True, heals=response.status_code >= 500)
        return read(text)

    def _opened(self) -> requests.Session:
        if self._session is None:
            checked_gdelt_address(self.base_url)
            self._session = requests.Session()
            self._session.trust_env = not is_loopback(self.base_url)
            self._session.headers["User-Agent"] = NAME
        return self._session


def read(text: str) -> dict[str, Any]:
    """The answer as JSON, with the escapes mended that JSON does not know (`\\'`, `\\x`). Raises Unanswered for a line of text in its place."""
    if text.startswith("{"):
        # Control characters stand in titles, too; with `strict` each would cost the whole answer.
        for candidate in (text, ESCAPE.sub(lambda found: found[0] if found[1] else "\\\\", text)):
            try:
                answer = json.loads(candidate, strict=False)
            except (ValueError, RecursionError):
                continue
            if isinstance(answer, dict):
                return answer
        raise Unanswered(FAILED, "GDELT answered with JSON that is broken or cut.", heals=True)
    said = " ".join(re.sub(r"<[^>]*>", " ", text).split())[:LONGEST_REASON].rstrip(".")
    where = f"GDELT refused: {said}." if said else "GDELT answered with nothing."
    if OUT_OF_REACH.search(said):
        raise Unanswered(UNAVAILABLE, where)
    raise Unanswered(FAILED, where, heals=not said or bool(BUSY.search(said)))


def seen_at(text: Any) -> datetime | None:
    """`20260305T171500Z` -> that time in UTC; None for anything else."""
    try:
        return datetime.strptime(f"{text}+0000", "%Y%m%dT%H%M%SZ%z")
    except ValueError:
        return None
