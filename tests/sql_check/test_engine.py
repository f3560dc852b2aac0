"""What Google's analyzer refuses, and that it takes what BigQuery takes."""

import pytest

from orchestration.sql_check.engine import Column, Engine


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select nope from marts.tweets", "Unrecognized name: nope"),
        ("select text from marts.nothing", "Table not found"),
        ("select text, count(*) as n from marts.tweets", "neither grouped nor aggregated"),
        ("select text + 1 as a from marts.tweets", "No matching signature"),
        ("select created_at >= day as a from marts.tweets", "No matching signature"),
        ("select tweet_id from marts.tweets where like_count = 'a'", "No matching signature for operator ="),
        ("select epoch(created_at) as a from marts.tweets", "Function not found: epoch"),
        ("select list_transform(hashtags, x -> x) as a from marts.tweets", "not found: list_transform"),
        ("select array_transform(hashtags, x -> x) as a from marts.tweets", "Lambda is not supported"),
        ("select created_at::string as a from marts.tweets", "Syntax error"),
        ("select cast(score as double) as a from marts.tweets", "Type not found: double"),
        ("select text from marts.tweets where tweet_id in unnest(@ids)", "Query parameter 'ids' not found"),
        ("delete from marts.tweets", "must have a WHERE clause"),
        ("merge marts.tweets t using marts.tweets s on true when matched then update set nope = 1", "nope"),
        ("with source as (select 'a' as source) select upper(source) as a from source", "No matching signature"),
    ],
)
def test_what_bigquery_would_refuse_is_a_finding(findings, sql, message):
    assert message in "\n".join(findings(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "select tweet_id from `campaign-pulse`.`marts`.`tweets` qualify row_number() over (partition by tweet_id order by created_at desc) = 1",
        "select cast(text as int) as a, h from `campaign-pulse.marts.tweets`, unnest(hashtags) as h where regexp_contains(h, 'a') and false",
        "select campaign_id, count(*) as n from `campaign-pulse.marts`.tweets group by all",
        "create or replace table marts.x partition by timestamp_trunc(created_at, day) cluster by text as select * from marts.tweets",
        "alter table marts.tweets add column if not exists more ARRAY<STRING>",
        "merge marts.tweets t using marts.tweets s on false when not matched by source and t.day = date '2026-01-01' then delete "
        "when not matched then insert (tweet_id) values (s.tweet_id)",
    ],
)
def test_what_bigquery_takes_is_taken(engine, book, sql):
    book.read("test", "here", sql)
    assert [str(each) for each in book.findings if "CAST(STRING" not in each.message] == []


def test_a_function_that_only_other_products_of_google_have_is_a_finding(findings):
    assert findings("select array_filter(hashtags, e -> true) as a from marts.tweets") != []


def test_a_function_of_the_analyzer_that_bigquery_lacks_is_a_finding(findings):
    assert findings("select array_is_distinct(hashtags) as a from marts.tweets") == ["ARRAY_IS_DISTINCT is not a function of BigQuery"]


def test_parameters_have_the_types_that_the_client_gives_them(findings):
    assert findings("select text from marts.tweets where tweet_id in unnest(@ids)", ids="ARRAY<STRING>") == []
    assert findings("select text from marts.tweets where tweet_id = @id", id="INT64") != []


def test_an_expression_of_any_depth_is_read(engine: Engine):
    deep = "lower(" * 150 + "text" + ")" * 150
    engine.know({("campaign-pulse", "marts", "tweets"): (Column("text", "STRING"),)})
    answer = engine.analyse(f"select cast({deep} as int64) as a from marts.tweets")
    assert answer.columns == (Column("a", "INT64"),) and len(answer.forbidden) == 1


def test_types_are_written_as_bigquery_writes_them(engine: Engine):
    assert engine.type_written("array<struct<a string, b float64>>") == "ARRAY<STRUCT<a STRING, b FLOAT64>>"
