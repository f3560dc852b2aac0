"""Deletion duty by the clock: X gives 24 hours for it."""

import dagster as dg

from orchestration.run_tags import SPENDS_TAG

compliance = dg.define_asset_job(
    "compliance",
    tags={SPENDS_TAG: "bigquery"},
    selection=dg.AssetSelection.assets(["raw", "compliance_log"]),
    executor_def=dg.in_process_executor,
    description="Asks X which of the stored posts must go, and deletes them from every table, the spool and the caches.",
)

compliance_every_twelve_hours = dg.ScheduleDefinition(
    name="compliance_every_twelve_hours",
    job=compliance,
    # Not near minute 40, when hours are captured. Twice a day: one run that fails must not make it two days.
    cron_schedule="10 */12 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Deletes what X or an author took back; X asks for it within 24 hours.",
)
