"""raw/tweets, raw/capture_ledger, raw/dead_letters: the posts of each campaign in the hour, and what was kept of them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dagster as dg
from pydantic import Field

from orchestration import campaigns as campaign_file
from orchestration.campaigns import Campaign
from orchestration.capture import capturable, capture_campaigns
from orchestration.checks.capture import CAPTURE_CHECKS, check_capture, check_losses
from orchestration.partitions import HOUR_RANGES, HOURLY, window_of
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.sources.base import TweetSource
from orchestration.sources.choice import make_tweet_source
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import CAPTURE_LEDGER, DEAD_LETTERS, TWEETS
from orchestration.windows import Window

OWNERS = ["team:data-platform"]


class CaptureConfig(dg.Config):
    """What one run captures. Without a word: every campaign that is active in the hour and has a source of its own."""

    campaigns: list[str] = Field(default_factory=list, description="Campaign ids; empty: all that are active.")
    source: str | None = Field(None, description="Instead of the campaign's own: sample, archive.")
    archive: str | None = Field(None, description="File or folder for the source `archive`.")
    columns: dict[str, str] = Field(default_factory=dict, description="CSV headers by field, for unknown ones.")
    force: bool = Field(False, description="Replace hours even when they would lose posts.")


@dg.multi_asset(
    name="capture",
    specs=[
        dg.AssetSpec(
            ["raw", "tweets"],
            deps=[["raw", "campaigns"]],
            description="Posts of each campaign in the hour, as received; the first `hourly_cap` by (created_at, tweet_id).",
            kinds={"python", "bigquery", "twitter"},
            owners=OWNERS,
        ),
        dg.AssetSpec(
            ["raw", "capture_ledger"],
            deps=[["raw", "campaigns"]],
            description="What each captured hour asked, counted and kept. An hour without posts has its row too.",
            kinds={"python", "bigquery"},
            owners=OWNERS,
        ),
        dg.AssetSpec(
            ["raw", "dead_letters"],
            deps=[["raw", "campaigns"]],
            description="Records that could not be used, each with a reason and its line; nothing disappears in silence.",
            kinds={"python", "bigquery"},
            owners=OWNERS,
        ),
    ],
    check_specs=CAPTURE_CHECKS,
    group_name="capture",
    partitions_def=HOURLY,
    backfill_policy=HOUR_RANGES,
    # No retry: a file that is not there does not come back in a minute.
    pool="warehouse",
)
def capture(context: dg.AssetExecutionContext, config: CaptureConfig, warehouse: WarehouseResource) -> Iterator[dg.MaterializeResult]:
    """Asks each campaign's source for the window, then replaces the window of each table: all of it, or nothing."""
    settings, window, opened = Settings(), window_of(context), warehouse.open()
    chosen = _chosen(settings, config, window)

    def source_of(campaign: Campaign) -> TweetSource:
        archive = Path(config.archive).expanduser() if config.archive else None
        return make_tweet_source(config.source or campaign.source, archive=archive, columns=config.columns)

    rows = capture_campaigns(
        chosen,
        source_of,
        window,
        settings.hourly_cap,
        stored=lambda campaign_id: _stored(opened, campaign_id, window),
        force=config.force,
    )
    scope = {"campaign_id": [campaign.campaign_id for campaign in chosen]}
    tweets = opened.replace_window(TWEETS, window, rows.tweets, run_id=context.run_id, scope=scope)
    ledger = opened.replace_window(CAPTURE_LEDGER, window, rows.ledger, run_id=context.run_id, scope=scope)
    letters = opened.add(DEAD_LETTERS, rows.dead_letters, run_id=context.run_id)
    context.log.info(
        "%d posts in %d hours of %d campaigns: %d changed, %d deleted, %d as they were; %d dead letters",
        len(rows.tweets), len(rows.ledger), len(chosen), tweets.changed, tweets.deleted, tweets.unchanged, len(rows.dead_letters),
    )  # fmt: skip
    for skipped in rows.skipped_files:
        context.log.info("skipped %s", skipped)
    checks = check_capture(opened, window, rows.ledger)
    posts = {"posts": len(rows.tweets), "changed": tweets.changed, "deleted": tweets.deleted, "unchanged": tweets.unchanged}
    yield dg.MaterializeResult(asset_key=["raw", "tweets"], metadata=posts, check_results=checks["tweets"])
    capped = sum(row["capped"] for row in rows.ledger)
    kept = {"hours": len(rows.ledger), "capped_hours": capped, "changed": ledger.changed}
    yield dg.MaterializeResult(asset_key=["raw", "capture_ledger"], metadata=kept, check_results=checks["capture_ledger"])
    lost = check_losses(sum(row["observations"] for row in rows.ledger), len(rows.dead_letters))
    found = {"letters": len(rows.dead_letters), "changed": letters}
    yield dg.MaterializeResult(asset_key=["raw", "dead_letters"], metadata=found, check_results=[lost])


def _chosen(settings: Settings, config: CaptureConfig, window: Window) -> list[Campaign]:
    """Raises CampaignError for an unknown id."""
    known = campaign_file.load(settings)
    if config.campaigns:
        return [campaign_file.find(known, campaign_id) for campaign_id in dict.fromkeys(config.campaigns)]
    return capturable(known, window)


def _stored(warehouse: Warehouse, campaign_id: str, window: Window) -> dict[datetime, int]:
    bounds = " and ".join(in_window("hour", window))
    sql = f"select hour, captured from {warehouse.qualified(CAPTURE_LEDGER)} where campaign_id = @campaign_id and {bounds}"
    return {row["hour"]: row["captured"] for row in warehouse.query(sql, campaign_id=campaign_id)}
