"""`pulse bigquery verify`: what it refuses and asks before anything is sent. The whole rehearsal is a long trial."""

import pytest
from typer.testing import CliRunner

from orchestration.bigquery_verify.scratch import new_prefix, scratch_settings
from orchestration.bigquery_verify.verify import pipeline_environment
from orchestration.cli.app import app
from orchestration.settings import Settings
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


def test_the_pipeline_on_bigquery_has_a_home_of_its_own_and_the_salt_of_the_marts_it_is_compared_with(tmp_path, monkeypatch):
    """Without that salt prod ends before the first post, and with another one every author key differs."""
    reference = Settings(home=tmp_path)
    monkeypatch.setenv("PULSE_AUTHOR_SALT", "salt-of-production")
    (tmp_path / "author.salt").write_text("salt-of-this-home")
    target = scratch_settings(reference.model_copy(update={"env": "prod", "google_cloud_project": "p"}), new_prefix())
    told = pipeline_environment(target, reference, "/thrown/away")
    assert (told["PULSE_HOME"], told["PULSE_ENV"], told["PULSE_AUTHOR_SALT"]) == ("/thrown/away", "prod", "salt-of-this-home")
    (tmp_path / "author.salt").unlink()
    assert pipeline_environment(target, reference, "/thrown/away")["PULSE_AUTHOR_SALT"] == "salt-of-production"


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
