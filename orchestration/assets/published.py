"""published/summaries and published/figures: what was known of each campaign, kept so that a report of today can be opened later."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from pydantic import Field

from orchestration import campaigns as campaign_file
from orchestration.partitions import OF_ALL_HOURS
from orchestration.progress import tracked
from orchestration.publications import content_of, last_before, publish, published_campaigns, read_back
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings

SUMMARIES_KEY, FIGURES_KEY = ["published", "summaries"], ["published", "figures"]
SUMMARISED = (
    "campaign_effects", "campaigns", "capture_coverage", "engagement_daily", "hashtag_peaks", "news_status", "related_articles", "sentiment_daily",
    "top_locations", "top_organizations", "word_frequencies_daily",
)  # fmt: skip
COUNTED = ("engagement_daily", "hashtag_peaks", "sentiment_daily")
HOURLY_MARTS = {"capture_coverage", "engagement_daily", "sentiment_daily", "word_frequencies_daily"}
OWNERS = ["team:data-platform"]


class PublishConfig(dg.Config):
    """Whose figures are published."""

    campaigns: list[str] = Field(default_factory=list, description="Campaign ids; empty: all.")


def _mart(name: str) -> dg.AssetDep:
    return dg.AssetDep(["marts", name], partition_mapping=OF_ALL_HOURS if name in HOURLY_MARTS else None)


@dg.multi_asset(
    name="published",
    specs=[
        dg.AssetSpec(
            SUMMARIES_KEY,
            deps=[*map(_mart, SUMMARISED), dg.AssetDep(["raw", "dead_letters"], partition_mapping=OF_ALL_HOURS)],
            description="What `pulse summary` says of each campaign, kept whenever it says something new. Added to, never changed.",
            kinds={"python", "bigquery"},
            owners=OWNERS,
        ),
        dg.AssetSpec(
            FIGURES_KEY,
            deps=[_mart(name) for name in COUNTED],
            description="The figures of each publication, by hashtag and day: what a report said then. Added to, never changed.",
            kinds={"python", "bigquery"},
            owners=OWNERS,
        ),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "every_campaign_is_published",
            asset=SUMMARIES_KEY,
            blocking=True,
            description="The last publication of each campaign says what the marts say.",
        ),
        dg.AssetCheckSpec(
            "the_last_publication_reads_as_written",
            asset=FIGURES_KEY,
            blocking=True,
            description="Summary and figures of each campaign's last publication have the hash that they were written with.",
        ),
    ],
    group_name="published",
    # No retry: what fails here is the warehouse, and the next run publishes what is due.
    pool="warehouse",
)
def published(context: dg.AssetExecutionContext, config: PublishConfig, warehouse: WarehouseResource) -> Iterator[dg.MaterializeResult[Any]]:
    """A publication per campaign whose content differs from its last one; the time is the clock's, whatever days the figures are of."""
    opened = warehouse.open()
    known = {campaign.campaign_id for campaign in campaign_file.load(Settings())}
    chosen = [each for each in published_campaigns(opened) if each in known and (not config.campaigns or each in config.campaigns)]
    hashes, new, figures = {}, 0, 0
    for campaign_id in tracked("publications", chosen, len(chosen), "campaigns"):
        content = content_of(opened, campaign_id)
        hashes[campaign_id] = content.hash
        if publish(opened, campaign_id, content, datetime.now(UTC), run_id=context.run_id):
            new += 1
            figures += len(content.figures)
    context.log.info("%d campaigns, %d new publications", len(chosen), new)
    last = {campaign_id: last_before(opened, campaign_id) for campaign_id in chosen}
    stale = [each for each, found in last.items() if found is None or found.content_hash != hashes[each]]
    changed = [each for each, found in last.items() if found and read_back(opened, found).hash != found.content_hash]
    yield _result(SUMMARIES_KEY, "every_campaign_is_published", stale, {"campaigns": len(chosen), "new": new})
    yield _result(FIGURES_KEY, "the_last_publication_reads_as_written", changed, {"new": figures})


def _result(key: list[str], check: str, wrong: list[str], metadata: dict[str, int]) -> dg.MaterializeResult[Any]:
    result = dg.AssetCheckResult(asset_key=key, check_name=check, passed=not wrong, metadata={"campaigns": ", ".join(wrong)})
    return dg.MaterializeResult(asset_key=key, metadata=metadata, check_results=[result])
