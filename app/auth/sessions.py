"""Sessions of browsers: a row each, so that one can be ended at once. The cookie only points there."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from app.auth.store import writing
from app.auth.tables import SESSIONS, USERS
from app.identity import Role

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(minutes=60)
# A page asks twenty questions; the time of the last one is worth one write a minute.
SEEN_EVERY = timedelta(minutes=1)
# Each question of a page and each open tab asks every second; an end of a session is seen this much later at most.
REMEMBERED_SECONDS = 1.0

Value = TypeVar("Value")


@dataclass(frozen=True)
class Session:
    """`id` is the SHA-256 of the session id: it may stand in logs."""

    id: str
    user_id: str
    email: str
    name: str
    role: Role
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str


def start(engine: sa.Engine, user_id: str, now: datetime, address: str = "", user_agent: str = "") -> str:
    """A new session; the answer is its id, which only the cookie's token carries."""
    sid = secrets.token_urlsafe(32)
    row = {
        "id": row_id(sid), "user_id": user_id, "created_at": now, "last_seen_at": now, "expires_at": now + ABSOLUTE, "address": address[:64],
        "user_agent": user_agent[:200],
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(SESSIONS.delete().where(SESSIONS.c.expires_at < now - timedelta(days=30)))
        connection.execute(SESSIONS.insert().values(row))
    return sid


def live(engine: sa.Engine, sid: str, now: datetime) -> Session | None:
    """The session, unless it was ended, is too old, was idle too long, or its account is closed."""
    with engine.connect() as connection:
        row = connection.execute(_live(now).where(SESSIONS.c.id == row_id(sid))).mappings().first()
    return None if row is None else _session(row)


def of_user(engine: sa.Engine, user_id: str, now: datetime) -> list[Session]:
    with engine.connect() as connection:
        rows = connection.execute(_live(now).where(SESSIONS.c.user_id == user_id).order_by(SESSIONS.c.created_at)).mappings()
        return [_session(row) for row in rows]


def seen(engine: sa.Engine, session: Session, now: datetime) -> None:
    """Somebody was at work in it. Writes at most once a minute."""
    if now - session.last_seen_at < SEEN_EVERY:
        return
    with writing(engine) as connection:
        connection.execute(SESSIONS.update().where(SESSIONS.c.id == session.id, SESSIONS.c.last_seen_at < now).values(last_seen_at=now))


def end(engine: sa.Engine, session_id: str, now: datetime) -> bool:
    """Ends the session with this row's id; the answer is whether it was alive."""
    with writing(engine) as connection:
        ended = connection.execute(SESSIONS.update().where(SESSIONS.c.id == session_id, SESSIONS.c.revoked_at.is_(None)).values(revoked_at=now))
    forget()
    return ended.rowcount > 0


def revoke_all(connection: sa.Connection, user_id: str, now: datetime) -> int:
    """Within a transaction that changes the account; how many were alive."""
    alive = (SESSIONS.c.user_id == user_id) & SESSIONS.c.revoked_at.is_(None) & (SESSIONS.c.expires_at > now)
    ended = connection.execute(SESSIONS.update().where(alive).values(revoked_at=now)).rowcount
    forget()
    return ended


def row_id(sid: str) -> str:
    return hashlib.sha256(sid.encode("utf-8", "surrogatepass")).hexdigest()


def _live(now: datetime) -> "sa.Select[*tuple[Any, ...]]":
    columns = [SESSIONS.c[name] for name in ("id", "user_id", "created_at", "last_seen_at", "expires_at", "address", "user_agent")]
    return (
        sa.select(*columns, USERS.c.email, USERS.c.name, USERS.c.role)
        .join(USERS, USERS.c.id == SESSIONS.c.user_id)
        .where(SESSIONS.c.revoked_at.is_(None), SESSIONS.c.expires_at > now, SESSIONS.c.last_seen_at > now - IDLE, USERS.c.status == "active")
    )


def _session(row: sa.RowMapping) -> Session:
    return Session(**{**row, "role": Role[row["role"].upper()]})


class Remembered(Generic[Value]):
    """Answers kept for a second, by key; `forget` drops all of them, in this process."""

    def __init__(self, ask: Callable[[str], Value], seconds: float = REMEMBERED_SECONDS) -> None:
        self._ask, self._seconds = ask, seconds
        self._answers: dict[str, tuple[float, Value]] = {}
        self._lock = threading.Lock()

    def __call__(self, key: str) -> Value:
        at = time.monotonic()
        kept = self._answers.get(key)
        if kept is not None and at - kept[0] < self._seconds:
            return kept[1]
        answer = self._ask(key)
        with self._lock:
            if len(self._answers) > 1_000:
                self._answers = {each: kept for each, kept in self._answers.items() if at - kept[0] < self._seconds}
            self._answers[key] = (at, answer)
        return answer

    def forget(self) -> None:
        with self._lock:
            self._answers.clear()


_MEMORIES: list[Remembered[Any]] = []


def remember(ask: Callable[[str], Value]) -> Remembered[Value]:
    """A memory that every change of a session or account in this process clears."""
    _MEMORIES.append(Remembered(ask))
    return _MEMORIES[-1]


def forget() -> None:
    for memory in _MEMORIES:
        memory.forget()
