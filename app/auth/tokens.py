"""Signed tokens (JWT): the one in the cookie and the one of the API, which never stand for each other (RFC 8725, 3.11 and 3.12)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

ISSUER = "campaign-pulse"
# The token's own header never chooses it (RFC 8725, 3.1).
ALGORITHM = "HS256"
REQUIRED = ["iss", "aud", "sub", "exp", "nbf", "iat", "jti"]
JWT = jwt.PyJWT(options={"enforce_minimum_key_length": True})


@dataclass(frozen=True)
class Kind:
    typ: str
    audience: str
    lifetime: timedelta


WEB = Kind("web+jwt", "campaign-pulse/web", timedelta(hours=12))
API = Kind("api+jwt", "campaign-pulse/api", timedelta(minutes=15))


class BadToken(Exception):
    """Not a token of ours, of another kind, or past its time. Which of them is for the log alone."""


def issue(keys: Mapping[str, bytes], kind: Kind, subject: str, now: datetime, jti: str | None = None, **claims: Any) -> str:
    """A token for the account `subject` (an id, never a name or an address). `jti` of a WEB token is the session id."""
    kid, key = next(iter(keys.items()))
    payload = {
        "iss": ISSUER, "aud": kind.audience, "sub": subject, "iat": now, "nbf": now, "exp": now + kind.lifetime,
        "jti": jti or secrets.token_urlsafe(16), **claims,
    }  # fmt: skip
    return JWT.encode(payload, key, algorithm=ALGORITHM, headers={"kid": kid, "typ": kind.typ})


def read(keys: Mapping[str, bytes], kind: Kind, token: str) -> dict[str, Any]:
    """The claims of a valid token of this kind. Raises BadToken."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != kind.typ:
            raise BadToken(f"a token of another kind than {kind.typ}")
        key = keys.get(header.get("kid", ""))
        if key is None:
            raise BadToken("an unknown key")
        claims = JWT.decode(token, key, algorithms=[ALGORITHM], audience=kind.audience, issuer=ISSUER, options={"require": REQUIRED, "strict_aud": True})
    except (jwt.InvalidTokenError, TypeError, UnicodeError) as error:
        raise BadToken(str(error)) from None
    return claims
