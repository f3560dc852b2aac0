"""From what a request carries to who sent it. Asked for every request, every run of a page and, each second, for every open tab."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import sqlalchemy as sa

from app.auth import sessions, store, tokens, users
from app.auth.keys import signing_keys
from app.auth.sessions import Remembered, Session
from app.auth.tokens import API, WEB, BadToken
from app.identity import Identity


@dataclass(frozen=True)
class Visitor:
    session: Session
    identity: Identity


def of_session(sid: str) -> Visitor | None:
    """None for a session that is not there, was ended, or is too old. Looking is no activity."""
    return _remembered(store.opened())(sid)


def of_cookie(token: str) -> tuple[str, Visitor] | None:
    """The session id and its visitor, of the token in the cookie."""
    try:
        claims = tokens.read(signing_keys(), WEB, token)
    except BadToken:
        return None
    visitor = of_session(claims["jti"])
    return (claims["jti"], visitor) if visitor is not None and visitor.identity.user_id == claims["sub"] else None


def of_bearer(token: str) -> Identity:
    """Who holds this token of the API. Raises BadToken: also for an account that was closed, changed or demoted since."""
    claims = tokens.read(signing_keys(), API, token)
    engine = store.opened()
    user = users.by_id(engine, claims["sub"])
    if user is None or user.status != users.ACTIVE or claims.get("gen") != user.token_generation:
        raise BadToken("the account has changed since")
    return users.identity(engine, user)


def of_authorization(header: str | None) -> Identity:
    """Of an `Authorization` header. Raises BadToken, whose message is for the log."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise BadToken("no bearer token")
    return of_bearer(token.strip())


@lru_cache(maxsize=8)
def _remembered(engine: sa.Engine) -> Remembered[Visitor | None]:
    def ask(sid: str) -> Visitor | None:
        session = sessions.live(engine, sid, datetime.now(UTC))
        if session is None:
            return None
        campaigns = users.seen_campaigns(engine, session.user_id, session.role)
        return Visitor(session, Identity(session.user_id, session.name, session.role, campaigns, session.id))

    return sessions.remember(ask)
