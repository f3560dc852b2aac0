"""`make bench`: each bench by itself, what fails is said, and the page says what was measured."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import __main__ as runner
from bench import growth_plots, machine, page
from bench.benches import BENCHES, DATA, HOME, NAMES, Bench, chosen
from bench.figures import read
from orchestration.settings import REPOSITORY

MACHINE = {
    "processor": "Some CPU", "cores": 2, "bf16": True, "memory_gib": 24, "system": "Linux x86_64", "python": "3.11.9",
    "versions": {"duckdb": "1.5.5"},
}  # fmt: skip
GROWTH = {"rows": {"x": "posts in the hour", "sizes": [100, 1_000, 10_000], "unit": "s", "main": "whole run", "lines": {"whole run": [20.0, 25.0, 75.0]}, "besides": {"MiB": [400, 500, 900]}}}
HELD = {"status": "done", "made": "2026-11-27", "seconds": 61.2, "load": [0.3, 1.9], "figures": [{"name": "a", "value": 3.0, "unit": "s"}]}


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.name)
def test_every_bench_has_a_module_that_writes_its_figures(bench):
    for words in (*bench.commands, *bench.short):
        source = Path(importlib.util.find_spec(words[0]).origin).read_text(encoding="utf-8")
        assert "figures.add_option(" in source and "figures.write(" in source, words[0]
        assert bench.needs_home == (HOME in words) and (bench.needs_data is None or any(DATA in word for word in words))


def test_a_name_that_is_no_bench_is_refused_with_the_names_there_are():
    assert [bench.name for bench in chosen("x, ml")] == ["ml", "x"]
    with pytest.raises(ValueError, match="no bench speed. There are: product, ml"):
        chosen("ml,speed")


def test_a_bench_that_fails_is_said_and_the_next_one_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PULSE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(machine, "SETTLE_SECONDS", 0)
    broken = Bench("broken", "ends with 2", (("bench.effects", "--no-such-option"),), (), 60)
    found = runner.run(broken, tmp_path, tmp_path, tmp_path, short=False)
    assert found["status"] == "failed" and found["figures"] == []
    assert runner.tell({"broken": found, "whole": HELD}) == 1
    said = capsys.readouterr().out
    assert "unrecognized arguments: --no-such-option" in said
    assert "| a | 3 s |" in said and "Not whole: broken. Run one again:  make bench ONLY=broken" in said


def test_a_bench_that_takes_too_long_is_ended(tmp_path):
    assert runner.ended(["timeit", "-n", "1", "-r", "1", "import time; time.sleep(60)"], 1, tmp_path / "log") == "took too long"


def test_a_bench_whose_data_are_not_there_is_left_out_which_is_no_failure(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PULSE_HOME", str(tmp_path / "home"))
    (archive,) = chosen("archive")
    found = runner.run(archive, tmp_path, tmp_path, tmp_path / "nowhere", short=False)
    assert found["status"] == "left out" and runner.tell({"archive": found}) == 0
    assert "Give the folder of the public data:  --data FOLDER" in capsys.readouterr().out


def test_results_of_another_machine_are_not_mixed_with_new_ones(tmp_path, monkeypatch):
    file = tmp_path / "results.json"
    monkeypatch.setattr(runner, "facts", lambda: MACHINE)
    page.save({"machine": MACHINE, "benches": {"ml": HELD}}, file)
    assert runner.kept(file)["benches"] == {"ml": HELD}
    page.save({"machine": MACHINE | {"cores": 8}, "benches": {"ml": HELD}}, file)
    assert runner.kept(file)["benches"] == {}


def test_a_block_of_the_page_is_what_was_measured_and_the_text_around_it_stays():
    text = "Why.\n<!-- figures: ml -->\nold\n<!-- end of figures -->\nMore.\n<!-- figures: x -->\nold\n<!-- end of figures -->\n"
    filled = page.filled(text, {"machine": MACHINE, "benches": {"ml": HELD}})
    assert "| a | 3 s |" in filled and "old" not in filled
    assert filled.startswith("Why.\n") and "\nMore.\n" in filled and page.NOT_RUN in filled
    assert page.filled(filled, {"machine": MACHINE, "benches": {"ml": HELD}}) == filled


def test_figures_of_a_busy_machine_are_marked_as_such():
    assert "other work" not in page.circumstances(HELD, cores=2)
    assert "read the ratios, not the times" in page.circumstances(HELD | {"load": [4.2, 5.0]}, cores=2)


def test_a_bench_waits_until_the_one_before_has_left_the_average_of_the_load(monkeypatch):
    loads = iter([1.9, 1.4, 0.9, 0.8])
    monkeypatch.setattr(machine, "load", lambda: next(loads))
    monkeypatch.setattr(machine, "cores", lambda: 2)
    monkeypatch.setattr(machine.time, "sleep", lambda _: None)
    assert machine.settled() == 0.8


def test_growth_is_drawn_and_its_table_says_by_how_much_it_grew(tmp_path):
    assert "| whole run, s | 20 | 25 | 75 | 3.8 |" in list(page.growth(GROWTH))
    (file,) = growth_plots.draw(GROWTH, tmp_path)
    before = file.read_bytes()
    assert file.name == "growth-rows.png" and before.startswith(b"\x89PNG") and len(before) < 60_000
    list(growth_plots.draw(GROWTH, tmp_path))
    assert file.read_bytes() == before


def test_the_page_says_what_the_results_say():
    results = read(runner.RESULTS)
    assert page.PAGE.read_text(encoding="utf-8") == page.filled(page.PAGE.read_text(encoding="utf-8"), results), "Run:  python -m bench.page"


def test_the_page_has_a_place_for_every_bench():
    assert {name for _, name, _ in page.BLOCK.findall(page.PAGE.read_text(encoding="utf-8"))} == {*NAMES, "machine", "scale"}


def test_the_results_name_no_folder_of_the_machine():
    text = runner.RESULTS.read_text(encoding="utf-8")
    assert str(REPOSITORY) not in text and "/tmp" not in text and os.uname().nodename not in json.loads(text)["machine"].values()


@pytest.mark.slow
def test_every_bench_runs_in_its_short_form(sample_home, tmp_path):
    file = tmp_path / "results.json"
    words = [sys.executable, "-W", "ignore", "-m", "bench", "--short", "--results", str(file), "--home", str(sample_home.folder)]
    done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=3_600)
    assert done.returncode == 0, done.stdout + done.stderr
    held = read(file)["benches"]
    assert set(held) == set(NAMES)
    for name, bench in held.items():
        assert bench["status"] == "left out" or bench["figures"], name
