"""Bodies that strangers and callers send to the site: texts for the models, credentials, forms, and cursors of posts."""

import asyncio
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount

from app.api.application import make_models_api
from app.api.desk import Models
from app.api.filters import Filters
from app.api.posts import Order, decoded, encoded
from app.api.problems import ApiError
from app.auth import store
from app.auth.forms import CSRF_COOKIE, CSRF_FIELD, FORM, safe_next
from app.auth.routes import Accounts
from app.identity import Identity, Role
from bench.fuzz import mutation
from bench.fuzz.archives import SHM
from bench.fuzz.engines import Broken
from bench.fuzz.findings import Rows, Wrong
from orchestration.settings import Settings

CSRF = "c" * 43
ASKED, BY = Filters("fuzz", "auroratrail"), Order("newest")
CURSOR = encoded({"engagement": 7, "created_at": datetime(2026, 3, 2, 5, tzinfo=UTC), "tweet_id": "1899000000000000001"}, ASKED, BY)
Headers = list[tuple[bytes, bytes]]


class _Quick(Models):
    """In place of the process that loads the models: what is asked of it has passed the doors that this is about."""

    def answer(self, kind: str, texts: Sequence[tuple[str, str | None]]) -> dict[str, Any]:
        json.dumps({"kind": kind, "texts": texts})
        one = {"label": "not_scored", "reason": "empty_text", "p_negative": None, "p_neutral": None, "p_positive": None, "entities": []}
        return {"model_id": "m", "model_revision": "1", "code_version": "1", "results": [one for _ in texts]}


@cache
def _site() -> Starlette:
    home = Path(tempfile.mkdtemp(prefix="fuzz-", dir=SHM if SHM.is_dir() else None))
    os.environ["PULSE_HOME"] = str(home)
    settings = Settings(home=home, api_requests_per_second=1e9, api_burst=10**9)
    api = make_models_api(lambda request: Identity("1", "Fuzz", Role.ANALYST), settings=settings, models=_Quick())
    return Starlette(routes=[*Accounts(store.opened()).routes(), Mount("/api", api)])


_RUNNER = asyncio.Runner()


def _sent(path: str, body: bytes, kind: str, headers: Headers = ()) -> int:
    """The status of the answer. An error that leaves the application is a crash, as is one that it hides behind 500."""
    started: list[int] = []
    half = len(body) // 2
    messages = iter([{"type": "http.request", "body": body[:half], "more_body": True}, {"type": "http.request", "body": body[half:], "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": b"", "root_path": "", "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 80),
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", kind.encode()), (b"content-length", str(len(body)).encode()), *headers],
    }  # fmt: skip
    _RUNNER.run(_site()(scope, receive, send))
    if started[0] >= 500:
        raise Wrong(f"{path} answered {started[0]}")
    return started[0]


def site_bodies() -> Broken:
    """The first byte says where the body goes. The answer is below 500 whatever is sent; a cursor is one of ours or refused."""
    texts = [{"text": "I love the new boots!", "language": "en"}, {"text": ""}]
    credentials = {"username": "ann@example.org", "password": "ferns under slow rain"}
    form = b"email=ann%40example.org&password=ferns+under&next=%2Ftopics%3Fa%3D1"
    bodies = (json.dumps({"texts": texts}).encode(),) * 2 + (json.dumps(credentials).encode(), form.replace(b"email", b"username"), form, b"new=ferns+under+slow+rain", CURSOR.encode(), b"http://127.0.0.1", b"/topics?a=1")
    return Broken([bytes([kind]) + body for kind, body in enumerate(bodies)], mutation.behind_first_byte(mutation.of_json), _body)


def _form(path: str) -> Callable[[bytes], Any]:
    cookie = (b"cookie", f"{CSRF_COOKIE}={CSRF}".encode())
    return lambda body: _sent(path, f"{CSRF_FIELD}={CSRF}&".encode() + body, FORM, [cookie])


def _cursor(given: bytes) -> None:
    try:
        first, at, tweet_id = decoded(given.decode("utf-8", "replace"), ASKED, BY)
    except ApiError as error:
        if error.status != 422:
            raise
        return
    if type(first) is not int or at.tzinfo is None or "\x00" in tweet_id:
        raise Wrong("a cursor was taken whose parts are of other types")


def _origin(given: bytes) -> None:
    _sent("/login", f"{CSRF_FIELD}={CSRF}".encode(), FORM, [(b"cookie", f"{CSRF_COOKIE}={CSRF}".encode()), (b"origin", given.replace(b"\n", b"").replace(b"\r", b""))])


def _next(given: bytes) -> None:
    target = safe_next(given.decode("utf-8", "replace"))
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        raise Wrong("the login would lead to another site")


PLACES: tuple[Callable[[bytes], Any], ...] = (
    lambda body: _sent("/api/v1/sentiment", body, "application/json"),
    lambda body: _sent("/api/v1/entities", body, "application/json"),
    lambda body: _sent("/api/token", body, "application/json"),
    lambda body: _sent("/api/token", body, FORM),
    _form("/login"),
    _form("/invite/none"),
    _cursor,
    _origin,
    _next,
)


def _body(given: bytes) -> Rows:
    PLACES[given[0] % len(PLACES) if given else 0](given[1:])
    return Rows()
