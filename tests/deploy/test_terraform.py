"""Terraform's files refer to what is there, and their tables are those of the product. Nothing here asks Google or the provider."""

import json
import re

from orchestration.warehouse.tables import TABLES, document
from tests.deploy.conftest import TERRAFORM

OURS = re.compile(r"\b(google_[a-z0-9_]+)\.([a-z][a-z0-9_]*)\b")


def names(terraform, kind):
    return {name for block in terraform.get(kind, []) for name in block}


def test_each_variable_that_is_used_is_declared_and_each_that_is_declared_is_used(terraform, sources):
    assert set(re.findall(r"\bvar\.([a-z_]+)", sources)) == names(terraform, "variable")


def test_each_local_that_is_used_is_there_and_each_that_is_there_is_used(local, sources):
    assert set(re.findall(r"\blocal\.([a-z_]+)", sources)) == set(local)


def test_each_resource_that_is_referred_to_exists(resources, sources):
    used = {f"{kind}.{name}" for kind, name in OURS.findall(sources.replace("data.google_project.this", ""))}
    assert used <= set(resources)
    assert len(used) > 15


def test_variables_and_outputs_say_what_they_are(terraform):
    for name, variable in ((name, body) for block in terraform["variable"] for name, body in block.items()):
        assert variable["description"].endswith("."), name
        assert variable["type"] == "bool" or variable["validation"][0]["error_message"], name
    for name, output in ((name, body) for block in terraform["output"] for name, body in block.items()):
        assert output["description"].endswith("."), name


def test_the_tables_are_in_step_with_their_definitions():
    """If not:  python -m orchestration.warehouse.tables.document"""
    assert document.FILE.read_text(encoding="utf-8") == document.text()
    assert document.FILE.parent == TERRAFORM


def test_the_document_has_each_table_with_its_key_partition_and_arrays():
    tables = document.document()["tables"]
    assert len(tables) == len(TABLES)
    labels = {column["name"]: column for column in tables["ml.sentiment_confusion"]["schema"]}
    assert labels["labelled_by"]["mode"] == "REPEATED"
    assert labels["labelled"]["type"] == "INTEGER"
    assert labels["run_id"]["mode"] == "NULLABLE"
    assert tables["ml.tweet_sentiment"]["partition"] == "created_at"
    assert tables["ml.post_labels"]["partition"] is None


def test_a_secret_has_no_value_here(resources, sources):
    assert not [name for name in resources if name.startswith("google_secret_manager_secret_version")]
    assert not re.search(r"(?i)\b(password|secret_data|token)\s*=\s*\"", sources)


def test_what_holds_data_is_not_deleted_by_a_plan(resources):
    for name in ("google_bigquery_table.written_by_python", "google_bigquery_table.x_stream_landing", "google_sql_database_instance.accounts"):
        assert resources[name]["deletion_protection"] in (True, "true"), name


def test_a_reader_comes_back_to_the_instance_that_has_the_page(resources):
    (site,) = resources["google_cloud_run_v2_service.site"]["template"]
    assert site["session_affinity"] in (True, "true")
    assert site["scaling"][0]["min_instance_count"] == 1
    (models,) = resources["google_cloud_run_v2_service.models"]["template"]
    assert models["scaling"][0]["min_instance_count"] == 0


def test_the_landing_table_is_the_one_that_the_capture_reads(resources):
    from orchestration.stream.landing import TABLE

    assert f"raw.{resources['google_bigquery_table.x_stream_landing']['table_id']}" == TABLE
    assert json.dumps(resources["google_pubsub_subscription.x_stream_landing"]).count("dead_letter_topic") == 1
