"""Whether the dbt lanes of a run stayed within their budget of bytes billed: a warning, for the figures are right all the same."""

from collections.abc import Iterator

import dagster as dg

from orchestration.dbt.assets import hourly_marts, posts
from orchestration.dbt.cost import billed_by, within_budget
from orchestration.partitions import days_of_run
from orchestration.settings import Settings

CHECKED, NAME = dg.AssetKey(["marts", "engagement_daily"]), "bytes_within_budget"


@dg.asset_check(  # type: ignore[arg-type]  # Dagster declares results alone and takes evaluations too
    asset=CHECKED,
    name=NAME,
    description="dbt billed no more bytes for the run than the budget (PULSE_DBT_BYTES_BUDGET a day of its hours): a warning, the figures are right.",
)
def bytes_within_budget(context: dg.AssetCheckExecutionContext) -> Iterator[dg.Output[None] | dg.AssetCheckEvaluation]:
    """Sums what this run's latest materialization of each model says; on this machine nobody says anything.

    An evaluation as Dagster stores it: for a result, Dagster would look for what it judges among all hours since 2006, which it lists first.
    4 s of each run; with hours of its own the check would cost a run of 359 hours 8 s.
    """
    said = []
    for key in sorted(posts.keys | hourly_marts.keys):
        event = context.instance.get_latest_materialization_event(key)
        if event and event.run_id == context.run.run_id:
            said.append((key.to_user_string(), {name: entry.value for name, entry in event.asset_materialization.metadata.items()}))
    days = days_of_run(context.run.tags)
    verdict = within_budget(billed_by(said), Settings().dbt_bytes_budget * days)
    billed = {} if verdict.billed is None else {"bytes_billed": verdict.billed}
    yield dg.Output(None)
    yield dg.AssetCheckEvaluation(
        asset_key=CHECKED,
        check_name=NAME,
        passed=verdict.passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=verdict.says,
        metadata={**billed, "budget": verdict.budget, "days": days},
    )
