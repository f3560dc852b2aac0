"""docs/glossary.md and app/glossary.json, from dbt's doc blocks, where a definition stands once."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.settings import REPOSITORY

PAGE = REPOSITORY / "docs" / "glossary.md"
FOR_THE_SITE = REPOSITORY / "app" / "glossary.json"
PACKAGE = "campaign_pulse"
# A block is a definition, then facts with these names before them.
FACT = re.compile(r"(?:^|(?<=\s))(Formula|Unit|Denominator|NULL|Source): ")

INTRODUCTION = """\
# Glossary

Made by `make docs` from the doc blocks of the dbt project (`dbt_project/models/_docs.md`), which also describe the columns in BigQuery
and in the Dagster UI and stand behind the `?` of the page's figures. To change a definition, change it there.

What "NULL" says is when the figure is absent; an absent figure is never 0.
"""


@dataclass(frozen=True)
class Entry:
    """A measure or dimension: its definition, facts by name (Formula, Unit, ...) and the columns `mart.column` that are one."""

    name: str
    definition: str
    facts: dict[str, str]
    used_in: tuple[str, ...]


def glossary(manifest: Mapping[str, Any]) -> list[Entry]:
    """The blocks that columns of marts are described by, by name."""
    used: dict[str, list[str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["config"].get("schema") == "marts":
            for column in node["columns"].values():
                for block in column.get("doc_blocks") or ():
                    used.setdefault(block, []).append(f"{node['name']}.{column['name']}")
    return [
        _entry(block["name"], block["block_contents"], tuple(sorted(used[unique_id])))
        for unique_id, block in sorted(manifest["docs"].items(), key=lambda item: item[1]["name"])
        if block["package_name"] == PACKAGE and unique_id in used
    ]


def _entry(name: str, text: str, used_in: tuple[str, ...]) -> Entry:
    definition, *facts = FACT.split(" ".join(text.split()))
    return Entry(name, definition.strip(), {facts[n]: facts[n + 1].strip() for n in range(0, len(facts), 2)}, used_in)


def as_page(entries: list[Entry]) -> str:
    parts = [INTRODUCTION]
    for entry in entries:
        facts = "".join(f"- {name}: {text}\n" for name, text in entry.facts.items())
        columns = ", ".join(f"`marts.{column}`" for column in entry.used_in)
        parts.append(f"## {entry.name}\n\n{entry.definition}\n\n{facts}- Columns: {columns}\n")
    return "\n".join(parts)


def as_data(entries: list[Entry]) -> str:
    """Plain text, without the marks of code: the site shows it as it is."""
    found = {
        entry.name: {
            "definition": _plain(entry.definition),
            "facts": {name: _plain(text) for name, text in entry.facts.items()},
            "used_in": list(entry.used_in),
        }
        for entry in entries
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _plain(text: str) -> str:
    return text.replace("`", "")


def documents(manifest: Mapping[str, Any]) -> dict[Path, str]:
    """File -> content, as it must stand in the repository."""
    entries = glossary(manifest)
    return {PAGE: as_page(entries), FOR_THE_SITE: as_data(entries)}
