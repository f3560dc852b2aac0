"""Links that work once: they let the owner of an account set its password. Only their SHA-256 is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.auth import passwords, users
from app.auth.errors import AuthError
from app.auth.store import writing
from app.auth.tables import INVITES
from app.auth.users import User

LIFETIME = timedelta(hours=48)
NOT_VALID = "This link has been used, is older than 48 hours, or is not complete. Ask the person who sent it for another."


def issue(engine: sa.Engine, user: User, now: datetime, by: str) -> str:
    """A new token of 256 bits; earlier ones of the account end."""
    token = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        connection.execute(INVITES.update().where(INVITES.c.user_id == user.id, INVITES.c.used_at.is_(None)).values(used_at=now))
        connection.execute(INVITES.insert().values(token_hash=_hash(token), user_id=user.id, created_at=now, created_by=by, expires_at=now + LIFETIME))
    return token


def owner(engine: sa.Engine, token: str, now: datetime) -> User:
    """Whose link it is; looking uses nothing up, or a mail scanner would. Raises AuthError for one that does not work."""
    with engine.connect() as connection:
        user_id = connection.scalar(sa.select(INVITES.c.user_id).where(_valid(token, now)))
    user = users.by_id(engine, user_id) if user_id else None
    if user is None or user.status == users.DISABLED:
        raise AuthError(NOT_VALID)
    return user


def use(engine: sa.Engine, token: str, password: str, now: datetime) -> User:
    """Sets the password and uses the link up; of two at once one succeeds. Raises AuthError."""
    user = owner(engine, token, now)
    passwords.check_policy(password, user.email, user.name)
    password_hash = passwords.hashed(password)
    with writing(engine) as connection:
        taken = connection.execute(INVITES.update().where(_valid(token, now)).values(used_at=now)).rowcount
    if not taken:
        raise AuthError(NOT_VALID)
    users.set_password(engine, user, password_hash, now)
    return users.find(engine, user.email)


def _valid(token: str, now: datetime) -> sa.ColumnElement[bool]:
    return (INVITES.c.token_hash == _hash(token)) & INVITES.c.used_at.is_(None) & (INVITES.c.expires_at > now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
