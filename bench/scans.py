"""Rows that DuckDB scans for each range of partitions that a model reads or overwrites, by its own profile."""

import json
from dataclasses import dataclass
from functools import cache

from orchestration.dbt.bounds import Range
from orchestration.dbt.compiled import compiled
from orchestration.dbt.pruning import catalogue_of, reads, written
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.server_files import ServerFiles
from orchestration.windows import Window


@dataclass(frozen=True)
class Scan:
    """`rows` lie in the range, `scanned` were looked at to find them, `table_rows` are in the table."""

    relation: str
    rows: int
    scanned: int
    table_rows: int


def scans_of(settings: Settings, window: Window) -> dict[str, list[Scan]]:
    """By model built for the window: its reads in the order of its text, then what it overwrites. Stops the server: one process may open its file."""
    import duckdb

    server_control.halt(ServerFiles(settings.warehouse_dir))
    with duckdb.connect(str(settings.warehouse_dir / "bqemulator.duckdb"), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("PRAGMA enable_profiling = 'no_output'")
        return {
            model: [_scan(connection, settings, relation, column, kind, bounds) for relation, column, kind, bounds in ranges]
            for model, ranges in _ranges(settings, window).items()
        }


@cache
def _ranges(settings: Settings, window: Window) -> dict[str, list[tuple[str, str, str, Range]]]:
    project = compiled(settings, window)
    catalogue = catalogue_of(settings, project.manifest, project.sql)
    found = {}
    for uid, node in project.manifest.nodes.items():
        if node.resource_type != "model" or node.config.materialized != "incremental":
            continue
        own = catalogue.partitions[f"{node.schema}.{node.alias}"]
        named = [(read.relation, catalogue.partitions[read.relation], read.range) for read in reads(project.sql[uid], catalogue)]
        named.append((f"{node.schema}.{node.alias}", own, written(project.sql[uid], own.column)))
        found[node.name] = [(relation, partition.column, partition.type, bounds) for relation, partition, bounds in named]
    return found


def _scan(connection, settings: Settings, relation: str, column: str, kind: str, bounds: Range) -> Scan:
    dataset, name = relation.split(".")
    table = f'"{settings.project}__{dataset}"."{name}"'
    start, end = (f"{edge:%Y-%m-%d}" if kind == "DATE" else f"{edge:%Y-%m-%d %H:%M:%S}+00" for edge in (bounds.start, bounds.end))
    type_ = "DATE" if kind == "DATE" else "TIMESTAMPTZ"
    ((total,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    # A hash, so that rows are read: a count alone is answered from statistics, without a profile.
    counted = f"SELECT count(*), bit_xor(hash(campaign_id)) FROM {table} WHERE {column} >= {type_} '{start}' AND {column} < {type_} '{end}'"
    ((rows, _),) = connection.execute(counted).fetchall()
    scanned = json.loads(connection.get_profiling_information(format="json"))["cumulative_rows_scanned"]
    return Scan(relation, rows, scanned, total)
