import errno
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy
import typer

from orchestration import pipeline
from orchestration.cli.errors import said_in_one_line
from orchestration.pipeline import PipelineError, RunRequest, run_pipeline
from orchestration.settings import Settings
from orchestration.space import free_bytes, says_full
from orchestration.windows import HOUR, Window, parse_time


def test_a_run_that_would_fill_the_disk_is_not_started(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "free_bytes", lambda folder: 12 * 1024**2)
    start = parse_time("2026-03-05T10")
    with pytest.raises(PipelineError, match="Only 12 MiB are free.*PULSE_HOME"):
        run_pipeline(Settings(home=tmp_path), RunRequest("sample", Window(start, start + HOUR)))
    assert not (tmp_path / "dagster").exists() and not (tmp_path / "warehouse").exists()


def test_the_space_of_a_folder_that_is_not_there_yet_is_that_of_its_disk(tmp_path):
    assert free_bytes(tmp_path / "a" / "b") > 0
    assert free_bytes(Path("/nowhere/at/all")) > 0


@pytest.fixture
def full_database(tmp_path):
    """A connection as Dagster has it, to a file that SQLite may not let grow: it then says what it says of a full disk."""
    with sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'runs.db'}").connect() as connection:
        connection.exec_driver_sql("create table events (event text)")
        connection.exec_driver_sql("pragma max_page_count = 2")
        yield connection


def test_a_disk_that_is_full_for_dagster_ends_in_one_line_that_says_what_to_do(full_database, capsys):
    with pytest.raises(typer.Exit) as left, said_in_one_line():
        full_database.exec_driver_sql("insert into events values (zeroblob(100000))")
    assert left.value.exit_code == 1
    said = capsys.readouterr().err
    assert "is full, or a quota on it is reached" in said and "Free space" in said and said.count("\n") == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_known_by_what_lies_behind_an_error(number):
    error = RuntimeError("a step failed")
    error.__cause__ = OSError(number, "in the words of another language")
    assert says_full(error)


def test_another_error_of_the_database_stays_what_it_is():
    assert not says_full(sqlite3.OperationalError("no such table: events"))
    with pytest.raises(sqlite3.OperationalError), said_in_one_line():
        raise sqlite3.OperationalError("no such table: events")
