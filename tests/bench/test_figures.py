"""A figure, its peer and what was wanted of it."""

import json

import pytest

from bench import figures
from bench.figures import HIGHER, LOWER, OF_RATIO, Figure


def test_a_ratio_is_ours_by_the_peers():
    assert Figure("posts a second", 428, "posts/s", HIGHER, "pipeline", 64).ratio == 428 / 64


def test_without_a_peer_or_beside_nothing_there_is_no_ratio():
    assert Figure("a", 3, "s").ratio is None
    assert Figure("a", 3, "s", peer="b", peer_value=0).ratio is None


@pytest.mark.parametrize(("figure", "room"), [
    (Figure("a", 45, "s", LOWER, limit=60), 0.25),
    (Figure("a", 75, "s", LOWER, limit=60), -0.25),
    (Figure("a", 12_000, "posts/s", HIGHER, limit=10_000), 0.2),
    (Figure("a", 8_000, "posts/s", HIGHER, limit=10_000), -0.2),
    (Figure("a", 300, "posts/s", HIGHER, "b", 50, 5, OF_RATIO), 0.2),
    (Figure("a", 0, "posts", LOWER, limit=0), 0.0),
    (Figure("a", 1, "posts", LOWER, limit=0), -1.0),
])  # fmt: skip
def test_room_is_how_far_within_the_limit(figure, room):
    assert figure.room == pytest.approx(room)
    assert figure.missed == (room < 0)


def test_a_limit_of_the_ratio_is_not_judged_without_the_peer():
    assert Figure("a", 300, "posts/s", HIGHER, limit=5, limit_of=OF_RATIO).room is None


def test_a_figure_is_the_same_after_the_file(tmp_path):
    figure, file = Figure("a", 1.5, "s", HIGHER, "b", 3.0, 5.0, OF_RATIO), tmp_path / "f.json"
    figures.write(file, [figure])
    figures.write(file, [Figure("c", 2.0, "s")], growth={"rows": {}})
    held = figures.read(file)
    assert Figure.of(held["figures"][0]) == figure
    assert [row["name"] for row in held["figures"]] == ["a", "c"] and held["growth"] == {"rows": {}}
    assert json.loads(file.read_text())["figures"][0]["ratio"] == 0.5


def test_a_missed_wish_is_said_in_the_table():
    *_, met, missed = figures.table([Figure("a", 45, "s", limit=60), Figure("b", 3, "x", HIGHER, "c", 1, 5, OF_RATIO)])
    assert met == "| a | 45 s |  |  | at most 60 s | +25% |"
    assert missed == "| b | 3 x | 1 x, c | 3.00 | at least 5 times the peer | -40% MISSED |"
