"""Accounts as the page for administrators reads them. Nothing is changed from a page: `pulse users` does."""

from typing import Any

from app.auth import audit, store, users
from app.identity import Role


def everybody() -> list[dict[str, Any]]:
    """email, name, role, status, created_at (UTC), campaigns (ids; None for every one), by address."""
    engine = store.opened()
    rows = []
    for user in users.everybody(engine):
        granted = None if user.role is Role.ADMIN else users.grants(engine, user.id)
        every = granted is None or users.EVERY_CAMPAIGN in granted
        rows.append(
            {
                "email": user.email,
                "name": user.name,
                "role": user.role.name.lower(),
                "status": user.status,
                "created_at": user.created_at,
                "campaigns": None if every else granted,
            }
        )
    return rows


def newest(most: int) -> list[dict[str, Any]]:
    """at (UTC), actor, action, target, outcome, address, details (JSON text): the newest first."""
    return audit.newest(store.opened(), most)
