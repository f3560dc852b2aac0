"""What a month costs on paper, by hand."""

import pytest

from bench import scale

GROWTH = {
    "growth": {"rows": {"sizes": [100, 1_000, 10_000], "main": "whole run", "lines": {"whole run": [20.0, 24.0, 60.0]}}},
    "bytes_of_a_post": {"raw.tweets": 2_000, "marts.tweets": 1_000},
    "reads_of_an_hour": [{"statement": "tweets", "tables": 2, "days": [["raw.tweets", 2], ["marts.tweets", 1]]}, {"statement": "small", "tables": 3, "days": []}],
}
RESULTS = {"benches": {"growth": GROWTH, "ml": {"figures": [{"name": "sentiment", "value": 400.0, "unit": "posts/s"}]}}}


@pytest.fixture(scope="module")
def cells() -> dict[str, list[str]]:
    return {line.split(" | ")[0].removeprefix("| "): line.removesuffix(" |").split(" | ")[1:] for line in scale.table(RESULTS)}


def test_ten_posts_a_minute_are_432_000_a_month_and_each_is_read_twice(cells):
    assert cells["posts a month"][0] == "432,000"
    # 2 x 432,000 x 0.005 USD, and 720 requests for counts.
    assert cells["X by search, and metrics again at 24 h, USD"][0] == "4,323.60"


def test_a_thousand_a_minute_are_more_than_x_sells_in_a_month(cells):
    # 10,030 read of each hour and 10,000 again, 720 times, of 3,000,000.
    assert cells["posts read of the 3,000,000 that X sells a month"][1] == "481%"
    assert cells["hours until they are read"][1] == "150 of 720"
    assert cells["of which kept, 10,000 of an hour"] == ["100.0%", "16.7%", "0.2%"]


def test_an_hour_of_dbt_bills_what_it_reads_and_at_least_ten_megabytes_a_table():
    ten_megabytes = 10 * 1024**2
    assert scale.bytes_of_an_hour(GROWTH, posts_a_day=10) == 2 * ten_megabytes + 3 * ten_megabytes
    assert scale.bytes_of_an_hour(GROWTH, posts_a_day=1_000_000) == 5_000 * 1_000_000 + 3 * ten_megabytes


def test_seconds_of_a_larger_hour_lie_on_the_line_through_the_two_largest(cells):
    # 24 s at 1,000 and 60 s at 10,000: 4 ms a post.
    assert cells["the same with all posts kept, s"] == ["22", "260", "24,020"]
    assert cells["an hour's run on this machine, within the cap, s"] == ["22", "60", "60"]
    assert cells["of which sentiment alone, all posts kept, s"] == ["2", "150", "15,000"]


def test_without_the_benches_that_it_rests_on_a_line_is_left_out():
    lines = scale.table({"benches": {}})
    assert any("X by search" in line for line in lines) and not any("BigQuery" in line or "machine" in line for line in lines)
