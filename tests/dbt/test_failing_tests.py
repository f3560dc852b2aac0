"""A data test that fails: what depends on it is not built, the error says in words what does not hold, the rows are kept."""

import pytest

from orchestration.dbt import runner
from orchestration.dbt.failing_rows import keep_sql
from orchestration.dbt.project import DbtError
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import TWEET_SENTIMENT
from tests.dbt.conftest import HOUR

CLAIM = "sentiment_label of stg_ml__tweet_sentiment is one of negative, neutral, positive or not_scored."


@pytest.fixture
def an_unknown_label(empty_project):
    columns = {column.name: None for column in TWEET_SENTIMENT.columns}
    row = columns | {"campaign_id": "broken", "tweet_id": "7", "created_at": HOUR.start, "sentiment_label": "angry"}
    warehouse, scope = Warehouse(empty_project), {"campaign_id": ["broken"]}
    warehouse.replace_window(TWEET_SENTIMENT, HOUR, [row], run_id="test", scope=scope)
    yield
    warehouse.replace_window(TWEET_SENTIMENT, HOUR, [], run_id="test", scope=scope)


def test_a_failed_test_blocks_what_depends_on_it_says_what_does_not_hold_and_keeps_the_rows(empty_project, an_unknown_label):
    run = runner.build(empty_project, "dbt: hourly marts", HOUR, ["--select", "stg_ml__tweet_sentiment", "tweets", "capture_coverage"])
    status = {event["data"]["node_info"]["node_name"]: event["data"]["status"] for event in run.events}
    assert status["capture_coverage"].startswith("MERGE"), "what does not depend on it is built all the same"
    assert "tweets" not in status, "what depends on it is not"

    (failed,) = run.failed_tests
    assert failed.claim == CLAIM
    with pytest.raises(DbtError, match=f"This does not hold: {CLAIM} What depends on it was not built.*pulse query 'select \\* from failures.{failed.name}'"):
        run.raise_failures()
    (kept,) = Warehouse(empty_project).query(f"select * from failures.{failed.name}")
    assert "angry" in kept.values()


def test_kept_rows_go_by_themselves_after_a_week():
    assert "INTERVAL 7 DAY" in keep_sql("`p.failures.t`", "select 1") and keep_sql("`p.failures.t`", "select 1").endswith("LIMIT 500")
