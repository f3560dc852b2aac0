"""A warehouse of an earlier version keeps its rows and gains the columns of this one."""

import dataclasses
from datetime import UTC, datetime

from orchestration.warehouse.tables import CAPTURE_LEDGER
from orchestration.windows import Window

HOUR = Window.hour_of(datetime(2026, 3, 2, 5, tzinfo=UTC))


def test_a_table_of_an_earlier_version_gains_its_new_columns_and_keeps_its_rows(warehouse):
    new = dataclasses.replace(CAPTURE_LEDGER, name="ledger_that_grows")
    old = dataclasses.replace(new, columns=tuple(column for column in new.columns if column.name != "removed"))
    warehouse.ensure_tables([old])
    warehouse.replace_window(old, HOUR, [{"campaign_id": "c", "hour": HOUR.start, "captured": 3}], run_id="one")
    for _ in range(2):
        warehouse.ensure_tables([new])
    assert warehouse.query("select captured, removed from raw.ledger_that_grows") == [{"captured": 3, "removed": None}]
    (row,) = warehouse.query("select * from raw.ledger_that_grows")
    assert row["removed"] is None
    warehouse.replace_window(new, HOUR, [{"campaign_id": "c", "hour": HOUR.start, "captured": 3, "removed": 1}], run_id="two")
    assert warehouse.query("select captured, removed, run_id from raw.ledger_that_grows") == [{"captured": 3, "removed": 1, "run_id": "two"}]
