"""Figures of the site for Prometheus, at /metrics: behind a token of its own, and absent where none is set."""

import hmac
import os
import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.errors import AuthError

VARIABLE, PATH = "PULSE_METRICS_TOKEN", "/metrics"
SHORTEST = 16
# The first part of a path, of these alone: a path that a stranger makes up must not become a series.
AREAS = frozenset({"api", "login", "logout", "invite", "static", "healthz", "metrics", "_stcore", "media"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class SiteMetrics:
    """Counts requests of one application; nothing of who asked or what for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("pulse_site_requests", "HTTP requests answered, by area of the site and status.", ["area", "status"], registry=self.registry)
        self.seconds = Histogram("pulse_site_request_seconds", "Seconds until an answer was whole.", ["area"], buckets=SECONDS, registry=self.registry)
        self.pages = Gauge("pulse_site_open_pages", "Pages that are open now (websockets).", registry=self.registry)

    def text(self) -> bytes:
        return generate_latest(self.registry)


class Measured:
    """ASGI middleware, the outermost: what the gate refuses is counted too."""

    def __init__(self, app: ASGIApp, metrics: SiteMetrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with self._metrics.pages.track_inprogress():
                await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Of an application that raises before it answers.
        status, began, area = 500, time.perf_counter(), area_of(scope["path"])

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._metrics.requests.labels(area, str(status)).inc()
            self._metrics.seconds.labels(area).observe(time.perf_counter() - began)


def area_of(path: str) -> str:
    first = path.lstrip("/").partition("/")[0]
    return first if first in AREAS else "pages"


def metrics_token() -> str | None:
    """The token that /metrics asks for; None where the environment has none. Raises AuthError for one that can be guessed."""
    token = os.environ.get(VARIABLE, "").strip()
    if token and len(token) < SHORTEST:
        raise AuthError(f"{VARIABLE} has {len(token)} characters, {SHORTEST} are needed. Make one:  openssl rand -hex 32")
    return token or None


def metrics_route(metrics: SiteMetrics, token: str) -> Any:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    wanted = f"Bearer {token}".encode()

    async def answer(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted):
            return Response("Unauthorized\n", 401, headers={"www-authenticate": "Bearer"}, media_type="text/plain")
        return Response(metrics.text(), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4, "cache-control": "no-store"})

    return Route(PATH, answer)
