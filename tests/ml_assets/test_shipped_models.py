"""What is in the two model folders: small enough for git, described, and without a line of training text."""

import json
import re
from pathlib import Path

import pytest

from ml_assets.adapters import verify
from ml_assets.checkpoints import files_of
from tests.ml_assets.tiny_models import ENCODER, ENTITIES, SENTIMENT

MEBIBYTE = 1024**2
BOTH = pytest.mark.parametrize("model", [SENTIMENT, ENTITIES], ids=lambda folder: folder.name)
ALL = pytest.mark.parametrize("model", [ENCODER, SENTIMENT, ENTITIES], ids=lambda folder: folder.name)


def figures(value) -> list[float]:
    """Every fraction in a metrics file; counts and seconds are not figures of quality."""
    if isinstance(value, dict):
        return [figure for inner in value.values() for figure in figures(inner)]
    return [value] if isinstance(value, float) and 0 < value < 1 else []


def card(model: Path) -> str:
    return (model / "MODEL_CARD.md").read_text(encoding="utf-8")


@ALL
def test_every_file_is_small_enough_for_git(model):
    assert max(file.stat().st_size for file in model.rglob("*") if file.is_file()) < 50 * MEBIBYTE


def test_the_models_share_their_encoder_and_are_small_together():
    sizes = {model: sum(file.stat().st_size for file in model.rglob("*") if file.is_file()) for model in (ENCODER, SENTIMENT, ENTITIES)}
    assert sum(sizes.values()) < 55e6 and sizes[SENTIMENT] + sizes[ENTITIES] < 8e6


@ALL
def test_every_file_is_the_one_that_its_digest_is_of(model):
    assert set(json.loads((model / "files.json").read_text())) == {name for name, _ in files_of(model)}
    verify(model)


@BOTH
def test_the_card_says_what_the_model_is_for_what_made_it_and_where_it_fails(model):
    headings = re.findall(r"^## (.+)$", card(model), flags=re.MULTILINE)
    assert {"Use", "Data", "Recipe", "Figures", "Limits", "Licence"} <= set(headings)


@pytest.mark.parametrize(
    ("model", "measured_on"),
    [(SENTIMENT, "held_out"), (SENTIMENT, "tweeteval_val"), (ENTITIES, "held_out"), (ENTITIES, "dev")],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_card_states_the_figures_that_were_measured(model, measured_on):
    metrics = json.loads((model / "metrics.json").read_text())[measured_on]
    stated = figures(metrics)
    assert len(stated) >= 6
    missing = [figure for figure in stated if f"{figure:.3f}" not in card(model)]
    assert not missing, f"the card of {model.name} does not state {missing} of {measured_on}"


def test_the_entity_model_ships_no_words_of_its_training_text():
    strings = json.loads((ENTITIES / "vocab" / "strings.json").read_text())
    assert sorted(strings) == ["LOC", "ORG", "PERSON"]


@ALL
def test_no_model_file_names_a_folder_of_the_machine_it_was_made_on(model):
    for file in model.rglob("*"):
        if file.suffix in {".json", ".cfg", ".md", ".txt"}:
            assert not re.search(r"/(work|tmp|root|home|site-packages)/", file.read_text(encoding="utf-8")), file.name


def test_the_sentiment_model_says_its_labels_in_the_product_order():
    config = json.loads((SENTIMENT / "config.json").read_text())
    assert config["id2label"] == {"0": "negative", "1": "neutral", "2": "positive"}


def test_the_shipped_models_answer_a_call_that_names_none():
    from ml_assets.entities import ArticleText, find
    from ml_assets.sentiment import score

    assert [each.label for each in score(["I love this phone", "Guten Morgen"], ["en", "de"])] == ["positive", "not_scored"]
    assert ("LOC", "Berlin") in {(each.label, each.name) for each in find([ArticleText("a", "Google opens an office in Berlin", None, None, "en")])}
