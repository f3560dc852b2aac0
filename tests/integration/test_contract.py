"""What others rely on: columns of the marts, and what the README says."""

import json
import re
import subprocess
import sys

import pytest

from orchestration.dbt.project import load_manifest
from orchestration.settings import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
TYPES = {"array<string>": "ARRAY<STRING>", "float64": "FLOAT64", "int64": "INT64", "bool": "BOOL", "string": "STRING", "date": "DATE", "timestamp": "TIMESTAMP"}

# The names and their order of appearance that the rest of the product was promised.
PROMISED = {
    "tweets": "tweet_id campaign_id created_at author_key lang text text_clean hashtags is_repost like_count reply_count quote_count "
    "repost_count impression_count engagement sentiment_label p_negative p_neutral p_positive run_id loaded_at model_id model_revision "
    "engagement_state engagement_age_hours",
    "engagement_hourly": "campaign_id hashtag hour posts originals reposts authors engagement captured counted coverage "
    "engagement_age engagement_measured engagement_waiting engagement_deleted engagement_missed",
    "engagement_daily": "campaign_id hashtag day posts originals reposts authors engagement captured counted coverage "
    "engagement_age engagement_measured engagement_waiting engagement_deleted engagement_missed",
    "hashtag_peaks": "campaign_id hashtag peak_day engagement runner_up_day engagement_age provisional",
}


@pytest.fixture(scope="module")
def columns(sample_home):
    rows = sample_home.query("select table_name, column_name, data_type from marts.INFORMATION_SCHEMA.COLUMNS order by ordinal_position")
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["table_name"], {})[row["column_name"]] = row["data_type"]
    return found


def test_the_marts_have_the_promised_columns(columns):
    for table, names in PROMISED.items():
        assert [name for name in columns[table] if name in names.split()] == names.split(), table


def test_the_marts_are_exactly_as_documented(columns, sample_home):
    models = [node for node in load_manifest(sample_home.settings)["nodes"].values() if node["resource_type"] == "model" and node["schema"] == "marts"]
    for model in models:
        documented = {name: TYPES[column["data_type"]] for name, column in model["columns"].items()}
        assert documented == columns[model["name"]], model["name"]
    assert set(columns) == {model["name"] for model in models}


@pytest.mark.parametrize("sql", re.findall(r"```sql\n(.+?)```", README, flags=re.S))
def test_every_query_of_the_readme_runs_and_finds_something(sample_home, sql):
    assert json.loads(sample_home.pulse("query", sql, "--format", "json"))


def test_imports_point_one_way():
    done = subprocess.run([sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_code_is_linted():
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "."], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
