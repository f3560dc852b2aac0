"""Shares in words: intervals, the correction that the mart makes too, and when none is made."""

import pandas as pd
import pytest

from app.shares import Counted, Loud, correction_sentence
from ml_assets.sentiment.shares import correction
from orchestration.warehouse import tables
from orchestration.warehouse.tables import CORRECTED, LABELS

CONFUSION = [[60, 20, 5], [10, 70, 10], [5, 15, 55]]


def days(*counts, revisions=None):
    rows = [dict(zip(LABELS, each, strict=True)) | {"scored": sum(each), "model_id": "m", "model_revision": "1", "code_version": "1"} for each in counts]
    for row, revision in zip(rows, revisions or (), strict=False):
        row["model_revision"] = revision
    return pd.DataFrame(rows)


def confusions(reason=None, revision="1"):
    made = correction(CONFUSION)
    values = {f"{kind}_{measure}_{label}": values[i][j] for kind, values in (("w", made.weights), ("s", made.spread)) for i, measure in enumerate(CORRECTED) for j, label in enumerate(LABELS)}
    return pd.DataFrame([{"model_id": "m", "model_revision": revision, "code_version": "1", "labelled": 250, "reason": reason, **values}])


def test_the_columns_of_the_table_are_those_that_are_read():
    assert {name for name in confusions().columns if name != "labelled"} <= {column.name for column in tables.SENTIMENT_CONFUSION.columns}


def test_the_days_are_corrected_together_and_not_one_by_one():
    counts = [(100, 200, 100), (200, 200, 200)]
    said = correction_sentence(days(*counts), confusions(), "c")
    (value, interval), *_, (net, _) = correction(CONFUSION).of((300, 400, 300))
    assert f"measured on 250 posts that people labelled: negative {value:.1%} ({100 * interval.low:.1f} to {100 * interval.high:.1f})" in said
    assert f"net sentiment {net:+.1%}" in said


@pytest.mark.parametrize(
    ("sentiment", "confusion", "why"),
    [
        (days((10, 20, 10)), pd.DataFrame(), "label 200 posts with `pulse label c`"),
        (days((10, 20, 10)), confusions(revision="2"), "label 200 posts"),
        (days((10, 20, 10)), confusions(reason="60 posts are labelled and 200 are needed"), "60 posts are labelled and 200 are needed. Label more with `pulse label c`"),
        (days((10, 20, 10), (1, 1, 1), revisions=["1", "2"]), confusions(), "more than one model"),
        (days((10, 20, 10), revisions=[None]), confusions(), "more than one model"),
    ],
)
def test_a_share_that_is_not_corrected_says_why(sentiment, confusion, why):
    said = correction_sentence(sentiment, confusion, "c")
    assert said.startswith("Not corrected for the classifier's own errors: ") and why in said


def test_a_day_without_scored_posts_has_no_model_and_forbids_no_correction():
    silent = days((10, 20, 10), (0, 0, 0), revisions=["1", None])
    assert correction_sentence(silent, confusions(), "c").startswith("Corrected")


def test_below_thirty_posts_there_is_no_verdict():
    assert (Counted((9, 10, 10)).net(), Counted((10, 10, 10)).net(), Counted((0, 0, 0)).net()) == ("Too few", "+0%", "–")
    assert Counted.of(pd.DataFrame()).scored == 0


def authors(*rows):
    return pd.DataFrame(rows, columns=[*LABELS, "authors"])


@pytest.mark.parametrize(
    ("rows", "is_loud"),
    [
        ([(10, 0, 0, 5), (0, 0, 1, 49)], True),
        ([(10, 0, 0, 5), (0, 0, 1, 50)], False),
        ([(10, 0, 0, 5)], False),
        ([(0, 1, 0, 6)], True),
        ([(0, 1, 0, 1_000)], False),
        # Those without a scored post are no others.
        ([(10, 0, 0, 5), (0, 0, 0, 40)], False),
        ([], False),
    ],
)
def test_five_authors_of_more_than_half_of_the_posts_are_loud(rows, is_loud):
    assert (Loud.of(authors(*rows)) is not None) == is_loud


def test_the_interval_of_few_loud_authors_is_wider_and_says_why():
    rows, sentiment = [(30, 0, 0, 2), (0, 10, 30, 1), (0, 0, 1, 40)], days((60, 10, 70))
    by_post, by_people = Counted.of(sentiment), Counted.of(sentiment, authors(*rows))
    assert "by author, for 5 of 43 authors wrote 73% of these posts" in by_people.sentence().replace("73.0%", "73%").replace("72.9%", "73%")
    assert by_people.net() == by_post.net()
    assert float(by_people.behind_net().split()[1]) > 2 * float(by_post.behind_net().split()[1])


def test_posts_of_many_authors_keep_the_interval_by_post():
    sentiment = days((30, 40, 30))
    assert Counted.of(sentiment, authors((1, 0, 0, 30), (0, 1, 0, 40), (0, 0, 1, 30))) == Counted.of(sentiment)
