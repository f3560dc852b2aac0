"""Schedules, all stopped until a person starts them in the UI."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from orchestration import campaigns
from orchestration.automation.gaps import closed_hours, hour_of_tick, missing_hours
from orchestration.automation.jobs import hourly, peaks_and_news
from orchestration.capture import capturable
from orchestration.partitions import KEY_FORMAT, range_tags
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import CAPTURE_LEDGER
from orchestration.windows import Window

STOPPED = dg.DefaultScheduleStatus.STOPPED


@dg.schedule(
    job=hourly,
    cron_schedule="40 * * * *",
    execution_timezone="UTC",
    default_status=STOPPED,
    description="Captures the hour that ended 40 minutes ago, when a campaign with a live source is active in it.",
)
def every_hour(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    hour = hour_of_tick(_now(context))
    if not capturable(campaigns.load(Settings()), hour):
        yield dg.SkipReason(f"No campaign with a live source is active in {hour}.")
        return
    key = f"{hour.start:{KEY_FORMAT}}"
    yield dg.RunRequest(run_key=key, partition_key=key)


@dg.schedule(
    job=hourly,
    cron_schedule="50 */6 * * *",
    execution_timezone="UTC",
    default_status=STOPPED,
    description="Finds closed hours of the last two days that nobody captured, and captures at most 24 of them, joined to ranges.",
)
def fill_gaps(context: dg.ScheduleEvaluationContext, warehouse: WarehouseResource) -> Iterator[dg.RunRequest | dg.SkipReason]:
    now, opened = _now(context), warehouse.open()
    hours = closed_hours(now)
    bounds = " and ".join(in_window("hour", Window(hours[0].start, hours[-1].end)))
    rows = opened.query(f"select campaign_id, hour from {opened.qualified(CAPTURE_LEDGER)} where {bounds}")
    missing = missing_hours(campaigns.load(Settings()), {(row["campaign_id"], row["hour"]) for row in rows}, now)
    if not missing:
        yield dg.SkipReason("Every closed hour of the last two days is captured.")
    for window in missing:
        yield dg.RunRequest(run_key=f"gap {window} {now:%Y-%m-%dT%H}", tags=range_tags(window))


every_six_hours = dg.ScheduleDefinition(
    name="peaks_every_six_hours",
    job=peaks_and_news,
    cron_schedule="15 */6 * * *",
    execution_timezone="UTC",
    default_status=STOPPED,
    description="Peaks, news and entities anew: a peak's articles appear a day late, so there is no hurry.",
)


def _now(context: dg.ScheduleEvaluationContext) -> datetime:
    return (context.scheduled_execution_time or datetime.now(UTC)).astimezone(UTC)
