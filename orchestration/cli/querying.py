"""`pulse query`."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.cli.errors import fail
from orchestration.cli.query_help import explain
from orchestration.cli.screen import show_table
from orchestration.export import write_csv
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import NotReadOnly, WarehouseError
from orchestration.warehouse.tables import Column

FORMS = ("table", "json", "csv")


def ask(given: str, form: str) -> None:
    """Prints the answer; raises WarehouseError that says which table or column is not there."""
    if form not in FORMS:
        fail(f"{form!r} is no format. Choose {', '.join(FORMS)}.")
    sql, warehouse = sql_of(given), Warehouse(Settings())
    try:
        result = warehouse.read(sql)
    except NotReadOnly:
        raise
    except WarehouseError as error:
        raise explain(warehouse, sql, error) from error
    if form == "json":
        print(json.dumps(result.rows, ensure_ascii=False, default=as_json, indent=1))
    elif form == "csv":
        columns = [Column(name, "", "") for name in result.columns]
        write_csv(sys.stdout.buffer, columns, [[tuple(row[name] for name in result.columns) for row in result.rows]])
    else:
        show_table(result.columns, ([row[name] for name in result.columns] for row in result.rows))


def sql_of(given: str) -> str:
    """The query itself, the content of `@file`, or of standard input for `-`. Fails with one line when there is none."""
    if given == "-":
        sql = sys.stdin.read()
    elif given.startswith("@"):
        try:
            sql = Path(given[1:]).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            fail(f"{given[1:]} cannot be read ({error.strerror if isinstance(error, OSError) else 'it is not UTF-8'}). Give a file:  pulse query @FILE.sql")
    else:
        sql = given
    if not sql.strip():
        fail("There is no query. Give one, a file (@FILE.sql), or - to read it from standard input.")
    return sql


def as_json(value: Any) -> Any:
    """Times as ISO 8601 in UTC, anything else as text."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)
