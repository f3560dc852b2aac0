"""The four lanes of dbt as assets. Hourly and whole-table models are apart: one op cannot mix partitions (dagster#33441)."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import dagster as dg
from dagster_dbt import DbtProject, dbt_assets
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.dbt.cost import costs_of_models
from orchestration.dbt.project import PROJECT, build_folder, load_manifest
from orchestration.dbt.runner import build
from orchestration.dbt.translator import PulseTranslator
from orchestration.partitions import HOUR_RANGES, HOURLY, window_of
from orchestration.settings import Settings

POOL = "warehouse"


@cache
def manifest() -> dict[str, Any]:
    return load_manifest(Settings())


def lane_assets(lane: str, *, hourly: bool) -> dg.AssetsDefinition:
    """The models tagged `lane` with their tests as checks. No retry: it would build everything again and heal no SQL."""
    settings = Settings()

    @dbt_assets(
        manifest=manifest(),
        select=f"tag:{lane}",
        name=f"dbt_{lane}",
        partitions_def=HOURLY if hourly else None,
        backfill_policy=HOUR_RANGES if hourly else None,
        dagster_dbt_translator=PulseTranslator(),
        project=DbtProject(PROJECT, target_path=build_folder(settings) / "target", profiles_dir=PROJECT),
        pool=POOL,
    )
    def lane_op(context: dg.AssetExecutionContext) -> Iterator[Any]:
        chosen = get_updated_cli_invocation_params_for_context(context, manifest(), PulseTranslator())
        window = window_of(context) if hourly else None
        run = build(settings, f"dbt: {lane.replace('_', ' ')}", window, chosen.selection_args)
        costs = costs_of_models(run.responses, manifest()["nodes"], is_bigquery=settings.env == "prod")
        for event in run.events:
            message, cost = DbtCoreCliEventMessage(event, {}), costs.get(event["data"]["node_info"]["unique_id"])
            for told in message.to_default_asset_events(manifest(), chosen.dagster_dbt_translator, context, project=chosen.dbt_project):
                yield told.with_metadata({**told.metadata, **cost}) if cost and isinstance(told, dg.Output) else told
        slowest = sorted(run.seconds.items(), key=lambda item: -item[1])[:3]
        context.log.info("%d dbt nodes; slowest: %s", len(run.seconds), ", ".join(f"{name} {took} s" for name, took in slowest))
        run.raise_failures()

    return lane_op


posts = lane_assets("posts", hourly=True)
hourly_marts = lane_assets("hourly_marts", hourly=True)
peaks = lane_assets("peaks", hourly=False)
news_marts = lane_assets("news_marts", hourly=False)
