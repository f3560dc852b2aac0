"""One connection to X's filtered stream, on tweepy: it ends by itself, says why, and never connects again of its own accord."""

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import tweepy

from orchestration.redaction import redact
from orchestration.sources.x.errors import AuthError, BadQuery, NoRules, QuotaExceeded, XError
from orchestration.sources.x.fields import POST_FIELDS
from orchestration.sources.x.transport import CONNECT_SECONDS, bearer_token, mount
from orchestration.stream.backoff import Ending

log = logging.getLogger("pulse.stream")

# X sends a keep-alive every 20 s; tweepy waits as long.
READ_SECONDS = 21.0
# X sends in chunks and requests hands out each as it comes, so a large size delays nothing: see docs/stream.md for the figures.
CHUNK = 64 * 1024
CAPPED = ("usage-capped", "credits")


class Connection(tweepy.StreamingClient):
    """`listen` blocks until the end; then `ending` and `why` say what it was, `fatal` holds an error that waiting does not heal.

    tweepy's own loop would wait 320 s where nobody can stop it, reconnect at once after a clean close, and try for ever
    with a wrong token: here each connection is one pass of it.
    """

    def __init__(
        self,
        base_url: str,
        *,
        on_open: Callable[[datetime | None], None],
        on_line: Callable[[bytes], None],
        on_quiet: Callable[[], None],
        read_seconds: float = READ_SECONDS,
    ) -> None:
        super().__init__(bearer_token(), return_type=dict, chunk_size=CHUNK, max_retries=0)
        # Its DEBUG lines hold whole headers; the token is masked in them, but they are noise.
        logging.getLogger("tweepy").setLevel(logging.CRITICAL)
        mount(self.session, base_url, (CONNECT_SECONDS, read_seconds))
        self.session.hooks["response"].append(self._answered)
        self._open, self._line, self._quiet, self._read_seconds = on_open, on_line, on_quiet, read_seconds
        self._response: requests.Response | None = None
        self._ended = False
        self.opened = False
        self.ending, self.why = Ending.CLOSED, "X closed the connection"
        self.fatal: XError | None = None

    def listen(self) -> None:
        """Raises nothing: see `ending`, `why` and `fatal`."""
        # Fields are free; expansions are resources of their own, each with its price.
        self.filter(tweet_fields=list(POST_FIELDS))

    def stop(self, why: str = "stopped") -> None:
        """Ends the connection at once, from a signal handler or another thread."""
        self._end(Ending.OURS, why)
        response = self._response
        if response is not None:
            try:
                response.raw.shutdown()
            except (OSError, ValueError, RuntimeError):
                # It has just ended by itself.
                log.debug("the connection was closed already")

    def leave(self, why: str) -> None:
        """Ends after the line at hand, because X has said that it ends."""
        self._end(Ending.CLOSED, why)

    def _answered(self, response: requests.Response, *_: Any, **__: Any) -> None:
        if self.opened:
            # tweepy asks again where a connection ended without being closed; our own loop does that, after its pause.
            self.running = False
            return
        self._response = response

    def _end(self, ending: Ending, why: str, fatal: XError | None = None) -> None:
        """The first end is the cause; what follows it is its echo."""
        self.running = False
        if not self._ended:
            self._ended, self.ending, self.why, self.fatal = True, ending, why, fatal

    def on_connect(self) -> None:
        if self.opened or self._ended:
            self.running = False
            return
        self.opened = True
        self._open(_date_of(self._response))

    def on_data(self, raw_data: bytes) -> None:
        self._line(raw_data)

    def on_keep_alive(self) -> None:
        self._quiet()

    def on_closed(self, response: requests.Response) -> None:
        self._end(Ending.CLOSED, "X closed the connection")

    def on_connection_error(self) -> None:
        error = sys.exc_info()[1]
        silent = isinstance(error, requests.Timeout) or "timed out" in str(error)
        self._end(Ending.NETWORK, f"silent for {self._read_seconds:g} s" if silent else f"the connection was cut ({type(error).__name__})")

    def on_exception(self, exception: Exception) -> None:
        if not self._ended:
            log.error("The stream ended with an error that is not known here", exc_info=exception)
        self._end(Ending.OURS, f"{type(exception).__name__}: {redact(str(exception))[:200]}")

    def on_disconnect(self) -> None:
        pass

    def on_request_error(self, status_code: int) -> None:
        problem = _problem(self._response)
        said = redact(" ".join(str(problem.get("detail") or problem.get("title") or "no reason given").split()))[:300]
        ending, fatal = _refusal(status_code, problem, said)
        self._end(ending, f"X refused the stream ({status_code}): {said}", fatal)


def _refusal(status: int, problem: dict[str, Any], said: str) -> tuple[Ending, XError | None]:
    """What an answer that is no stream means: how to wait, or the error that waiting does not heal."""
    where = f"X refused the stream ({status}): {said.rstrip('.')}."
    kind = str(problem.get("type", "")).rsplit("/", 1)[-1]
    if status == 402 or (status in {403, 429} and (kind in CAPPED or "credit" in said.lower())):
        return Ending.LIMIT, QuotaExceeded(f"{where} Nothing more is read until X bills again: see the usage page of the developer console.")
    if status in {401, 403}:
        return Ending.HTTP, AuthError(f"{where} Check the token in X_BEARER_TOKEN and what its project may use.")
    if status == 409:
        return Ending.HTTP, NoRules(f"{where} X has no rules to stream by. Make them:  pulse stream rules")
    if status in {420, 429}:
        return Ending.LIMIT, None
    if status >= 500:
        return Ending.HTTP, None
    return Ending.HTTP, BadQuery(where)


def _problem(response: requests.Response | None) -> dict[str, Any]:
    try:
        body = response.json() if response is not None else {}
    except (ValueError, requests.RequestException):
        return {}
    return body if isinstance(body, dict) else {}


def _date_of(response: requests.Response | None) -> datetime | None:
    """X's clock, by the answer that opened the stream."""
    try:
        return parsedate_to_datetime(response.headers["date"]).astimezone(UTC) if response is not None else None
    except (KeyError, ValueError, TypeError):
        return None
