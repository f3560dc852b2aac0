"""Who is asking, whether the API is for them, how often they may ask and how much they may send."""

import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.identity import Identity, NotAllowed, Role


class NotAuthenticated(Exception):
    """Nobody whom we know. The message says how to become somebody; never whether an account exists."""

    def __init__(self, message: str = "Send a token:  Authorization: Bearer TOKEN. POST /api/token gives one.") -> None:
        super().__init__(message)


class Authenticate(Protocol):
    """Given by whoever mounts the API. Called in a worker thread for every request, so it may ask a database."""

    def __call__(self, request: Request, /) -> Identity:
        """Of the `Authorization: Bearer` header alone, never of a cookie. Raises NotAuthenticated (401), NotAllowed (403)."""


@dataclass
class Buckets:
    """A token bucket for each caller, in this process: `rate` requests a second for long, `burst` at once. Thread-safe.

    With several processes each has its own buckets, so a caller may ask that many times as often.
    """

    rate: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    # Beyond so many callers those whose bucket is full again are forgotten.
    _most: int = 10_000

    def wait(self, caller: str) -> float:
        """0 when the caller may go on, else the seconds until it may."""
        with self._lock:
            now = self.clock()
            left, since = self._left.get(caller, (float(self.burst), now))
            left = min(float(self.burst), left + (now - since) * self.rate)
            if left < 1:
                self._left[caller] = (left, now)
                return (1 - left) / self.rate
            if len(self._left) >= self._most:
                self._forget(now)
            self._left[caller] = (left - 1, now)
            return 0.0

    def _forget(self, now: float) -> None:
        self._left = {each: (left, since) for each, (left, since) in self._left.items() if left + (now - since) * self.rate < self.burst}


def admitted(authenticate: Authenticate, buckets: Buckets) -> Callable[[Request], Identity]:
    """A dependency of every address: the caller, who may use the API and has not asked too often."""
    from app.api.problems import busy

    def caller(request: Request) -> Identity:
        identity = authenticate(request)
        if not identity.is_at_least(Role.ANALYST):
            raise NotAllowed("The API is for analysts and admins. Ask an admin for the role.")
        if seconds := buckets.wait(identity.user_id):
            raise busy(f"More than {buckets.rate:g} requests a second, {buckets.burst} at once. Retry-After says when to ask again.", seconds)
        return identity

    return caller


def known_before_read(caller: Callable[[Request], Identity]) -> type[APIRoute]:
    """A class of routes that ask who calls before a body is read: FastAPI reads it before its dependencies, and told strangers what is wrong with it."""

    class Known(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def known(request: Request) -> Response:
                await run_in_threadpool(caller, request)
                return await answer(request)

            return known

    return Known


class Bounded:
    """Refuses a body of more than `most` bytes, by its stated length or as soon as that many have come.

    As an HTTPException while the body is read, so that the answer is a problem as all others: Starlette's own limit answers in plain text.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        stated = dict(scope["headers"]).get(b"content-length", b"")
        came = int(stated) if stated.isdigit() and len(stated) < 20 else 0

        async def counted() -> Message:
            nonlocal came
            if came > self.most:
                raise HTTPException(413)
            message = await receive()
            if not stated:
                came += len(message.get("body", b""))
            if came > self.most:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
