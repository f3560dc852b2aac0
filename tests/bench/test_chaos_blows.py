"""A blow that came too late proves nothing, and is not taken for one that struck."""

import random
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from bench.chaos import blows
from bench.chaos.blows import NotStruck

LIVES_ON = (sys.executable, "-c", "import time; time.sleep(60)")
ENDS = (sys.executable, "-c", "")


class Home:
    """Each start is the next of these programs, which says that it comes to the last step; one that ends has ended."""

    def __init__(self, *programs):
        self.programs, self.started = list(programs), []
        self.files = SimpleNamespace(said=lambda: None, is_owned=lambda: False)

    def start(self):
        program = self.programs.pop(0)
        self.started.append(subprocess.Popen(program))
        if program is ENDS:
            self.started[-1].wait()
        return self.started[-1]

    def said_so_far(self):
        return 0

    def said_since(self, seen):
        return "publications: begins"


class Late(random.Random):
    def uniform(self, a, b):
        return 0.4


@pytest.mark.parametrize("strike", [blows.kill_at_any_time, blows.kill_in_step("publications")])
def test_a_run_at_work_is_killed_at_once(strike):
    home = Home(LIVES_ON)
    assert strike(home, Late(), 1).endswith("killed") and home.started[0].returncode == -9


@pytest.mark.parametrize("strike", [blows.kill_at_any_time, blows.kill_in_step("publications")])
def test_a_run_that_had_ended_is_struck_again_and_half_as_late(strike):
    home = Home(ENDS, ENDS, LIVES_ON)
    assert "0.1" in strike(home, Late(), 1)
    assert [process.returncode for process in home.started] == [0, 0, -9]


@pytest.mark.parametrize("strike", [blows.kill_at_any_time, blows.kill_in_step("publications")])
def test_a_run_that_always_ends_first_is_not_struck(strike):
    home = Home(*[ENDS] * blows.TRIES)
    with pytest.raises(NotStruck):
        strike(home, Late(), 1)
    assert len(home.started) == blows.TRIES


def test_the_warehouse_is_waited_for_and_killed():
    home, server = Home((sys.executable, "-c", "import time; time.sleep(3)")), subprocess.Popen(LIVES_ON)
    there = time.monotonic() + 0.8
    home.files = SimpleNamespace(said=lambda: SimpleNamespace(pid=server.pid), is_owned=lambda: time.monotonic() > there)
    assert "killed; the run left with 0" in blows.kill_warehouse(home, Late(), 1)
    assert server.wait() == -9


def test_a_run_without_a_warehouse_is_not_struck():
    with pytest.raises(NotStruck):
        blows.kill_warehouse(Home(ENDS), Late(), 1)
