"""The validation profile of a model, and how far posts are from it."""

import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from ml_assets.checkpoints import of_folder
from ml_assets.sentiment import CODE_VERSION, Scorer
from ml_assets.sentiment.drift import (
    FEWEST_POSTS,
    MOVED,
    Profile,
    Seen,
    by_confidence,
    moves,
    read_profile,
    stability_index,
    unknown_tokens_move,
)
from ml_assets.sentiment.labels import LABELS
from tests.ml_assets.tiny_models import REPOSITORY, SENTIMENT, make_checkpoint

PROFILE = Profile("rev", "1", 2_000, (0.2, 0.4, 0.4), tuple(edge / 10 for edge in range(1, 10)), (0.1,) * 10, 0.001, 25.0)
EVEN = (100,) * 10


def test_the_index_is_that_of_the_textbook():
    """(0.3 - 0.2) ln 1.5 + (0.4 - 0.5) ln 0.8 + 0 for shares 0.2, 0.5, 0.3 against 0.3, 0.4, 0.3."""
    assert stability_index((0.2, 0.5, 0.3), (300_000, 400_000, 300_000), 1_000_000) == pytest.approx(0.0628609, abs=1e-5)


def test_equal_shares_have_an_index_of_nought_and_an_empty_bin_has_a_finite_one():
    assert stability_index((0.2, 0.4, 0.4), (200, 400, 400), 2_000) == pytest.approx(0, abs=1e-5)
    assert MOVED < stability_index((0.2, 0.4, 0.4), (0, 500, 500), 2_000) < 10


def test_bins_must_pair_up():
    with pytest.raises(ValueError, match="zip"):
        stability_index((0.5, 0.5), (1, 2, 3), 10)


def test_posts_like_those_of_validation_have_not_moved():
    found = moves(PROFILE, Seen("c", (200, 400, 400), EVEN))
    assert len(found) == 2 and not any(move.is_drift or move.is_to_watch for move in found)


def test_a_label_that_doubles_is_said_by_name_with_both_shares():
    labels, confidence = moves(PROFILE, Seen("aurora", (450, 250, 300), EVEN))
    assert labels.is_drift and not confidence.is_drift
    assert labels.said.startswith("aurora: 45% of 1,000 posts are negative, 20% of the validation posts")


def test_a_model_that_grows_unsure_is_told_from_one_that_grows_sure():
    unsure = moves(PROFILE, Seen("c", (200, 400, 400), (250, 200, 150, 100, 100, 60, 50, 40, 30, 20)))[1]
    sure = moves(PROFILE, Seen("c", (200, 400, 400), (20, 30, 40, 50, 60, 100, 100, 150, 200, 250)))[1]
    assert unsure.is_drift and "less sure" in unsure.said and "80%" in unsure.said
    assert sure.is_drift and "more sure" in sure.said


def test_fewer_than_two_hundred_posts_have_no_verdict():
    assert moves(PROFILE, Seen("c", (FEWEST_POSTS - 1, 0, 0), (FEWEST_POSTS - 1, *[0] * 9))) == []
    assert moves(PROFILE, Seen("c", (FEWEST_POSTS, 0, 0), (FEWEST_POSTS, *[0] * 9)))[0].is_drift
    assert unknown_tokens_move(PROFILE, FEWEST_POSTS - 1, 5_000, 2_500) is None


def test_chance_alone_is_never_drift():
    rng = random.Random(0)
    for _ in range(200):
        labels = rng.choices(range(3), (0.2, 0.4, 0.4), k=FEWEST_POSTS)
        bins = rng.choices(range(10), k=FEWEST_POSTS)
        seen = Seen("c", tuple(map(labels.count, range(3))), tuple(map(bins.count, range(10))))
        assert not any(move.is_drift for move in moves(PROFILE, seen))


def test_a_confidence_on_an_edge_is_in_the_bin_above_it():
    assert by_confidence([0.1, 0.2, 0.2, 0.9], (0.2, 0.5)) == (1, 2, 1)


def test_words_that_the_vocabulary_does_not_hold_are_drift():
    assert unknown_tokens_move(PROFILE, 1_000, 25_000, 5_000).is_drift
    assert not unknown_tokens_move(PROFILE, 1_000, 25_000, 25).is_drift


def test_a_scorer_counts_the_tokens_that_it_does_not_know_and_each_text_once(checkpoint):
    scorer = Scorer(checkpoint)
    scorer.score(["good phone", "good zebra zebra", "good phone"], ["en"] * 3)
    # Each text begins and ends with a token of its own.
    assert (scorer.read.texts, scorer.read.tokens, scorer.read.unknown) == (2, 9, 2)
    scorer.score(["Bonjour"], ["fr"])
    assert scorer.read.texts == 2


def profile(*words):
    return subprocess.run([sys.executable, "-m", "ml_assets.sentiment.profile", *map(str, words)], cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.full
def test_the_command_writes_the_profile_beside_the_model_and_the_revision_stays(tmp_path):
    folder = make_checkpoint(tmp_path / "tiny", LABELS)
    before = of_folder(folder).revision
    data = tmp_path / "labelled.jsonl"
    texts = [f"{first} {second} phone {number}" for number in range(50) for first in ("good", "bad") for second in ("the", "late", "i love")]
    data.write_text("".join(json.dumps({"text": text, "label": "neutral"}) + "\n" for text in texts))
    done = profile("--data", data, "--model", folder)
    assert done.returncode == 0, done.stderr
    found = read_profile(folder)
    assert json.loads(done.stdout)["posts"] == found.posts == 300
    assert of_folder(folder).revision == before == found.model_revision and found.code_version == CODE_VERSION
    assert sum(found.class_shares) == pytest.approx(1, abs=1e-3) and list(found.confidence_deciles) == sorted(found.confidence_deciles)
    assert 0 < found.unknown_token_share < 1 and found.tokens_per_post > 4


@pytest.mark.full
def test_a_file_too_short_for_a_verdict_makes_no_profile(tmp_path):
    folder = make_checkpoint(tmp_path / "tiny", LABELS)
    data = tmp_path / "labelled.jsonl"
    data.write_text('{"text": "good", "label": "neutral"}\n')
    done = profile("--data", data, "--model", folder)
    assert done.returncode == 1 and "needs 200" in done.stderr and read_profile(folder) is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"posts": 1}', json.dumps({**vars(PROFILE), "class_shares": [1.0]})])
def test_a_profile_that_cannot_be_read_is_none(tmp_path, content):
    (tmp_path / "profile.json").write_text(content)
    assert read_profile(tmp_path) is None
    (tmp_path / "profile.json").write_text(replace(PROFILE, posts=7).as_json())
    assert read_profile(tmp_path) == replace(PROFILE, posts=7)


def test_the_shipped_profile_is_of_the_shipped_model():
    """Made anew whenever the model changes:  python -m ml_assets.sentiment.profile --data FILE"""
    found = read_profile(SENTIMENT)
    assert (found.model_revision, found.code_version) == (of_folder(SENTIMENT).revision, CODE_VERSION)
