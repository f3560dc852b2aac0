"""`pulse models` on a warehouse with posts: score, kill, go on, compare, promote, drop; and two runs that score one hour at once."""

import json
import subprocess
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from statistics import quantiles

import dagster as dg
import pytest
from typer.testing import CliRunner

from ml_assets.checkpoints import of_folder
from ml_assets.sentiment import CODE_VERSION, Scorer
from ml_assets.sentiment.drift import Profile, by_confidence
from orchestration.assets.sentiment import tweet_sentiment
from orchestration.checks.drift import check_drift
from orchestration.cli.models import models_app
from orchestration.lock import alone
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import REPOSITORY, Settings
from orchestration.warehouse import server_control
from orchestration.windows import Window
from tests.integration.conftest import PULSE, Home
from tests.ml_assets.tiny_models import make_checkpoint

LABELS = ("negative", "neutral", "positive")
HOURS, POSTS = 8, 6_000
# An eighth are reposts. The texts are distinct, so that each is scored by itself.
FILL = f"""
CREATE OR REPLACE TABLE intermediate.int_tweets_cleaned AS
SELECT 'trial' AS campaign_id, CAST(n AS STRING) AS tweet_id,
    TIMESTAMP_ADD(TIMESTAMP '2026-03-02 05:00:00+00', INTERVAL MOD(n, {HOURS * 60}) MINUTE) AS created_at,
    'en' AS lang, MOD(n, 8) = 0 AS is_repost, DATE '2026-03-02' AS day,
    CONCAT(IF(MOD(n, 3) = 0, 'i love this phone ', 'the train is late '), REPEAT('good ', MOD(n, 7)), CAST(n AS STRING)) AS text
FROM UNNEST(GENERATE_ARRAY(1, {POSTS})) AS n
"""
ORIGINALS = POSTS - POSTS // 8


# A minute of scoring before the first test.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("models-home"))
    server_control.start(home.settings)
    home.warehouse.ensure_tables()
    home.warehouse.execute(FILL)
    home.pulse("campaigns", "add", "trial", "--name", "Trial")
    yield home
    server_control.stop(home.settings)


