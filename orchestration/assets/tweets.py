"""raw/tweets, raw/capture_ledger, raw/dead_letters, raw/api_spend: the posts of each campaign in the hour, and what was kept of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from orchestration import campaigns as campaign_file
from orchestration.author_salt import ensure_author_salt
from orchestration.campaigns import Campaign
from orchestration.capture import CapturedRows, WouldShrink, capturable, capture_campaign
from orchestration.checks.capture import (
    CAPTURE_CHECKS,
    check_answers,
    check_budgets,
    check_capture,
    check_losses,
    check_shrinking,
)
from orchestration.compliance import tombstones
from orchestration.partitions import HOUR_RANGES, HOURLY, window_of
from orchestration.progress import tracked
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.sources.base import SourceError, TweetSource
from orchestration.sources.choice import make_tweet_source
from orchestration.sources.x.errors import RateLimited
from orchestration.spending.books import Books
from orchestration.warehouse.client import ReplaceResult, Warehouse
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import CAPTURE_LEDGER, DEAD_LETTERS, TWEETS
from orchestration.windows import Window
from orchestration.x_access import X_SOURCES, x_source

OWNERS = ["team:data-platform"]
# X renews a limit every 15 minutes; four waits are an hour, and then the next run is due anyway.
MOST_LIMIT_WAITS = 4


class CaptureConfig(dg.Config):
    """What one run captures. Without a word: every campaign that is active in the hour and has a source of its own."""

    campaigns: list[str] = Field(default_factory=list, description="Campaign ids; empty: all that are active.")
    source: str | None = Field(None, description="Instead of the campaign's own: sample, archive, x_search, x_stream.")
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
        dg.AssetSpec(
            ["raw", "api_spend"],
            deps=[["raw", "campaigns"]],
            description="API calls planned, made, and refused by a budget, and what they cost. Metric snapshots add their own.",
            kinds={"python", "bigquery"},
            owners=OWNERS,
        ),
    ],
    check_specs=CAPTURE_CHECKS,
    group_name="capture",
    partitions_def=HOURLY,
    backfill_policy=HOUR_RANGES,
    # A retry is asked for where waiting heals: a limit of X. A file that is not there does not come back in a minute.
    pool="x_api",
)
def capture(context: dg.AssetExecutionContext, config: CaptureConfig, warehouse: WarehouseResource) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    """Asks each campaign's source for the window and lands what it answers, campaign by campaign, then fails for what is missing."""
    settings, window, opened = Settings(), window_of(context), warehouse.open()
    ensure_author_salt(settings)
    books = Books(settings, opened, context.run_id)
    landing = Landing(context, settings, opened, config, window, books)
    chosen = _chosen(settings, config, window)
    try:
        for campaign in tracked("capture", chosen, len(chosen), "campaigns"):
            landing.land(campaign)
    finally:
        spent = books.flush()
    context.log.info(
        "%d posts in %d hours of %d campaigns: %d changed, %d deleted, %d as they were; %d dead letters",
        len(landing.posts), len(landing.ledger), len(chosen), landing.total.changed, landing.total.deleted, landing.total.unchanged, landing.letters,
    )  # fmt: skip
    yield check_shrinking([error for error in landing.failures if isinstance(error, WouldShrink)])
    yield check_answers([error for error in landing.failures if not isinstance(error, WouldShrink)])
    landing.raise_failures()
    checks = check_capture(opened, window, landing.ledger)
    total = landing.total
    posts = {"posts": len(landing.posts), "changed": total.changed, "deleted": total.deleted, "unchanged": total.unchanged}
    yield dg.MaterializeResult(asset_key=["raw", "tweets"], metadata=posts, check_results=checks["tweets"])
    kept = {
        "hours": len(landing.ledger),
        "capped_hours": sum(row["capped"] for row in landing.ledger),
        "requests": sum(row["requests"] for row in landing.ledger),
        **coverage_of(landing.ledger),
        "cost_usd": round(sum(row["cost_usd"] for row in landing.ledger), 4),
    }
    yield dg.MaterializeResult(asset_key=["raw", "capture_ledger"], metadata=kept, check_results=checks["capture_ledger"])
    lost = check_losses(sum(row["observations"] for row in landing.ledger), landing.letters)
    yield dg.MaterializeResult(asset_key=["raw", "dead_letters"], metadata={"letters": landing.letters}, check_results=[lost])
    yield dg.MaterializeResult(asset_key=["raw", "api_spend"], metadata={"rows": spent}, check_results=[check_budgets(opened, datetime.now(UTC))])


