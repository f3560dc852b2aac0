"""Two models on the same posts."""

import random
from datetime import date
from statistics import mean, stdev

import pytest

from ml_assets.sentiment.comparison import SIGN, comparison, paired_difference
from ml_assets.sentiment.labels import LABELS
from ml_assets.sentiment.shares import net_sentiment

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def test_the_paired_difference_is_the_mean_of_the_differences_of_each_post_with_its_standard_error():
    rng = random.Random(3)
    pairs = [(rng.choice(LABELS), rng.choice(LABELS)) for _ in range(500)]
    table = [[sum(pair == (a, b) for pair in pairs) for b in LABELS] for a in LABELS]
    each = [SIGN[b] - SIGN[a] for a, b in pairs]
    found, error = paired_difference(table, SIGN)
    assert found == pytest.approx(100 * mean(each))
    assert error == pytest.approx(100 * stdev(each) / 500**0.5, rel=2e-3)


def test_models_that_agree_on_every_post_differ_by_nothing_and_surely():
    """The interval of two independent samples would be 14 points wide on each side here."""
    assert paired_difference([[50, 0, 0], [0, 20, 0], [0, 0, 30]], SIGN) == (0, 0)


def test_the_difference_is_b_less_a():
    found, _ = paired_difference([[0, 0, 10], [0, 10, 0], [0, 0, 0]], SIGN)
    assert found == 100


def test_no_posts_give_no_difference():
    assert paired_difference([[0] * 3] * 3, SIGN) is None


def test_labels_that_differ_are_those_off_the_diagonal_and_each_side_has_its_own_figures():
    facts = comparison([(MONDAY, "negative", "negative", 30), (MONDAY, "negative", "neutral", 10), (TUESDAY, "positive", "positive", 60)]).as_facts()
    assert (facts["posts"], facts["labels_differ"], facts["labels_differ_share"]) == (100, 10, 0.1)
    assert facts["table_rows_are_a"] == [[30, 10, 0], [0, 0, 0], [0, 0, 60]]
    assert [facts[side]["negative"]["posts"] for side in "ab"] == [40, 30]
    assert [facts[side]["net_sentiment"]["points"] for side in "ab"] == [20, 30]
    assert facts["a"]["net_sentiment"]["standard_error"] == round(net_sentiment(40, 60, 100)[1], 2)
    assert facts["differences"]["net_sentiment"]["points"] == 10 and facts["differences"]["negative"]["points"] == -10
    low, high = facts["differences"]["net_sentiment"]["interval"]
    assert 0 < low < 10 < high


def test_the_day_of_lowest_and_of_highest_net_sentiment_have_thirty_posts():
    few = date(2026, 3, 4)
    facts = comparison([(MONDAY, "negative", "positive", 30), (TUESDAY, "positive", "negative", 30), (few, "negative", "negative", 29)]).as_facts()
    assert (facts["a"]["lowest_day"]["day"], facts["a"]["highest_day"]["day"]) == ("2026-03-02", "2026-03-03")
    assert (facts["b"]["lowest_day"]["day"], facts["b"]["highest_day"]["day"]) == ("2026-03-03", "2026-03-02")


def test_too_few_posts_a_day_have_no_lowest_day():
    facts = comparison([(MONDAY, "negative", "positive", 29)]).as_facts()
    assert facts["a"]["lowest_day"] is None and facts["a"]["highest_day"] is None


def test_what_is_no_label_is_an_error():
    with pytest.raises(ValueError, match="not in tuple"):
        comparison([(MONDAY, "not_scored", "positive", 1)])