def pulse(home, *words, code=0):
    """What `pulse models ...` says, in this process: ten of their own would each import torch anew."""
    answer = CliRunner().invoke(models_app, words, env={"PULSE_HOME": str(home.folder)})
    assert answer.exit_code == code, (answer.output, answer.exception)
    return answer.output


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Folders of two tiny models by name."""
    folder = tmp_path_factory.mktemp("tiny")
    return {name: make_checkpoint(folder / name, LABELS, seed=seed) for seed, name in enumerate(("in-use", "other"))}


def score_hour(home, model, monkeypatch, hour):
    """What the asset says of scoring one hour with the model, as a run of Dagster would."""
    monkeypatch.setenv("PULSE_HOME", str(home.folder))
    monkeypatch.setenv("PULSE_SENTIMENT_MODEL", str(model))
    return tweet_sentiment(dg.build_asset_context(partition_key=hour), warehouse=WarehouseResource())


def scores(home, table="tweet_sentiment"):
    return home.query(f"select * except (run_id, loaded_at, row_hash) from ml.{table} order by tweet_id, model_id")


@pytest.fixture(scope="module")
def in_use(home, models):
    """The first two hours, scored by the model in use."""
    with pytest.MonkeyPatch.context() as patch:
        score_hour(home, models["in-use"], patch, "2026-03-02-06:00")
    return scores(home)


@pytest.fixture(scope="module")
def killed_and_resumed(home, models, in_use):
    """What the second `pulse models score` said, and how many rows the first had landed when it was killed."""
    words = [PULSE, "models", "score", str(models["other"]), "--campaign", "trial"]
    first = subprocess.Popen(words, cwd=REPOSITORY, env=home.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    landed = 0
    for _ in range(600):
        landed = home.query("select count(*) as n from ml.tweet_sentiment_candidates")[0]["n"]
        if landed or first.poll() is not None:
            break
        time.sleep(0.2)
    assert first.poll() is None, "it ended before it could be killed"
    first.kill()
    first.wait()
    return home.pulse("models", "score", str(models["other"]), "--campaign", "trial"), landed


def test_what_landed_before_a_kill_is_not_scored_again(home, killed_and_resumed):
    said, landed = killed_and_resumed
    made, there = (int(said.partition(word)[0].split()[-1].replace(",", "")) for word in (" scored now", " were there"))
    assert 0 < landed <= there < ORIGINALS and made + there == ORIGINALS
    assert home.query("select count(*) as n, count(distinct tweet_id) as posts from ml.tweet_sentiment_candidates") == [{"n": ORIGINALS, "posts": ORIGINALS}]


def test_scores_in_use_stay_as_they_are(home, in_use, killed_and_resumed):
    assert in_use and scores(home) == in_use


def test_scored_again_nothing_is_made_and_no_row_changes(home, models, killed_and_resumed):
    before = home.query("select * from ml.tweet_sentiment_candidates order by tweet_id")
    assert " 0 scored now" in pulse(home, "score", str(models["other"]), "--campaign", "trial")
    assert home.query("select * from ml.tweet_sentiment_candidates order by tweet_id") == before


def test_the_list_tells_what_is_in_use_from_a_candidate(home, models, killed_and_resumed):
    found = json.loads(pulse(home, "list", "--json"))
    assert [(row["model"], row["use"], row["revision"]) for row in found] == [
        ("in-use", "current", of_folder(models["in-use"]).revision),
        ("other", "candidate", of_folder(models["other"]).revision),
    ]
    assert found[1]["posts"] == found[1]["scored"] == ORIGINALS and found[1]["first day"] == "2026-03-02"


def test_the_comparison_is_of_posts_that_both_have_scored(home, models, in_use, killed_and_resumed):
    facts = json.loads(pulse(home, "compare", "current", str(models["other"]), "--campaign", "trial", "--json"))
    theirs = {row["tweet_id"]: row["sentiment_label"] for row in scores(home, "tweet_sentiment_candidates")}
    pairs = [(row["sentiment_label"], theirs[row["tweet_id"]]) for row in in_use if row["sentiment_label"] != "not_scored"]
    assert facts["posts"] == len(pairs) > 1_000
    assert facts["table_rows_are_a"] == [[pairs.count((a, b)) for b in LABELS] for a in LABELS]
    assert facts["labels_differ"] == sum(a != b for a, b in pairs)
    text = pulse(home, "compare", "current", "other", "--campaign", "trial")
    assert "paired" in text and f"{facts['labels_differ']:,} differs" in text


def test_a_model_against_itself_differs_in_nothing(home, killed_and_resumed):
    facts = json.loads(pulse(home, "compare", "other", "other", "--campaign", "trial", "--json"))
    assert (facts["posts"], facts["labels_differ"], facts["differences"]["net_sentiment"]["standard_error"]) == (ORIGINALS, 0, 0)


def test_a_model_without_scores_says_how_to_make_them(home, models, killed_and_resumed):
    assert "pulse models score MODEL --campaign trial" in pulse(home, "compare", "current", "nobody", "--campaign", "trial", code=1)


def test_promotion_takes_over_the_scores_of_exactly_the_hours_that_are_run(home, models, killed_and_resumed, monkeypatch):
    monkeypatch.setattr(Scorer, "_scores", lambda self, readings: {} if not readings else pytest.fail("scored again"))
    result = score_hour(home, models["other"], monkeypatch, "2026-03-02-08:00")
    assert result.metadata["reused"] > 1_000
    rows = home.query("select distinct model_id, extract(hour from created_at) as hour from ml.tweet_sentiment order by model_id, hour")
    assert [(row["model_id"], row["hour"]) for row in rows] == [("in-use", 5), ("in-use", 6), ("other", 7), ("other", 8)]
    candidates = {row["tweet_id"]: row for row in scores(home, "tweet_sentiment_candidates")}
    promoted = [row for row in scores(home) if row["model_id"] == "other" and row["not_scored_reason"] != "repost"]
    assert promoted and all(row == candidates[row["tweet_id"]] for row in promoted)


WEEK = Window(datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC))


def drift(home, model, profile):
    (model / "profile.json").write_text(profile.as_json())
    return check_drift(home.warehouse, Scorer(model), WEEK)


def profile_of_rows(model, rows):
    """The profile of a model that was measured on just these posts."""
    scored = [row for row in rows if row["sentiment_label"] != "not_scored"]
    labels = [row["sentiment_label"] for row in scored]
    sure = [max(row["p_negative"], row["p_neutral"], row["p_positive"]) for row in scored]
    shares = tuple(labels.count(label) / len(labels) for label in LABELS)
    edges = tuple(quantiles(sure, n=10))
    bins = tuple(count / len(sure) for count in by_confidence(sure, edges))
    return Profile(of_folder(model).revision, CODE_VERSION, len(scored), shares, edges, bins, 0.0, 20.0)


def test_posts_like_those_of_validation_pass_the_drift_check(home, models, in_use):
    profile = profile_of_rows(models["in-use"], in_use)
    result = drift(home, models["in-use"], profile)
    assert result.passed and result.metadata["posts"].value == profile.posts and result.metadata["campaigns"].value == 1
    assert result.metadata["largest_stability_index"].value < 0.02 and result.metadata["reason"].value == ""


def test_posts_unlike_those_of_validation_warn_in_words_and_stop_nothing(home, models, in_use):
    like = profile_of_rows(models["in-use"], in_use)
    common = max(range(3), key=like.class_shares.__getitem__)
    unlike = replace(like, class_shares=tuple(0.1 if k == common else 0.45 for k in range(3)))
    result = drift(home, models["in-use"], unlike)
    assert not result.passed and result.severity == dg.AssetCheckSeverity.WARN
    assert f"posts are {LABELS[common]}, 10% of the validation posts" in result.metadata["reason"].value and "pulse label" in result.metadata["reason"].value


def test_a_profile_of_another_revision_gives_no_verdict_and_says_how_to_make_one(home, models, in_use):
    result = drift(home, models["in-use"], replace(profile_of_rows(models["in-use"], in_use), model_revision="another"))
    assert result.passed and "of another revision" in result.metadata["reason"].value and "ml_assets.sentiment.profile" in result.metadata["reason"].value


def test_two_runs_that_score_one_hour_at_once_leave_one_answer_a_post(home, models, monkeypatch):
    """Dagster's pool and the home's lock keep them apart; where neither does, the rows are right all the same."""
    results, hour = [], "2026-03-02-11:00"
    monkeypatch.setenv("PULSE_HOME", str(home.folder))
    monkeypatch.setenv("PULSE_SENTIMENT_MODEL", str(models["in-use"]))
    Scorer(models["in-use"]).score(["a text that loads the libraries"], ["en"])

    def run():
        results.append(tweet_sentiment(dg.build_asset_context(partition_key=hour), warehouse=WarehouseResource()))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.check_results[0].passed for result in results] == [True, True]
    of_hour = "from ml.tweet_sentiment where created_at >= timestamp '2026-03-02 10:00:00+00' and created_at < timestamp '2026-03-02 12:00:00+00'"
    posts = home.query(f"select count(*) as n {of_hour.replace('ml.tweet_sentiment', 'intermediate.int_tweets_cleaned')}")[0]["n"]
    assert home.query(f"select count(*) as n, count(distinct tweet_id) as posts {of_hour}") == [{"n": posts, "posts": posts}]


def test_a_second_command_in_a_home_is_told_to_wait(home, models):
    with alone(Settings(home=home.folder)):
        assert "at work in this home" in pulse(home, "score", str(models["other"]), "--campaign", "trial", code=1)


def test_a_damaged_model_lands_nothing_and_says_so(home, tmp_path):
    broken = make_checkpoint(tmp_path / "broken", LABELS)
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "'broken' cannot be loaded" in pulse(home, "score", str(broken), "--campaign", "trial", code=1)
    assert home.query("select count(*) as n from ml.tweet_sentiment_candidates where model_id = 'broken'") == [{"n": 0}]


def test_a_dropped_candidate_is_gone_and_what_is_in_use_stays(home, killed_and_resumed):
    before = scores(home)
    assert f"{ORIGINALS:,} scores of other@" in pulse(home, "drop", "other")
    assert scores(home, "tweet_sentiment_candidates") == [] and scores(home) == before
    assert "is no candidate" in pulse(home, "drop", "in-use", code=1)
