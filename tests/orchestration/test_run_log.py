"""The run log: a line per asset with its figures, whoever started the run; causes without secrets; files that grow and are read while they do."""

import json
from datetime import UTC, datetime, timedelta
from itertools import islice

import dagster as dg
import pytest
from typer.testing import CliRunner

from orchestration.assets.tweets import coverage_of
from orchestration.cli.app import app
from orchestration.instance.home import open_instance
from orchestration.run_log import files
from orchestration.run_log.lines import Line
from orchestration.settings import Settings

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)


def line(asset: str | None = "raw/tweets", run_id: str = "run-1", **more) -> Line:
    return Line(NOW, run_id, "hourly", asset, more.pop("state", "ok"), **more)


@dg.asset(key=["raw", "counted"], partitions_def=dg.HourlyPartitionsDefinition("2026-03-02-00:00"), backfill_policy=dg.BackfillPolicy.single_run())
def counted() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"posts": 1389, "coverage": 0.75, "note": "no number", "capped": True})


@dg.asset(key=["raw", "broken"])
def broken() -> None:
    try:
        raise ValueError("the token secret-token-1 was\nrefused")
    except ValueError as error:
        raise RuntimeError("a step failed") from error


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    monkeypatch.setenv("X_BEARER_TOKEN", "secret-token-1")
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "")
    return Settings()


def test_a_run_writes_its_figures_for_people_and_for_machines(home):
    instance = open_instance(home)
    tags = {"dagster/asset_partition_range_start": "2026-03-02-00:00", "dagster/asset_partition_range_end": "2026-03-02-05:00"}
    done = dg.materialize([counted], instance=instance, tags={**tags, "pulse/campaign": "aurora"})
    made, run = files.read(home.log_dir)
    assert made["asset"] == "raw/counted" and made["state"] == "ok" and made["campaign"] == "aurora"
    assert made["figures"] == {"posts": 1389, "coverage": 0.75} and made["partitions"] == 6 and made["seconds"] >= 0
    assert run["run_id"] == done.run_id and "asset" not in run and run["state"] == "ok"
    (said,) = home.log_dir.glob("*.log")
    assert "raw/counted  ok" in said.read_text() and "posts=1,389" in said.read_text()


def test_a_failure_says_its_innermost_cause_in_one_line_without_a_secret(home):
    dg.materialize([broken], instance=open_instance(home), raise_on_error=False)
    failed, run = files.read(home.log_dir)
    assert failed["asset"] == "raw__broken" and failed["cause"] == "ValueError: the token [secret] was refused"
    assert run["state"] == "failed"
    assert not [file for file in home.log_dir.iterdir() if "secret-token-1" in file.read_text()]


def test_a_log_that_cannot_be_written_does_not_stop_the_run(home):
    home.log_dir.write_text("a file where the folder should be")
    assert dg.materialize([counted], instance=open_instance(home), partition_key="2026-03-02-00:00").success


def test_rows_are_found_by_the_beginning_of_a_run_and_by_asset(tmp_path):
    files.write(tmp_path, [line(), line("marts/tweets"), line(None, "run-2")], NOW)
    assert [row.get("asset") for row in files.read(tmp_path, run="run-1")] == ["raw/tweets", "marts/tweets"]
    assert [row["run_id"] for row in files.read(tmp_path, asset="marts/tweets")] == ["run-1"]


def test_a_line_that_was_cut_by_a_kill_is_passed_over(tmp_path):
    files.write(tmp_path, [line()], NOW)
    file = tmp_path / "runs-2026-03-02.jsonl"
    file.write_text(file.read_text() + '{"at": "2026-03-02T05')
    assert len(list(files.read(tmp_path))) == 1


def test_following_waits_for_the_end_of_a_line_and_sees_the_next_day(tmp_path):
    files.write(tmp_path, [line()], NOW)
    steps = iter([
        lambda: (tmp_path / "runs-2026-03-02.jsonl").open("a").write(line("a/half").as_json()[:20]),
        lambda: (tmp_path / "runs-2026-03-02.jsonl").open("a").write(line("a/half").as_json()[20:] + "\n"),
        lambda: files.write(tmp_path, [line("next/day")], NOW + timedelta(days=1)),
    ])  # fmt: skip
    rows = files.follow(tmp_path, sleep=lambda _: next(steps)())
    assert [row["asset"] for row in islice(rows, 3)] == ["raw/tweets", "a/half", "next/day"]


def test_files_go_after_ninety_days(tmp_path):
    for days in (91, 90, 0):
        files.write(tmp_path, [line()], NOW - timedelta(days=days))
    files.write(tmp_path, [line()], NOW)
    assert sorted(file.name for file in tmp_path.glob("*.jsonl")) == ["runs-2025-12-02.jsonl", "runs-2026-03-02.jsonl"]


def test_coverage_is_of_the_hours_whose_volume_is_known():
    rows = [{"captured": 75, "counted": 100}, {"captured": 10, "counted": None}]
    assert coverage_of(rows) == {"coverage": 0.75} and coverage_of(rows[1:]) == {}


def test_the_command_shows_text_of_outside_as_text_and_json_as_stored(home):
    files.write(home.log_dir, [line(cause="\x1b[31mred", state="failed")], NOW)
    shown = CliRunner().invoke(app, ["logs"])
    assert shown.exit_code == 0 and "\x1b" not in shown.output and "red" in shown.output
    assert json.loads(CliRunner().invoke(app, ["logs", "--json"]).output)["asset"] == "raw/tweets"
    assert CliRunner().invoke(app, ["logs", "--asset", "no/such"]).exit_code == 1
