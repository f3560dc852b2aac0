"""Statements dry-run on empty tables: what the analyzer knows, BigQuery is given. The server of this machine stands for BigQuery."""

import pytest
from google.api_core.exceptions import BadRequest, NotFound

from orchestration.bigquery_verify.dry_run import SAYS, DryRunBook, Mirror
from orchestration.bigquery_verify.scratch import new_prefix, scratch, scratch_settings
from orchestration.sql_check.client import AnalysingClient
from orchestration.sql_check.engine import Column, Engine

POSTS = (Column("tweet_id", "STRING"), Column("likes", "INT64"), Column("tags", "ARRAY<STRING>"))


@pytest.fixture(scope="module")
def engine():
    pytest.importorskip("zetasql")
    return Engine()


@pytest.fixture
def settings(home_settings):
    return scratch_settings(home_settings, new_prefix())


@pytest.fixture
def book(engine, warehouse, settings):
    with scratch(warehouse.client, settings):
        made = DryRunBook(engine, Mirror(warehouse.client, settings.dataset_prefix))
        made.know((settings.project, settings.dataset("raw"), "tweets"), POSTS)
        yield made


def name(settings, table="raw.tweets"):
    dataset, short = table.split(".")
    return f"{settings.project}.{settings.dataset(dataset)}.{short}"


def test_a_table_of_the_analyzer_is_there_and_empty(book, settings, warehouse):
    table = warehouse.client.get_table(name(settings))
    assert [(field.name, field.field_type, field.mode) for field in table.schema][2] == ("tags", "STRING", "REPEATED")
    assert warehouse.query(f"select count(*) as n from `{name(settings)}`") == [{"n": 0}]


def test_a_sound_statement_is_read_by_both_and_finds_nothing(book, settings):
    analysed = book.read("trial", "here", f"select tweet_id from `{name(settings)}` where likes > @least and tweet_id in unnest(@ids)", {"least": "INT64", "ids": "ARRAY<STRING>"})
    assert analysed is not None
    assert (list(book.findings), book.mirror.statements) == ([], 1)


def test_what_bigquery_alone_refuses_is_a_finding_in_its_words(book, settings, monkeypatch):
    def refuse(*_, **__):
        raise BadRequest("Cannot do that")

    monkeypatch.setattr(book.mirror.client, "query", refuse)
    book.read("trial", "here", f"select tweet_id from `{name(settings)}`")
    assert [str(finding) for finding in book.findings] == [f"here: {SAYS}Cannot do that"]


def test_nothing_is_run(book, settings, warehouse):
    book.read("trial", "here", f"insert into `{name(settings)}` (tweet_id) values ('1')")
    assert book.findings == {}
    assert warehouse.query(f"select count(*) as n from `{name(settings)}`") == [{"n": 0}]


def test_a_table_that_dbt_makes_again_does_not_stand_in_its_own_way(book, settings, warehouse):
    """BigQuery refuses to replace a table by one of other partitions, or by a view; the copy has no partitions."""
    client = AnalysingClient(book, settings.project)
    for _ in range(2):
        client.query(f"create or replace view `{name(settings, 'marts.posts')}` as select tweet_id from `{name(settings)}`")
    assert book.findings == {}
    assert [field.name for field in warehouse.client.get_table(name(settings, "marts.posts")).schema] == ["tweet_id"]


def test_tables_without_the_prefix_are_never_touched(book, settings, warehouse):
    book.know((settings.project, "raw", "tweets_of_nobody"), POSTS)
    with pytest.raises(NotFound):
        warehouse.client.get_table(f"{settings.project}.raw.tweets_of_nobody")
