"""The lines of a run that has ended, from the events that Dagster stores of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from orchestration.run_log.lines import Line
from orchestration.run_tags import CAMPAIGN_TAG

MADE, STEP_ENDED, STEP_FAILED = dg.DagsterEventType.ASSET_MATERIALIZATION, dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE
ENDINGS = {dg.DagsterEventType.RUN_SUCCESS: "ok", dg.DagsterEventType.RUN_FAILURE: "failed", dg.DagsterEventType.RUN_CANCELED: "stopped"}
# Queued and launched are said by the daemon and the UI, which would keep something of every run for ever.
TOLD = frozenset({dg.DagsterEventType.RUN_START, MADE, STEP_ENDED, STEP_FAILED, *ENDINGS})
# dagster-dbt's name for the time of one model; the step is a whole lane.
MODEL_SECONDS = "Execution Duration"
NO_FIGURES = frozenset({MODEL_SECONDS, "dagster/partition_row_count"})


class Gathered:
    """What the events of one run have said so far: an asset's last event and their number, so that thousands of hours stay small."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Any, int]] = {}
        self._seconds: dict[str, float] = {}
        self._failed: list[Any] = []
        self._began: float | None = None

    def take(self, entry: Any) -> None:
        event = entry.dagster_event
        self._began = self._began or entry.timestamp
        if event.event_type == MADE and event.asset_key:
            key = event.asset_key.to_user_string()
            self._made[key] = (entry, self._made.get(key, (None, 0))[1] + 1)
        elif event.event_type == STEP_ENDED:
            self._seconds[event.step_key] = event.event_specific_data.duration_ms / 1000
        elif event.event_type == STEP_FAILED:
            self._failed.append(entry)

    def lines(self, run: dg.DagsterRun, ending: Any) -> Iterator[Line]:
        """One for each asset that was made, one for each step that failed, and one for the run, which ended with the event `ending`."""
        common: dict[str, Any] = {"run_id": run.run_id, "job": run.job_name, "campaign": run.tags.get(CAMPAIGN_TAG)}
        for key, (entry, count) in self._made.items():
            made = entry.dagster_event.event_specific_data.materialization
            seconds = _seconds(made, self._seconds.get(entry.dagster_event.step_key))
            hours = count if made.partition else None
            yield Line(_time(entry.timestamp), asset=key, state="ok", seconds=seconds, partitions=hours, figures=dict(_numbers(made)), **common)
        for entry in self._failed:
            yield Line(_time(entry.timestamp), asset=entry.dagster_event.step_key, state="failed", cause=_cause(entry.dagster_event), **common)
        state = ENDINGS[ending.dagster_event.event_type]
        cause = ending.dagster_event.message if state == "failed" and not self._failed else None
        seconds = round(ending.timestamp - (self._began or ending.timestamp), 1)
        yield Line(_time(ending.timestamp), asset=None, state=state, seconds=seconds, cause=cause, **common)


def _numbers(materialization: dg.AssetMaterialization) -> Iterator[tuple[str, int | float]]:
    for name, entry in materialization.metadata.items():
        value = getattr(entry, "value", None)
        if name not in NO_FIGURES and isinstance(value, (int, float)) and not isinstance(value, bool):
            yield name.removeprefix("dagster/"), value


def _seconds(materialization: dg.AssetMaterialization, of_step: float | None) -> float | None:
    own = getattr(materialization.metadata.get(MODEL_SECONDS), "value", None)
    seconds = own if isinstance(own, (int, float)) else of_step
    return None if seconds is None else round(seconds, 2)


def _cause(event: Any) -> str:
    """The innermost error: the others only say that a step failed."""
    error = getattr(event.event_specific_data, "error", None)
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message if error is not None else event.message or "no cause was said"


def _time(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
