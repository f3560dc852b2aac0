"""Accounts and what they may see. Every change that takes something away ends the account's sessions and tokens in the same transaction."""

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.auth import sessions
from app.auth.errors import AuthError
from app.auth.store import writing
from app.auth.tables import CAMPAIGN_GRANTS, USERS
from app.identity import Identity, Role

INVITED, ACTIVE, DISABLED = "invited", "active", "disabled"
EVERY_CAMPAIGN = "*"
# No check that mail arrives: nothing is ever sent there. It names the account.
EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")


@dataclass(frozen=True)
class User:
    id: str
    email: str
    name: str
    role: Role
    status: str
    password_hash: str | None
    token_generation: int
    created_at: datetime

    def __repr__(self) -> str:
        """Without the hash: this comes into tracebacks and logs."""
        return f"User({self.email!r}, {self.role.name.lower()}, {self.status})"


def email_of(text: str) -> str:
    """The address as it is compared. Raises AuthError for what is none."""
    email = unicodedata.normalize("NFKC", text).strip().casefold()
    if not EMAIL.fullmatch(email) or len(email) > 254 or not email.isprintable():
        raise AuthError(f"{text!r} is no e-mail address. Write it like name@example.org")
    return email


def role_of(text: str) -> Role:
    """Raises AuthError."""
    try:
        return Role[text.upper()]
    except KeyError:
        raise AuthError(f"{text!r} is no role. Choose one of: {', '.join(role.name.lower() for role in Role)}") from None


def create(engine: sa.Engine, email: str, name: str, role: Role, now: datetime, by: str, password_hash: str | None = None) -> User:
    """An account; without a password it is invited. Raises AuthError where the address has one."""
    address = email_of(email)
    row = {
        "id": uuid.uuid4().hex, "email": address, "name": _name(name or email.partition("@")[0]), "role": role.name.lower(),
        "status": ACTIVE if password_hash else INVITED, "password_hash": password_hash, "password_changed_at": now if password_hash else None,
        "token_generation": 0, "created_at": now, "created_by": by,
    }  # fmt: skip
    try:
        with writing(engine) as connection:
            connection.execute(USERS.insert().values(row))
    except sa.exc.IntegrityError:
        raise AuthError(f"{address} has an account. A new link for it:  pulse users reset {address}") from None
    return find(engine, address)


def find(engine: sa.Engine, email: str) -> User:
    """Raises AuthError for an address without an account."""
    found = by_email(engine, email_of(email))
    if found is None:
        raise AuthError(f"{email} has no account. See:  pulse users list")
    return found


def by_email(engine: sa.Engine, email: str) -> User | None:
    return _one(engine, USERS.c.email == email)


def by_id(engine: sa.Engine, user_id: str) -> User | None:
    return _one(engine, USERS.c.id == user_id)


def everybody(engine: sa.Engine) -> list[User]:
    with engine.connect() as connection:
        return [_user(row) for row in connection.execute(sa.select(USERS).order_by(USERS.c.email)).mappings()]


def somebody_can_sign_in(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(sa.select(sa.exists().where(USERS.c.status == ACTIVE))))


def set_password(engine: sa.Engine, user: User, password_hash: str | None, now: datetime) -> None:
    """None takes the password away, until a link brings another. Ends every session and token of the account."""
    status = DISABLED if user.status == DISABLED else ACTIVE if password_hash else INVITED
    _change(engine, user, now, password_hash=password_hash, password_changed_at=now, status=status)


def rehash(engine: sa.Engine, user: User, password_hash: str) -> None:
    """The same password under today's parameters: nothing ends."""
    with writing(engine) as connection:
        # Only in place of the hash that was verified: the password may have been changed since.
        connection.execute(USERS.update().where(USERS.c.id == user.id, USERS.c.password_hash == user.password_hash).values(password_hash=password_hash))


def set_role(engine: sa.Engine, user: User, role: Role, now: datetime) -> None:
    _change(engine, user, now, role=role.name.lower())


def disable(engine: sa.Engine, user: User, now: datetime) -> None:
    _change(engine, user, now, status=DISABLED)


