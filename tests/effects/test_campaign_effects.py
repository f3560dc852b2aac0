"""ml/campaign_effects in a warehouse: marts of six weeks in, one row for each comparison out, twice the same."""

from datetime import date, timedelta

import dagster as dg
import pytest

from orchestration import campaigns
from orchestration.assets.effects import campaign_effects
from orchestration.campaigns import Campaign
from orchestration.resources.warehouse import WarehouseResource

START = date(2026, 3, 2)
DAYS = 42
SPRING = Campaign("spring", "Spring", zone="Europe/Berlin", start_day=START, end_day=START + timedelta(13), competitors=("rival",), source="archive")
RIVAL = Campaign("rival", "Rival", source="archive")
OPEN = Campaign("open", "Open", source="archive")
# The rhythm of a week, and a little of each day's own; twice as much of spring from its first day on.
POSTS = "CAST((100 + 10 * MOD(n, 7) + MOD(n * n, 5) + IF(campaign_id = 'rival', MOD(n, 4), 0)) * IF(campaign_id = 'spring' AND n >= 28, 2, 1) AS INT64)"

ENGAGEMENT = f"""
    SELECT campaign_id, hashtag, DATE_ADD(DATE '2026-02-02', INTERVAL n DAY) AS day, {POSTS} AS posts, {POSTS} AS authors, 3 * {POSTS} AS engagement,
        0 AS engagement_waiting, 24 AS captured_hours, 24 AS hours_in_day, CAST(NULL AS INT64) AS counted, CAST(NULL AS FLOAT64) AS coverage
    FROM UNNEST(GENERATE_ARRAY(0, {DAYS - 1})) AS n CROSS JOIN UNNEST(['spring', 'rival']) AS campaign_id CROSS JOIN UNNEST(['*', 'tag']) AS hashtag
"""
SENTIMENT = """
    SELECT campaign_id, '*' AS hashtag, day, 100 AS scored, 0.2 + MOD(posts, 3) / 50 AS net_sentiment, CAST(NULL AS FLOAT64) AS corrected_net_sentiment,
        'm' AS model_id, '1' AS model_revision, '1' AS code_version
    FROM marts.engagement_daily WHERE hashtag = '*' AND day >= DATE '2026-01-01'
"""
VOICE = """
    SELECT 'spring' AS campaign_id, own.day, own.posts AS volume, own.posts + rival.posts AS set_volume, 'captured' AS basis,
        CAST(NULL AS FLOAT64) AS lowest_coverage, 0 AS members_missing, TRUE AS is_captured_alike, TRUE AS is_own
    FROM marts.engagement_daily AS own INNER JOIN marts.engagement_daily AS rival ON own.day = rival.day
    WHERE own.campaign_id = 'spring' AND rival.campaign_id = 'rival' AND own.hashtag = '*' AND rival.hashtag = '*'
"""
COVERAGE = f"""
    SELECT 'spring' AS campaign_id, TIMESTAMP_ADD(TIMESTAMP '2026-02-01 23:00:00+00', INTERVAL n HOUR) AS hour, 'file' AS capture_mode
    FROM UNNEST(GENERATE_ARRAY(0, {24 * DAYS - 1})) AS n
"""
MARTS = {"engagement_daily": ENGAGEMENT, "sentiment_daily": SENTIMENT, "share_of_voice_daily": VOICE, "capture_coverage": COVERAGE}


@pytest.fixture
def marts(warehouse, home_settings, monkeypatch):
    monkeypatch.setenv("PULSE_HOME", str(home_settings.home))
    campaigns.save(home_settings, [SPRING, RIVAL, OPEN])
    warehouse.execute("CREATE SCHEMA IF NOT EXISTS marts")
    for name, sql in MARTS.items():
        warehouse.execute(f"CREATE OR REPLACE TABLE marts.{name} AS {sql}")
    yield warehouse
    for name in MARTS:
        warehouse.execute(f"DROP TABLE marts.{name}")
    warehouse.execute("DELETE FROM ml.campaign_effects WHERE TRUE")
    home_settings.campaigns_file.unlink()


def run() -> dg.MaterializeResult:
    return campaign_effects(dg.build_asset_context(), warehouse=WarehouseResource())


def stored(warehouse):
    return warehouse.query("select * from ml.campaign_effects order by campaign_id, hashtag, measure, phase, control")


def test_each_comparison_of_a_campaign_with_a_first_day_is_a_row(marts):
    result = run()
    (check,) = result.check_results
    rows = stored(marts)
    assert check.passed and result.metadata == {"campaigns": 1, "judged": 1}
    assert {row["campaign_id"] for row in rows} == {"spring"} and {row["phase"] for row in rows} == {"during"}
    found = {(row["hashtag"], row["measure"], row["control"]): row for row in rows}
    assert set(found) == {
        *(("*", measure, "none") for measure in ("posts", "engagement", "authors", "share_of_voice", "net_sentiment")),
        ("*", "posts", "competitors"), ("*", "engagement", "competitors"),
        *(("tag", measure, "none") for measure in ("posts", "engagement", "authors", "net_sentiment")),
    }  # fmt: skip
    for key in (("*", "posts", "none"), ("*", "posts", "competitors"), ("tag", "engagement", "none")):
        assert found[key]["relative_change"] == pytest.approx(1, abs=0.02) and found[key]["low"] > 0, key
        assert (found[key]["days_before"], found[key]["days_in_phase"]) == (28, 14)
    assert found["tag", "net_sentiment", "none"]["not_comparable_because"]


def test_a_second_run_judges_nothing_and_a_changed_day_judges_its_campaign_anew(marts):
    run()
    first = stored(marts)
    assert run().metadata["judged"] == 0 and stored(marts) == first
    marts.execute("UPDATE marts.engagement_daily SET posts = posts + 50 WHERE campaign_id = 'spring' AND day = DATE '2026-03-04'")
    assert run().metadata["judged"] == 1
    changed = [now for now, before in zip(stored(marts), first, strict=True) if now["value"] != before["value"]]
    assert {row["measure"] for row in changed} == {"posts"}


def test_a_campaign_that_lost_its_first_day_has_no_effects(marts, home_settings):
    run()
    campaigns.save(home_settings, [Campaign("spring", "Spring"), RIVAL])
    run()
    assert stored(marts) == []
