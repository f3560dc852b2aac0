"""Rows that a failed data test found, kept in a table for a week, so that whoever is called can look at them."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.settings import Settings
from orchestration.warehouse.client import FAILURES

KEPT_ROWS = 500
KEPT_DAYS = 7
# dbt's own `store_failures` writes a table for each test and run, also where nothing failed: 100 tables an hour.


@dataclass(frozen=True)
class FailedTest:
    """A data test that found rows: its name, what it claims, and the SQL that found them."""

    name: str
    claim: str
    sql: str


def table_of(test: FailedTest) -> str:
    """`failures.<test>`: BigQuery takes 1,024 characters, dbt's names of generic tests are shorter."""
    return f"{FAILURES}.{test.name}"


def keep_failing_rows(settings: Settings, tests: Sequence[FailedTest]) -> list[str]:
    """Writes the rows of each test, at most 500, over those of its last failure. Returns the tables written.

    A failure to keep them must not hide the failure of the test: it is left out of the answer.
    """
    from google.cloud.exceptions import GoogleCloudError

    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.errors import WarehouseError

    warehouse, written = Warehouse(settings), []
    for test in tests:
        try:
            warehouse.execute(keep_sql(warehouse.qualified(table_of(test)), test.sql))
        except (WarehouseError, GoogleCloudError):
            continue
        written.append(table_of(test))
    return written


def keep_sql(target: str, found: str) -> str:
    """The statement that keeps the rows of the query `found`; the table goes by itself after a week."""
    return (
        f"CREATE OR REPLACE TABLE {target}\n"
        f"OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL {KEPT_DAYS} DAY))\n"
        f"AS SELECT * FROM (\n{found}\n) AS found LIMIT {KEPT_ROWS}"
    )
