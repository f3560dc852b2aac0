"""Marts compared row by row: what is told of a difference."""

import pytest

from orchestration.bigquery_verify.comparing import Difference, compare, not_built, rows_that_differ
from orchestration.bigquery_verify.scratch import new_prefix, scratch, scratch_settings
from orchestration.checksums import Checksum
from orchestration.marts import Mart, Part
from orchestration.warehouse.client import Warehouse

MART = Mart("verify_trial", "hourly", "", ("campaign_id", "word"), {"campaign_id": "", "word": "", "posts": ""})


def test_rows_are_missing_extra_or_changed_by_their_key():
    ours = {("one", "a"): "1", ("one", "b"): "2", ("one", "c"): "3"}
    theirs = {("one", "a"): "1", ("one", "b"): "other", ("one", "d"): "4"}
    assert rows_that_differ("words", ours, theirs) == Difference("words", missing=1, extra=1, changed=1, examples=("one / b", "one / c", "one / d"))


def test_of_many_rows_three_are_named():
    assert len(rows_that_differ("words", {(str(number),): "1" for number in range(9)}, {}).examples) == 3


def test_a_mart_without_a_table_is_not_built():
    assert not_built([Checksum("a", None, None), Checksum("b", 0, "x")]) == ["a"]


@pytest.fixture
def sides(warehouse, home_settings):
    """This machine's datasets and scratch ones, each with the trial mart."""
    settings = scratch_settings(home_settings, new_prefix())
    there = Warehouse(settings)
    with scratch(there.client, settings):
        for side in (warehouse, there):
            side.execute(f"create table {side.qualified('marts.verify_trial')} (campaign_id string, word string, posts int64)")
            side.execute(f"insert into {side.qualified('marts.verify_trial')} (campaign_id, word, posts) values ('one', 'a', 1), ('one', 'b', 2), ('two', 'a', 9)")
        yield warehouse, there
        warehouse.execute(f"drop table {warehouse.qualified('marts.verify_trial')}")


def test_equal_marts_have_no_difference_and_their_rows_are_counted(sides):
    found, different = compare(*sides, [MART], Part("one"))
    assert (found[0].rows, different) == (2, [])


def test_one_changed_value_is_found_and_named(sides):
    sides[1].execute(f"update {sides[1].qualified('marts.verify_trial')} set posts = 3 where word = 'b'")
    _, (different,) = compare(*sides, [MART], Part("one"))
    assert different == Difference("verify_trial", 0, 0, 1, ("one / b",))


def test_a_mart_that_only_one_side_has_is_a_difference(sides):
    sides[1].execute(f"drop table {sides[1].qualified('marts.verify_trial')}")
    _, (different,) = compare(*sides, [MART], Part("one"))
    assert different == Difference("verify_trial", 2, 0, 0, ("one / a", "one / b"))
