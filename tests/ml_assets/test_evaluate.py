"""The two evaluate commands, on files worked out by hand and on the shipped models."""

import gzip
import json
import re
import subprocess
import sys

import pytest
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from ml_assets.entities import evaluate as entities
from ml_assets.labelled import DataError, read_rows
from ml_assets.sentiment import evaluate as sentiment
from ml_assets.sentiment.labels import SentimentScore
from orchestration.settings import REPOSITORY

POSTS = [
    ("I love this so much, best day ever!", "positive"),
    ("This is awful. I hate it and I want my money back.", "negative"),
    ("The meeting is on Tuesday at 10.", "neutral"),
    ("😀", "positive"),
]
SENTENCES = [
    {"tokens": ["Google", "opened", "in", "New", "York", "."], "tags": ["B-ORG", "O", "O", "B-LOC", "I-LOC", "O"]},
    {"tokens": ["It", "rained", "."], "tags": ["O", "O", "O"]},
]


def written(path, rows):
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def run(module, *words):
    return subprocess.run([sys.executable, "-W", "ignore", "-m", module, *map(str, words)], cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.full
def test_sentiment_figures_are_those_of_the_shipped_model(tmp_path):
    file = written(tmp_path / "posts.jsonl.gz", [{"text": text, "label": label} for text, label in POSTS])
    done = run("ml_assets.sentiment.evaluate", "--data", file)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["n"], found["not_scored"], found["model"]) == (4, 1, "sentiment-en")
    assert found["recall"] == {"negative": 1.0, "neutral": 1.0, "positive": 0.5} and found["macro_recall"] == pytest.approx(0.8333, abs=1e-4)
    assert found["accuracy"] == 0.75 and found["posts_per_second"] > 0
    assert found["confusion_rows_are_truth"] == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]


def test_calibration_is_the_gap_between_being_sure_and_being_right():
    """Four posts at 0.75: three right, so sure and right are one. Two at 0.95, one right: 0.45 apart, a third of the posts."""
    sure = [SentimentScore.of((0.75, 0.15, 0.10))] * 4 + [SentimentScore.of((0.01, 0.04, 0.95))] * 2
    found = sentiment.figures(["negative", "negative", "negative", "positive", "positive", "neutral"], sure)
    assert found["ece"] == pytest.approx(0.45 / 3, abs=1e-4)


def doc(*tags):
    return entities.tagged(Vocab(), {"tokens": ["word"] * len(tags), "spaces": [True] * len(tags), "tags": list(tags)})


def test_an_inside_that_continues_nothing_begins_a_name():
    found = doc("B-ORG", "I-ORG", "B-ORG", "O", "I-LOC", "I-PER", "I-PER", "O")
    assert [(each.start, each.end, each.label_) for each in found.ents] == [(0, 2, "ORG"), (2, 3, "ORG"), (4, 5, "LOC"), (5, 7, "PERSON")]


def test_precision_and_recall_count_exact_spans():
    truth = [doc("B-ORG", "O", "O", "B-LOC", "I-LOC"), doc("B-PER", "I-PER")]
    made = [doc("B-ORG", "O", "O", "B-LOC", "O"), doc("B-ORG", "I-ORG")]
    found = entities.figures(truth, made)
    assert found["all"] == {"precision": 0.3333, "recall": 0.3333, "f1": 0.3333}
    assert found["ORG"] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667} and found["PER"]["f1"] == 0.0


def test_places_of_other_models_are_places_and_dates_are_nothing():
    found = Doc(Vocab(), words=["Oslo", "on", "Monday"])
    found.ents = [Span(found, 0, 1, "GPE"), Span(found, 2, 3, "DATE")]
    assert [(each.start, each.label_) for each in entities.as_in_the_product(found).ents] == [(0, "LOC")]


@pytest.mark.full
def test_entity_figures_are_those_of_the_shipped_model(tmp_path):
    rows = [row | {"spaces": [True] * len(row["tokens"])} for row in SENTENCES]
    done = run("ml_assets.entities.evaluate", "--data", written(tmp_path / "news.jsonl.gz", rows))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["LOC"]["f1"] == 1.0 and found["sentences"] == 2 and found["words_per_second"] > 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "a", "label": "happy"}', 'line 1: needed is {"text"'),
        ("{broken", "line 1: no JSON"),
        ("", "holds no line"),
    ],
)
def test_a_line_of_another_shape_is_named(tmp_path, line, said):
    file = tmp_path / "posts.jsonl"
    file.write_text(line + "\n")
    with pytest.raises(DataError, match=re.escape(said)):
        sentiment.evaluate(file, "/no/such/model")


@pytest.mark.full
def test_a_missing_file_and_a_missing_model_are_said_in_one_line(tmp_path):
    absent = run("ml_assets.entities.evaluate", "--data", tmp_path / "none.jsonl.gz")
    assert absent.returncode == 1 and "cannot be read" in absent.stderr and "Traceback" not in absent.stderr
    file = written(tmp_path / "posts.jsonl.gz", [{"text": "a b", "label": "neutral"}])
    no_model = run("ml_assets.sentiment.evaluate", "--data", file, "--model", "/no/such/model")
    assert no_model.returncode == 1 and "PULSE_SENTIMENT_MODEL" in no_model.stderr and "Traceback" not in no_model.stderr


def test_tags_of_another_length_are_named(tmp_path):
    file = written(tmp_path / "news.jsonl.gz", [{"tokens": ["a", "b"], "spaces": [True, False], "tags": ["O"]}])
    with pytest.raises(DataError, match="line 1: needed is"):
        entities.evaluate(file, "/no/such/model")


def test_a_file_that_ends_in_the_middle_is_named(tmp_path):
    whole = written(tmp_path / "posts.jsonl.gz", [{"text": "a b", "label": "neutral"}] * 1_000).read_bytes()
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-20])
    with pytest.raises(DataError, match="cannot be read"):
        read_rows(tmp_path / "cut.jsonl.gz", lambda row: True, "anything")
