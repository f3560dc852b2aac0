"""Schedules, all stopped until a person starts them in the UI."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from orchestration import campaigns
from orchestration.automation.gaps import closed_hours, hour_of_tick, missing_hours
from orchestration.automation.jobs import hourly, metric_snapshots, peaks_and_news
from orchestration.capture import capturable
from orchestration.partitions import KEY_FORMAT, range_tags
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.snapshots import due_hours
from orchestration.sources.x.spool import late_hours, written_in
from orchestration.spending.books import is_spent
from orchestration.stream.wiring import spool_reader
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import CAPTURE_LEDGER
from orchestration.windows import Window
from orchestration.x_access import X_SOURCES

STOPPED = dg.DefaultScheduleStatus.STOPPED


@dg.schedule(
    job=hourly,
    cron_schedule="40 * * * *",
    execution_timezone="UTC",
    default_status=STOPPED,
    description="Captures the hour that ended 40 minutes ago, when a campaign with a live source is active in it.",
)
def every_hour(context: dg.ScheduleEvaluationContext, warehouse: WarehouseResource) -> Iterator[dg.RunRequest | dg.SkipReason]:
    settings, now = Settings(), _now(context)
    hour = hour_of_tick(now)
    live = capturable(campaigns.load(settings), hour)
    if not live:
        yield dg.SkipReason(f"No campaign with a live source is active in {hour}.")
        return
    # One alert is enough: a run that can only fail would raise another each hour.
    if all(campaign.source in X_SOURCES for campaign in live) and (spent := is_spent(settings, warehouse.open(), now)):
        yield dg.SkipReason(spent)
        return
    key = f"{hour.start:{KEY_FORMAT}}"
    yield dg.RunRequest(run_key=key, partition_key=key)


@dg.schedule(
    job=hourly,
    cron_schedule="50 */6 * * *",
    execution_timezone="UTC",
    default_status=STOPPED,
    description="Finds closed hours of the last two days that nobody captured, or to which the stream brought late posts; at most 24, joined to ranges.",
)
def fill_gaps(context: dg.ScheduleEvaluationContext, warehouse: WarehouseResource) -> Iterator[dg.RunRequest | dg.SkipReason]:
    now, opened = _now(context), warehouse.open()
    hours = closed_hours(now)
    bounds = " and ".join(in_window("hour", Window(hours[0].start, hours[-1].end)))
    settings = Settings()
    rows = opened.query(f"select campaign_id, hour, source, notes from {opened.qualified(CAPTURE_LEDGER)} where {bounds}")
    late = _late_hours(settings, opened, rows)
    missing = missing_hours(campaigns.load(settings), {(row["campaign_id"], row["hour"]) for row in rows}, now, late)
    if not missing:
        yield dg.SkipReason("Every closed hour of the last two days is captured, and the stream brought no late posts.")
    for window in missing:
        yield dg.RunRequest(run_key=f"gap {window} {now:%Y-%m-%dT%H}", tags=range_tags(window))


@dg.schedule(
    job=metric_snapshots,
    cron_schedule="10 * * * *",
    execution_timezone="UTC",
    default_status=STOPPED,
    description="Reads metrics again for the hours whose posts have just reached 1, 24, 72 and 168 hours.",
)
def snapshots_every_hour(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    settings, now = Settings(), _now(context)
    known = [campaign for campaign in campaigns.load(settings) if campaign.source in X_SOURCES]
    asked = 0
    for age, hour in due_hours(now, settings.snapshot_ages).items():
        if not any(campaign.is_active_in(hour) for campaign in known):
            continue
        asked += 1
        key = f"{hour.start:{KEY_FORMAT}}"
        # Marts compare at one age: a younger snapshot changes none of them.
        only = [dg.AssetKey(["raw", "tweet_metrics"])] if age < settings.engagement_age_hours else None
        yield dg.RunRequest(run_key=f"{key} at {age} h", partition_key=key, asset_selection=only)
    if not asked:
        yield dg.SkipReason("No campaign that is captured from X was active in the hours whose posts are due.")


every_six_hours = dg.ScheduleDefinition(
    name="peaks_every_six_hours",
    job=peaks_and_news,
    cron_schedule="15 */6 * * *",
    execution_timezone="UTC",
    default_status=STOPPED,
    description="Peaks, news and entities anew: a peak's articles appear a day late, so there is no hurry.",
)


def _late_hours(settings: Settings, warehouse: Warehouse, ledger: list[dict[str, Any]]) -> set[datetime]:
    read: dict[str, dict[datetime, datetime | None]] = {}
    for row in ledger:
        if row["source"] == "x_stream":
            read.setdefault(row["campaign_id"], {})[row["hour"]] = written_in(row["notes"])
    if not read:
        return set()
    spool = spool_reader(settings, warehouse)
    return {hour for hours in read.values() for hour in late_hours(spool, hours)}


def _now(context: dg.ScheduleEvaluationContext) -> datetime:
    return (context.scheduled_execution_time or datetime.now(UTC)).astimezone(UTC)
