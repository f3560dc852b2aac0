"""Sensors that tell people: of notable events, and of runs that failed. They start no run and hold none up."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from orchestration.alerts.events import Event, failure_event
from orchestration.alerts.round import Round, run_round
from orchestration.resources.warehouse import WarehouseResource
from orchestration.run_tags import CAMPAIGN_TAG
from orchestration.settings import Settings

PEAKS = dg.AssetKey(["marts", "peaks"])
STOPPED = dg.DefaultSensorStatus.STOPPED
SECONDS = 60
# The warehouse is asked when there is something to see, and once in this time all the same: another process may have left a row.
LOOK_AGAIN = timedelta(hours=1)
MOST_FAILURES = 50


@dataclass(frozen=True)
class Cursor:
    """What a sensor remembers between its ticks; times in seconds since 1970. `seen` is the newest thing that was looked at."""

    seen: float = 0.0
    looked_at: float = 0.0
    look_at: float | None = None

    @classmethod
    def of(cls, text: str | None) -> "Cursor | None":
        return cls(**json.loads(text)) if text else None

    def text(self) -> str:
        return json.dumps(vars(self))

    def is_due(self, now: float) -> bool:
        return now >= self.looked_at + LOOK_AGAIN.total_seconds() or (self.look_at is not None and now >= self.look_at)

    def after(self, done: Round, seen: float, now: float) -> "Cursor":
        return replace(self, seen=seen, looked_at=now, look_at=done.look_at.timestamp() if done.look_at else None)


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=SECONDS,
    default_status=STOPPED,
    description="Tells of new notable events in marts.peaks by log, webhook and mail, once each; sends again what a receiver did not take.",
)
def peak_alerts(context: dg.SensorEvaluationContext, warehouse: WarehouseResource) -> dg.SensorResult:
    cursor, now = Cursor.of(context.cursor) or Cursor(), datetime.now(UTC).timestamp()
    made = context.instance.get_latest_materialization_event(PEAKS)
    newest = made.timestamp if made else 0.0
    if newest <= cursor.seen and not cursor.is_due(now):
        return dg.SensorResult(skip_reason="marts.peaks is as it was, and no alert is due.", cursor=cursor.text())
    done = run_round(Settings(), warehouse.open())
    return dg.SensorResult(skip_reason=done.sentence(), cursor=cursor.after(done, newest, now).text())


@dg.sensor(
    name="failed_runs",
    minimum_interval_seconds=SECONDS,
    default_status=STOPPED,
    description="Tells of runs that failed since this sensor was started, one alert for a job within the cool-down.",
)
def failed_runs(context: dg.SensorEvaluationContext, warehouse: WarehouseResource) -> dg.SensorResult:
    """Not Dagster's run failure sensor: it goes on to the next run when its function raises, so a warehouse that is away would lose the alert."""
    now = datetime.now(UTC).timestamp()
    cursor = Cursor.of(context.cursor)
    if cursor is None:
        return dg.SensorResult(skip_reason="From now on failed runs are told.", cursor=Cursor(seen=now, looked_at=now).text())
    records = failed_since(context.instance, cursor.seen)
    if not records and not cursor.is_due(now):
        return dg.SensorResult(skip_reason="No run has failed, and no alert is due.", cursor=cursor.text())
    # The cursor moves only when the rows are written: what raises here is looked at again by the next tick.
    done = run_round(Settings(), warehouse.open(), failure_events(context.instance, records))
    seen = max([cursor.seen, *(record.update_timestamp.timestamp() for record in records)])
    return dg.SensorResult(skip_reason=done.sentence(), cursor=cursor.after(done, seen, now).text())


def failed_since(instance: dg.DagsterInstance, seen: float) -> list[Any]:
    """Records of runs that failed after `seen` (seconds since 1970), the oldest first; at most 50, the others come next time."""
    wanted = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=datetime.fromtimestamp(seen, UTC))
    found = instance.get_run_records(wanted, limit=MOST_FAILURES, order_by="update_timestamp", ascending=True)
    return [record for record in found if record.update_timestamp.timestamp() > seen]


def failure_events(instance: dg.DagsterInstance, records: Iterable[Any]) -> list[Event]:
    return [
        failure_event(
            record.dagster_run.run_id,
            record.dagster_run.job_name,
            datetime.fromtimestamp(record.end_time or record.update_timestamp.timestamp(), UTC),
            record.dagster_run.tags.get(CAMPAIGN_TAG),
            _cause(instance, record.dagster_run.run_id),
        )
        for record in records
    ]


def _cause(instance: dg.DagsterInstance, run_id: str) -> str | None:
    """The innermost error of the first step that failed, in one line, else what the run itself said."""
    for kind in (dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE):
        for entry in instance.all_logs(run_id, of_type=kind):
            error = getattr(entry.dagster_event.event_specific_data, "error", None) if entry.dagster_event else None
            while error is not None and error.cause is not None:
                error = error.cause
            said = error.message if error is not None else entry.dagster_event.message if entry.dagster_event else entry.user_message
            if said:
                return said
    return None
