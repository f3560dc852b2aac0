"""The code location: what is in it, what it loads, and what must not happen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.settings import REPOSITORY

EXPECTED_GROUPS = {
    "capture": {"raw/api_spend", "raw/campaigns", "raw/capture_ledger", "raw/dead_letters", "raw/tweet_metrics", "raw/tweets"},
    "staging": {"staging/stg_pulse__campaigns", "staging/stg_x__api_spend", "staging/stg_x__capture_ledger", "staging/stg_x__tweet_metrics", "staging/stg_x__tweets"},
    "intermediate": {
        "intermediate/int_authors_daily",
        "intermediate/int_tweet_duplicates",
        "intermediate/int_tweet_engagement",
        "intermediate/int_tweet_hashtags",
        "intermediate/int_tweet_terms",
        "intermediate/int_tweets_cleaned",
        "intermediate/int_tweets_deduplicated",
        "intermediate/stop_words",
    },
    "models": {"ml/models/entities", "ml/models/sentiment"},
    "sentiment": {"ml/sentiment_confusion", "ml/tweet_sentiment", "staging/stg_ml__sentiment_confusion", "staging/stg_ml__tweet_sentiment"},
    "marts": {
        f"marts/{name}"
        for name in (
            "authors_daily", "bigram_frequencies_daily", "capture_coverage", "engagement_daily", "engagement_hourly", "sentiment_daily",
            "sentiment_models_daily", "share_of_voice_daily", "top_posts", "tweets", "word_frequencies_daily",
        )
    },
    "compliance": {"raw/compliance_log"},
    "published": {"published/figures", "published/summaries"},
    "peaks": {
        "ml/detected_peaks", "staging/stg_ml__detected_peaks", "marts/campaigns", "marts/hashtag_peaks", "marts/peak_days", "marts/peak_verdicts",
        "marts/peaks",
    },
    "periods": {
        "intermediate/int_campaign_periods", "intermediate/int_hashtags_followed", "intermediate/int_period_figures", "intermediate/int_period_measures",
        "marts/campaign_effects", "marts/campaign_phases", "marts/campaign_scorecard", "ml/campaign_effects", "staging/stg_ml__campaign_effects",
    },
    "spend": {"marts/api_spend_daily"},
    "pages": {"pages/analysis", "pages/api", "pages/overview", "pages/summary"},
    "news": {
        "intermediate/entity_names", "raw/news_articles", "raw/news_requests", "ml/article_entities", "ml/article_evidence", "ml/peak_explanations",
        "staging/stg_ml__article_entities", "staging/stg_ml__article_evidence", "staging/stg_ml__peak_explanations", "staging/stg_news__articles",
        "staging/stg_news__requests", "marts/news_status", "marts/peak_explanations", "marts/related_articles", "marts/top_locations", "marts/top_organizations",
    },
}  # fmt: skip

# What people look at: dbt's exposures, made by nobody's run.
PAGES = "pages"

# In a process of its own: this one has already imported half of what is looked for.
LOAD = """
import json, sys, warnings
warnings.simplefilter("ignore")
from orchestration.definitions import defs
import dagster as dg
dg.Definitions.validate_loadable(defs)
print(json.dumps([name for name in ("torch", "transformers", "spacy", "streamlit", "bqemulator") if name in sys.modules]))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("definitions")


@pytest.fixture(scope="module")
def defs(home):
    """The code location as it is in a new home; the home of the session stays as it was."""
    os.environ["PULSE_HOME"] = str(home)
    try:
        from orchestration.definitions import defs as loaded

        yield loaded
    finally:
        del os.environ["PULSE_HOME"]


