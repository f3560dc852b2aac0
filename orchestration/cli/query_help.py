"""What to say when a query names a table or a column that is not there: the nearest that are."""

import re
from collections.abc import Iterable, Mapping

from orchestration.nearest import nearest
from orchestration.warehouse.client import DATASETS, Warehouse
from orchestration.warehouse.errors import TableMissing, WarehouseError

# The words of BigQuery, and of the server on this machine, for a column that no table of the query has.
NO_COLUMN = re.compile(
    r"Unrecognized name: `?(\w+)`?|Name `?(\w+)`? not found inside|Referenced column \"(\w+)\" not found|does not have a column named \"(\w+)\""
)


def explain(warehouse: Warehouse, sql: str, error: WarehouseError) -> WarehouseError:
    """The error in words that help, or itself when there is nothing to add."""
    unknown = NO_COLUMN.search(str(error))
    if not unknown and not isinstance(error, TableMissing):
        return error
    there = columns_by_table(warehouse, DATASETS)
    asked = tables_in(sql)
    absent = [table for table in asked if table not in there]
    if isinstance(error, TableMissing) and absent:
        return TableMissing(f"There is no table {absent[0]}.{_near_table(absent[0], there)} All of them:  pulse doctor")
    if unknown:
        name = next(filter(None, unknown.groups()))
        known = sorted({column for table in asked for column in there.get(table, ())})
        tables = ", ".join(asked)
        return WarehouseError(f"{tables} has no column {name}.{nearest(name, known)} It has: {', '.join(known)}.") if known else error
    return error


def tables_in(sql: str) -> list[str]:
    """Tables that the query reads as `dataset.table`, or as it names them; not those it makes itself."""
    import sqlglot
    from sqlglot import exp

    parsed = sqlglot.parse_one(sql, dialect="bigquery")
    own = {each.alias for each in parsed.find_all(exp.CTE)}
    named = [f"{table.db}.{table.name}" if table.db else table.name for table in parsed.find_all(exp.Table)]
    return list(dict.fromkeys(name for name in named if name not in own))


def columns_by_table(warehouse: Warehouse, datasets: Iterable[str]) -> dict[str, list[str]]:
    """Columns of every table there is, as `dataset.table`; a dataset that is absent has none."""
    found: dict[str, list[str]] = {}
    for dataset in datasets:
        columns = f"`{warehouse.dataset(dataset)}`.INFORMATION_SCHEMA.COLUMNS"
        try:
            rows = warehouse.query(f"select table_name, column_name from {columns} order by table_name, ordinal_position")
        except TableMissing:
            continue
        for row in rows:
            found.setdefault(f"{dataset}.{row['table_name']}", []).append(row["column_name"])
    return found


def _near_table(name: str, there: Mapping[str, list[str]]) -> str:
    # A table without its dataset, or in another one, is meant rather than one that is only spelt alike.
    same = [table for table in there if table.split(".")[1] == name.split(".")[-1].lower()]
    same.sort(key=lambda table: not table.startswith("marts."))
    return f" Did you mean {' or '.join(same)}?" if same else nearest(name if "." in name else f"marts.{name}", list(there))
