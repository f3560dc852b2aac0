"""How the dbt project is parsed and run: windows, manifest, profiles. Its structure is in test_structure.py, what it reads in test_cost.py."""

import pytest

from orchestration.dbt.project import PROJECT, load_manifest, manifest_file, prepare_manifest
from orchestration.dbt.runner import window_environment
from orchestration.settings import Settings
from orchestration.windows import FIRST_DAY, Window, parse_time


@pytest.fixture(scope="module")
def settings(new_home):
    return Settings(home=new_home("dbt"))


@pytest.fixture(scope="module")
def models(settings):
    nodes = load_manifest(settings)["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def tests(settings):
    return [node for node in load_manifest(settings)["nodes"].values() if node["resource_type"] == "test"]


def test_a_test_of_an_hourly_model_reads_its_window_and_not_all_of_history(models, tests):
    for test in tests:
        model = models.get(test["attached_node"].split(".")[-1])
        if model and model["config"]["materialized"] == "incremental":
            assert (test["config"]["where"] or "").startswith(("__window__:", "__days__:")), test["name"]


def test_every_hourly_model_replaces_its_range_as_a_whole(models):
    """That the range is the one it selects is proved on the compiled SQL in test_cost.py."""
    strategies = {model["config"]["incremental_strategy"] for model in models.values() if model["config"]["materialized"] == "incremental"}
    assert strategies == {"insert_overwrite"}


def test_the_macro_and_the_client_mean_the_same_first_day():
    assert f"date '{FIRST_DAY}'" in (PROJECT / "macros" / "window.sql").read_text(encoding="utf-8")


@pytest.mark.full
def test_the_project_is_parsed_again_only_when_it_changed(settings):
    manifest = prepare_manifest(settings)
    before = manifest.stat().st_mtime_ns
    assert prepare_manifest(settings).stat().st_mtime_ns == before
    prepare_manifest(settings.model_copy(update={"dataset_prefix": "team_"}))
    assert manifest_file(settings).stat().st_mtime_ns != before
    assert load_manifest(settings.model_copy(update={"dataset_prefix": "team_"}))["nodes"]["model.campaign_pulse.tweets"]["schema"] == "team_marts"
    prepare_manifest(settings)


def test_the_window_is_whole_hours_in_utc():
    window = Window(parse_time("2026-03-02T05:10Z"), parse_time("2026-03-02T06:20Z"))
    assert window_environment(window) == {"PULSE_WINDOW_START": "2026-03-02T05:00:00Z", "PULSE_WINDOW_END": "2026-03-02T07:00:00Z"}
    assert set(window_environment(None).values()) == {""}


def test_no_profile_holds_a_secret_and_every_target_has_a_cap():
    text = (PROJECT / "profiles.yml").read_text()
    assert text.count("maximum_bytes_billed:") == text.count("type: bigquery") == 2
    assert "keyfile" not in text and "private_key" not in text
