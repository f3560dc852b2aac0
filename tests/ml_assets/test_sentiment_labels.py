"""How the labels of other models become negative, neutral and positive. Needs no torch."""

import pytest

from ml_assets.sentiment.labels import SentimentScore, columns_by_label


def columns(*names):
    return columns_by_label(dict(enumerate(names)))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("negative", "neutral", "positive"), [[0], [1], [2]]),
        (("POS", "Neg", "neutral"), [[1], [2], [0]]),
        (("LABEL_0", "LABEL_1", "LABEL_2"), [[0], [1], [2]]),
        (("NEGATIVE", "POSITIVE"), [[0], [], [1]]),
        (("positive", "negative"), [[1], [], [0]]),
        (("1 star", "2 stars", "3 stars", "4 stars", "5 stars"), [[0, 1], [2], [3, 4]]),
        (("5 STARS", "4 stars", "3 stars", "2 stars", "1 star"), [[3, 4], [2], [0, 1]]),
        (("Very Negative", "negative", "Neutral", "positive", "very_positive"), [[0, 1], [2], [3, 4]]),
        (("very-positive", "positive", "neutral", "negative", "very-negative"), [[3, 4], [2], [0, 1]]),
    ],
)
def test_two_three_and_five_classes_are_read_whatever_their_order_and_case(names, found):
    assert columns(*names) == found


@pytest.mark.parametrize(
    "names",
    [
        ("LABEL_0", "LABEL_1"),
        ("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"),
        ("joy", "anger", "fear"),
        ("negative", "neutral"),
        ("neutral", "positive"),
        ("negative", "neg", "positive"),
        ("negative", "negative", "positive"),
        ("negative", "neutral", "positive", "irony"),
        ("1 star", "2 stars", "3 stars", "4 stars", "6 stars"),
        ("1 star", "2 stars", "3 stars", "3 star", "5 stars"),
        ("positive",),
        (),
    ],
)
def test_labels_that_could_mean_anything_are_refused(names):
    with pytest.raises(ValueError, match="the labels"):
        columns(*names)


def test_a_model_of_two_classes_is_never_neutral():
    assert SentimentScore.of((0.5, 0.0, 0.5)).label == "negative" and SentimentScore.of((0.4, 0.0, 0.6)).label == "positive"
