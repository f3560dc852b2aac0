"""A client that analyses instead of running: what the product and dbt must be able to do with it."""

import pytest

from orchestration.settings import Settings
from orchestration.sql_check.client import AnalysingClient, one_row
from orchestration.sql_check.engine import Column
from orchestration.sql_check.product_statements import instead_of_google, read_product
from orchestration.sql_check.trials_reading import create_tables_of, grow_tables, write_tables
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.tables import TABLES


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def warehouse(book, settings):
    with instead_of_google(AnalysingClient(book, settings.project, answers=one_row(text="a"))):
        yield Warehouse(settings)


def test_an_answer_has_the_columns_and_types_that_the_analyzer_says(warehouse):
    (row,) = warehouse.query("select text, like_count + 1 as more, hashtags from marts.tweets where tweet_id = @id", id="1")
    assert row == {"text": "a", "more": 1, "hashtags": ["1"]}


def test_a_refused_statement_is_an_error_of_the_warehouse_and_a_finding_that_names_who_sent_it(warehouse, book):
    with pytest.raises(WarehouseError):
        warehouse.query("select nope from marts.tweets")
    assert ["Unrecognized name: nope" in each.message for each in book.findings] == [True]


def test_tables_exist_from_the_statement_that_makes_them_to_the_one_that_drops_them(warehouse, book):
    warehouse.execute("create table marts.made as select text as word, 1 as n from marts.tweets")
    assert book.tables["campaign-pulse", "marts", "made"] == (Column("word", "STRING"), Column("n", "INT64"))
    warehouse.execute("alter table marts.made add column if not exists more ARRAY<STRING>")
    warehouse.query("select word, more from marts.made")
    warehouse.execute("drop table marts.made")
    with pytest.raises(WarehouseError):
        warehouse.query("select word from marts.made")


def test_the_tables_of_python_are_in_the_catalogue_as_the_product_makes_them(warehouse, book, settings):
    create_tables_of(settings)
    for table in TABLES:
        kinds = {column.name: f"ARRAY<{column.type}>" if column.repeated else column.type for column in table.all_columns}
        assert {each.name: each.type for each in book.tables[settings.project, table.dataset, table.name]} == kinds


def test_the_trials_of_writing_send_every_statement_of_the_warehouse_module_without_a_finding(book, settings):
    trials = {"warehouse": {"new": lambda stage: create_tables_of(stage.settings), "older": grow_tables, "writing": write_tables}}
    read_product(book, settings, {}, trials)
    assert [str(finding) for finding in book.findings] == []
    assert {line for file, line in book.places if file == "orchestration/warehouse/client.py"}
    assert book.counts["warehouse"] > 5 * len(TABLES)


def test_a_trial_that_stops_is_a_finding(book, settings):
    def broken(stage):
        stage.warehouse.query("select text from marts.tweets")
        raise KeyError("half of it")

    read_product(book, settings, {}, {"rest": {"broken": broken}})
    assert [str(finding) for finding in book.findings] == ["trial of broken: it stopped: KeyError: 'half of it'"]
