"""dbt's insert_overwrite on the local server: the rows of the range replaced, in a transaction."""

import pytest

from orchestration.warehouse.emulator_merge import insert_overwrite
from orchestration.warehouse.errors import WarehouseError

OVERWRITE = """
merge into raw.days as DBT_INTERNAL_DEST
using (select date '2026-03-02' as day, 5 as n union all select date '2026-03-03', max(n) + 1 from raw.days) as DBT_INTERNAL_SOURCE
on FALSE
when not matched by source and DBT_INTERNAL_DEST.day >= date '2026-03-02' and DBT_INTERNAL_DEST.day < date '2026-03-04'
    then delete
when not matched then insert (`day`, `n`) values (`day`, `n`)
"""


@pytest.fixture
def days(warehouse):
    warehouse.execute("create or replace table raw.days as select date '2026-03-01' as day, 1 as n union all select date '2026-03-02', 2")

    def rows():
        return [(row["day"].day, row["n"]) for row in warehouse.query("select day, n from raw.days order by day, n")]

    return rows


def test_the_range_is_replaced_from_a_source_that_reads_the_table_itself(warehouse, days):
    warehouse.execute(OVERWRITE)
    assert days() == [(1, 1), (2, 5), (3, 3)]


def test_an_insert_that_fails_leaves_the_range_as_it_was(warehouse, days):
    with pytest.raises(WarehouseError):
        warehouse.execute(OVERWRITE.replace("select date '2026-03-02' as day, 5 as n", "select date '2026-03-02' as day, 10 as n").replace("values (`day`, `n`)", "values (`day`, cast(concat('x', `n`) as int64))"))
    assert days() == [(1, 1), (2, 2)]


def test_a_hundred_thousand_rows_over_as_many_are_done_before_the_client_gives_up(warehouse):
    rows = "select date_add(date '2026-01-01', interval mod(n, 60) day) as day, n from unnest(generate_array(1, 100000)) as n"
    warehouse.execute(f"create or replace table raw.days as {rows}")
    warehouse.execute(f"""
        merge into raw.days as d using ({rows}) as s on FALSE
        when not matched by source and d.day >= date '2026-01-01' then delete
        when not matched then insert (day, n) values (day, n)
    """)
    assert warehouse.query("select count(*) as rows_, sum(n) as total from raw.days") == [{"rows_": 100000, "total": 5000050000}]


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "merge into a using b on a.x = b.x when matched then delete",
        "merge into a using b on false when not matched then insert (x) values (x) when matched then delete",
    ],
)
def test_any_other_statement_is_left_alone(sql):
    assert insert_overwrite(sql) is None
