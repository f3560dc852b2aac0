"""Intervals on values worked out by hand, and whether corrected intervals cover the truth as often as they say."""

import numpy as np
import pytest

from ml_assets.sentiment.shares import adjusted, by_author, correction, net_sentiment, newcombe, wilson

# How often a post of each class (rows: negative, neutral, positive) gets each label.
RATES = np.array([[0.74, 0.20, 0.06], [0.20, 0.64, 0.16], [0.04, 0.17, 0.79]])


@pytest.mark.parametrize(
    ("count", "posts", "low", "high"), [(7, 20, 0.181, 0.567), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (80, 200, 0.335, 0.469)]
)
def test_a_share_has_wilsons_interval(count, posts, low, high):
    found = wilson(count, posts)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


@pytest.mark.parametrize(("counts", "low", "high"), [((80, 200, 60, 200), 0.007, 0.191), ((8, 20, 6, 20), -0.184, 0.363)])
def test_a_difference_has_newcombes_interval(counts, low, high):
    """The same tenth: of 200 posts it is one, of 20 it may be none."""
    found = newcombe(*counts)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


def test_net_sentiment_has_a_standard_error():
    net, error = net_sentiment(negative=20, positive=80, posts=200)
    assert net == pytest.approx(30.0) and round(1.96 * error, 1) == 8.9


@pytest.mark.parametrize(("count", "posts"), [(11, 10), (-1, 10), (1, 0)])
def test_more_posts_of_a_kind_than_posts_are_no_share(count, posts):
    with pytest.raises(ValueError, match="is no share"):
        wilson(count, posts)


def test_without_posts_there_is_nothing_to_say():
    assert wilson(0, 0) is newcombe(1, 2, 0, 0) is net_sentiment(0, 0, 0) is by_author([], []) is None


def test_authors_of_one_post_each_are_as_good_as_posts_and_a_loud_one_widens_the_interval():
    many = by_author([(1, 0, 0), (0, 0, 1)], [50, 50])
    one_shouts = by_author([(50, 0, 0), (0, 0, 1)], [1, 50])
    assert many[0].high - many[0].low == pytest.approx(wilson(50, 100).high - wilson(50, 100).low, abs=0.02)
    assert many[3].high - many[3].low == pytest.approx(2 * 1.96 * net_sentiment(50, 50, 100)[1] / 100, abs=0.03)
    assert one_shouts[0].high - one_shouts[0].low > 3 * (many[0].high - many[0].low)
    assert (many[1].low, many[1].high) == (0, 0)
    assert by_author([(1, 0, 0), (0, 0, 1)], [50, 50]) == many, "a seed, so the same answer twice"


@pytest.mark.full
def test_the_interval_by_author_covers_the_truth_where_the_one_by_post_does_not():
    rng, truth, covered, by_post, runs = np.random.default_rng(5), 0.3, 0, 0, 300
    for _ in range(runs):
        moods, sizes = rng.beta(1.5, 3.5, size=200), rng.integers(1, 12, size=200)
        negative = rng.binomial(sizes, moods)
        covered += by_author(np.column_stack([negative, sizes - negative, 0 * sizes]), np.ones(200), draws=400)[0].covers(truth)
        by_post += wilson(int(negative.sum()), int(sizes.sum())).covers(truth)
    assert 0.91 <= covered / runs <= 0.98 and by_post / runs < 0.9, (covered, by_post)


def test_counts_that_are_no_authors_are_refused():
    with pytest.raises(ValueError, match="2 rows of counts came with 1 numbers of authors"):
        by_author([(1, 0, 0), (0, 0, 1)], [5])
    with pytest.raises(ValueError, match="without a scored post"):
        by_author([(0, 0, 0)], [5])


@pytest.mark.parametrize(("observed", "true"), [(0.165, 0.1), (0.425, 0.5), (0.02, 0.0), (0.9, 1.0)])
def test_a_count_of_yes_is_adjusted_for_what_the_classifier_takes_for_yes(observed, true):
    assert adjusted(observed, true_positive_rate=0.75, false_positive_rate=0.1) == pytest.approx(true)


def test_a_classifier_that_tells_nothing_apart_corrects_nothing():
    with pytest.raises(ValueError, match="nothing can be corrected"):
        adjusted(0.3, 0.4, 0.4)
    assert correction([[30, 40, 30]] * 3) is None
    assert correction((RATES * 60).astype(int)) is None, "180 posts are too few"
    assert correction([[3, 1, 1], [50, 300, 50], [10, 40, 200]]) is None, "five negative posts say nothing of the negative ones"
    with pytest.raises(ValueError, match="3 x 3"):
        correction([[1, 2], [3, 4]])


def test_what_the_classifier_mixed_up_is_taken_back():
    made = correction((RATES * 10_000).astype(int))
    truth = np.array([0.2, 0.5, 0.3])
    found = made.of((truth @ RATES * 100_000).round().astype(int))
    assert [round(estimate, 3) for estimate, _ in found] == [0.2, 0.5, 0.3, 0.1]
    assert sum(estimate for estimate, _ in found[:3]) == pytest.approx(1)
    assert made.of([0, 0, 0]) is None


def test_an_estimate_stands_in_its_own_interval_also_where_a_share_was_cut_at_nothing():
    """No negative label at all: the correction goes below 0, is cut, and the other two give way."""
    for (estimate, interval), label in zip(correction((RATES * 10_000).astype(int)).of([0, 60_000, 40_000]), ("negative", "neutral", "positive", "net"), strict=True):
        assert interval.covers(estimate), label


@pytest.mark.parametrize("truth", [(0.2, 0.5, 0.3), (0.05, 0.6, 0.35), (0.4, 0.3, 0.3)])
@pytest.mark.parametrize("posts", [200, 1_000, 5_000])
def test_the_corrected_interval_covers_the_truth_as_often_as_it_says(truth, posts):
    """A confusion measured on 1,000 posts, 500 runs: 93 to 97 % of the intervals cover, each class and net sentiment."""
    rng, truth = np.random.default_rng(1), np.array(truth)
    covered = np.zeros(4)
    for _ in range(500):
        confusion = [rng.multinomial(size, RATES[row]) for row, size in enumerate(rng.multinomial(1_000, [1 / 3] * 3))]
        labels = sum(rng.multinomial(size, RATES[row]) for row, size in enumerate(rng.multinomial(posts, truth)))
        found = correction(confusion).of(labels)
        covered += [interval.covers(value) for (_, interval), value in zip(found, [*truth, truth[2] - truth[0]], strict=True)]
    # Four figures, so one of them may lie a little off: the error of a coverage from 500 runs is 1 %.
    assert 0.93 <= covered.mean() / 500 <= 0.97 and (covered / 500).min() >= 0.925 and (covered / 500).max() <= 0.985
