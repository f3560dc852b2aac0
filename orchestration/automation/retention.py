"""Words of posts and dead letters go by age, once a day."""

from datetime import UTC, datetime

import dagster as dg

from orchestration.lock import Busy, alone
from orchestration.resources.warehouse import WarehouseResource
from orchestration.retention import keep_no_longer
from orchestration.run_tags import SPENDS_TAG
from orchestration.settings import Settings

# A run of an hour takes minutes; what is a day too old may wait.
BUSY_TRIES, BUSY_SECONDS = 6, 600


@dg.op(pool="warehouse", description="Blanks the words of posts and deletes dead letters that are older than the settings allow.")
def forget_by_age(context: dg.OpExecutionContext, warehouse: WarehouseResource) -> None:
    settings = Settings()
    try:
        with alone(settings):
            done = keep_no_longer(warehouse.open(), settings, datetime.now(UTC))
    except Busy as busy:
        raise dg.RetryRequested(max_retries=BUSY_TRIES, seconds_to_wait=BUSY_SECONDS) from busy
    context.log.info("Words taken out of %d rows of %d tables; %d dead letters deleted.", done.blanked.total(), len(done.blanked), done.letters)
    context.add_output_metadata({"rows_blanked": done.blanked.total(), "dead_letters_deleted": done.letters})


@dg.job(
    tags={SPENDS_TAG: "bigquery"},
    executor_def=dg.in_process_executor,
    description="Words of posts after PULSE_POST_TEXT_DAYS and dead letters after PULSE_DEAD_LETTER_DAYS; both are off until they are set.",
)
def retention() -> None:
    forget_by_age()


retention_every_day = dg.ScheduleDefinition(
    name="retention_every_day",
    job=retention,
    # Not near minute 10, 40 or 50, when hours are read, captured and gaps filled.
    cron_schedule="25 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Forgets what is older than PULSE_POST_TEXT_DAYS and PULSE_DEAD_LETTER_DAYS allow.",
)
