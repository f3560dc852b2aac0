"""What the soak takes for growth."""

import os

from bench.soak import memory
from bench.soak.__main__ import grown_too_much
from bench.soak.memory import Memory, Sample


def line(minutes, mebibytes_at):
    return [Sample(minute / 6, mebibytes_at(minute / 6)) for minute in range(6 * minutes)]


def test_what_grows_after_minute_15_has_grown_and_what_filled_before_has_not():
    assert memory.growth(line(40, lambda minute: 100 + minute)) > memory.LARGEST_GROWTH
    assert memory.growth(line(40, lambda minute: min(100 + 10 * minute, 200))) == 0
    assert memory.growth(line(19, lambda minute: 100 + minute)) is None
    assert memory.growth([]) is None


def test_every_process_that_stays_is_judged_as_a_whole():
    growing, flat = line(40, lambda minute: 100 + minute), line(40, lambda _: 100)
    assert grown_too_much(Memory(dict, {"warehouse": growing, "pulse run": growing, "site": growing, "stream": flat})) == ["site", "warehouse"]


def test_a_moment_of_much_memory_is_no_growth():
    assert memory.growth([*line(40, lambda _: 100)[:-2], Sample(39.7, 300), Sample(39.8, 300)]) == 0


def test_memory_is_that_of_processes_that_are_alive():
    assert memory.of_processes({"this": os.getpid(), "gone": 2**22 - 1}).keys() == {"this"}
