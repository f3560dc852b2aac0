"""What the soak takes for growth."""

import os

from bench.soak import memory
from bench.soak.memory import Sample


def line(minutes, mebibytes_at):
    return [Sample(minute / 6, mebibytes_at(minute / 6)) for minute in range(6 * minutes + 1)]


def test_what_grows_after_minute_15_has_grown_and_what_filled_before_has_not():
    assert memory.growth(line(60, lambda minute: 100 + minute)) > memory.LARGEST_GROWTH
    assert memory.growth(line(60, lambda minute: min(100 + 10 * minute, 200))) == 0
    assert memory.growth(line(34, lambda minute: 100 + minute)) is None
    assert memory.growth([]) is None


def test_saw_teeth_are_compared_by_their_tops():
    def saw(minute):
        return 500 + 80 * (minute % 3)

    # Wherever in a tooth the trial ends.
    assert all(abs(memory.growth(line(minutes, saw))) < 0.02 for minutes in (60, 61, 62))
    assert memory.growth(line(60, lambda minute: saw(minute) + 2 * minute)) > memory.LARGEST_GROWTH


def test_a_moment_of_much_memory_is_no_growth_and_a_process_that_was_gone_is_not_judged():
    assert memory.growth([*line(60, lambda _: 100)[:-2], Sample(59.9, 300), Sample(60, 300)]) == 0
    assert memory.growth([each for each in line(60, lambda _: 100) if not 14 < each.minute < 30]) is None


def test_memory_is_that_of_processes_that_are_alive():
    assert memory.of_processes({"this": os.getpid(), "gone": 2**22 - 1}).keys() == {"this"}
