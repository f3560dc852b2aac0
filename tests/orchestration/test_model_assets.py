"""ml/models: what the assets say of a model, without loading it."""

import json
import subprocess
import sys
import time

import dagster as dg
import pytest

from ml_assets.cards import facts_of, scores_of
from ml_assets.checkpoints import of_folder
from orchestration.assets.models import check_description, model_metadata
from tests.ml_assets.tiny_models import ENTITIES, REPOSITORY, SENTIMENT


@pytest.fixture
def folder(tmp_path):
    model = tmp_path / "some-model"
    model.mkdir()
    (model / "weights").write_bytes(bytes(1_500_000))
    return model


def test_scores_are_the_numbers_of_each_part_and_nothing_further_down():
    metrics = {"seed": 0, "held_out": {"accuracy": 0.7, "recall": {"negative": 0.5}, "confusion": [[1]], "checked": True}}
    assert scores_of(metrics) == {"held_out.accuracy": 0.7}


def test_a_model_without_card_and_scores_warns_and_says_what_to_put_where(folder):
    result = check_description(of_folder(folder))
    assert not result.passed and result.severity == dg.AssetCheckSeverity.WARN
    assert "MODEL_CARD.md" in result.metadata["reason"].value and "metrics.json" in result.metadata["reason"].value


def test_a_described_model_passes_and_its_revision_is_not_changed_by_the_description(folder):
    before = of_folder(folder).revision
    (folder / "README.md").write_text("# A card")
    (folder / "metrics.json").write_text(json.dumps({"held_out": {"accuracy": 0.7}}))
    checkpoint = of_folder(folder)
    assert check_description(checkpoint).passed and checkpoint.revision == before
    assert facts_of(checkpoint).megabytes == 1.5


def test_broken_metrics_count_as_absent(folder):
    (folder / "metrics.json").write_text("{")
    assert facts_of(of_folder(folder)).metrics == {}


def test_the_metadata_show_card_revision_size_languages_and_scores():
    shown = model_metadata(of_folder(SENTIMENT), "en")
    assert shown["model"] == "sentiment-en" and shown["revision"] == of_folder(SENTIMENT).revision and shown["languages"] == "en"
    assert shown["card"].value.startswith("# sentiment-en") and shown["megabytes"] > 10
    assert 0.5 < shown["held_out.macro_recall"] < 1


def test_what_is_read_of_both_models_takes_less_than_a_second():
    began = time.process_time()
    for folder in (SENTIMENT, ENTITIES):
        model_metadata(of_folder(folder), "en")
    assert time.process_time() - began < 1


def test_both_are_made_and_load_no_model_library():
    code = (
        "import sys, dagster as dg\n"
        "from orchestration.assets.models import entity_model, sentiment_model\n"
        "result = dg.materialize([sentiment_model, entity_model])\n"
        "assert result.success and all(each.passed for each in result.get_asset_check_evaluations())\n"
        "assert len(result.get_asset_check_evaluations()) == 2\n"
        "assert not {'torch', 'transformers', 'spacy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
