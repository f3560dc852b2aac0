"""Tokens and cookies of strangers: the reader of tokens, and the gate before every page."""

import asyncio
import base64
import json
import random
import secrets
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from app.auth import tokens
from app.auth.gate import COOKIE, Gate
from app.auth.tokens import API, WEB, BadToken
from app.identity import Identity, Role
from bench.fuzz import mutation
from bench.fuzz.engines import Broken, Made
from bench.fuzz.findings import Rows, Wrong
from bench.fuzz.mutation import DEPTHS, STRINGS, VALUES

# Of this process alone: a corpus of an earlier one holds tokens that were good then.
KEYS_OF_OURS = {"new": secrets.token_bytes(32), "old": secrets.token_bytes(40)}
NOW = datetime.now(UTC)
ISSUED = {kind: tokens.issue(KEYS_OF_OURS, kind, "somebody", NOW, jti="j") for kind in (WEB, API)}
CLAIMS = {kind: tokens.read(KEYS_OF_OURS, kind, token) for kind, token in ISSUED.items()}


def token_texts() -> Broken:
    """Tokens broken in header, claims or signature. None is taken for one of ours unless it says what ours says."""
    return Broken([token.encode() for token in ISSUED.values()], _broken, _token)


def session_cookies() -> Made:
    """What a browser sends in place of our cookie: it is shown a page only with a token of ours."""
    header = st.dictionaries(st.sampled_from(("alg", "typ", "kid", "crit", "b64", "jwk", "x")), _values(), max_size=5)
    forged = st.tuples(header, st.dictionaries(st.sampled_from((*tokens.REQUIRED, "gen")), _values(), max_size=8), st.binary(max_size=40)).map(_forged)
    good = st.just(ISSUED[WEB])
    value = st.one_of(good, forged, st.just(ISSUED[API]), st.text(max_size=40), st.sampled_from(DEPTHS).map(_deep))
    pairs = st.lists(st.tuples(st.sampled_from((COOKIE, "other", f" {COOKIE}", f'"{COOKIE}"')), value), max_size=3)
    cookies = st.one_of(pairs.map(lambda found: "; ".join(f"{name}={held}" for name, held in found).encode("utf-8", "replace")), st.binary(max_size=60))
    headers = st.lists(st.tuples(st.sampled_from((b"cookie", b"Cookie", b"accept", b"host", b"x-pulse-sid", b"authorization")), cookies), max_size=4)
    path = st.one_of(st.sampled_from(("/", "/login", "/login/", "/api/../x", "//login", "/static/../x", "/healthz\x00", "/\\login")), st.text(max_size=20).map("/".__add__))
    return Made(st.tuples(path, headers, st.binary(max_size=30)), _request)


def _values() -> Any:
    return st.one_of(st.sampled_from(STRINGS), st.sampled_from([value for value in VALUES if value == value]), st.integers(), st.text(max_size=9), st.sampled_from((WEB.typ, "HS256", "none", "new")))


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _forged(parts: tuple[dict[str, Any], dict[str, Any], bytes]) -> str:
    header, claims, signature = parts
    return ".".join((_part({"alg": "HS256", "typ": WEB.typ, "kid": "new"} | header), _part(claims), base64.urlsafe_b64encode(signature).rstrip(b"=").decode()))


def _deep(depth: int) -> str:
    """A header of lists in lists; of ten million characters no server takes one."""
    depth = min(depth, 3_000)
    _, claims, signature = ISSUED[WEB].split(".")
    return ".".join((base64.urlsafe_b64encode(b'{"x":' + b"[" * depth + b"]" * depth + b"}").rstrip(b"=").decode(), claims, signature))


def _broken(given: bytes, rng: random.Random) -> bytes:
    """One part decoded, broken as JSON and written again, or any byte of the whole."""
    parts = given.split(b".")
    if rng.random() < 0.4 or len(parts) < 2:
        return mutation.of_bytes(given, rng)
    at = rng.randrange(len(parts))
    try:
        plain = base64.urlsafe_b64decode(parts[at] + b"=" * (-len(parts[at]) % 4))
    except ValueError:
        return mutation.of_bytes(given, rng)
    parts[at] = base64.urlsafe_b64encode(mutation.of_json(plain, rng)).rstrip(b"=")
    return b".".join(parts)


def _token(given: bytes) -> Rows:
    text = given.decode("utf-8", "surrogateescape")
    for kind in (WEB, API):
        try:
            claims = tokens.read(KEYS_OF_OURS, kind, text)
        except BadToken:
            continue
        if claims != CLAIMS[kind]:
            raise Wrong("a token was taken that we never issued")
    return Rows()


def _find(token: str) -> tuple[str, Any] | None:
    """As `visitors.of_cookie`, without accounts."""
    try:
        claims = tokens.read(KEYS_OF_OURS, WEB, token)
    except BadToken:
        return None
    return claims["jti"], Identity(claims["sub"], "Somebody", Role.VIEWER)


async def _page(scope: Any, receive: Any, send: Any) -> None:
    if [value for name, value in scope["headers"] if name == b"x-pulse-sid"] not in ([b"j"], []):
        raise Wrong("a session id came from outside")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


_RUNNER = asyncio.Runner()
_GATE = Gate(_page, _find)


def _request(given: tuple[str, list[tuple[bytes, bytes]], bytes]) -> Rows:
    path, headers, query = given
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": headers, "scheme": "http"}
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    _RUNNER.run(_GATE(scope, receive, send))
    if sent[0]["status"] not in (200, 303, 401):
        raise Wrong(f"the gate answered {sent[0]['status']}")
    if any(b"\n" in value or b"\r" in value for _, value in sent[0]["headers"]):
        raise Wrong("a header holds a line break")
    return Rows()