def enable(engine: sa.Engine, user: User, now: datetime) -> None:
    _change(engine, user, now, status=ACTIVE if user.password_hash else INVITED)


def activate(engine: sa.Engine, user: User) -> None:
    """An invited account whose owner came by another way than a password: nothing ends, for nothing had begun."""
    with writing(engine) as connection:
        connection.execute(USERS.update().where(USERS.c.id == user.id, USERS.c.status == INVITED).values(status=ACTIVE))


def end_sessions(engine: sa.Engine, user: User, now: datetime) -> int:
    """Ends every session and token of the account; how many sessions there were."""
    return _change(engine, user, now)


def grants(engine: sa.Engine, user_id: str) -> frozenset[str]:
    with engine.connect() as connection:
        return frozenset(connection.scalars(sa.select(CAMPAIGN_GRANTS.c.campaign_id).where(CAMPAIGN_GRANTS.c.user_id == user_id)))


def grant(engine: sa.Engine, user: User, campaign_id: str, now: datetime, by: str) -> None:
    """`*` is every campaign, those to come too. Twice is once."""
    with writing(engine) as connection:
        connection.execute(CAMPAIGN_GRANTS.delete().where(_grant(user, campaign_id)))
        connection.execute(CAMPAIGN_GRANTS.insert().values(user_id=user.id, campaign_id=campaign_id, granted_at=now, granted_by=by))
    sessions.forget()


def ungrant(engine: sa.Engine, user: User, campaign_id: str) -> bool:
    """Takes the grant away; the answer is whether there was one. Sessions go on: each figure asks anew what may be seen."""
    with writing(engine) as connection:
        taken = connection.execute(CAMPAIGN_GRANTS.delete().where(_grant(user, campaign_id))).rowcount > 0
    sessions.forget()
    return taken


def identity(engine: sa.Engine, user: User) -> Identity:
    """What the API gets to know of who asks."""
    return Identity(user.id, user.name, user.role, seen_campaigns(engine, user.id, user.role))


def seen_campaigns(engine: sa.Engine, user_id: str, role: Role) -> frozenset[str] | None:
    """None is every campaign: an admin's, and a grant of `*`. Others see those granted."""
    granted = None if role is Role.ADMIN else grants(engine, user_id)
    return None if granted is None or EVERY_CAMPAIGN in granted else granted


def _change(engine: sa.Engine, user: User, now: datetime, **values: object) -> int:
    """Raises AuthError where it would leave nobody who may manage accounts."""
    loses_admin = values.get("status", ACTIVE) != ACTIVE or values.get("role", "admin") != "admin"
    with writing(engine) as connection:
        if user.role is Role.ADMIN and user.status == ACTIVE and loses_admin:
            others = sa.select(sa.func.count()).where(USERS.c.role == "admin", USERS.c.status == ACTIVE, USERS.c.id != user.id)
            if not connection.scalar(others):
                raise AuthError(f"{user.email} is the last admin who can sign in. Make another first:  pulse users invite EMAIL --role admin")
        connection.execute(USERS.update().where(USERS.c.id == user.id).values(token_generation=USERS.c.token_generation + 1, **values))
        return sessions.revoke_all(connection, user.id, now)


def _grant(user: User, campaign_id: str) -> sa.ColumnElement[bool]:
    return (CAMPAIGN_GRANTS.c.user_id == user.id) & (CAMPAIGN_GRANTS.c.campaign_id == campaign_id)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 100 or not name.isprintable():
        raise AuthError("A name has 1 to 100 characters that can be shown.")
    return name


def _one(engine: sa.Engine, where: sa.ColumnElement[bool]) -> User | None:
    with engine.connect() as connection:
        row = connection.execute(sa.select(USERS).where(where)).mappings().first()
    return None if row is None else _user(row)


def _user(row: sa.RowMapping) -> User:
    return User(
        row["id"], row["email"], row["name"], Role[row["role"].upper()], row["status"], row["password_hash"], row["token_generation"], row["created_at"]
    )
