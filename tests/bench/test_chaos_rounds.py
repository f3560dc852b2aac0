"""What a round of chaos comes to: equal marts, or what is wrong; and one round as `make chaos` runs it."""

import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.chaos import __main__ as chaos
from bench.chaos.blows import NotStruck, Unsaid
from orchestration.settings import REPOSITORY

WANTED = {"marts.tweets": "a", "marts.peaks": "b"}


class Home(SimpleNamespace):
    """Its second run leaves with `code`, and these checksums."""

    def run(self):
        return self.code

    def sums(self):
        return self.marts


def round_of(strike, *, code=0, marts=WANTED):
    homes = SimpleNamespace(make=lambda name, lane, of: Home(code=code, marts=marts))
    plan = SimpleNamespace(of=lambda kind: (chaos.Undisturbed(chaos.SAMPLE, 1, WANTED, Path("undisturbed")), strike))
    return chaos.one_round(0, 7, "kill -9 at any time", homes, plan)[0]


def struck(home: Home, rng: random.Random, seconds: float) -> str:
    return "killed"


def test_equal_marts_are_equal_and_others_are_named():
    assert round_of(struck).wrong == ""
    assert round_of(struck, marts=WANTED | {"marts.peaks": "c"}).wrong == "differ: marts.peaks"
    assert round_of(struck, marts=WANTED | {"marts.peaks": None}).wrong == "differ: marts.peaks"


def test_a_second_run_that_fails_is_wrong():
    assert round_of(struck, code=1).wrong == "the second run left with 1"


@pytest.mark.parametrize("error", [NotStruck("too late"), Unsaid("left with 1"), subprocess.TimeoutExpired("pulse", 900)])
def test_a_round_that_proves_nothing_says_nothing_or_hangs_is_wrong(error):
    def strike(*_):
        raise error

    assert round_of(strike).wrong


@pytest.mark.full
def test_one_round_leaves_equal_marts():
    words = ("--rounds", "1", "--seed", "1", "--only", "kill -9 in publications")
    ran = subprocess.run([sys.executable, "-W", "ignore", "-m", "bench.chaos", *words], cwd=REPOSITORY, capture_output=True, text=True, timeout=1200, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "equal    again" in ran.stdout and "publications: killed" in ran.stdout
