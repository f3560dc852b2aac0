"""The marts as dbt's manifest describes them: key, partition, columns, and a part of one as a WHERE clause."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from orchestration.nearest import nearest
from orchestration.settings import Settings
from orchestration.warehouse.errors import WarehouseError
from orchestration.windows import FIRST_DAY

MARTS = "marts"
KEY_TEST = "unique_combination"


class MartError(WarehouseError):
    """There is no such mart, or none of the period asked for."""


@dataclass(frozen=True)
class Part:
    """What of a mart is meant: one campaign or all, and days from `start` up to, not including, `end`."""

    campaign: str | None = None
    start: date | None = None
    end: date | None = None

    def parameters(self) -> dict[str, str]:
        return {"campaign": self.campaign} if self.campaign else {}


@dataclass(frozen=True)
class Mart:
    """`columns` are descriptions by name. `partition` is a column of the type `partition_type` (date or timestamp), or None."""

    name: str
    folder: str
    description: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    partition: str | None = None
    partition_type: str | None = None

    @property
    def has_days(self) -> bool:
        """Whether its rows are of a day in the campaign's zone."""
        return "day" in self.columns

    def where(self, part: Part) -> str:
        """Predicate with literal bounds on the partition; `@campaign` is a parameter of it.

        Days are the campaign's own, in its zone, where the mart has them, else UTC. Raises MartError for a mart without time.
        """
        found = ["campaign_id = @campaign"] if part.campaign and "campaign_id" in self.columns else []
        found.extend(self._of_partition(part))
        if part.start and self.has_days and self.partition != "day":
            found.append(f"day >= {_literal(part.start)}")
        if part.end and self.has_days and self.partition != "day":
            found.append(f"day < {_literal(part.end)}")
        if (part.start or part.end) and not self.has_days and not self.partition:
            raise MartError(f"marts.{self.name} has one row per {', '.join(self.key)} and no days. Leave --from and --to out.")
        return " and ".join(found) or "true"

    def _of_partition(self, part: Part) -> list[str]:
        if not self.partition:
            return []
        # A zone's day begins up to 14 hours before and ends up to 12 hours after the UTC day of its date.
        around = timedelta(days=1) if self.has_days and self.partition_type == "timestamp" else timedelta()
        bounds = [f"{self.partition} >= {_literal(part.start - around if part.start else FIRST_DAY, self.partition_type)}"]
        if part.end:
            bounds.append(f"{self.partition} < {_literal(part.end + around, self.partition_type)}")
        return bounds


def marts_of(settings: Settings) -> dict[str, Mart]:
    """Every mart by name, as last parsed: what is built was built from that. Raises DbtError when the first parse fails."""
    from orchestration.dbt.project import load_manifest, manifest_file

    try:
        manifest = json.loads(manifest_file(settings).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        # None yet, or a run is writing it.
        manifest = load_manifest(settings)
    return read_manifest(manifest)


def read_manifest(manifest: Mapping[str, Any]) -> dict[str, Mart]:
    nodes = manifest["nodes"].values()
    models = {node["unique_id"]: node for node in nodes if node["resource_type"] == "model" and node["config"]["schema"] == MARTS}
    keys: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        claim = node.get("test_metadata") or {}
        if claim.get("name") == KEY_TEST and node.get("attached_node") in models:
            keys.setdefault(node["attached_node"], tuple(claim["kwargs"]["columns"]))
    return {node["name"]: _mart(node, keys.get(unique_id, ())) for unique_id, node in sorted(models.items())}


def find(marts: Mapping[str, Mart], name: str) -> Mart:
    """The mart of that name, with or without `marts.`. Raises MartError with the nearest names and all of them."""
    short = name.removeprefix(f"{MARTS}.")
    if short not in marts:
        raise MartError(f"There is no mart {name!r}.{nearest(short, marts)} There are: {', '.join(sorted(marts))}.")
    return marts[short]


def _mart(node: Mapping[str, Any], key: tuple[str, ...]) -> Mart:
    partition = node["config"].get("partition_by") or {}
    return Mart(
        name=node["name"],
        folder=node["fqn"][-2],
        description=" ".join(node["description"].split()),
        key=key,
        columns={name: " ".join(column["description"].split()) for name, column in node["columns"].items()},
        partition=partition.get("field"),
        partition_type=partition.get("data_type"),
    )


def _literal(day: date, kind: str | None = "date") -> str:
    return f"timestamp '{day:%Y-%m-%d} 00:00:00+00'" if kind == "timestamp" else f"date '{day:%Y-%m-%d}'"
