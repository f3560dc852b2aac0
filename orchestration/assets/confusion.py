"""ml/sentiment_confusion: what a team's own labels say of the model, campaign by campaign."""

import dagster as dg

from orchestration.labelling.confusions import measure
from orchestration.labelling.store import judged
from orchestration.partitions import OF_ALL_HOURS
from orchestration.resources.warehouse import WarehouseResource
from orchestration.warehouse.tables import SENTIMENT_CONFUSION


@dg.asset(
    key=["ml", "sentiment_confusion"],
    deps=[dg.AssetDep(["ml", "tweet_sentiment"], partition_mapping=OF_ALL_HOURS)],
    group_name="sentiment",
    kinds={"python", "bigquery"},
    owners=["team:data-platform"],
    pool="warehouse",
    check_specs=[
        dg.AssetCheckSpec(
            "every_label_is_counted_or_disputed",
            asset=["ml", "sentiment_confusion"],
            blocking=True,
            description="The labelled posts of each campaign and model are counted once, or left out because people disagree.",
        ),
    ],
)
def sentiment_confusion(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
    """Which labels the model gave to posts that people labelled, and the correction of shares that follows; no row without labels."""
    opened = warehouse.open()
    labels = judged(opened)
    measured = measure(labels)
    result = opened.replace_all(SENTIMENT_CONFUSION, [each.as_row() for each in measured], run_id=context.run_id)
    stored = opened.query(f"select coalesce(sum(labelled), 0) as posts from {opened.qualified(SENTIMENT_CONFUSION)}")[0]["posts"]
    disputed, posts = sum(each.disputed for each in measured), len({(each.campaign_id, each.tweet_id) for each in labels})
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(measured), "changed": result.changed, "labelled_posts": posts, "disputed": disputed},
        check_results=[dg.AssetCheckResult(passed=stored + disputed == posts, metadata={"labelled": posts, "counted": stored, "disputed": disputed})],
    )
