"""docs/lineage.md and its picture, from Dagster's assets and dbt's manifest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.settings import REPOSITORY

PAGE = REPOSITORY / "docs" / "lineage.md"
PICTURE = REPOSITORY / "docs" / "images" / "lineage.svg"
SOURCES, RAW, STAGING, INTERMEDIATE, MODELS, HOURLY_MARTS, OTHER_MARTS, READERS = range(8)
COLUMNS = ("Sources", "Raw", "Staging", "Intermediate", "Models", "Marts by hour and day", "Marts of whole campaigns", "Readers")
LAYERS = {"raw": RAW, "staging": STAGING, "intermediate": INTERMEDIATE, "ml": MODELS, "marts": OTHER_MARTS, "published": READERS}
# No manifest knows what lies outside: who brings what, with what it is.
OUTSIDE = {
    "X": ("Search, stream, metrics and compliance of X's API", ("tweets", "tweet_metrics", "capture_ledger", "dead_letters", "api_spend", "compliance_log")),
    "Archives": ("Files of posts, the sample among them", ("tweets", "capture_ledger", "dead_letters")),
    "campaigns.csv": ("The campaigns file of the home", ("campaigns",)),
    "News": ("NewsAPI, GDELT, files of articles, the sample among them", ("news_articles", "news_requests", "dead_letters")),
}

INTRODUCTION = """\
# Where each table comes from

Made by `make docs` from Dagster's assets and dbt's manifest. Posts go from left to right; the day of most engagement then asks for
its news, which is why an arrow goes back to `raw`. `pulse dev` shows the same graph with the state of each table, and each column's
description.

![Tables and what they are made from](images/lineage.svg)

As text, for a viewer that knows Mermaid:

"""


@dataclass(frozen=True)
class Node:
    """A table, a source outside, or a page. `column` is where it stands in the picture, from 0; `layer` is its dataset or kind."""

    name: str
    layer: str
    column: int
    description: str

    @property
    def label(self) -> str:
        return self.name.split(".", 1)[-1] if self.layer in LAYERS else self.name


@dataclass(frozen=True)
class Lineage:
    """`edges` are (from, to), by name; both in a fixed order."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]


def lineage() -> Lineage:
    """The graph of this code, without a warehouse. Raises DbtError when the project cannot be parsed."""
    from orchestration.dbt.assets import manifest
    from orchestration.definitions import defs

    graph = defs.resolve_asset_graph()
    parents = {tuple(key.path): [tuple(each.path) for each in graph.get(key).parent_keys] for key in graph.get_all_asset_keys()}
    descriptions = {tuple(key.path): graph.get(key).description or "" for key in graph.get_all_asset_keys()}
    return join(parents, descriptions, manifest())


def join(parents: Mapping[tuple[str, ...], Iterable[tuple[str, ...]]], descriptions: Mapping[tuple[str, ...], str], manifest: Mapping[str, Any]) -> Lineage:
    """Assets by key with their parents, what lies outside, and the pages that dbt knows as exposures."""
    models = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"}}
    tables = {key: ".".join(key) for key in parents if key[0] in LAYERS}
    nodes = [Node(name, key[0], _column(key, models), _first_sentence(descriptions.get(key, ""))) for key, name in tables.items()]
    edges = {(tables[parent], name) for key, name in tables.items() for parent in parents[key] if parent in tables}
    for source, (description, brought) in OUTSIDE.items():
        nodes.append(Node(source, "source", SOURCES, description))
        edges |= {(source, f"raw.{table}") for table in brought}
    for exposure in manifest["exposures"].values():
        title = exposure["label"] or exposure["name"]
        nodes.append(Node(title, "page", READERS, _first_sentence(exposure["description"])))
        read = [manifest["nodes"][each] for each in exposure["depends_on"]["nodes"] if each in manifest["nodes"]]
        edges |= {(f"{node['config'].get('schema') or node['schema']}.{node['name']}", title) for node in read}
    known = {node.name for node in nodes}
    return Lineage(
        tuple(sorted(nodes, key=lambda node: (node.column, node.layer, node.name))),
        tuple(sorted(edge for edge in edges if known.issuperset(edge))),
    )


def _column(key: tuple[str, ...], models: Mapping[str, Any]) -> int:
    model = models.get(key[-1])
    if model is None or key[0] in {"raw", "ml"}:
        return LAYERS[key[0]]
    if model["resource_type"] == "seed":
        return RAW
    folders = model["fqn"][1:-1]
    # A view on what a model wrote stands beside it, and a step on the way to a mart beside the mart.
    if key[0] == "staging" and key[-1].startswith("stg_ml__"):
        return MODELS
    return HOURLY_MARTS if folders[:2] == ["marts", "hourly"] else LAYERS[folders[0]]


def _first_sentence(text: str) -> str:
    """dbt's translator puts SQL and column lists behind the description."""
    return " ".join(text.strip().split("\n\n")[0].split()).split(". ")[0].rstrip(".")


def as_mermaid(found: Lineage) -> str:
    lines = ["```mermaid", "flowchart LR"]
    ids = {node.name: f"n{number}" for number, node in enumerate(found.nodes)}
    for column, title in enumerate(COLUMNS):
        lines.append(f'  subgraph c{column}["{title}"]')
        lines += [f'    {ids[node.name]}["{node.name}"]' for node in found.nodes if node.column == column]
        lines.append("  end")
    lines += [f"  {ids[parent]} --> {ids[child]}" for parent, child in found.edges]
    return "\n".join([*lines, "```"])


def documents() -> dict[Path, str]:
    """File -> content, as it must stand in the repository."""
    from orchestration.dbt.lineage_picture import draw

    found = lineage()
    return {PAGE: INTRODUCTION + as_mermaid(found) + "\n", PICTURE: draw(found, COLUMNS)}
