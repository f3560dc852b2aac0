"""The one place that makes requests of X: tweepy's session and authentication, our addresses, limits and retries."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from orchestration.redaction import redact
from orchestration.sources.values import MOST_LEVELS, is_too_deep, without_deep
from orchestration.sources.x.errors import (
    AuthError,
    BadQuery,
    ContractChanged,
    NoRules,
    QuotaExceeded,
    RateLimited,
    Unavailable,
    XError,
)
from orchestration.sources.x.metering import FREE, Meter
from orchestration.sources.x.retry import RetryPolicy, limit_wait
from orchestration.sources.x.transport import bearer_token, mount

log = logging.getLogger("pulse.x")

LONGEST_REASON = 300


@dataclass(frozen=True)
class Answer:
    """`body` as received, and when: the time of X's own clock where it says so."""

    body: dict[str, Any]
    received_at: datetime


@dataclass
class XClient:
    """Not for several threads at once. `sleep` and `clock` (unix seconds) are given by tests."""

    base_url: str
    meter: Meter
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time
    timeout: tuple[float, float] | None = None
    requests: int = 0
    _tweepy: Any = None
    # Path -> (calls left, unix seconds at which they are renewed), as X says in each answer.
    _limits: dict[str, tuple[int, float]] = field(default_factory=dict)
    _refusals: int = 0

    def get(self, path: str, params: Mapping[str, Any], *, kind: str = FREE, most_posts: int = 0) -> Answer:
        """The JSON object at `path`. Raises XError: see `errors.py`; BudgetExceeded before the call is made."""
        return self._call("GET", path, params, None, kind, most_posts)

    def post(self, path: str, body: Mapping[str, Any], params: Mapping[str, Any] | None = None) -> Answer:
        return self._call("POST", path, params or {}, body, FREE, 0)

    def _call(self, method: str, path: str, params: Mapping[str, Any], body: Any, kind: str, most_posts: int) -> Answer:
        failures = self._refusals = 0
        while True:
            self.meter.allow(kind, most_posts)
            self._wait_for_limit(path)
            try:
                answer = self._once(method, path, params, body)
            except RateLimited as error:
                self._refusals += 1
                if self._refusals >= self.retry.limit_tries or error.seconds > self.retry.longest_sleep:
                    raise
                log.warning("X asks to wait %.0f s before %s", error.seconds, path)
                self.sleep(error.seconds)
            except Unavailable as error:
                failures += 1
                if failures >= self.retry.tries:
                    raise Unavailable(f"{error} Tried {failures} times. Run the same command again later: it goes on where it stopped.") from None
                wait = self.retry.wait_before(failures)
                log.warning("%s Next try in %.1f s.", error, wait)
                self.sleep(wait)
            else:
                self.meter.record(kind, posts_in_body(answer.body))
                return answer

    def _once(self, method: str, path: str, params: Mapping[str, Any], body: Any) -> Answer:
        import requests
        import tweepy

        self.requests += 1
        session = self._session()
        try:
            response = session.request(method, path, params={k: v for k, v in params.items() if v is not None}, json=body)
        except tweepy.TooManyRequests as error:
            self._note_limit(path, error.response.headers)
            raise self._refused(error, path) from None
        except tweepy.HTTPException as error:
            raise self._refused(error, path) from None
        except requests.RequestException as error:
            # The name alone: a message of requests can carry the address with its parameters.
            raise Unavailable(f"X did not answer {path} ({type(error).__name__}).") from None
        except UnicodeError:
            # Half a surrogate pair in a page token: no address can hold it.
            raise ContractChanged(f"X gave a page token for {path} that cannot be asked for again: it is no text.") from None
        except (AttributeError, TypeError, KeyError, RecursionError):
            # tweepy takes for granted that the body of an error is an object with a list of objects in it.
            raise Unavailable(f"X answered {path} with an error of an unknown form.") from None
        self._note_limit(path, response.headers)
        return Answer(_object(response, path), _received_at(response))

    def _session(self) -> Any:
        if self._tweepy is None:
            import requests
            import tweepy

            # Never wait_on_rate_limit: without a reset time it calls again at once, 974 times in 46 s before it breaks.
            self._tweepy = tweepy.Client(bearer_token(), return_type=requests.Response, wait_on_rate_limit=False)
            mount(self._tweepy.session, self.base_url, **({"timeout": self.timeout} if self.timeout else {}))
        return self._tweepy

    def _note_limit(self, path: str, headers: Mapping[str, str]) -> None:
        left, reset = headers.get("x-rate-limit-remaining", ""), headers.get("x-rate-limit-reset", "")
        if left.isdecimal() and reset.isdecimal():
            self._limits[path] = int(left), float(reset)

    def _wait_for_limit(self, path: str) -> None:
        left, reset = self._limits.pop(path, (1, 0.0))
        if left > 0 or reset <= self.clock():
            return
        seconds = limit_wait(int(reset), self.clock(), 0)
        if seconds > self.retry.longest_sleep:
            raise RateLimited(f"X allows no more calls of {path} for {seconds:.0f} s.", seconds)
        self.sleep(seconds)

    def _refused(self, error: Any, path: str) -> XError:
        """What an answer that is no success means."""
        status = error.response.status_code
        problem = _problem(error.response)
        said = reason(error, problem)
        where = f"X refused {path} ({status}): {said}"
        if status in {402, 403, 429} and _is_quota(status, problem, said):
            return QuotaExceeded(f"{where} Nothing more is read until X bills again: see the usage page of the developer console.")
        if status == 429:
            seconds = limit_wait(error.reset_time, self.clock(), self._refusals)
            return RateLimited(f"{where} It may be asked again in {seconds:.0f} s.", seconds)
        if status in {401, 403}:
            return AuthError(f"{where} Check the token in X_BEARER_TOKEN and what its project may use.")
        if status == 409:
            return NoRules(where)
        if status in {400, 404, 422}:
            return BadQuery(where)
        if status >= 500:
            return Unavailable(f"X is not well: {path} answered {status}.")
        return ContractChanged(f"{where} This status is not known here.")


