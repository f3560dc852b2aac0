"""The event log that takes a batch at once, and waits for the disk less often, keeps what the stock one keeps."""

import sqlite3
import subprocess
import sys
import textwrap

import dagster as dg
import pytest

from orchestration.instance.held_open import HeldOpen
from orchestration.instance.home import dagster_environment, open_instance, prepare_dagster_home
from orchestration.partitions import RANGE_END, RANGE_START
from orchestration.pipeline import PROCESS_TAG, bury_the_dead
from orchestration.run_log.files import read
from orchestration.settings import REPOSITORY, Settings

HOURLY = dg.HourlyPartitionsDefinition(start_date="2026-03-01-00:00")


@dg.asset(
    partitions_def=HOURLY,
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=[dg.AssetCheckSpec("fine", asset="made")],
)
def made(context: dg.AssetExecutionContext):
    return dg.MaterializeResult(metadata={"n": 1}, check_results=[dg.AssetCheckResult(passed=True)])


@pytest.fixture
def instance(tmp_path, monkeypatch):
    for name in dagster_environment(Settings(home=tmp_path)):
        monkeypatch.setenv(name, "")
    with open_instance(Settings(home=tmp_path)) as opened:
        yield opened


def test_every_hour_of_a_range_is_kept_with_its_check(instance):
    defs = dg.Definitions(assets=[made], jobs=[dg.define_asset_job("job", selection=[made])])
    tags = {RANGE_START: "2026-03-02-00:00", RANGE_END: "2026-03-04-23:00"}
    result = defs.resolve_job_def("job").execute_in_process(instance=instance, tags=tags)
    assert result.success
    assert len(instance.get_materialized_partitions(made.key)) == 72
    records = instance.fetch_materializations(made.key, limit=100).records
    assert len(records) == 72 and len({record.storage_id for record in records}) == 72
    assert instance.get_latest_materialization_event(made.key).asset_materialization.metadata["n"].value == 1
    (key,) = made.check_keys
    evaluated = instance.all_logs(result.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    assert [event.dagster_event.asset_check_evaluation_data.asset_check_key for event in evaluated] == [key]
    checks = instance.event_log_storage.get_asset_check_execution_history(key, limit=100)
    assert "SUCCEEDED" in {check.status.value for check in checks}
    assert len(instance.all_logs(result.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)) == 72


def test_a_run_whose_process_was_killed_is_marked_as_failed_and_the_run_log_says_so(instance, tmp_path):
    dead = instance.create_run_for_job(dg.Definitions(assets=[made], jobs=[dg.define_asset_job("job", selection=[made])]).resolve_job_def("job"), tags={PROCESS_TAG: str(2**22 - 1)})
    instance.report_engine_event("started", dead)
    instance.handle_run_event(
        dead.run_id, dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, "job", message="started")
    )
    assert bury_the_dead(instance) == 1
    (line,) = read(Settings(home=tmp_path).log_dir)
    assert line["run_id"] == dead.run_id and line["state"] == "failed" and "killed" in line["cause"]
    assert instance.get_run_by_id(dead.run_id).status == dg.DagsterRunStatus.FAILURE
    assert bury_the_dead(instance) == 0


KILLED = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path

    from orchestration.instance.home import open_instance
    from orchestration.settings import Settings

    with open_instance(Settings(home=Path(sys.argv[1]))) as instance:
        instance.report_engine_event("before the kill", run_id=sys.argv[2], job_name="job")
        os.kill(os.getpid(), signal.SIGKILL)
""")


def test_what_a_killed_process_has_written_stays(instance, tmp_path):
    run = instance.create_run_for_job(dg.Definitions(assets=[made], jobs=[dg.define_asset_job("job", selection=[made])]).resolve_job_def("job"))
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", KILLED, str(tmp_path), run.run_id], cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -9, done.stderr
    assert "before the kill" in {entry.message for entry in instance.all_logs(run.run_id)}


def test_an_event_is_stored_without_its_file_being_written_back(instance, tmp_path):
    for message in ("one", "two"):
        instance.report_engine_event(message, run_id="of-no-asset", job_name="job")
    (log,) = Settings(home=tmp_path).dagster_home.rglob("of-no-asset.db-wal")
    assert log.stat().st_size > 0
    with instance.event_log_storage.index_connection() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 1, "NORMAL"


def test_a_file_that_is_held_open_is_not_written_back_by_each_connection_that_closes(tmp_path):
    held, files = HeldOpen(2), [tmp_path / f"{name}.db" for name in "abc"]

    def write(file):
        with sqlite3.connect(file) as opened:
            opened.execute("pragma journal_mode=wal")
            opened.execute("create table if not exists t (n)")
            opened.execute("insert into t values (1)")
        opened.close()

    def logs():
        return [file.name for file in files if file.with_name(f"{file.name}-wal").exists()]

    for file in files:
        write(file)
        assert logs() == []
    for file in files:
        held.hold(str(file))
        write(file)
    assert logs() == ["b.db", "c.db"]
    held.close()
    assert logs() == []
    held.hold(str(tmp_path))
    (tmp_path / "no.db").write_bytes(b"no database" * 100)
    held.hold(str(tmp_path / "no.db"))
    held.close()


def test_a_configuration_changed_by_a_person_stays(tmp_path):
    settings = Settings(home=tmp_path)
    file = prepare_dagster_home(settings) / "dagster.yaml"
    file.write_text("# mine\n")
    prepare_dagster_home(settings)
    assert file.read_text() == "# mine\n"
