"""GoogleSQL that the client sends: windows as literals, the keyed MERGE, the DELETE of what is no more."""

import json
from collections.abc import Collection

from orchestration.warehouse.errors import NotReadOnly
from orchestration.warehouse.tables import Table
from orchestration.windows import FIRST_DAY, Window


def in_window(column: str, window: Window) -> tuple[str, str]:
    """Half-open, with literals, so that BigQuery prunes partitions before it reads."""
    start, end = (f"TIMESTAMP '{edge:%Y-%m-%d %H:%M:%S}+00'" for edge in (window.start, window.end))
    return f"{column} >= {start}", f"{column} < {end}"


def ever(column: str, kind: str) -> str:
    """All of history, by a DATE or TIMESTAMP column: a partitioned mart answers nobody who names no partitions.

    Clustering by campaign keeps what is read small.
    """
    return f"{column} >= DATE '{FIRST_DAY}'" if kind == "DATE" else f"{column} >= TIMESTAMP '{FIRST_DAY} 00:00:00+00'"


def one_of(column: str, values: Collection[str]) -> str:
    return f"{column} IN ({', '.join(map(literal, sorted(values)))})" if values else "FALSE"


def literal(value: str) -> str:
    """A string literal: the escapes of JSON are escapes of GoogleSQL."""
    return json.dumps(value, ensure_ascii=False)


def delete(target: str, bounds: Collection[str]) -> str:
    return f"DELETE FROM {target} T WHERE {_of_target(bounds)}"


def merge(table: Table, target: str, staging: str, bounds: Collection[str]) -> str:
    """Inserts new keys and updates those whose content differs; leaves equal rows, lineage included, alone."""
    names = [column.name for column in table.all_columns]
    same_key = " AND ".join(f"T.{name} = S.{name}" for name in table.key)
    updates = ", ".join(f"{name} = S.{name}" for name in names if name not in table.key)
    return (
        f"MERGE {target} T USING {staging} S ON {same_key} AND {_of_target(bounds)}\n"
        f"WHEN MATCHED AND T.row_hash != S.row_hash THEN UPDATE SET {updates}\n"
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(names)}) VALUES ({', '.join(f'S.{name}' for name in names)})"
    )


def delete_absent(table: Table, target: str, staging: str, bounds: Collection[str]) -> str:
    """Deletes the rows inside the bounds whose key is not staged."""
    same_key = " AND ".join(f"S.{name} = T.{name}" for name in table.key)
    absent = f"NOT EXISTS (SELECT 1 FROM {staging} S WHERE {same_key})"
    return f"DELETE FROM {target} T WHERE {_of_target(bounds)} AND {absent}"


def _of_target(bounds: Collection[str]) -> str:
    return " AND ".join(bound if bound == "FALSE" else f"T.{bound}" for bound in bounds) or "TRUE"


def check_read_only(sql: str) -> None:
    """Raises NotReadOnly unless `sql` is one single query without side effects."""
    import sqlglot
    from sqlglot import exp

    try:
        parsed = [statement for statement in sqlglot.parse(sql, dialect="bigquery") if statement is not None]
    except sqlglot.errors.SqlglotError as error:
        raise NotReadOnly(f"This is no GoogleSQL that can be read: {str(error).splitlines()[0][:200]}") from error
    if len(parsed) != 1:
        raise NotReadOnly(f"One query at a time, please; this is {len(parsed)} statements.")
    writes = (exp.DML, exp.DDL, exp.Command, exp.Set, exp.Merge, exp.Drop, exp.Alter, exp.TruncateTable)
    if not isinstance(parsed[0], exp.Query) or any(parsed[0].find_all(*(set(writes) - {exp.DDL, exp.DML}))):
        raise NotReadOnly("Only queries (SELECT ...) are answered here; nothing was run.")
    if any(not isinstance(found, exp.Query) for found in parsed[0].find_all(exp.DML, exp.DDL)):
        raise NotReadOnly("Only queries (SELECT ...) are answered here; nothing was run.")
