"""Nobody gets past here without a session: every HTTP path and the websocket, also those that Streamlit adds in its next version.

Pure ASGI, because a middleware of requests never sees a websocket, and the websocket is where the figures go.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.headers import security_headers
from app.auth.visitors import Visitor

log = logging.getLogger("pulse.gate")

# `__Host-`: the browser takes it from no other host, over no plain connection (localhost aside), and sends it to all paths of this one.
COOKIE = "__Host-pulse_session"
SID_HEADER = b"x-pulse-sid"
OURS = (b"x-pulse-", b"x_pulse_")
# A whole path, or a prefix that ends in a slash: a bare "/login" as prefix would open "/loginx".
PUBLIC_PATHS = frozenset({"/login", "/logout", "/healthz", "/favicon.ico", "/_stcore/health", "/api"})
# /api asks for a token of its own and never looks at the cookie. /static/ is Streamlit's bundle, the same for everybody.
PUBLIC_PREFIXES = ("/api/", "/static/", "/invite/")

POLL_SECONDS = 1.0
# Between the end of a session and the end of its websocket: the page is told to leave first. A closed socket alone leaves the figures on the
# screen behind Streamlit's "Connection error".
GRACE_SECONDS = 4.0
CLOSED_BY_US = 4401
# Looking a session up is a read of a local file, or a question to Postgres: never on the event loop, and never behind the threads of others.
LOOKUPS_AT_ONCE = 8


def is_public(path: str) -> bool:
    """Whether a path answers without a session."""
    if ".." in path or "//" in path or "\\" in path:
        return False
    return path in PUBLIC_PATHS or path.startswith(PUBLIC_PREFIXES)


class Gate:
    """`find` answers the session id and visitor of a cookie's token; `leave` is a message that makes the page ask again who looks at it.

    `framed` is the one origin that pages may frame.
    """

    def __init__(
        self,
        app: ASGIApp,
        find: Callable[[str], tuple[str, Visitor] | None],
        leave: bytes | None = None,
        also_public: frozenset[str] = frozenset(),
        poll_seconds: float = POLL_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
        framed: str | None = None,
    ) -> None:
        self._app, self._find, self._leave, self._also_public, self._framed = app, find, leave, also_public, framed
        self._poll, self._grace = poll_seconds, grace_seconds
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        # What a client says of itself under our names is dropped on every path.
        scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if not name.lower().startswith(OURS)]}
        send = _with_headers(scope, send, self._framed)
        if scope["type"] == "http" and (is_public(scope["path"]) or scope["path"] in self._also_public):
            await self._app(scope, receive, send)
            return
        token = cookie_of(scope, COOKIE)
        found = await self._look_up(token)
        if found is None:
            await _deny(scope, receive, send)
            return
        scope["headers"].append((SID_HEADER, found[0].encode()))
        if scope["type"] == "http":
            await self._app(scope, receive, send)
            return
        watched = _Watched(receive, send, lambda: self._look_up(token), self._leave, self._poll, self._grace)
        try:
            await self._app(scope, watched, send)
        finally:
            watched.stop()

    async def _look_up(self, token: str | None) -> tuple[str, Visitor] | None:
        if not token:
            return None
        if self._limiter is None:
            self._limiter = CapacityLimiter(LOOKUPS_AT_ONCE)
        return await anyio.to_thread.run_sync(self._find, token, limiter=self._limiter)


class _Watched:
    """A websocket's `receive` that looks every second whether the session still is. A session that ended is told to the page, then hung up."""

    def __init__(
        self, receive: Receive, send: Send, look_up: Callable[[], Awaitable[tuple[str, Visitor] | None]], leave: bytes | None, poll: float, grace: float
    ) -> None:
        self._receive, self._send, self._look_up, self._leave, self._poll, self._grace = receive, send, look_up, leave, poll, grace
        self._next: asyncio.Task[Message] | None = None
        self._looked = time.monotonic()
        self._ended: float | None = None
        self._closed = False

    async def __call__(self) -> Message:
        while True:
            if self._closed:
                return {"type": "websocket.disconnect", "code": CLOSED_BY_US}
            if self._next is None:
                self._next = asyncio.ensure_future(self._receive())
            done, _ = await asyncio.wait({self._next}, timeout=self._poll)
            told = await self._watch()
            if told is not None:
                return told
            if done:
                message, self._next = self._next.result(), None
                # Nothing that comes after the end is obeyed, except that the other side hangs up.
                if self._ended is None or message["type"] != "websocket.receive":
                    return message

    def stop(self) -> None:
        """Leaves no task behind that waits for a message."""
        if self._next is not None:
            self._next.cancel()

    async def _watch(self) -> dict[str, Any] | None:
        at = time.monotonic()
        if self._ended is None and at - self._looked >= self._poll:
            self._looked = at
            if await self._look_up() is None:
                self._ended = at
                log.info("a session with an open page has ended")
                if self._leave is not None:
                    return {"type": "websocket.receive", "bytes": self._leave}
        if self._ended is not None and at - self._ended >= self._grace:
            self._closed = True
            self.stop()
            # The other side may have hung up already.
            with suppress(RuntimeError, OSError):
                await self._send({"type": "websocket.close", "code": CLOSED_BY_US, "reason": "signed out"})
            return {"type": "websocket.disconnect", "code": CLOSED_BY_US}
        return None


def cookie_of(scope: Scope, name: str) -> str | None:
    """The cookie's value. None where it stands twice: a second one was put there by somebody else."""
    values = []
    for key, value in scope["headers"]:
        if key.lower() == b"cookie":
            for part in value.decode("latin-1").split(";"):
                found, _, content = part.strip().partition("=")
                if found == name:
                    values.append(content)
    if len(values) != 1:
        return None
    with suppress(CookieError):
        return SimpleCookie({name: values[0]})[name].value
    return None


def _with_headers(scope: Scope, send: Send, framed: str | None) -> Send:
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"), "")
    secure = scope.get("scheme") in ("https", "wss")

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message.get("headers", [])}
            added = security_headers(scope["path"], host, secure, sent, framed)
            kept = [(name, value) for name, value in message.get("headers", []) if name.decode("latin-1").lower() not in added]
            message = {**message, "headers": kept + [(name.encode(), value.encode()) for name, value in added.items()]}
        await send(message)

    return sending


async def _deny(scope: Scope, receive: Receive, send: Send) -> None:
    """To the login for a person, 401 for a program; a websocket is refused before it is one (the server makes that 403)."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": CLOSED_BY_US})
        return
    accepts = b",".join(value for name, value in scope["headers"] if name.lower() == b"accept")
    if scope["method"] in ("GET", "HEAD") and b"text/html" in accepts:
        wanted = scope["path"] + ("?" + scope["query_string"].decode("latin-1") if scope.get("query_string") else "")
        headers, status, body = [(b"location", f"/login?next={quote(wanted, safe='')}".encode())], 303, b""
    else:
        headers, status, body = [(b"content-type", b"text/plain; charset=utf-8")], 401, b"Sign in first: /login\n"
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
