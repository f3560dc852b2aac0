"""Which partitions a statement reads and overwrites, proved on its parsed SQL.

BigQuery skips a partition only for `column >= literal and column < literal` on the partition column itself, in the WHERE of
the SELECT that reads the table: a function, a cast or a subquery round it makes the read a whole one (elementary #2351:
1,368 MB became 13.7 MB). What is not of that form counts as no bound here, so that the proof can only err by refusing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import Any

from orchestration.dbt.bounds import ALL, Range, bounds_of
from orchestration.settings import Settings
from orchestration.warehouse.tables import TABLES


class NotProvable(Exception):
    """The statement is of a form that this proof does not know; the message says which."""


@dataclass(frozen=True)
class Partition:
    """A table's partition column; `type` is DATE or TIMESTAMP."""

    column: str
    type: str


@dataclass(frozen=True)
class Read:
    """One place of a statement that reads a partitioned table, and the partitions it names there."""

    relation: str
    range: Range


@dataclass(frozen=True)
class Catalogue:
    """Partition of each table by `dataset.table`, and the SQL of each view, which a bound may pass through."""

    partitions: Mapping[str, Partition]
    views: Mapping[str, str] = field(default_factory=dict)


def catalogue_of(settings: Settings, manifest: Any, compiled: Mapping[str, str]) -> Catalogue:
    """What the proof must know, from the two places where it stands: the tables of Python, the configs of dbt's models."""
    partitions = {}
    for table in TABLES:
        if table.window_column:
            types = {column.name: column.type for column in table.columns}
            partitions[f"{settings.dataset(table.dataset)}.{table.name}"] = Partition(table.window_column, types[table.window_column])
    views = {}
    for unique_id, node in manifest.nodes.items():
        if node.resource_type != "model":
            continue
        name = f"{node.schema}.{node.alias}"
        if by := node.config.get("partition_by"):
            partitions[name] = Partition(by["field"].lower(), by["data_type"].upper())
        if node.config.materialized == "view":
            views[name] = compiled[unique_id]
    return Catalogue(partitions, views)


def reads(sql: str, catalogue: Catalogue) -> list[Read]:
    """Every read of a partitioned table in a statement, those through views too, in the order of the text."""
    from sqlglot import exp

    found = []
    for table in parsed(sql).find_all(exp.Table, bfs=False):
        select = table.find_ancestor(exp.Select)
        if select is None:
            continue
        for relation in _beneath(_relation(table), catalogue):
            found.append(Read(relation, _range_read(select, table, relation, catalogue)))
    return found


def relations(sql: str) -> set[str]:
    """`dataset.table` of every table and view that a statement names."""
    from sqlglot import exp

    return {name for table in parsed(sql).find_all(exp.Table) if (name := _relation(table))}


def written(sql: str, column: str) -> Range:
    """The range in which `column` of every row of the answer lies, as far as bounds by literals prove it."""
    return _range_of(parsed(sql), column.lower())


def deleted(merge_sql: str, partition: Partition) -> Range:
    """The range that a MERGE ON FALSE deletes from its target. Raises NotProvable for another statement."""
    from sqlglot import exp

    merge = parsed(merge_sql)
    if not isinstance(merge, exp.Merge):
        raise NotProvable("no MERGE")
    deletes = [when for when in merge.args["whens"].expressions if when.args.get("source")]
    if len(deletes) != 1:
        raise NotProvable(f"{len(deletes)} clauses NOT MATCHED BY SOURCE")
    wanted = (merge.this.alias_or_name.lower(), partition.column, partition.type)
    bounds = bounds_of(deletes[0].args.get("condition"))
    return reduce(Range.__and__, (bound for compared, bound in bounds if compared == wanted), ALL)


@cache
def parsed(sql: str) -> Any:
    import sqlglot

    return sqlglot.parse_one(sql, dialect="bigquery")


def _relation(table: Any) -> str:
    """`dataset.table`, or "" for the name of a CTE."""
    return f"{table.db}.{table.name}" if table.db else ""


def _beneath(relation: str, catalogue: Catalogue) -> list[str]:
    """The partitioned tables that a relation reads: itself, or those below a view."""
    if relation in catalogue.partitions:
        return [relation]
    if relation in catalogue.views:
        return [table for name in sorted(relations(catalogue.views[relation])) for table in _beneath(name, catalogue)]
    return []


