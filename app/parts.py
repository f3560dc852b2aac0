"""Parts that other modules bring, as far as they are there. The seam of the pieces that are built beside the pages."""

import importlib
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Protocol

import pandas as pd

from app import data
from app.frame import View
from app.identity import Identity, Role
from app.queries import Marts

# Who opens the site where nobody asks for a login.
THIS_MACHINE = Identity("local", "This machine", Role.ADMIN)


class Accounts(Protocol):
    """What the page for administrators reads. Times are UTC."""

    def users(self) -> list[dict[str, Any]]:
        """email, name, role, status, created_at, campaigns (ids, None for every one)."""

    def audit(self, most: int) -> list[dict[str, Any]]:
        """at, actor, action, target, outcome, address, details: the newest first."""


def part(name: str) -> ModuleType | None:
    """`app.<name>`, or None where it is not there."""
    try:
        return importlib.import_module(f"app.{name}")
    except ModuleNotFoundError as error:
        if error.name and f"app.{name}".startswith(error.name):
            return None
        raise


def identity() -> Identity:
    """Who asks; nobody without a session sees anything where there is a login."""
    found = part("auth.current")
    return found.signed_in() if found else THIS_MACHINE


def account(visitor: Identity) -> None:
    """Who is signed in, and the ways out."""
    found = part("account")
    if found:
        found.show(visitor)


def trace(view: View, measures: Sequence[str], label: str = "How this number comes about", names: Sequence[str] = ()) -> None:
    """A way to the posts behind a figure; `label` is our own words."""
    found = part("trace_panel")
    if found:
        found.offer(label, list(measures), view.campaign_id, view.hashtag, days=list(view.shown_days["day"]), names=list(names))


def accounts() -> Accounts | None:
    """The store of users, where there is one to read."""
    found = part("auth.accounts")
    return found.accounts() if found else None


def peaks(campaign_id: str, hashtag: str) -> pd.DataFrame:
    """Notable hours and days of marts.peaks; empty where nothing of that kind is built."""
    return data.load("peaks", campaign_id, hashtag) if hasattr(Marts, "peaks") else pd.DataFrame()
