"""Replacing a window: twice is once, neighbours stay, nothing empties more than it says, a kill loses nothing."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.warehouse.tables import Column, Table
from orchestration.windows import HOUR, Window

START = datetime(2026, 3, 2, tzinfo=UTC)
LINEAGE = ("run_id", "loaded_at")


def hour(number: int) -> Window:
    return Window(START + number * HOUR, START + (number + 1) * HOUR)


def make_table(warehouse: Warehouse) -> Table:
    table = Table(
        "raw",
        f"posts_{uuid4().hex[:8]}",
        "For a test.",
        key=("campaign_id", "tweet_id"),
        window_column="created_at",
        columns=(
            Column("campaign_id", "STRING", ""),
            Column("tweet_id", "STRING", ""),
            Column("created_at", "TIMESTAMP", ""),
            Column("likes", "INT64", ""),
            Column("tags", "STRING", "", repeated=True),
        ),
    )
    warehouse.ensure_tables([table])
    return table


@pytest.fixture
def table(warehouse):
    return make_table(warehouse)


def post(number: int, hour_number: int = 0, campaign: str = "a", likes: int | None = 1) -> dict:
    created = START + hour_number * HOUR + timedelta(seconds=number)
    return {"campaign_id": campaign, "tweet_id": f"{hour_number}-{number}", "created_at": created, "likes": likes, "tags": ["x"]}


def content(warehouse, table, *, lineage: bool = False) -> list[dict]:
    rows = warehouse.query(f"select * from {warehouse.qualified(table)} order by campaign_id, tweet_id")
    return [row if lineage else {name: value for name, value in row.items() if name not in LINEAGE} for row in rows]


def test_twice_is_once_and_the_second_time_changes_no_row(warehouse, table):
    rows = [post(n) for n in range(5)]
    assert warehouse.replace_window(table, hour(0), rows, run_id="one").changed == 5
    before = content(warehouse, table, lineage=True)
    again = warehouse.replace_window(table, hour(0), rows, run_id="two")
    assert (again.changed, again.deleted, again.unchanged) == (0, 0, 5)
    assert content(warehouse, table, lineage=True) == before


def test_only_the_row_that_changed_says_that_another_run_made_it(warehouse, table):
    warehouse.replace_window(table, hour(0), [post(1), post(2)], run_id="one")
    warehouse.replace_window(table, hour(0), [post(1), post(2, likes=9)], run_id="two")
    assert [row["run_id"] for row in content(warehouse, table, lineage=True)] == ["one", "two"]


def test_no_rows_empty_exactly_the_hour(warehouse, table):
    for number in range(3):
        warehouse.replace_window(table, hour(number), [post(1, number), post(2, number)], run_id="r")
    assert warehouse.replace_window(table, hour(1), [], run_id="r").deleted == 2
    assert {row["tweet_id"] for row in content(warehouse, table)} == {"0-1", "0-2", "2-1", "2-2"}


def test_the_end_of_the_window_belongs_to_the_next_hour(warehouse, table):
    warehouse.replace_window(table, hour(1), [post(0, 1)], run_id="r")
    warehouse.replace_window(table, hour(0), [], run_id="r")
    assert len(content(warehouse, table)) == 1


def test_the_scope_protects_other_campaigns_of_the_hour(warehouse, table):
    warehouse.replace_window(table, hour(0), [post(1, campaign="a"), post(1, campaign="b")], run_id="r")
    warehouse.replace_window(table, hour(0), [], run_id="r", scope={"campaign_id": ["a"]})
    assert [row["campaign_id"] for row in content(warehouse, table)] == ["b"]


def test_an_empty_scope_touches_nothing(warehouse, table):
    warehouse.replace_window(table, hour(0), [post(1)], run_id="r")
    assert warehouse.replace_window(table, hour(0), [], run_id="r", scope={"campaign_id": []}).deleted == 0
    assert len(content(warehouse, table)) == 1


@pytest.mark.parametrize(
    ("rows", "scope", "said"),
    [
        ([post(0, 1)], None, "is not in"),
        ([post(1), post(1, likes=2)], None, "two rows"),
        ([post(1) | {"tweet_id": None}], None, "lacks its key"),
        ([post(1) | {"other": 1}], None, "no column 'other'"),
        ([post(1)], {"campaign_id": ["b"]}, "not in the scope"),
    ],
)
def test_rows_that_do_not_belong_are_refused_before_anything_is_written(warehouse, table, rows, scope, said):
    with pytest.raises(ValueError, match=said):
        warehouse.replace_window(table, hour(0), rows, run_id="r", scope=scope)
    assert content(warehouse, table) == []


def test_absent_stays_null_and_hostile_text_stays_itself(warehouse, table):
    text = "'); DROP TABLE x; -- \\' \" ` \u2028 \u202e <script> \U0001f600 {{ 7*7 }}"
    warehouse.replace_window(table, hour(0), [post(1, likes=None) | {"tags": [text]}], run_id="r")
    assert [(row["likes"], row["tags"]) for row in content(warehouse, table)] == [(None, [text])]


contents = strategies.lists(
    strategies.tuples(strategies.integers(0, 5), strategies.sampled_from("ab"), strategies.integers(0, 3)),
    max_size=8,
    unique_by=lambda row: row[:2],
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=strategies.lists(strategies.tuples(strategies.integers(0, 2), contents), min_size=1, max_size=5))
def test_each_hour_holds_what_was_last_given_to_it_whatever_happened_to_the_others(warehouse, steps):
    table, expected = make_table(warehouse), {}
    for number, rows in steps:
        posts = [post(n, number, campaign, likes) for n, campaign, likes in rows]
        warehouse.replace_window(table, hour(number), posts, run_id="r")
        expected[number] = {(row["campaign_id"], row["tweet_id"]): row["likes"] for row in posts}
    found = {(row["campaign_id"], row["tweet_id"]): row["likes"] for row in content(warehouse, table)}
    assert found == {key: value for rows in expected.values() for key, value in rows.items()}


WRITER = """
    import sys
    from pathlib import Path
    sys.path.insert(0, ".")
    from orchestration.settings import Settings
    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.tables import Table, Column
    from tests.warehouse.test_replace_window import make_table, post, hour
    import orchestration.warehouse.client as client, os

    warehouse = Warehouse(Settings(home=Path(sys.argv[1])))
    columns = tuple(Column(n, t, "", repeated=n == "tags") for n, t in [("campaign_id", "STRING"), ("tweet_id", "STRING"),
        ("created_at", "TIMESTAMP"), ("likes", "INT64"), ("tags", "STRING")])
    table = Table("raw", sys.argv[2], "", ("campaign_id", "tweet_id"), columns, "created_at")
    left, rows = int(sys.argv[3]), int(sys.argv[4])
    send = client.Warehouse.execute
    def execute(self, sql):
        global left
        if left == 0:
            os.kill(os.getpid(), 9)
        left -= 1
        return send(self, sql)
    client.Warehouse.execute = execute
    warehouse.replace_window(table, hour(0), [post(n, likes=2) for n in range(1, rows)], run_id="new")
