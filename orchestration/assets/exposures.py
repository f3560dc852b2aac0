"""What people look at, as assets: each exposure of dbt stands in the graph behind the marts it is made of."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration.dbt.translator import OWNERS, PulseTranslator

GROUP = "pages"


def exposure_specs(manifest: Mapping[str, Any]) -> Iterator[dg.AssetSpec]:
    """One external asset per exposure of the manifest. dagster-dbt makes none of them."""
    translator = PulseTranslator()
    for exposure in manifest["exposures"].values():
        parents = exposure["depends_on"]["nodes"]
        metadata = {"maturity": exposure.get("maturity") or ""}
        if exposure.get("url"):
            metadata["url"] = dg.MetadataValue.url(exposure["url"])
        yield dg.AssetSpec(
            key=["pages", exposure["name"]],
            deps=[translator.get_asset_key(manifest["nodes"][parent]) for parent in parents],
            description=exposure["description"],
            group_name=GROUP,
            kinds=set(exposure["config"].get("meta", {}).get("kinds", [])),
            owners=OWNERS,
            metadata=metadata,
        )
