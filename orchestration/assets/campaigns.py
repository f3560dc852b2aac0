"""raw/campaigns: the campaigns file, as a table that dbt and the site join."""

import dagster as dg

from orchestration import campaigns
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.tables import CAMPAIGNS

OWNERS = ["team:data-platform"]


@dg.asset(
    key=["raw", "campaigns"],
    group_name="capture",
    kinds={"python", "bigquery"},
    owners=OWNERS,
    pool="warehouse",
    check_specs=[dg.AssetCheckSpec("every_campaign_is_loaded", asset=["raw", "campaigns"], blocking=True)],
)
def raw_campaigns(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
    """Campaigns of `campaigns.csv` in the home folder: what is captured, for whom, in which zone."""
    rows = [campaign.as_row() for campaign in campaigns.load(Settings())]
    opened = warehouse.open()
    result = opened.replace_all(CAMPAIGNS, rows, run_id=context.run_id)
    stored = opened.query(f"select count(*) as campaigns from {opened.qualified(CAMPAIGNS)}")[0]["campaigns"]
    return dg.MaterializeResult(
        metadata={"dagster/row_count": stored, "changed": result.changed},
        check_results=[dg.AssetCheckResult(passed=stored == len(rows) > 0, metadata={"in_file": len(rows), "in_table": stored})],
    )
