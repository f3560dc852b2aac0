"""Address and password: one way in, for the form and for /api/token, with one set of counters and one answer to whatever is wrong."""

from datetime import datetime

import sqlalchemy as sa

from app.auth import audit, passwords, throttle, users
from app.auth.errors import AuthError, Refused, Throttled
from app.auth.users import User

WRONG = "The address and the password do not fit together."


def sign_in(engine: sa.Engine, email: str, password: str, now: datetime, address: str, user_agent: str = "", how: str = "login") -> User:
    """The account. Raises Throttled, and Refused for a wrong password, an unknown, closed or invited account alike."""
    try:
        known_as = users.email_of(email)
    except AuthError:
        known_as = ""
    try:
        attempt = throttle.admit(engine, known_as or email, address, now)
    except Throttled as error:
        audit.record(engine, now, how, known_as, outcome="throttled", address=address, user_agent=user_agent, seconds=error.seconds)
        raise
    user = users.by_email(engine, known_as) if known_as else None
    password_hash = user.password_hash if user is not None and user.status == users.ACTIVE else None
    # The same work for every answer: an account that is not there takes as long as a wrong password.
    if not passwords.fits(password, password_hash) or user is None or password_hash is None:
        # What was typed into the address is kept only where it is an account's: people type passwords there.
        audit.record(engine, now, how, user.email if user else "", outcome="refused", address=address, user_agent=user_agent)
        raise Refused(WRONG)
    throttle.succeeded(engine, attempt)
    if passwords.needs_rehash(password_hash):
        users.rehash(engine, user, passwords.hashed(password))
    return user


def by_company(engine: sa.Engine, email: str, now: datetime, address: str, user_agent: str = "") -> User:
    """The account of an address that an identity provider has verified. Raises Refused where there is none, or it is closed."""
    user = users.by_email(engine, users.email_of(email))
    if user is None or user.status == users.DISABLED:
        audit.record(engine, now, "login", email, outcome="refused", address=address, user_agent=user_agent, by="company account")
        raise Refused("Your company account is known, but has no open account here. Ask an admin of Campaign Pulse to invite you.")
    if user.status == users.INVITED:
        users.activate(engine, user)
    return users.find(engine, user.email)


def change_password(engine: sa.Engine, user: User, old: str, new: str, now: datetime, address: str, user_agent: str = "") -> None:
    """Ends every session of the account. Raises Throttled, Refused, and AuthError for a password that is not taken."""
    sign_in(engine, user.email, old, now, address, user_agent, how="password")
    passwords.check_policy(new, user.email, user.name)
    users.set_password(engine, users.find(engine, user.email), passwords.hashed(new), now)
    audit.record(engine, now, "password", user.email, address=address, user_agent=user_agent)
