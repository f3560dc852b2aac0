"""Agreement of two people, or of people and model, on counts worked out by hand."""

import pytest

from ml_assets.sentiment.agreement import Agreement, confusion, majority
from orchestration.warehouse import tables


def test_kappa_takes_away_what_chance_alone_would_agree_on():
    """35 of 50 equal, and by chance (25 x 30 + 25 x 20) / 50² = 0.5: kappa is (0.7 - 0.5) / 0.5."""
    found = Agreement.of([[20, 5, 0], [10, 15, 0], [0, 0, 0]])
    assert (found.posts, found.accuracy, found.kappa) == (50, pytest.approx(0.7), pytest.approx(0.4))
    assert found.recall == {"negative": 0.8, "neutral": 0.6, "positive": None}


def test_where_both_always_say_the_same_word_kappa_is_not_defined():
    assert Agreement.of([[0, 0, 0], [0, 9, 0], [0, 0, 0]]).kappa is None
    assert Agreement.of([[0] * 3] * 3) == Agreement(0, None, None, {"negative": None, "neutral": None, "positive": None})


def test_the_true_class_stands_in_the_rows():
    assert confusion([("negative", "positive"), ("negative", "positive"), ("neutral", "neutral")]) == [[0, 0, 2], [0, 1, 0], [0, 0, 0]]
    with pytest.raises(ValueError, match="'angry' is none of negative, neutral, positive"):
        confusion([("angry", "neutral")])


@pytest.mark.parametrize(
    ("labels", "agreed"),
    [(["neutral"], "neutral"), (["neutral", "positive"], None), (["neutral", "positive", "neutral"], "neutral"),
     (["neutral", "positive", "negative", "neutral"], None), ([], None)],
)  # fmt: skip
def test_more_than_half_decide(labels, agreed):
    assert majority(labels) == agreed


def test_the_columns_of_the_warehouse_name_the_labels_of_the_model():
    from ml_assets.sentiment.labels import LABELS

    assert tables.LABELS == LABELS
