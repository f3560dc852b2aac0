"""What a run cannot start with is said before Dagster is loaded: 12 s of processor, for a path with a typing error."""

from pathlib import Path

import pytest

from orchestration import campaigns, pipeline
from orchestration.pipeline import RunRequest, run_pipeline
from orchestration.settings import Settings
from orchestration.sources.base import SourceError
from orchestration.sources.x.errors import AuthError
from orchestration.windows import Window, parse_time

HOUR = Window(parse_time("2026-03-02T05:00Z"), parse_time("2026-03-02T06:00Z"))


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "_dagster", lambda settings: pytest.fail("Dagster was asked for"))
    settings = Settings(home=tmp_path)
    campaigns.load(settings)
    return settings


@pytest.mark.parametrize(
    ("source", "archive", "error", "said"),
    [
        ("archive", None, SourceError, "--archive PATH"),
        ("archive", Path("/no/such/file.csv"), SourceError, "There is no file or folder"),
        ("x_search", None, AuthError, "X_BEARER_TOKEN is not set"),
    ],
)
def test_a_run_that_cannot_start_loads_nothing(settings, source, archive, error, said):
    with pytest.raises(error, match=said):
        run_pipeline(settings, RunRequest("sample", HOUR, source=source, archive=archive))


def test_a_run_that_can_start_goes_on_to_dagster(settings):
    with pytest.raises(pytest.fail.Exception, match="Dagster was asked for"):
        run_pipeline(settings, RunRequest("sample", HOUR))
