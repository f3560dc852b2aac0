"""Who may do what on Google Cloud: each role that is given is one of these, and no other."""

import re

import pytest

from orchestration.warehouse.client import DATASETS

EDITOR, VIEWER = "roles/bigquery.dataEditor", "roles/bigquery.dataViewer"
BROAD = {"roles/owner", "roles/editor", "roles/viewer", "roles/bigquery.admin", "roles/bigquery.user", "roles/run.admin", "roles/storage.admin"}
PROJECT_WIDE = {"roles/bigquery.jobUser", "roles/bigquery.metadataViewer", "roles/cloudsql.client"}


@pytest.fixture
def rights(local):
    return local["rights"]


def test_the_site_reads_marts_and_reports_and_what_they_are_made_of_and_nothing_of_raw(rights):
    assert rights["site"] == {"marts": VIEWER, "published": VIEWER, "intermediate": VIEWER}


def test_what_the_site_reads_beside_is_one_table_and_the_views_of_traces(resources):
    named = {name: body.get("member") or body.get("user_by_email") or "" for name, body in resources.items() if name.startswith("google_bigquery_")}
    assert {name for name, member in named.items() if '["site"]' in member} == {
        "google_bigquery_table_iam_member.site_reads_corrections",
        "google_bigquery_dataset_access.site_reads_traces",
    }
    assert '["ml.sentiment_confusion"]' in resources["google_bigquery_table_iam_member.site_reads_corrections"]["table_id"]
    assert resources["google_bigquery_dataset_access.site_reads_traces"]["dataset_id"] == "${google_bigquery_dataset.traces.dataset_id}"


def test_rights_on_a_dataset_are_given_in_one_way_alone(resources):
    """google_bigquery_dataset_iam_member took the rights of views away that google_bigquery_dataset_access gave: the provider's own documentation warns."""
    assert not [name for name in resources if name.startswith("google_bigquery_dataset_iam_")]


def test_the_site_is_granted_what_its_questions_ask(rights):
    """All tables of its questions are marts, what was published, or the correction."""
    from app.questions import base

    assert {name.split(".")[0] if "." in name else "marts" for name in base.TABLES} <= set(rights["site"])


def test_capture_writes_raw_and_what_a_replacement_stages(rights):
    assert rights["capture"] == {"raw": EDITOR, "staging": EDITOR}


def test_the_builder_writes_every_dataset_but_raw_unless_its_runs_capture(rights):
    assert set(rights["builder"]) == set(DATASETS)
    assert {role for dataset, role in rights["builder"].items() if dataset != "raw"} == {EDITOR}
    assert re.fullmatch(rf'\$\{{var\.runs_capture \? "{EDITOR}" : "{VIEWER}"\}}', rights["builder"]["raw"])


def test_the_models_and_the_workflow_touch_no_dataset(rights, local):
    assert set(rights) == {"capture", "builder", "site"}
    assert {"models", "deploy"} <= set(local["accounts"])


def test_no_broad_role_is_given_anywhere(sources):
    roles = set(re.findall(r'"(roles/[A-Za-z.]+)"', sources))
    assert not roles & BROAD
    assert len(roles) > 8


def test_on_the_whole_project_nobody_reads_a_row(resources):
    given = {body["role"] for name, body in resources.items() if name.startswith("google_project_iam_member")}
    assert given <= PROJECT_WIDE


def test_each_secret_is_read_by_those_alone_who_need_it(local):
    readers = {name: secret["readers"] for name, secret in local["secrets"].items()}
    assert readers["jwt-keys"] == readers["auth-database-url"] == ["site", "models"]
    assert "site" not in str([who for name, who in readers.items() if name not in {"jwt-keys", "auth-database-url"}])


def test_only_tags_of_the_repository_may_deploy(resources):
    condition = resources["google_iam_workload_identity_pool_provider.github"]["attribute_condition"]
    assert "assertion.repository == '${var.github_repository}'" in condition
    assert "assertion.ref_type == 'tag'" in condition
