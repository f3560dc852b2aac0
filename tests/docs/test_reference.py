"""The generated pages: current, and complete."""

import pytest

from orchestration.dbt.project import load_manifest
from orchestration.reference import FOLDER, commands, dependencies, marts, settings
from orchestration.reference.reasons import REASONS
from orchestration.settings import REPOSITORY, Settings

OUT_OF_DATE = "is out of date. Run:  make docs"


@pytest.fixture(scope="module")
def manifest(new_home):
    return load_manifest(Settings(home=new_home("reference")))


def test_the_page_of_the_commands_is_what_make_docs_makes():
    assert (FOLDER / "cli.md").read_text(encoding="utf-8") == commands.page(), f"cli.md {OUT_OF_DATE}"


def test_the_page_of_the_settings_is_what_make_docs_makes():
    assert (FOLDER / "settings.md").read_text(encoding="utf-8") == settings.page(), f"settings.md {OUT_OF_DATE}"


def test_the_page_of_the_marts_is_what_make_docs_makes(manifest):
    assert (FOLDER / "marts.md").read_text(encoding="utf-8") == marts.page(manifest), f"marts.md {OUT_OF_DATE}"


def test_the_page_of_the_dependencies_is_what_make_docs_makes():
    assert (REPOSITORY / "docs" / "dependencies.md").read_text(encoding="utf-8") == dependencies.page(), f"dependencies.md {OUT_OF_DATE}"


def test_every_direct_dependency_has_a_reason_and_no_reason_is_left_over():
    assert {package for packages in dependencies.direct().values() for package in packages} == set(REASONS)


def test_every_setting_stands_with_its_variable_default_and_reason():
    page = (FOLDER / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"| `{settings.variable(name, field)}` | {settings.shown(field.default)} | {field.description} |" in page, name


def test_no_default_names_the_folder_of_the_machine():
    assert str(REPOSITORY) not in settings.page()


def test_a_mart_without_a_tested_key_is_refused_with_what_to_add():
    with pytest.raises(ValueError, match="has no test unique_combination. Add one"):
        marts.grain({"nodes": {}}, "model.campaign_pulse.new")


def test_a_mart_says_what_a_row_is_and_its_columns(manifest):
    page = marts.page(manifest)
    assert "One row for each `campaign_id`, `hashtag`, `day`, `word`." in page
    assert "| `coverage` | float64 |" in page
