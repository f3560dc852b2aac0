"""An archive through the whole pipeline, then a deletion: over the tables that dbt builds."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli.compliance import compliance_app
from tests.compliance.conftest import GONE, GONE_TEXT, QUOTE, REPLY, world

BUILT = ("raw.tweets", "staging.stg_x__tweets", "intermediate.int_tweets_cleaned", "marts.tweets")


def rows(home, table: str) -> str:
    return "\n".join(row["t"] for row in home.query(f"select to_json_string(t) as t from {table} as t order by t"))


def everything(home) -> dict[str, str]:
    """The rows of every table and view of the home, as text."""
    tables = [
        f"{dataset}.{row['name']}"
        for dataset in ("raw", "ml", "staging", "intermediate", "marts")
        for row in home.query(f"select table_name as name from {dataset}.INFORMATION_SCHEMA.TABLES")
    ]
    return {table: rows(home, table) for table in tables}


@pytest.mark.slow
def test_a_deletion_goes_through_every_table_that_dbt_built(make_home, tmp_path: Path):
    home, archive = make_home("deletion"), tmp_path / "archive.jsonl"
    archive.write_text("".join(json.dumps(record) + "\n" for record in world()))
    home.pulse("campaigns", "add", "duty", "--name", "Duty")
    home.pulse("run", "--campaign", "duty", "--from", "2026-03-02T05:00Z", "--to", "2026-03-02T07:00Z", "--archive", str(archive))
    built = {table: rows(home, table) for table in BUILT}
    assert all(GONE_TEXT in content for content in built.values())
    counts = rows(home, "marts.engagement_hourly")
    asked = tmp_path / "asked.txt"
    asked.write_text(f"{GONE}\n")
    done = CliRunner().invoke(compliance_app, ["apply", str(asked)], env={"PULSE_HOME": str(home.folder)})
    assert done.exit_code == 0, done.output
    after = everything(home)
    assert [table for table, content in after.items() if GONE in content or GONE_TEXT in content] == []
    assert after["marts.engagement_hourly"] == counts
    assert QUOTE in after["marts.tweets"] and REPLY in after["marts.tweets"]