"""


def write_in_another_process(home, table, statements: int, rows: int = 6) -> subprocess.Popen:
    """Replaces hour 0 and kills itself before statement number `statements`."""
    code = textwrap.dedent(WRITER)
    return subprocess.Popen([sys.executable, "-c", code, str(home), table.name, str(statements), str(rows)])


@pytest.mark.parametrize("statements", [0, 1])
def test_a_writer_killed_between_statements_loses_no_row_and_a_rerun_ends_the_same(warehouse, home_settings, table, statements):
    warehouse.replace_window(table, hour(0), [post(n) for n in range(5)], run_id="old")
    warehouse.replace_window(table, hour(1), [post(1, 1)], run_id="old")
    assert write_in_another_process(home_settings.home, table, statements).wait(60) == -signal.SIGKILL
    assert {f"0-{n}" for n in range(5)} <= {row["tweet_id"] for row in content(warehouse, table)}
    warehouse.replace_window(table, hour(0), [post(n, likes=2) for n in range(1, 6)], run_id="again")
    assert [(row["tweet_id"], row["likes"]) for row in content(warehouse, table)] == [
        *((f"0-{n}", 2) for n in range(1, 6)),
        ("1-1", 1),
    ]


def test_a_server_killed_inside_a_statement_is_started_by_the_next_command_with_nothing_lost(tmp_path):
    home = Settings(home=tmp_path)
    warehouse = Warehouse(home)
    warehouse.ensure_tables([])
    table = make_table(warehouse)
    warehouse.replace_window(table, hour(1), [post(1, 1)], run_id="old")
    warehouse.replace_window(table, hour(0), [post(n) for n in range(2000)], run_id="old")
    files = ServerFiles(home.warehouse_dir)
    try:
        for delay in (0.0, 0.05, 0.15):
            writer = write_in_another_process(tmp_path, table, 9, rows=3000)
            while not staging_tables(Warehouse(home)) and writer.poll() is None:
                time.sleep(0.01)
            time.sleep(delay)
            os.kill(files.said().pid, signal.SIGKILL)
            writer.wait(60)
            ids = {row["tweet_id"] for row in content(Warehouse(home), table)}
            assert {"1-1"} | {f"0-{n}" for n in range(1, 2000)} <= ids
        Warehouse(home).replace_window(table, hour(0), [post(n, likes=2) for n in range(1, 3000)], run_id="again")
        rows = content(Warehouse(home), table)
        assert len(rows) == 3000
        assert sum(row["likes"] for row in rows) == 2 * 2999 + 1
    finally:
        server_control.halt(files)


def staging_tables(warehouse: Warehouse) -> list:
    return warehouse.query("select table_name from staging.INFORMATION_SCHEMA.TABLES")
