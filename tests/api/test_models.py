"""The process of the models, with the models that ship."""

import json
import subprocess

import pytest

from app.api.desk import COMMAND, Models
from app.api.models import spans
from orchestration.settings import REPOSITORY

# The shipped models in a process of their own.
pytestmark = pytest.mark.full


def test_spans_are_where_a_spelling_stands_as_a_word():
    assert spans("US and USA: the US.", ["US"]) == [[0, 2], [16, 18]]


def test_of_two_spellings_that_overlap_the_longer_one_has_the_place():
    assert spans("New York Times in New York", ["New York", "New York Times"]) == [[0, 14], [18, 26]]


def test_a_name_over_two_lines_has_its_span_and_marks_are_no_pattern():
    assert spans("in New\n York (N.Y.)", ["New York", "N.Y."]) == [[3, 12], [14, 18]]
    assert spans("🎉 Oslo", ["Oslo"]) == [[2, 6]], "code points, not bytes"


def test_the_process_ends_with_its_input_and_prints_nothing_but_answers():
    """When the site is killed nobody closes the process: the end of its input does."""
    asked = json.dumps({"kind": "sentiment", "texts": [["", None]]}) + "\n"
    done = subprocess.run(COMMAND, cwd=REPOSITORY, input=asked * 2, capture_output=True, text=True, timeout=120, check=True)
    assert [json.loads(line)["results"][0]["reason"] for line in done.stdout.splitlines()] == ["empty_text"] * 2


@pytest.fixture(scope="module")
def shipped():
    """Both models load within half a minute on a busy core."""
    models = Models(seconds=300.0)
    yield models
    models.close()


def test_each_text_has_a_label_and_probabilities_or_a_reason(shipped):
    answer = shipped.answer("sentiment", [("I love it, a great launch!", "en"), ("C'est la vie", "fr"), ("", None), ("🎉", "en")])
    assert [result["label"] for result in answer["results"]] == ["positive", "not_scored", "not_scored", "not_scored"]
    assert [result["reason"] for result in answer["results"]] == [None, "language:fr", "empty_text", "empty_text"]
    assert sum(answer["results"][0][f"p_{label}"] for label in ("negative", "neutral", "positive")) == pytest.approx(1, abs=1e-5)
    assert answer["model_id"] == "sentiment-en" and answer["model_revision"]


def test_each_text_has_its_names_and_where_they_stand(shipped):
    text = "NASA and Google open an office in New York."
    answer = shipped.answer("entities", [(text, "en"), ("Oslo er en by", "no")])
    named = {entity["name"]: entity for entity in answer["results"][0]["entities"]}
    assert {name: entity["label"] for name, entity in named.items()} == {"NASA": "ORG", "Google": "ORG", "New York": "LOC"}
    assert all(text[start:end] in entity["surface_forms"] for entity in named.values() for start, end in entity["spans"])
    assert answer["results"][1] == {"reason": "language:no", "entities": []}


def test_a_label_is_the_one_that_the_pipeline_writes(shipped):
    from ml_assets.sentiment import score

    text = "The queue was far too long and the boots hurt."
    (direct,), (asked,) = score([text], ["en"]), shipped.answer("sentiment", [(text, "en")])["results"]
    assert (asked["label"], asked["p_negative"]) == (direct.label, direct.p_negative)


def test_a_model_that_is_not_there_is_said_and_not_raised(monkeypatch):
    monkeypatch.setenv("PULSE_SENTIMENT_MODEL", "/nowhere/model")
    from app.api import models

    models._scorer.cache_clear()
    monkeypatch.setattr(models, "_one_thread", lambda: None)
    assert "PULSE_SENTIMENT_MODEL" in models.answered({"kind": "sentiment", "texts": [["hello there, this is English", "en"]]})["error"]
    models._scorer.cache_clear()
