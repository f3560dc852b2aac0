"""The outbox in the warehouse: rows before anything is sent, and the notable events they are decided on."""

import fcntl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from orchestration.alerts.deciding import SUPPRESSED, Alert
from orchestration.alerts.events import Event, peak_event
from orchestration.alerts.sending import Delivery
from orchestration.alerts.words import Message
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import TableMissing
from orchestration.warehouse.statements import ever
from orchestration.warehouse.tables import ALERTS

PEAKS = "marts.peaks"
LOCK = "alerts.lock"
# Written by no run of Dagster: a round belongs to a tick of a sensor, or to a command.
WRITER = "alerts"
OF_EVENT = ("campaign_id", "hashtag", "series", "grain", "start_at", "end_at", "top_at", "value", "expected", "times_expected", "score", "coverage")


def notable_events(warehouse: Warehouse, since: datetime) -> list[Event] | None:
    """Notable events that end at `since` or later; None while there is no table of them."""
    try:
        rows = warehouse.query(
            f"select {', '.join(OF_EVENT)} from {warehouse.qualified(PEAKS)} where end_at >= @since",
            since=since,
        )
    except TableMissing:
        return None
    return [peak_event(row) for row in rows]


def rows_of(warehouse: Warehouse, since: datetime | None = None) -> list[dict[str, Any]]:
    """Rows of the outbox, the newest decision first: those still pending, and all whose event ends at `since` or later; without it all."""
    recent = "and (state = 'pending' or end_at >= @since)" if since else ""
    names = ", ".join(column.name for column in ALERTS.columns)
    sql = f"""
        select {names} from {warehouse.qualified(ALERTS)}
        where {ever("decided_at", "TIMESTAMP")} {recent} order by decided_at desc, alert_id, channel
    """
    return warehouse.query(sql, **({"since": since} if since else {}))


def known_alerts(rows: Iterable[Mapping[str, Any]]) -> list[Alert]:
    """One for each alert, whatever its channels: suppressed only when it is so for all of them."""
    known: dict[str, Alert] = {}
    for row in rows:
        event = Event(row["kind"], **{name: row[name] for name in OF_EVENT})
        before = known.get(row["alert_id"])
        state = row["state"] if before is None or before.state == SUPPRESSED else before.state
        known[row["alert_id"]] = Alert(row["alert_id"], event, state, row["reason"])
    return list(known.values())


def deliveries(rows: Iterable[Mapping[str, Any]]) -> list[Delivery]:
    names = ("channel", "state", "decided_at", "reason", "attempts", "next_try_at", "sent_at")
    return [Delivery(Message(row["alert_id"], row["subject"], row["sentence"], row["link"]), **{name: row[name] for name in names}) for row in rows]


def new_row(alert: Alert, message: Message, channel: str, now: datetime, next_try_at: datetime | None) -> dict[str, Any]:
    return {
        "alert_id": alert.alert_id,
        "channel": channel,
        "kind": alert.event.kind,
        **{name: getattr(alert.event, name) for name in OF_EVENT},
        "subject": message.subject,
        "sentence": message.text,
        "link": message.link,
        "state": alert.state,
        "reason": alert.reason,
        "attempts": 0,
        "decided_at": now,
        "next_try_at": None if alert.state == SUPPRESSED else next_try_at,
        "sent_at": None,
    }


def tried_row(row: Mapping[str, Any], delivery: Delivery) -> dict[str, Any]:
    """The row after a try."""
    names = ("state", "reason", "attempts", "next_try_at", "sent_at")
    return {**row, **{name: getattr(delivery, name) for name in names}}


def write(warehouse: Warehouse, rows: Sequence[Mapping[str, Any]]) -> None:
    warehouse.add(ALERTS, rows, run_id=WRITER)


def oldest_known(now: datetime, oldest: timedelta, cool_down: timedelta) -> datetime:
    """From when on known alerts can matter to events that are not too old."""
    return now - oldest - cool_down - timedelta(days=1)


@contextmanager
def only_one(settings: Settings) -> Iterator[bool]:
    """True for whoever comes first in a home: two rounds at a time would send an alert twice. The system frees it when the process ends."""
    settings.root.mkdir(parents=True, exist_ok=True)
    with (settings.root / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
