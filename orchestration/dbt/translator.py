"""How dbt's nodes look in Dagster: groups by layer, owners, kinds. Facts stand in the project's YAML, not in name lists."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from orchestration.dbt.claims import claim
from orchestration.partitions import OF_ALL_HOURS

OWNERS = ["team:data-platform"]
# Of marts, by lane: a policy warns, and holds nothing up. Hours are made hourly, or six-hourly by the schedule that fills gaps; peaks every six
# hours. Past a day nobody runs the schedules, or they fail.
DAY = timedelta(hours=25)
FRESH_HOURLY = dg.FreshnessPolicy.time_window(fail_window=DAY, warn_window=timedelta(hours=7))
FRESH_WHOLE = dg.FreshnessPolicy.time_window(fail_window=DAY, warn_window=timedelta(hours=13))
LANE_GROUPS = {"peaks": "peaks", "news_marts": "news"}
# Folders that are built in another's lane and are of another subject.
FOLDER_GROUPS = {"spend": "spend", "periods": "periods"}
# A view on what the sentiment model wrote belongs to it: among the other staging views it would close a circle of groups.
STAGING_GROUPS = {"ml": "sentiment"}


class PulseTranslator(DagsterDbtTranslator):
    """Keys are `dataset/table`, as in the warehouse and in `pulse query`."""

    def __init__(self) -> None:
        super().__init__(settings=DagsterDbtTranslatorSettings(enable_code_references=True))

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id) or manifest["sources"].get(unique_id) or {}
        lane = next((tag for tag in node.get("tags", ()) if tag in LANE_GROUPS), None)
        if node.get("resource_type") == "seed":
            # By its lane: a seed of the news in the group of the hourly models was built in each hour's run.
            return spec.replace_attributes(group_name=LANE_GROUPS.get(lane or "", "intermediate"), owners=OWNERS, kinds={"dbt", "bigquery", "csv"})
        if node.get("resource_type") != "model":
            return spec
        layer, folder = node["fqn"][1:3]
        own = FOLDER_GROUPS.get(folder)
        group = STAGING_GROUPS.get(folder, layer) if layer == "staging" else layer
        return spec.replace_attributes(
            group_name=own or LANE_GROUPS.get(lane or "", group),
            owners=OWNERS,
            kinds={"dbt", "bigquery", node["config"].get("materialized") or "view"},
            freshness_policy=(FRESH_HOURLY if is_hourly(node) else FRESH_WHOLE) if layer == "marts" else None,
        )

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: Any
    ) -> dg.AssetCheckSpec | None:
        check = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return check and check._replace(description=claim(manifest["nodes"][unique_id]))

    def get_partition_mapping(
        self, dbt_resource_props: Mapping[str, Any], dbt_parent_resource_props: Mapping[str, Any]
    ) -> dg.PartitionMapping | None:
        if is_hourly(dbt_resource_props) or not is_hourly(dbt_parent_resource_props):
            return None
        return OF_ALL_HOURS


def is_hourly(node: Mapping[str, Any]) -> bool:
    """Whether the model is built by the hour."""
    return bool({"posts", "hourly_marts"} & set(node.get("tags", ())))
