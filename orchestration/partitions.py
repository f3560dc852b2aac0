"""The hour as Dagster knows it: one partition definition and one backfill policy for the whole hourly lane."""

from collections.abc import Mapping
from datetime import UTC, datetime

import dagster as dg

from orchestration.settings import Settings
from orchestration.windows import HOUR, Window

HOURLY = dg.HourlyPartitionsDefinition(start_date=f"{Settings().partitions_start:%Y-%m-%d}-00:00")
# One constant for every hourly asset: differing policies split a range into one run an hour (dagster#22254).
HOUR_RANGES = dg.BackfillPolicy.single_run()

# How a whole table stands on hourly ones. Said as "all hours", Dagster lists the 180,000 hours since 2006 for each such input and
# step, only to see that they are too many to compare: it took longer than all the SQL of an hour. The last hour stands for them.
OF_ALL_HOURS = dg.LastPartitionMapping()

KEY_FORMAT = "%Y-%m-%d-%H:%M"
PARTITION = "dagster/partition"
RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def window_of(context: "dg.AssetExecutionContext") -> Window:
    """The hours of the run: one partition, or a range of them as one window."""
    window = context.partition_time_window
    return Window(window.start, window.end)


def range_tags(window: Window) -> dict[str, str]:
    """Run tags that ask for every hour of `window` in one run."""
    whole = window.to_whole_hours()
    return {RANGE_START: f"{whole.start:{KEY_FORMAT}}", RANGE_END: f"{whole.end - HOUR:{KEY_FORMAT}}"}


def days_of_run(tags: Mapping[str, str]) -> int:
    """UTC days that the hours of a run touch, by its tags; 1 for a run without hours."""
    first, last = (tags.get(name) or tags.get(PARTITION) for name in (RANGE_START, RANGE_END))
    if not first or not last:
        return 1
    start, end = (datetime.strptime(key, KEY_FORMAT).replace(tzinfo=UTC) for key in (first, last))
    return len(Window(start, end + HOUR).utc_days())
