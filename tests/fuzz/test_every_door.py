"""The short form of `make fuzz`: some thousand broken inputs at every door. What it found once stands as a test of its own beside the code that was mended."""

import json
import subprocess
import sys

import pytest

from bench.fuzz.child import run
from bench.fuzz.engines import Broken, has_atheris, unguided
from bench.fuzz.findings import Findings, Rows, Wrong
from bench.fuzz.targets import TARGETS
from orchestration.settings import REPOSITORY

SEED = 20_261_127
# Of a million inputs the share of each target, so that each takes a second or two.
SHARE = 250


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """Targets set keys and a home; the rest of the suite must not see them."""
    for name in ("X_BEARER_TOKEN", "NEWSAPI_KEY", "PULSE_HOME"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_broken_input_ends_in_a_documented_error_and_takes_no_good_row_with_it(target, tmp_path):
    found = run(target, target.inputs // SHARE, SEED, tmp_path)
    assert (found.crashes, found.lost) == ({}, 0), f"seed {SEED}; what failed lies in {tmp_path}"
    assert found.inputs == target.inputs // SHARE


def test_a_crash_and_a_lost_row_are_counted_and_their_inputs_kept(tmp_path):
    def check(given: bytes) -> Rows:
        if b"boom" in given:
            raise Wrong("boom")
        return Rows(2, 1 if b"lose" in given else 0)

    findings = Findings("trial", tmp_path)
    unguided(Broken([b"good", b"boom", b"lose"], lambda given, rng: b"good", check), findings, 10, SEED)
    assert (findings.inputs, findings.good, findings.lost, sum(findings.crashes.values())) == (10, 18, 1, 2)
    assert {file.read_bytes() for file in (tmp_path / "trial").glob("*-1")} == {b"boom", b"lose"}


@pytest.mark.skipif(not has_atheris(), reason="atheris cannot be imported here: `make fuzz` runs without it, and its mutations are not led by coverage")
def test_mutations_led_by_coverage_run_and_are_counted(tmp_path):
    words = [sys.executable, "-W", "ignore", "-m", "bench.fuzz.child", "stream lines", "--inputs", "300", "--seed", str(SEED), "--folder", str(tmp_path), "--led"]
    subprocess.run(words, cwd=REPOSITORY, check=True, capture_output=True, timeout=120)
    found = json.loads((tmp_path / "stream_lines.led.json").read_text())
    assert (found["inputs"], found["led"], found["crashes"], found["lost"]) == (300, 300, {}, 0)
