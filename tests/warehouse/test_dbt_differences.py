"""What dbt's overrides for the local server make up for: a test fails when a difference is gone, and its override with it."""

import pytest

from orchestration.warehouse.errors import WarehouseError


def test_the_server_still_does_not_parse_the_columns_of_a_contract(warehouse):
    """`bigquery__get_table_columns_and_constraints` in dbt_project/macros/overrides.sql leaves them out."""
    table = warehouse.qualified("raw.contract_trial")
    with pytest.raises(WarehouseError):
        warehouse.execute(f"create or replace table {table} (a int64, b string) as (select 1 as a, 'x' as b)")
    warehouse.execute(f"create or replace table {table} as (select 1 as a, 'x' as b)")
