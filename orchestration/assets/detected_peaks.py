"""ml/detected_peaks: hours and days of each followed hashtag that stand out from the campaign's own rhythm."""

import dagster as dg

from ml_assets.peaks import CODE_VERSION, GRAINS, NOTABLE, SERIES
from orchestration.partitions import OF_ALL_HOURS
from orchestration.peaks import followed_campaigns, inputs_of, known_hashes, peak_rows, sentiment_by_hour
from orchestration.progress import tracked
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.tables import DETECTED_PEAKS

READ = ("engagement_hourly", "engagement_daily", "sentiment_daily", "capture_coverage", "tweets")


@dg.asset(
    key=["ml", "detected_peaks"],
    deps=[*(dg.AssetDep(["marts", name], partition_mapping=OF_ALL_HOURS) for name in READ), ["raw", "campaigns"]],
    group_name="peaks",
    kinds={"python", "bigquery"},
    owners=["team:data-platform"],
    code_version=CODE_VERSION,
    pool="warehouse",
    check_specs=[
        dg.AssetCheckSpec(
            "every_series_has_a_verdict",
            asset=["ml", "detected_peaks"],
            blocking=True,
            description="Each series of each followed hashtag has events, or a row that says why it has none.",
        ),
    ],
)
def detected_peaks(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
    """Events in volume, engagement at the stated age and negative share, by hour and by day; campaigns whose input is as before are not judged again."""
    settings, opened = Settings(), warehouse.open()
    followed, known = followed_campaigns(opened, settings), known_hashes(opened)
    rows, judged = [], []
    for campaign in tracked("peaks", followed, len(followed), "campaigns"):
        inputs = inputs_of(opened, campaign)
        if known.get(campaign.campaign_id) != inputs.content_hash:
            judged.append(campaign.campaign_id)
            rows += peak_rows(inputs, sentiment_by_hour(opened, inputs))
    gone = known.keys() - {campaign.campaign_id for campaign in followed}
    if changed := [*judged, *sorted(gone)]:
        opened.replace_all(DETECTED_PEAKS, rows, run_id=context.run_id, scope={"campaign_id": changed})
    wanted = len(SERIES) * len(GRAINS) * sum(len(campaign.hashtags) for campaign in followed)
    (found,) = opened.query(f"""
        select count(distinct concat(campaign_id, ' ', hashtag, ' ', series, ' ', grain)) as series, countif(status = '{NOTABLE}') as events
        from {opened.qualified(DETECTED_PEAKS)}
    """)
    return dg.MaterializeResult(
        metadata={"campaigns": len(followed), "judged": len(judged), "series": found["series"], "events": found["events"]},
        check_results=[dg.AssetCheckResult(passed=found["series"] == wanted, metadata={"series": found["series"], "wanted": wanted})],
    )
