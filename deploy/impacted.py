"""Which exposures stand on what a change touched:  python deploy/impacted.py BASE_MANIFEST MANIFEST

From two manifests of dbt, without a warehouse and without dbt's own selection, whose `state:modified` also counts what differs by environment.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

RESOURCES = frozenset({"model", "seed", "snapshot"})


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Models and seeds whose file differs, that are new, or that are gone."""
    old, new = (_checksums(manifest) for manifest in (before, after))
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} | _by_macros(before, after)


def downstream(manifest: Mapping[str, Any], nodes: Iterable[str]) -> set[str]:
    """The nodes, and all that stands on them."""
    found, waiting = set(), list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(manifest["child_map"].get(node, ()))
    return found


def impacted_exposures(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and owner, by name. A model that is gone is followed in the old graph."""
    nodes = changed(before, after)
    reached = downstream(after, nodes) | downstream(before, nodes)
    exposures = {**before["exposures"], **after["exposures"]}
    return sorted((each["name"], (each.get("owner") or {}).get("name") or "nobody") for name, each in exposures.items() if name in reached)


def _checksums(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {name: node["checksum"]["checksum"] for name, node in manifest["nodes"].items() if node["resource_type"] in RESOURCES}


def _by_macros(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Models that use a macro of ours that differs."""
    old, new = ({name: macro["macro_sql"] for name, macro in manifest["macros"].items()} for manifest in (before, after))
    macros = {name for name in new if old.get(name) != new[name]}
    return {name for name, node in after["nodes"].items() if node["resource_type"] in RESOURCES and macros & set(node["depends_on"]["macros"])}


def main(before: Path, after: Path) -> None:
    manifests = [json.loads(file.read_text(encoding="utf-8")) for file in (before, after)]
    found = impacted_exposures(*manifests)
    print(f"{len(changed(*manifests))} models or seeds changed; {len(found)} exposures stand on them.")
    for name, owner in found:
        print(f"- {name} ({owner})")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Give two manifests:  python deploy/impacted.py BASE_MANIFEST MANIFEST")
    main(*map(Path, sys.argv[1:]))
