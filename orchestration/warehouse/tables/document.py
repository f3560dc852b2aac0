"""Datasets and tables for Terraform, from their definitions:  python -m orchestration.warehouse.tables.document"""

import json
from typing import Any

from orchestration.settings import REPOSITORY
from orchestration.warehouse.client import DATASETS, TIME_TRAVEL_HOURS
from orchestration.warehouse.tables import TABLES, Column, Table

FILE = REPOSITORY / "deploy" / "terraform" / "tables.json"
# As BigQuery's API answers; with GoogleSQL's names a plan could show a change that is none.
API_NAMES = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN"}


def document() -> dict[str, Any]:
    """What `deploy/terraform/tables.json` holds; tables by `dataset.name`."""
    tables = {f"{table.dataset}.{table.name}": _table(table) for table in sorted(TABLES, key=lambda each: (each.dataset, each.name))}
    return {"datasets": sorted(DATASETS), "max_time_travel_hours": TIME_TRAVEL_HOURS, "tables": tables}


def text() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _table(table: Table) -> dict[str, Any]:
    return {
        "dataset": table.dataset,
        "name": table.name,
        "description": table.description,
        "partition": table.window_column,
        "cluster_by": list(table.cluster_by),
        "schema": [_column(column) for column in table.all_columns],
    }


def _column(column: Column) -> dict[str, str]:
    mode = "REPEATED" if column.repeated else "NULLABLE"
    return {"name": column.name, "type": API_NAMES.get(column.type, column.type), "mode": mode, "description": column.description}


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"{FILE} has {len(TABLES)} tables.")
