"""Which events become alerts: pure, so that a re-run, a backfill and a test decide alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from orchestration.alerts.events import PEAK, Event
from orchestration.alerts.quiet import QuietHours

PENDING, SENT, SUPPRESSED, FAILED = "pending", "sent", "suppressed", "failed"
WHOLE_CAMPAIGN = "*"


@dataclass(frozen=True)
class Rules:
    """`least_score` is the sensitivity; `cool_down` keeps back what is near to an alert of the same campaign and series."""

    least_score: float = 5.0
    cool_down: timedelta = timedelta(hours=6)
    oldest: timedelta = timedelta(days=7)
    quiet: QuietHours = field(default_factory=QuietHours)


@dataclass(frozen=True)
class Alert:
    """An event that was decided on: `state` of the decision is pending or suppressed. `alert_id` stays when the event grows."""

    alert_id: str
    event: Event
    state: str
    reason: str | None = None


@dataclass(frozen=True)
class Decision:
    """`new` alerts, and `grown` ones whose event reaches further than it did when they were decided on."""

    new: tuple[Alert, ...] = ()
    grown: tuple[Alert, ...] = ()


def decide(events: Iterable[Event], known: Sequence[Alert], rules: Rules, now: datetime) -> Decision:
    """What is new among `events`, in the order of time, the whole campaign before its hashtags and the higher score first.

    An event that overlaps a known alert of its key is that alert, whatever became of it. Another one less than `cool_down`
    from an alert of the same campaign and series is kept back: suppressed, with the reason, and it starts no cool-down of its own.
    The distance is that of the events and not of the moments at which they were found: so a backfill decides as the hours did.
    """
    told = {alert.alert_id: alert for alert in known}
    new: dict[str, Alert] = {}
    grown: dict[str, Alert] = {}
    for event in sorted(events, key=lambda each: (each.start_at, each.hashtag != WHOLE_CAMPAIGN, -(each.score or 0.0), each.key)):
        if event.kind == PEAK and ((event.score or 0.0) < rules.least_score or event.end_at < now - rules.oldest):
            continue
        same = told.get(event.alert_id) or next((alert for alert in told.values() if alert.event.is_same_as(event)), None)
        if same is not None:
            if event.kind == PEAK and (longer := _union(same, event)):
                told[same.alert_id] = longer
                (new if same.alert_id in new else grown)[same.alert_id] = longer
            continue
        near = next((alert for alert in told.values() if alert.state != SUPPRESSED and _is_near(alert.event, event, rules.cool_down)), None)
        reason = None if near is None else f"Less than {rules.cool_down.total_seconds() / 3600:g} h from alert {near.alert_id} of the same story."
        alert = Alert(event.alert_id, event, SUPPRESSED if near else PENDING, reason)
        told[alert.alert_id] = new[alert.alert_id] = alert
    return Decision(tuple(new.values()), tuple(grown.values()))


def _union(alert: Alert, event: Event) -> Alert | None:
    start, end = min(alert.event.start_at, event.start_at), max(alert.event.end_at, event.end_at)
    if (start, end) == (alert.event.start_at, alert.event.end_at):
        return None
    return replace(alert, event=replace(alert.event, start_at=start, end_at=end))


def _is_near(told: Event, event: Event, cool_down: timedelta) -> bool:
    return told.story == event.story and told.distance(event) < cool_down
