"""Bytes that dbt bills, from the answers of the adapter as they were recorded, and the budget over them."""

import dagster as dg
import pytest

from orchestration.dbt.cost import Cost, billed_by, cost_of, costs_of_models, within_budget
from orchestration.partitions import days_of_run, range_tags
from orchestration.settings import Settings
from orchestration.windows import Window, parse_time

MIB = 1024**2
MODEL, TEST = "model.campaign_pulse.engagement_daily", "test.campaign_pulse.unique_combination_engagement_daily.1a2b"
# What dbt-bigquery 1.12 says of a MERGE on BigQuery, and what it says of one on the server of this machine.
BIGQUERY = {
    "_message": "MERGE (1.2k rows, 3.4 MiB processed)", "code": "MERGE", "rows_affected": 1234, "bytes_processed": 3_564_000,
    "bytes_billed": 10 * MIB, "location": "US", "project_id": "p", "job_id": "j", "slot_ms": 5123,
}  # fmt: skip
LOCAL = {
    "_message": "MERGE (1.2k rows, 0 processed)", "code": "MERGE", "rows_affected": 1234, "bytes_processed": 0, "location": "US",
    "project_id": "campaign-pulse", "job_id": "j",
}  # fmt: skip


def test_bigquery_says_what_a_model_read_billed_and_took():
    assert cost_of(BIGQUERY, is_bigquery=True) == Cost(3_564_000, 10 * MIB, 5123)


def test_a_view_on_bigquery_bills_a_true_zero():
    assert cost_of({"code": "CREATE VIEW", "bytes_processed": 0, "bytes_billed": 0, "slot_ms": 0}, is_bigquery=True) == Cost(0, 0, 0)


def test_the_zero_of_the_local_server_is_no_measurement():
    assert cost_of(LOCAL, is_bigquery=False) == Cost(None, None, None)
    assert costs_of_models({MODEL: LOCAL}, {}, is_bigquery=False) == {MODEL: {}}


def test_a_node_without_an_answer_has_no_figures_either():
    for response in ({}, None, {"_message": "OK"}):
        assert cost_of(response, is_bigquery=True) == Cost()


def test_what_its_tests_billed_stands_at_the_model():
    nodes = {TEST: {"attached_node": MODEL}, TEST + "2": {"attached_node": MODEL}}
    responses = {MODEL: BIGQUERY, TEST: {"bytes_billed": 10 * MIB}, TEST + "2": {"bytes_billed": 20 * MIB}}
    costs = costs_of_models(responses, nodes, is_bigquery=True)
    assert costs == {MODEL: {"bytes_processed": 3_564_000, "bytes_billed": 10 * MIB, "slot_ms": 5123, "bytes_billed_by_tests": 30 * MIB}}
    assert billed_by(costs.items()) == {MODEL: 40 * MIB}


def test_a_run_at_its_budget_passes_and_one_byte_more_warns_and_names_the_largest():
    billed = {"marts/tweets": 3 * 1024**3, "marts/top_posts": 2 * 1024**3}
    assert within_budget(billed, 5 * 1024**3).passed
    over = within_budget(billed, 5 * 1024**3 - 1)
    assert not over.passed and over.billed == 5 * 1024**3
    assert "5.00 GiB (0.03 USD" in over.says and "marts/tweets 3.00 GiB" in over.says and "PULSE_DBT_BYTES_BUDGET" in over.says


def test_a_warehouse_that_bills_nothing_is_said_to_and_not_counted_as_zero():
    verdict = within_budget(billed_by([("marts/tweets", {})]), 5)
    assert verdict.passed and verdict.billed is None and "bills no bytes" in verdict.says


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [("2026-03-02T05:00Z", "2026-03-02T06:00Z", 1), ("2026-03-02T23:00Z", "2026-03-03T01:00Z", 2), ("2026-03-01T00:00Z", "2026-03-08T00:00Z", 7)],
)
def test_the_budget_grows_with_the_days_of_a_run(start, end, days):
    assert days_of_run(range_tags(Window(parse_time(start), parse_time(end)))) == days
    assert days_of_run({"dagster/partition": "2026-03-02-05:00"}) == days_of_run({}) == 1


@pytest.fixture
def checked(tmp_path, monkeypatch):
    """Runs the check in a run in which one model said that it billed so many bytes."""
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    from orchestration.checks.cost import bytes_within_budget

    def check(said: dict[str, int]) -> dg.AssetCheckEvaluation:
        @dg.asset(key=["marts", "engagement_daily"])
        def model() -> dg.MaterializeResult:
            return dg.MaterializeResult(metadata=said)

        job = dg.Definitions(assets=[model], asset_checks=[bytes_within_budget], jobs=[dg.define_asset_job("all")]).resolve_job_def("all")
        result = job.execute_in_process(instance=dg.DagsterInstance.ephemeral())
        return result.get_asset_check_evaluations()[0]

    return check


@pytest.mark.full
def test_a_dear_run_is_a_warning_in_dagster_and_does_not_block(checked):
    told = checked({"bytes_billed": Settings().dbt_bytes_budget, "bytes_billed_by_tests": 1})
    assert not told.passed and told.severity == dg.AssetCheckSeverity.WARN and told.check_name == "bytes_within_budget"
    assert told.metadata["bytes_billed"].value == Settings().dbt_bytes_budget + 1 and "marts/engagement_daily" in told.description
    assert checked({"bytes_billed": Settings().dbt_bytes_budget}).passed


@pytest.mark.full
def test_on_this_machine_the_check_has_no_figure_of_bytes(checked):
    told = checked({})
    assert told.passed and "bytes_billed" not in told.metadata
