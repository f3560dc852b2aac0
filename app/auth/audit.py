"""Who did what, from where: a row that is never changed, and a line of JSON in the log. Passwords and tokens never come here."""

import json
import logging
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.auth.store import writing
from app.auth.tables import AUDIT

log = logging.getLogger("pulse.audit")


def record(
    engine: sa.Engine,
    now: datetime,
    action: str,
    actor: str,
    target: str = "",
    outcome: str = "ok",
    address: str = "",
    user_agent: str = "",
    **details: Any,
) -> None:
    """`actor` and `target` are account addresses, campaign ids or the SHA-256 of a session id; `details` may be anything JSON holds."""
    row = {
        "at": now, "actor": actor[:254], "action": action, "target": target[:254], "outcome": outcome, "address": address[:64],
        "user_agent": user_agent[:200], "details": json.dumps(details, ensure_ascii=False, sort_keys=True, default=str),
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(AUDIT.insert().values(row))
    # As ASCII: a name with a line break cannot make a second line.
    log.info(json.dumps(row | {"at": now.isoformat(), "details": details}, sort_keys=True, default=str))


def newest(engine: sa.Engine, limit: int = 100) -> list[dict[str, Any]]:
    """at, actor, action, target, outcome, address, user_agent, details (JSON text): the newest first."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)).mappings()]
