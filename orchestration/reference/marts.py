"""docs/reference/marts.md: what a row of each mart is, and its columns, from dbt's manifest."""

from collections.abc import Mapping
from typing import Any

INTRODUCTION = """\
# Marts

Made by `make docs` from dbt's models (`dbt_project/models/marts`). Measures are defined in [the glossary](../glossary.md); how to ask is in
[for analysts](../analyst.md).

"""


def page(manifest: Mapping[str, Any]) -> str:
    models = sorted(
        (node for node in manifest["nodes"].values() if node["resource_type"] == "model" and node["config"].get("schema") == "marts"),
        key=lambda model: model["name"],
    )
    listed = "".join(f"- [{model['name']}](#{model['name']})\n" for model in models)
    return INTRODUCTION + listed + "".join(_mart(model, grain(manifest, model["unique_id"])) for model in models)


def grain(manifest: Mapping[str, Any], unique_id: str) -> list[str]:
    """The columns that name a row: those whose combination dbt tests to be unique. Raises ValueError when none is tested."""
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {}
        if node.get("attached_node") == unique_id and test.get("name") == "unique_combination":
            return list(test["kwargs"]["columns"])
    raise ValueError(f"{unique_id} has no test unique_combination. Add one beside the model: its columns say what a row is.")


def _mart(model: Mapping[str, Any], key: list[str]) -> str:
    names = ", ".join(f"`{name}`" for name in key)
    columns = "".join(
        f"| `{column['name']}` | {column['data_type']} | {_cell(column['description'])} |\n" for column in model["columns"].values()
    )
    return (
        f"\n## {model['name']}\n\n{model['description'].strip()}\n\nOne row for each {names}.\n\n| column | type | meaning |\n|---|---|---|\n{columns}"
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
