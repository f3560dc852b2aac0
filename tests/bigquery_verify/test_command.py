"""`pulse bigquery verify`: what it refuses and asks before anything is sent. The whole rehearsal is a long trial."""

import pytest
from typer.testing import CliRunner

from orchestration.cli.app import app
from orchestration.warehouse.client import Warehouse

PREFIX = "pulse_verify_"


def test_without_bigquery_it_says_how_to_name_a_project_and_how_to_rehearse(monkeypatch):
    monkeypatch.delenv("PULSE_ENV", raising=False)
    answer = CliRunner().invoke(app, ["bigquery", "verify"])
    assert answer.exit_code == 1
    assert "GOOGLE_CLOUD_PROJECT=your-project" in answer.stderr
    assert "--rehearse" in answer.stderr


def test_bigquery_is_never_taken_for_a_rehearsal(monkeypatch):
    monkeypatch.setenv("PULSE_ENV", "prod")
    answer = CliRunner().invoke(app, ["bigquery", "verify", "--rehearse"])
    assert answer.exit_code == 1
    assert "Leave --rehearse out" in answer.stderr


def test_drop_takes_no_other_name():
    answer = CliRunner().invoke(app, ["bigquery", "drop", "marts"])
    assert answer.exit_code == 1
    assert "is no prefix of scratch datasets" in answer.stderr


@pytest.mark.slow
def test_an_estimate_above_the_cap_ends_it_before_anything_is_made(sample_home):
    said = sample_home.pulse("bigquery", "verify", "--rehearse", "--yes", "--most-gib", "0.1", code=1)
    assert "above the cap of 0.10 GiB; nothing was sent" in said
    assert not [each for each in Warehouse(sample_home.settings).client.list_datasets() if each.dataset_id.startswith(PREFIX)]


@pytest.mark.slow
def test_the_sample_in_scratch_datasets_is_the_sample(sample_home):
    said = sample_home.pulse("bigquery", "verify", "--rehearse", "--yes")
    assert "none refused" in said
    assert "are the same" in said
    assert not [each for each in Warehouse(sample_home.settings).client.list_datasets() if each.dataset_id.startswith(PREFIX)]
