"""One round of alerts: look at events, write what is new into the outbox, then send what is due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration import campaigns
from orchestration.alerts import outbox
from orchestration.alerts.channels import configured
from orchestration.alerts.deciding import FAILED, PENDING, SENT, SUPPRESSED, Decision, Rules, decide
from orchestration.alerts.events import FAILURE, Event
from orchestration.alerts.quiet import QuietHours
from orchestration.alerts.sending import Channel, Delivery, deliver
from orchestration.alerts.words import message
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse

# By alert and channel.
Rows = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Round:
    """What a round did. `look_at` is when the next row is due, UTC; None when nothing waits."""

    new: int = 0
    kept_back: int = 0
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    look_at: datetime | None = None
    note: str = ""

    def sentence(self) -> str:
        said = [f"{self.new} new, {self.sent} sent, {self.waiting} waiting"]
        if self.kept_back:
            said.append(f"{self.kept_back} kept back by the cool-down")
        if self.failed:
            said.append(f"{self.failed} refused for good: look at `pulse alerts list`")
        return "Alerts: " + ", ".join(said) + "." + (f" {self.note}" if self.note else "")


def rules_of(settings: Settings) -> Rules:
    return Rules(
        settings.alert_least_score,
        timedelta(hours=settings.alert_cool_down_hours),
        timedelta(hours=settings.alert_oldest_hours),
        QuietHours.parse(settings.alert_quiet_hours, settings.alert_zone),
    )


def run_round(
    settings: Settings,
    warehouse: Warehouse,
    failures: Iterable[Event] = (),
    *,
    now: datetime | None = None,
    channels: Mapping[str, Channel] | None = None,
    retry_failed: bool = False,
) -> Round:
    """The rows are written before anything is sent: what is decided is never lost, and is sent once more at most after a crash.

    Raises WarehouseError: then nothing was sent that is not marked, but for the one message of a crash between both.
    """
    now, rules, channels = now or datetime.now(UTC), rules_of(settings), configured(settings) if channels is None else channels
    with outbox.only_one(settings) as first:
        if not first:
            return Round(look_at=now, note="Another round is at work.")
        rows = {(row["alert_id"], row["channel"]): row for row in outbox.rows_of(warehouse, outbox.oldest_known(now, rules.oldest, rules.cool_down))}
        events = outbox.notable_events(warehouse, now - rules.oldest)
        decision = decide([*(events or []), *failures], outbox.known_alerts(rows.values()), rules, now)
        changed = _new_rows(settings, decision, channels, rules, now) | _grown_rows(decision, rows)
        if retry_failed:
            changed |= {key: {**row, "state": PENDING, "next_try_at": now} for key, row in rows.items() if row["state"] == FAILED}
        outbox.write(warehouse, list(changed.values()))
        rows |= changed

        def mark(delivery: Delivery) -> None:
            key = (delivery.message.alert_id, delivery.channel)
            rows[key] = outbox.tried_row(rows[key], delivery)
            outbox.write(warehouse, [rows[key]])

        done = deliver(outbox.deliveries(rows.values()), channels, rules.quiet, now, mark)
    pending = [row for row in rows.values() if row["state"] == PENDING]
    states = [delivery.state for delivery in done]
    return Round(
        new=sum(alert.state == PENDING for alert in decision.new),
        kept_back=sum(alert.state == SUPPRESSED for alert in decision.new),
        sent=states.count(SENT),
        failed=states.count(FAILED),
        waiting=len(pending),
        look_at=min((row["next_try_at"] or now for row in pending), default=None),
        note="There is no table marts.peaks yet; the job peaks_and_news makes it." if events is None else "",
    )


def _new_rows(settings: Settings, decision: Decision, channels: Mapping[str, Channel], rules: Rules, now: datetime) -> Rows:
    known = {campaign.campaign_id: campaign for campaign in campaigns.load(settings)} if decision.new else {}
    rows = {}
    for alert in decision.new:
        campaign = known.get(alert.event.campaign_id)
        name, zone = (campaign.name, campaign.zone) if campaign else (alert.event.campaign_id, "UTC")
        said = message(alert.alert_id, alert.event, name, zone, settings.site_address)
        for channel in channels.values():
            first = rules.quiet.first_allowed(now) if channel.is_for_people else now
            rows[alert.alert_id, channel.name] = outbox.new_row(alert, said, channel.name, now, first)
    return rows


def _grown_rows(decision: Decision, rows: Rows) -> Rows:
    """The stored span of an event that reaches further now, so that a part of it is never taken for another one."""
    grown = {alert.alert_id: alert.event for alert in decision.grown}
    return {
        key: {**row, "start_at": grown[key[0]].start_at, "end_at": grown[key[0]].end_at}
        for key, row in rows.items()
        if key[0] in grown and row["kind"] != FAILURE
    }
