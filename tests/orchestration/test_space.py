from pathlib import Path

import pytest

from orchestration import pipeline
from orchestration.pipeline import PipelineError, RunRequest, run_pipeline
from orchestration.settings import Settings
from orchestration.space import free_bytes
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
