"""`pulse query`."""

import csv
import json
import sys
from datetime import date, datetime
from typing import Any

from orchestration.cli.errors import fail
from orchestration.cli.screen import show_table
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse

FORMS = ("table", "json", "csv")


def ask(sql: str, form: str) -> None:
    """Prints the answer; raises WarehouseError."""
    if form not in FORMS:
        fail(f"{form!r} is no format. Choose {', '.join(FORMS)}.")
    result = Warehouse(Settings()).read(sql)
    if form == "json":
        print(json.dumps(result.rows, ensure_ascii=False, default=as_json, indent=1))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(result.columns)
        writer.writerows([_cell(row[name]) for name in result.columns] for row in result.rows)
    else:
        show_table(result.columns, ([row[name] for name in result.columns] for row in result.rows))


def as_json(value: Any) -> Any:
    """Times as ISO 8601 in UTC, anything else as text."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def _cell(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return as_json(value)
    return json.dumps(value, ensure_ascii=False, default=as_json) if isinstance(value, (list, dict)) else value
