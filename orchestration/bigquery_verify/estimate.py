"""What a verification will bill, before anything is sent. Pure.

The sample is small: most tables stay below the 10 MB that BigQuery bills for a table at least, so the statements decide, and not the rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.dbt.cost import USD_PER_TEBIBYTE, in_words

# https://cloud.google.com/bigquery/pricing: at least 10 MB for each table that a query refers to, and 10 MB for each query.
LEAST_BYTES = 10 * 1024**2
# The hours of the sample in one run, then the lanes of whole campaigns.
RUNS_OF_DBT = 2
# Of each table that Python writes: MERGE and DELETE, of the table and of what is staged, once for the hours and once for the campaign.
TABLES_OF_A_WRITE = 2 * 2 * 2
TEBIBYTE = 1024**4


@dataclass(frozen=True)
class Estimate:
    """`statements` that will be billed, and the `bytes` that BigQuery bills for them if every table is below its least."""

    statements: int
    bytes: int

    @property
    def usd(self) -> float:
        return self.bytes / TEBIBYTE * USD_PER_TEBIBYTE

    def within(self, most: int) -> bool:
        return self.bytes <= most


def billed(processed: int, tables: int) -> int:
    """Bytes billed of one statement that reads `processed` bytes of so many tables."""
    return max(processed, LEAST_BYTES * max(tables, 1))


def estimate(nodes: Mapping[str, Mapping[str, Any]], written: int, compared: int) -> Estimate:
    """Of dbt's nodes (of a manifest), of so many tables that Python writes and so many marts that are compared."""
    tables = [_tables_of(node) for node in nodes.values() if node["resource_type"] in {"model", "test"} and _is_sent(node)]
    statements = RUNS_OF_DBT * len(tables) + written * TABLES_OF_A_WRITE // 2 + compared
    least = RUNS_OF_DBT * sum(billed(0, each) for each in tables) + (written * TABLES_OF_A_WRITE + compared) * LEAST_BYTES
    return Estimate(statements, least)


def told(found: Estimate, most: int, statement_cap: int) -> list[str]:
    """What a person is told before being asked."""
    return [
        f"About {found.statements:,} statements bill about {in_words(found.bytes)} ({found.usd:.2f} USD at {USD_PER_TEBIBYTE} USD a TiB); dry runs bill nothing.",
        f"The cap of the whole is {in_words(most)}: nothing starts whose estimate is above it. BigQuery itself refuses a statement above {in_words(statement_cap)}.",
    ]


def over(sizes: Iterable[tuple[str, int]], budget: int) -> str | None:
    """A sentence when the (name, bytes) are above the budget together, with the largest three."""
    sizes = list(sizes)
    total = sum(size for _, size in sizes)
    if total <= budget:
        return None
    largest = sorted(sizes, key=lambda each: (-each[1], each[0]))[:3]
    return f"dry runs of dbt say {in_words(total)} for a day, the budget is {in_words(budget)}: {', '.join(f'{name} {in_words(size)}' for name, size in largest)}"


def _tables_of(node: Mapping[str, Any]) -> int:
    """What it reads, and what it writes: a model that is merged is read too."""
    return len(node["depends_on"]["nodes"]) + (node["resource_type"] == "model")


def _is_sent(node: Mapping[str, Any]) -> bool:
    """A view and a model that is only inlined bill nothing when they are built."""
    return (node.get("config") or {}).get("materialized") not in {"view", "ephemeral"}
