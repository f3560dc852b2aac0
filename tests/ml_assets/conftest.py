"""The shipped model, loaded once, and a small one made on the spot."""

import pytest

from ml_assets.sentiment import Scorer
from ml_assets.sentiment.scorer import share_cores
from tests.ml_assets.tiny_models import SENTIMENT, make_checkpoint

# Before any test imports torch itself: with a busy neighbour this folder takes 100 s otherwise.
share_cores()


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    """The shipped model, loaded at the first post that is scored."""
    return Scorer(SENTIMENT)


@pytest.fixture
def checkpoint(tmp_path):
    return make_checkpoint(tmp_path / "tiny-model", ("negative", "neutral", "positive"))
