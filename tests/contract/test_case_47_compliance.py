"""Contract case 47: what X says is gone disappears from every layer, through the asset, over real HTTP."""

import shutil
from datetime import timedelta

import dagster as dg
import pytest

from orchestration.assets.compliance import CHECK, KEY, check, compliance_log, ids_of_x
from orchestration.automation.compliance import compliance, compliance_every_twelve_hours
from orchestration.capture import capture_campaign
from orchestration.compliance import tombstones
from orchestration.compliance.apply import apply
from orchestration.compliance.asked import POST, Asked
from orchestration.lock import alone
from orchestration.resources.warehouse import WarehouseResource
from orchestration.sources.x.errors import AuthError
from orchestration.sources.x.page_store import PageStore
from orchestration.warehouse.tables import CAPTURE_LEDGER, TWEET_SENTIMENT, TWEETS
from tests.contract.conftest import CAMPAIGN, START, TOKEN, WINDOW, ids, post

# The pipeline from the stub to the last layer.
pytestmark = pytest.mark.full

SECRET = "words of the deleted post #tag"


@pytest.fixture
def desk(x, warehouse, home_settings, monkeypatch):
    """Five posts captured from the stub and landed; the second is quoted by the third and then deleted at X."""
    monkeypatch.setenv("PULSE_HOME", str(home_settings.home))
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    posts = [post(START + timedelta(minutes=10 * n), order=n) for n in range(5)]
    posts[1]["text"] = SECRET
    posts[2]["referenced_tweets"] = [{"type": "quoted", "id": posts[1]["id"]}]
    x.holds(posts)
    monkeypatch.setenv("PULSE_X_BASE_URL", x.stub.url)
    x.pages = PageStore(home_settings.x_dir / "pages")
    x.land = lambda: land(x, warehouse)
    x.land()
    score = {"campaign_id": CAMPAIGN.campaign_id, "tweet_id": posts[1]["id"], "created_at": START, "text_hash": "h"}
    warehouse.replace_window(TWEET_SENTIMENT, WINDOW, [score], run_id="one")
    yield x
    for table in ("raw.tweets", "raw.capture_ledger", "raw.compliance_log", "ml.tweet_sentiment"):
        warehouse.execute(f"DELETE FROM {table} WHERE TRUE")
    shutil.rmtree(home_settings.x_dir, ignore_errors=True)


def land(x, warehouse):
    stored = {START: 1}
    captured = capture_campaign(CAMPAIGN, x.source(store=x.pages), WINDOW, 100, stored=stored, tombstones=tombstones.load(warehouse))
    warehouse.replace_window(CAPTURE_LEDGER, WINDOW, captured.rows.ledger, run_id="one")
    return warehouse.replace_window(TWEETS, WINDOW, captured.rows.tweets, run_id="one")


def run() -> dg.ExecuteInProcessResult:
    return dg.materialize([compliance_log], resources={"warehouse": WarehouseResource()})


def test_case_47_compliance_delete_clears_all_layers(desk, warehouse, home_settings):
    gone, quote = desk.posts[1]["id"], desk.posts[2]["id"]
    assert any(SECRET in file.read_text() for file in home_settings.x_dir.rglob("*.jsonl"))
    desk.stub.store.delete(gone)
    result = run()
    (evaluated,) = result.get_asset_check_evaluations()
    assert result.success and evaluated.passed
    metadata = result.asset_materializations_for_node("raw__compliance_log")[0].metadata
    assert [metadata[name].value for name in ("posts_asked_about", "named_by_x", "posts_deleted", "unread_lines")] == [5, 1, 1, 0]
    assert ids_of_x(warehouse) == [each["id"] for each in desk.posts if each["id"] != gone]
    for table in ("raw.tweets", "ml.tweet_sentiment", "raw.compliance_log", "raw.capture_ledger"):
        (row,) = warehouse.query(f"select string_agg(to_json_string(t)) as content from {table} as t")
        assert gone not in (row["content"] or "") and SECRET not in (row["content"] or ""), table
    assert not any(SECRET in file.read_text() or gone in file.read_text() for file in home_settings.x_dir.rglob("*.jsonl"))
    (row,) = warehouse.query(f"select kind, referenced_id from raw.tweets where tweet_id = '{quote}'")
    assert row == {"kind": "quote", "referenced_id": None}
    # It is there at X again (a suspension that ended, a stale index): it stays away all the same.
    desk.holds(desk.posts)
    assert gone in ids(desk.fetch()) and desk.land().changed == 0
    assert gone not in ids_of_x(warehouse)


def test_a_second_run_deletes_nothing_and_its_check_passes(desk):
    desk.stub.store.delete(desk.posts[1]["id"])
    run()
    again = run()
    metadata = again.asset_materializations_for_node("raw__compliance_log")[0].metadata
    assert [metadata[name].value for name in ("posts_asked_about", "named_by_x", "rows_deleted", "logged")] == [4, 0, 0, 0]


def test_the_check_fails_for_a_deleted_post_that_came_back(desk, warehouse):
    asked = [Asked(POST, desk.posts[1]["id"])]
    apply(warehouse, asked, run_id="one")
    assert check(warehouse, asked).passed
    (row,) = capture_campaign(CAMPAIGN, desk.source(), WINDOW, 100, stored={}).rows.tweets[1:2]
    warehouse.add(TWEETS, [row | {"campaign_id": "other"}], run_id="two")
    found = check(warehouse, asked)
    assert not found.passed and [found.metadata[name].value for name in ("left", "returned")] == [1, 1]
    assert (found.asset_key, found.check_name) == (dg.AssetKey(KEY), CHECK)


def test_without_a_token_the_asset_fails_with_one_line_that_says_what_to_do(desk, monkeypatch):
    monkeypatch.delenv("X_BEARER_TOKEN")
    with pytest.raises(AuthError, match="export X_BEARER_TOKEN"):
        run()


def test_while_a_run_is_at_work_it_asks_to_be_run_ten_minutes_later(desk, home_settings):
    with alone(home_settings), dg.build_asset_context() as context, pytest.raises(dg.RetryRequested) as asked:
        compliance_log(context, WarehouseResource())
    assert asked.value.seconds_to_wait == 600


def test_it_starts_by_itself_only_when_a_person_says_so():
    assert compliance_every_twelve_hours.default_status is dg.DefaultScheduleStatus.STOPPED
    assert compliance_every_twelve_hours.job_name == compliance.name == "compliance"
