"""What is loaded, and when: Dagster imports these packages in every process."""

import json
import subprocess
import sys

import pytest

from tests.ml_assets.tiny_models import ENTITIES, REPOSITORY, SENTIMENT

HEAVY = {"torch", "transformers", "spacy", "thinc", "huggingface_hub", "numpy", "safetensors"}


def loaded_after(code: str) -> set[str]:
    """Top-level modules of a fresh interpreter after `code`."""
    ask = f"{code}\nimport json, sys\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    answer = subprocess.run([sys.executable, "-c", ask], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return set(json.loads(answer.stdout.splitlines()[-1]))


@pytest.mark.parametrize("package", ["ml_assets", "ml_assets.sentiment", "ml_assets.entities", "ml_assets.checkpoints"])
def test_importing_a_package_loads_no_model_library(package):
    assert not loaded_after(f"import {package}") & HEAVY


def test_a_range_whose_posts_all_are_not_scored_loads_no_model_library():
    code = (
        "from ml_assets.sentiment import Scorer\n"
        f"scorer = Scorer({str(SENTIMENT)!r})\n"
        "found = scorer.score(['Guten Morgen', '😀 https://t.co/x', 'bonjour'], ['de', 'und', None])\n"
        "assert [score.label for score in found] == ['not_scored'] * 3\n"
        "assert scorer.model_id == 'sentiment-en' and len(scorer.model_revision) == 12"
    )
    assert not loaded_after(code) & HEAVY


def test_articles_that_cannot_be_read_load_no_spacy():
    code = (
        "from ml_assets.entities import ArticleText, EntityFinder\n"
        f"finder = EntityFinder({str(ENTITIES)!r})\n"
        "assert finder.find([ArticleText('a', 'Bonjour Paris', None, None, 'fr')]) == []\n"
        "assert finder.find([]) == []\n"
        "assert finder.model_id == 'entities-en' and len(finder.model_revision) == 12"
    )
    assert not loaded_after(code) & HEAVY


@pytest.mark.full
def test_the_first_post_that_can_be_scored_loads_the_model():
    """The other side of the tests above: they would pass as well if nothing ever loaded."""
    code = f"from ml_assets.sentiment import Scorer\nScorer({str(SENTIMENT)!r}).score(['I love this phone'], ['en'])"
    assert {"torch", "transformers"} <= loaded_after(code)