def coverage_of(ledger: list[dict[str, Any]]) -> dict[str, float]:
    """Captured of counted posts, over the hours whose volume is known; nothing where none is."""
    known = [row for row in ledger if row["counted"] is not None]
    counted = sum(row["counted"] for row in known)
    return {"coverage": round(sum(row["captured"] for row in known) / counted, 4)} if counted else {}


@dataclass
class Landing:
    """Brings campaign after campaign into the warehouse; a campaign that fails leaves the others alone."""

    context: dg.AssetExecutionContext
    settings: Settings
    warehouse: Warehouse
    config: CaptureConfig
    window: Window
    books: Books
    ledger: list[dict[str, Any]] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    letters: int = 0
    total: ReplaceResult = field(default_factory=lambda: ReplaceResult(0, 0, 0))
    failures: list[SourceError] = field(default_factory=list)

    def land(self, campaign: Campaign) -> None:
        """Raises WarehouseError; errors of the source are kept for later."""
        try:
            source = self._source_of(campaign)
            captured = capture_campaign(
                campaign,
                source,
                self.window,
                self.settings.hourly_cap,
                stored=_stored(self.warehouse, campaign.campaign_id, self.window),
                tombstones=tombstones.load(self.warehouse),
                force=self.config.force,
            )
        except SourceError as error:
            self._failed(error)
            return
        run_id, rows, scope = self.context.run_id, captured.rows, {"campaign_id": [campaign.campaign_id]}
        result = self.warehouse.replace_window(TWEETS, captured.window, rows.tweets, run_id=run_id, scope=scope)
        # After the posts: an hour stands in the ledger only when it is complete.
        self.warehouse.replace_window(CAPTURE_LEDGER, captured.window, rows.ledger, run_id=run_id, scope=scope)
        self.warehouse.add(DEAD_LETTERS, rows.dead_letters, run_id=run_id)
        self._count(rows, result)
        if captured.stopped:
            # Its pages stay stored: the next try goes on from them.
            self._failed(captured.stopped)
        elif landed := getattr(source, "landed", None):
            landed(captured.window, campaign.as_query())

    def raise_failures(self) -> None:
        """Raises RetryRequested when waiting heals all there is, else the first failure that it does not heal."""
        lasting = [error for error in self.failures if not isinstance(error, RateLimited)]
        if lasting:
            raise lasting[0]
        if self.failures:
            # Not a sleep: the slot is free for others meanwhile.
            seconds = max(error.seconds for error in self.failures if isinstance(error, RateLimited))
            raise dg.RetryRequested(max_retries=MOST_LIMIT_WAITS, seconds_to_wait=seconds) from self.failures[0]

    def _source_of(self, campaign: Campaign) -> TweetSource:
        name = self.config.source or campaign.source
        if name in X_SOURCES:
            return x_source(name, self.settings, self.books.meter(campaign.campaign_id), self.warehouse)
        archive = Path(self.config.archive).expanduser() if self.config.archive else None
        return make_tweet_source(name, archive=archive, columns=self.config.columns)

    def _failed(self, error: SourceError) -> None:
        self.context.log.error("%s", error)
        self.failures.append(error)

    def _count(self, rows: CapturedRows, result: ReplaceResult) -> None:
        self.ledger += rows.ledger
        self.posts += [row["tweet_id"] for row in rows.tweets]
        self.letters += len(rows.dead_letters)
        before = self.total
        self.total = ReplaceResult(before.changed + result.changed, before.deleted + result.deleted, before.unchanged + result.unchanged)
        for skipped in rows.skipped_files:
            self.context.log.info("skipped %s", skipped)


def _chosen(settings: Settings, config: CaptureConfig, window: Window) -> list[Campaign]:
    """Raises CampaignError for an unknown id."""
    known = campaign_file.load(settings)
    if config.campaigns:
        return [campaign_file.find(known, campaign_id) for campaign_id in dict.fromkeys(config.campaigns)]
    return capturable(known, window)


def _stored(warehouse: Warehouse, campaign_id: str, window: Window) -> dict[datetime, int]:
    bounds = " and ".join(in_window("hour", window))
    sql = f"""
        select hour, captured - coalesce(removed, 0) as posts from {warehouse.qualified(CAPTURE_LEDGER)}
        where campaign_id = @campaign_id and {bounds}
    """
    return {row["hour"]: row["posts"] for row in warehouse.query(sql, campaign_id=campaign_id)}
