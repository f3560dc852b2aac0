"""Delivery of what waits in the outbox: when each is tried, and what an answer means."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from orchestration.alerts.deciding import FAILED, PENDING, SENT
from orchestration.alerts.quiet import QuietHours
from orchestration.alerts.words import Message

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
# A receiver that asks for a longer wait is asked again after a day.
LONGEST_ASKED = timedelta(hours=24)
# Each try is marked by a statement of its own, some seconds on BigQuery, and Dagster ends a tick after a minute.
MOST_IN_A_ROUND = 10


@dataclass(frozen=True)
class Outcome:
    """`heals`: a later try may succeed, after `wait` where the receiver said so. `said` is in one line and without secrets."""

    sent: bool
    said: str
    heals: bool = False
    wait: timedelta | None = None


class Channel(Protocol):
    """`is_for_people`: it waits for the end of quiet hours."""

    @property
    def name(self) -> str: ...

    @property
    def is_for_people(self) -> bool: ...

    def send(self, message: Message) -> Outcome:
        """Says what came of it; what it raises counts as silence."""
        ...


@dataclass(frozen=True)
class Delivery:
    """One alert for one channel: a row of the outbox. `next_try_at` is None when it is not tried any more."""

    message: Message
    channel: str
    state: str
    decided_at: datetime
    reason: str | None = None
    attempts: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        return self.state == PENDING and (self.next_try_at is None or self.next_try_at <= now)


def deliver(
    waiting: Iterable[Delivery], channels: Mapping[str, Channel], quiet: QuietHours, now: datetime, mark: Callable[[Delivery], None]
) -> list[Delivery]:
    """Tries what is due, the oldest first, at most 10, and marks each at once: a crash repeats one message at most, under the same id.

    A channel that does not answer is left alone for the rest of this round: no round takes longer than one silence of each.
    """
    done: list[Delivery] = []
    silent: set[str] = set()
    for delivery in sorted(waiting, key=lambda each: (each.decided_at, each.message.alert_id, each.channel)):
        if not delivery.is_due(now) or delivery.channel in silent:
            continue
        if len(done) >= MOST_IN_A_ROUND:
            break
        channel = channels.get(delivery.channel)
        if channel is not None and channel.is_for_people and quiet.covers(now):
            tried = replace(delivery, next_try_at=quiet.first_allowed(now), reason="Quiet hours.")
        else:
            outcome = _sent(channel, delivery)
            tried = after(delivery, outcome, now)
            if not outcome.sent and outcome.heals:
                silent.add(delivery.channel)
        mark(tried)
        done.append(tried)
    return done


def _sent(channel: Channel | None, delivery: Delivery) -> Outcome:
    if channel is None:
        return Outcome(False, f"{delivery.channel} is not set up any more.", heals=True)
    try:
        return channel.send(delivery.message)
    # The name alone, which holds no secret. A fault in one channel must not keep the others silent.
    except Exception as error:
        return Outcome(False, f"The channel failed ({type(error).__name__}).", heals=True)


def after(delivery: Delivery, outcome: Outcome, now: datetime) -> Delivery:
    """The row after a try: sent, failed for good, or pending with its next try. Waits double from 1 minute to 6 hours, without an end."""
    attempts = delivery.attempts + 1
    if outcome.sent:
        return replace(delivery, state=SENT, attempts=attempts, sent_at=now, next_try_at=None, reason=None)
    if not outcome.heals:
        return replace(delivery, state=FAILED, attempts=attempts, next_try_at=None, reason=outcome.said)
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 20))
    if outcome.wait is not None:
        wait = min(LONGEST_ASKED, max(outcome.wait, FIRST_WAIT))
    return replace(delivery, attempts=attempts, next_try_at=now + wait, reason=outcome.said)