def _range_read(select: Any, table: Any, relation: str, catalogue: Catalogue) -> Range:
    partition, alias, alone = catalogue.partitions[relation], table.alias_or_name.lower(), not select.args.get("joins")
    found = ALL
    for (qualifier, name, kind), bound in bounds_of(_where(select)):
        ours = qualifier == alias or (not qualifier and alone)
        if ours and kind == partition.type and _origin(_relation(table), name, catalogue) == (relation, partition.column):
            found &= bound
    return found


def _origin(relation: str, column: str, catalogue: Catalogue) -> tuple[str, str] | None:
    """(table, column) that a view shows unchanged as `column`; None when it computes, joins or groups on the way."""
    if relation not in catalogue.views:
        return relation, column
    return _shown(parsed(catalogue.views[relation]), column, catalogue)


def _shown(query: Any, column: str, catalogue: Catalogue) -> tuple[str, str] | None:
    from sqlglot import exp

    # A filter cannot be moved below any of these without a change of the answer.
    stops = ("joins", "group", "distinct", "qualify", "having", "limit", "offset")
    if not isinstance(query, exp.Select) or any(query.args.get(stop) for stop in stops) or query.find(exp.Window, exp.AggFunc):
        return None
    shown = _projected(query, column)
    if not isinstance(shown, exp.Column):
        return None
    source = query.args["from_"].this
    if name := _relation(source):
        return _origin(name, shown.name.lower(), catalogue)
    return _shown(_query_of(source), shown.name.lower(), catalogue)


def _where(select: Any) -> Any:
    return select.args["where"].this if select.args.get("where") else None


def _range_of(query: Any, column: str) -> Range:
    from sqlglot import exp

    query = query.unnest() if isinstance(query, exp.Subquery) else query
    if isinstance(query, exp.Union):
        return _range_of(query.left, column) | _range_of(query.right, column)
    if not isinstance(query, exp.Select):
        raise NotProvable(f"no SELECT: {query.sql('bigquery')[:80]}")
    if (value := _projected(query, column)) is None:
        raise NotProvable(f"nothing brings {column}: {query.sql('bigquery')[:80]}")
    return _range_of_value(query, value)


def _range_of_value(select: Any, value: Any) -> Range:
    from sqlglot import exp

    if isinstance(value, exp.TimestampTrunc) and value.unit is not None and value.unit.name.upper() == "HOUR" and not value.args.get("zone"):
        # Cut to the hour, a moment stays on its side of a bound that is itself a whole hour.
        inner = _range_of_value(select, value.this)
        return Range(*(edge if edge and edge == edge.replace(minute=0, second=0, microsecond=0) else None for edge in (inner.start, inner.end)))
    if not isinstance(value, exp.Column):
        return ALL
    source = _source(select, value.table.lower())
    alias, alone = source.alias_or_name.lower(), not select.args.get("joins")
    found = ALL
    for (qualifier, name, _), bound in bounds_of(_where(select)):
        if name == value.name.lower() and (qualifier == alias or (not qualifier and alone)):
            found &= bound
    inner = ALL if isinstance(source, exp.Table) and source.db else _range_of(_query_of(source), value.name.lower())
    return found & inner


def _projected(select: Any, column: str) -> Any:
    """The expression of an output column: its own, the column that a star brings, or None."""
    from sqlglot import exp

    stars = []
    for each in select.expressions:
        if each.is_star:
            star = each.this if isinstance(each, exp.Column) else each
            left_out = {name.name.lower() for name in star.args.get("except_") or ()} | {
                name.alias.lower() for name in star.args.get("replace") or ()
            }
            if column not in left_out:
                stars.append(each.table if isinstance(each, exp.Column) else "")
        elif each.alias_or_name.lower() == column:
            return each.unalias()
    if len(stars) > 1:
        raise NotProvable(f"{len(stars)} stars can bring {column}: {select.sql('bigquery')[:80]}")
    return exp.column(column, table=stars[0] or None) if stars else None


def _source(select: Any, alias: str) -> Any:
    joins = [join.this for join in select.args.get("joins") or ()]
    sources = [select.args["from_"].this, *joins]
    named = [source for source in sources if source.alias_or_name.lower() == alias] if alias else sources
    if len(named) != 1:
        raise NotProvable(f"{alias or 'an unqualified column'} can be of {len(named)} sources")
    return named[0]


def _query_of(source: Any) -> Any:
    """The query behind a subquery or the name of a CTE."""
    from sqlglot import exp

    if isinstance(source, exp.Subquery):
        return source.this
    ctes = [cte for cte in source.root().find_all(exp.CTE) if cte.alias.lower() == source.name.lower()]
    if len(ctes) != 1:
        raise NotProvable(f"{source.name} is the name of {len(ctes)} queries")
    return ctes[0].this