def posts_in_body(body: Mapping[str, Any]) -> int:
    """Posts that the answer brought: what is billed. Counts and rules are none."""
    data = body.get("data")
    records = data if isinstance(data, list) else [data] if isinstance(data, dict) else []
    return sum(isinstance(record, dict) and ("text" in record or "edit_history_tweet_ids" in record) for record in records)


def reason(error: Any, problem: Mapping[str, Any]) -> str:
    """What X said, in one line without secrets."""
    said = "; ".join(str(message) for message in error.api_messages) or str(problem.get("detail") or problem.get("title") or "no reason given")
    return redact(" ".join(said.split()))[:LONGEST_REASON].rstrip(".") + "."


def _object(response: Any, path: str) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        raise Unavailable(f"X answered {path} with something that is no JSON.") from None
    if not isinstance(body, dict):
        raise ContractChanged(f"X answered {path} with a JSON {type(body).__name__} where an object was expected.")
    data = body.get("data")
    if isinstance(data, list):
        body["data"] = without_deep(data)
    if is_too_deep(body):
        raise ContractChanged(f"X answered {path} with JSON of more than {MOST_LEVELS} levels.")
    return body


def _received_at(response: Any) -> datetime:
    try:
        return parsedate_to_datetime(response.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return datetime.now(UTC)


def _problem(response: Any) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) and not is_too_deep(body) else {}


def _is_quota(status: int, problem: Mapping[str, Any], said: str) -> bool:
    """The path of `type` decides, never its host: X has moved it before."""
    kind = str(problem.get("type", "")).rsplit("/", 1)[-1]
    return status == 402 or kind == "usage-capped" or "credit" in f"{problem.get('title', '')} {said}".lower()
