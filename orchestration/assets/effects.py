"""ml/campaign_effects: what a campaign's days were against what the days before lead to expect."""

from typing import Any

import dagster as dg

from orchestration import campaigns as campaign_file
from orchestration.effects.judging import judge
from orchestration.effects.reading import facts_of
from orchestration.partitions import OF_ALL_HOURS
from orchestration.progress import tracked
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import TableMissing
from orchestration.warehouse.tables import CAMPAIGN_EFFECTS

READ = ("capture_coverage", "engagement_daily", "sentiment_daily", "share_of_voice_daily")


@dg.asset(
    key=["ml", "campaign_effects"],
    deps=[
        *(dg.AssetDep(["marts", name], partition_mapping=OF_ALL_HOURS) for name in READ),
        dg.AssetDep(["raw", "campaigns"]),
    ],
    group_name="periods",
    kinds={"python", "bigquery"},
    owners=["team:data-platform"],
    pool="warehouse",
    check_specs=[
        dg.AssetCheckSpec(
            "every_change_has_its_interval_or_a_reason",
            asset=["ml", "campaign_effects"],
            blocking=True,
            description="A change has both ends of its interval, the change between them, or says why it has none.",
        ),
    ],
)
def campaign_effects(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
    """Each campaign with a first day, judged anew when its days, its dates or the arithmetic changed; rows of other campaigns go."""
    from ml_assets.effects import CODE_VERSION, MOST_BEFORE

    settings, opened = Settings(), warehouse.open()
    dated = [each for each in campaign_file.load(settings) if each.start_day is not None]
    known, judged = judged_before(opened), 0
    forget_others(opened, [each.campaign_id for each in dated], run_id=context.run_id)
    for declared in tracked("effects", dated, len(dated), "campaigns"):
        try:
            facts = facts_of(opened, declared, settings.followed_hashtags, MOST_BEFORE)
        except TableMissing:
            # Nothing has been captured into this warehouse yet.
            break
        found = facts.hash(declared, CODE_VERSION)
        if known.get(declared.campaign_id) != found:
            rows = judge(declared, facts, found)
            opened.replace_all(CAMPAIGN_EFFECTS, rows, run_id=context.run_id, scope={"campaign_id": [declared.campaign_id]})
            judged += 1
    context.log.info("%d campaigns with a first day, %d judged anew", len(dated), judged)
    return dg.MaterializeResult(metadata={"campaigns": len(dated), "judged": judged}, check_results=[_check(opened)])


def judged_before(warehouse: Warehouse) -> dict[str, str]:
    """Campaign -> hash of what it was judged by."""
    rows = warehouse.query(f"select campaign_id, max(input_hash) as input_hash from {warehouse.qualified(CAMPAIGN_EFFECTS)} group by campaign_id")
    return {row["campaign_id"]: row["input_hash"] for row in rows}


def forget_others(warehouse: Warehouse, dated: list[str], *, run_id: str) -> None:
    """Campaigns that are gone, or have no first day any more, have no effects."""
    if gone := sorted(set(judged_before(warehouse)) - set(dated)):
        warehouse.replace_all(CAMPAIGN_EFFECTS, [], run_id=run_id, scope={"campaign_id": gone})


def _check(warehouse: Warehouse) -> dg.AssetCheckResult:
    found: dict[str, Any] = warehouse.query(f"""
        select count(*) as effects,
            countif((low is null or high is null) and not_comparable_because is null) as without_a_reason,
            countif(low > change or high < change) as outside
        from {warehouse.qualified(CAMPAIGN_EFFECTS)}
    """)[0]
    return dg.AssetCheckResult(passed=found["without_a_reason"] == found["outside"] == 0, metadata=found)
