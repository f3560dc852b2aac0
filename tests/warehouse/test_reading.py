import pytest

from orchestration.warehouse.errors import NotReadOnly, TableMissing, WarehouseError


@pytest.mark.parametrize(
    "sql", ["select 1 as x", "with a as (select 1 as x) select * from a", "(select 1 as x) union all select 2", "select 1 as x -- ;"]
)
def test_a_query_is_answered(warehouse, sql):
    assert warehouse.read(sql).columns == ("x",)


@pytest.mark.parametrize(
    "sql",
    [
        "delete from raw.tweets where true",
        "insert into raw.tweets (tweet_id) values ('1')",
        "update raw.tweets set text = '' where true",
        "merge raw.tweets t using raw.tweets s on false when matched then delete",
        "create table raw.made as select 1",
        "drop table raw.tweets",
        "truncate table raw.tweets",
        "alter table raw.tweets drop column text",
        "select 1; drop table raw.tweets",
        "begin transaction",
        "declare x int64",
        "call raw.procedure()",
        "export data options (uri = 'file') as select 1",
        "load data into raw.tweets from files (uris = ['x'])",
        "assert 1 = 1",
        "",
    ],
)
def test_whatever_is_no_single_query_is_refused(warehouse, sql):
    with pytest.raises(NotReadOnly):
        warehouse.read(sql)


def test_a_mistake_is_answered_in_one_line(warehouse):
    with pytest.raises(TableMissing, match=r"nowhere"):
        warehouse.read("select * from nowhere.tweets")
    with pytest.raises(WarehouseError, match="nothing_like_it") as caught:
        warehouse.read("select nothing_like_it from raw.tweets")
    assert "\n" not in str(caught.value)


def test_parameters_are_values_and_never_sql(warehouse):
    hostile = "x' or 1=1 --"
    assert warehouse.query("select @given as given, @list as list", given=hostile, list=["a", hostile]) == [
        {"given": hostile, "list": ["a", hostile]}
    ]
