"""Guessing made slow: failures counted for each account and each address, in the database, so that a restart forgets nothing.

After some free failures the next attempt must wait 2 s, 4 s, 8 s ... up to 15 minutes after the last failure. Nothing is ever locked for good.
The login form, /api/token and the change of a password share the counters.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.auth.errors import Throttled
from app.auth.store import writing
from app.auth.tables import LOGIN_ATTEMPTS

WINDOW = timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=15)
FREE_BY_ACCOUNT = 5
# An office has one address for all its people.
FREE_BY_ADDRESS = 20
KEPT = timedelta(days=1)


def wait(failures: Sequence[datetime], free: int, now: datetime) -> timedelta:
    """How long the next attempt must wait, given the failures of the window in order of time."""
    beyond = len(failures) - free
    if beyond < 0:
        return timedelta(0)
    # Past 2^10 s the cap holds anyway, and the exponent must not run away.
    delay = min(timedelta(seconds=2 ** min(beyond + 1, 10)), LONGEST_WAIT)
    return max(failures[-1] + delay - now, timedelta(0))


def admit(engine: sa.Engine, account: str, address: str, now: datetime) -> int:
    """Counts the attempt as a failure before anything is verified, and returns its number for `succeeded`. Raises Throttled.

    Looking and counting are one transaction: a hundred attempts at once are a hundred, not one.
    An attempt that is sent away is not counted, so that asking on does not lengthen the wait.
    """
    account, address = account_key(account), address_key(address)
    with writing(engine) as connection:
        connection.execute(LOGIN_ATTEMPTS.delete().where(LOGIN_ATTEMPTS.c.at < now - KEPT))
        last_success = connection.scalar(
            sa.select(sa.func.max(LOGIN_ATTEMPTS.c.id)).where(LOGIN_ATTEMPTS.c.account == account, LOGIN_ATTEMPTS.c.outcome == "ok")
        )
        of_account = _failures(connection, LOGIN_ATTEMPTS.c.account == account, now, last_success or 0)
        # A success does not clear the address: who has an account could clear it between two guesses at others.
        of_address = _failures(connection, LOGIN_ATTEMPTS.c.address == address, now)
        delay = max(wait(of_account, FREE_BY_ACCOUNT, now), wait(of_address, FREE_BY_ADDRESS, now))
        if delay:
            raise Throttled(max(1, -(-delay // timedelta(seconds=1))))
        added = connection.execute(LOGIN_ATTEMPTS.insert().values(at=now, account=account, address=address, outcome="failed"))
        key = added.inserted_primary_key
        assert key is not None, "one row was inserted"
        return key[0]


def succeeded(engine: sa.Engine, attempt: int) -> None:
    """The attempt was no failure, and the account's earlier ones are forgotten."""
    with writing(engine) as connection:
        connection.execute(LOGIN_ATTEMPTS.update().where(LOGIN_ATTEMPTS.c.id == attempt).values(outcome="ok"))


def account_key(account: str) -> str:
    return hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()


def address_key(address: str) -> str:
    """An IPv6 network of 64 bits is one address: its owner has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)


def _failures(connection: sa.Connection, of: sa.ColumnElement[bool], now: datetime, after: int = 0) -> list[datetime]:
    of_window = sa.select(LOGIN_ATTEMPTS.c.at).where(
        of, LOGIN_ATTEMPTS.c.outcome == "failed", LOGIN_ATTEMPTS.c.at > now - WINDOW, LOGIN_ATTEMPTS.c.id > after
    )
    return list(connection.scalars(of_window.order_by(LOGIN_ATTEMPTS.c.at)))