def run(home, *words):
    environment = {**os.environ, "PULSE_HOME": str(home), "DAGSTER_HOME": "", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    del environment["DAGSTER_HOME"]
    return subprocess.run(words, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.full
def test_loading_imports_no_model_library(home):
    done = run(home, sys.executable, "-c", LOAD)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.full
def test_dagster_finds_the_definitions_valid(home):
    done = run(home, str(Path(sys.executable).with_name("dagster")), "definitions", "validate", "-w", "workspace.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All code locations passed validation" in done.stdout + done.stderr


def specs(defs):
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_the_groups_follow_the_way_of_the_data(defs):
    groups: dict[str, set[str]] = {}
    for name, spec in specs(defs).items():
        groups.setdefault(spec.group_name, set()).add(name)
    assert groups == EXPECTED_GROUPS


def test_every_asset_says_what_it_is_who_owns_it_and_where_its_code_is(defs):
    for name, spec in specs(defs).items():
        assert spec.description and spec.description.strip(), name
        assert spec.owners, name
        assert spec.kinds, name
        if spec.group_name == PAGES:
            continue
        references = spec.metadata.get("dagster/code_references")
        assert references is not None and references.code_references, name


def test_every_asset_is_checked(defs):
    checked = {key.asset_key.to_user_string() for key in defs.resolve_asset_graph().asset_check_keys}
    assert {name for name, spec in specs(defs).items() if spec.group_name != PAGES} == checked


def test_a_failed_check_of_the_capture_stops_what_stands_on_it(defs):
    graph = defs.resolve_asset_graph()
    blocking = {key.to_user_string() for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
    for name in ("raw/tweets:the_ledger_counts_what_is_stored", "raw/tweets:no_hour_is_over_the_cap", "ml/tweet_sentiment:every_post_has_one_answer"):
        assert name in blocking
    assert "raw/news_requests:the_service_answered" not in blocking


def test_one_backfill_policy_for_the_hourly_lane_so_that_a_range_is_one_run(defs):
    graph = defs.resolve_asset_graph()
    hourly = [key for key in graph.get_all_asset_keys() if graph.get(key).is_partitioned]
    assert len(hourly) == 32
    assert {graph.get(key).backfill_policy for key in hourly} == {dg.BackfillPolicy.single_run()}


def test_no_step_has_a_retry_policy_because_only_limits_of_x_heal_by_waiting_and_ask_for_it_themselves(defs):
    for name in ("hourly", "metric_snapshots", "peaks_and_news", "compliance"):
        for node in defs.resolve_job_def(name).nodes:
            assert node.definition.retry_policy is None, node.name


def test_every_dbt_model_is_in_exactly_one_lane():
    from orchestration.dbt.assets import hourly_marts, manifest, news_marts, peaks, posts

    lanes = [set(lane.keys) for lane in (posts, hourly_marts, peaks, news_marts)]
    models = [node for node in manifest()["nodes"].values() if node["resource_type"] in {"model", "seed"}]
    assert sum(map(len, lanes)) == len(set().union(*lanes)) == len(models)


def test_the_jobs_together_make_every_asset_and_share_none(defs):
    made = [set(defs.resolve_job_def(name).asset_layer.executable_asset_keys) for name in ("hourly", "peaks_and_news", "compliance")]
    assert sum(map(len, made)) == len(set().union(*made))
    assert {key.to_user_string() for key in set().union(*made)} == {name for name, spec in specs(defs).items() if spec.group_name != PAGES}


def test_metric_snapshots_rebuild_the_marts_of_their_hour_and_capture_nothing(defs):
    made = {key.to_user_string() for key in defs.resolve_job_def("metric_snapshots").asset_layer.executable_asset_keys}
    hourly = {key.to_user_string() for key in defs.resolve_job_def("hourly").asset_layer.executable_asset_keys}
    assert hourly - made == {"raw/api_spend", "raw/campaigns", "raw/capture_ledger", "raw/dead_letters", "raw/tweets"} and made <= hourly


def test_calls_of_x_are_made_by_one_run_at_a_time(defs):
    pools = {node.name: node.definition.pools for node in defs.resolve_job_def("hourly").nodes}
    assert {name for name, of_node in pools.items() if "x_api" in of_node} == {"capture", "raw__tweet_metrics"}


JOBS = {
    "hourly": "x bigquery",
    "metric_snapshots": "x bigquery",
    "peaks_and_news": "news bigquery",
    "sentiment_correction": "bigquery",
    "compliance": "bigquery",
    "retention": "bigquery",
}
CLOCKS = {
    "every_hour": ("hourly", "40 * * * *"),
    "fill_gaps": ("hourly", "50 */6 * * *"),
    "snapshots_every_hour": ("metric_snapshots", "10 * * * *"),
    "peaks_every_six_hours": ("peaks_and_news", "15 */6 * * *"),
    "compliance_every_twelve_hours": ("compliance", "10 */12 * * *"),
    "retention_every_day": ("retention", "25 3 * * *"),
}
# Without one: what reads files of this machine alone.
WITHOUT_POOL = {"ml__models__entities", "ml__models__sentiment"}


def test_the_jobs_and_what_they_may_spend_money_at(defs):
    assert {job.name: defs.resolve_job_def(job.name).tags["pulse/spends"] for job in defs.jobs} == JOBS


def test_the_schedules_and_their_times_in_utc(defs):
    assert {each.name: (each.job_name, each.cron_schedule) for each in defs.schedules} == CLOCKS
    assert {each.execution_timezone for each in defs.schedules} == {"UTC"}


def test_every_step_is_in_a_pool_so_that_no_two_write_or_ask_at_once(defs):
    pools = {node.name: set(node.definition.pools) for name in JOBS for node in defs.resolve_job_def(name).nodes}
    checks = {name for name in pools if name.endswith("bytes_within_budget")}
    assert {name for name, of_node in pools.items() if not of_node} - checks == WITHOUT_POOL
    assert set().union(*pools.values()) == {"warehouse", "x_api", "newsapi"}


def test_every_mart_says_how_old_it_may_be_and_nothing_else_does(defs):
    """A seventh hour without an hour is late: the schedule that fills gaps runs every six."""
    policies = {spec.key.to_user_string(): spec.freshness_policy for spec in defs.resolve_all_asset_specs() if spec.freshness_policy}
    assert set(policies) == {name for name in specs(defs) if name.startswith("marts/")}
    assert policies["marts/engagement_hourly"].warn_window.to_timedelta().total_seconds() == 7 * 3600
    assert policies["marts/peaks"].warn_window.to_timedelta().total_seconds() == 13 * 3600
    assert {policy.fail_window.to_timedelta().total_seconds() for policy in policies.values()} == {25 * 3600}


def test_every_check_that_only_warns_is_explained_in_operations(defs):
    graph = defs.resolve_asset_graph()
    warn = {key.name for key in graph.asset_check_keys if not graph.get_check_spec(key).blocking}
    page = (REPOSITORY / "docs" / "operations.md").read_text()
    assert {name for name in warn if f"`{name}`" not in page} == set()


def test_nothing_starts_by_itself(defs):
    schedules = list(defs.schedules)
    assert {schedule.name for schedule in schedules} == {"every_hour", "fill_gaps", "peaks_every_six_hours", "snapshots_every_hour", "compliance_every_twelve_hours", "retention_every_day"}
    for schedule in schedules:
        assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED and schedule.description


def test_sensors_tell_people_start_no_run_and_are_stopped_until_a_person_starts_them(defs):
    sensors = list(defs.sensors)
    assert {sensor.name for sensor in sensors} == {"alerts", "failed_runs"}
    for sensor in sensors:
        assert sensor.default_status == dg.DefaultSensorStatus.STOPPED and sensor.description
        assert sensor.minimum_interval_seconds == 60 and not sensor.has_jobs
