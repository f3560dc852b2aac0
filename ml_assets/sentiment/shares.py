"""What a count of labels says about posts: intervals for the posts that were not drawn, and for the classifier's own errors.

Shares are fractions of 1, intervals cover 95 % unless said otherwise. Everything here takes plain counts and knows no warehouse.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from ml_assets.sentiment.labels import LABELS

# Fewer posts than this get no verdict: at 29 the interval of a half is 34 points wide.
FEWEST_FOR_A_VERDICT = 30
FEWEST_LABELS, FEWEST_OF_A_CLASS = 200, 10
# A matrix so close to singular that its inverse has a larger entry blows errors up more than tenfold.
LARGEST_WEIGHT = 10
CONFIDENCE = 0.95


def quantile(confidence: float = CONFIDENCE) -> float:
    """Two-sided quantile of the normal distribution: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


@dataclass(frozen=True)
class Interval:
    low: float
    high: float

    def covers(self, value: float) -> bool:
        return self.low <= value <= self.high


def wilson(count: int, posts: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Wilson's score interval of the share `count / posts`; None without posts. Brown, Cai, DasGupta (2001), section 3.1.1.

    Raises ValueError when `count` is not within 0 and `posts`.
    """
    if not 0 <= count <= posts:
        raise ValueError(f"{count} of {posts} posts is no share")
    if posts == 0:
        return None
    z, share = quantile(confidence), count / posts
    middle = share + z**2 / (2 * posts)
    half = z * sqrt(share * (1 - share) / posts + z**2 / (4 * posts**2))
    below = 1 + z**2 / posts
    return Interval(max(0.0, (middle - half) / below), min(1.0, (middle + half) / below))


def newcombe(count: int, posts: int, other_count: int, other_posts: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Interval of the difference of two shares, first less second; None when one has no posts. Newcombe (1998), method 10."""
    first, second = wilson(count, posts, confidence), wilson(other_count, other_posts, confidence)
    if first is None or second is None:
        return None
    share, other = count / posts, other_count / other_posts
    low = sqrt((share - first.low) ** 2 + (second.high - other) ** 2)
    high = sqrt((first.high - share) ** 2 + (other - second.low) ** 2)
    return Interval(share - other - low, share - other + high)


def net_sentiment(negative: int, positive: int, posts: int) -> tuple[float, float] | None:
    """(positive share less negative share, its standard error) in points of 100; None without posts.

    The variance is that of a mean of +1, 0 and -1: (p + q - (p - q)²) / n.
    """
    if posts == 0:
        return None
    p, q = positive / posts, negative / posts
    return 100 * (p - q), 100 * sqrt((p + q - (p - q) ** 2) / posts)


def by_author(counts: Sequence[Sequence[int]], authors: Sequence[int], *, draws: int = 2_000, seed: int = 0) -> list[Interval] | None:
    """Intervals of the share of each of LABELS and of net sentiment as a fraction, drawing authors with all their posts.

    Posts of one person are not independent. `counts` (K, 3) are the label counts of an author, each row of at least one post, and
    `authors` (K) how many authors have these: they are interchangeable, so 100,000 authors cost no more than 100.
    Percentiles of `draws` bootstrap samples of clusters (Davison and Hinkley 1997, section 3.8). None without authors; raises
    ValueError when the two differ in length or an author has no post.
    """
    labels, people = np.asarray(counts, dtype=float).reshape(-1, len(LABELS)), np.asarray(authors, dtype=int)
    if len(labels) != len(people):
        raise ValueError(f"{len(labels)} rows of counts came with {len(people)} numbers of authors; each row needs one")
    if not people.sum():
        return None
    if (labels.sum(1) <= 0).any():
        raise ValueError("an author without a scored post belongs to no share")
    drawn = np.random.default_rng(seed).multinomial(people.sum(), people / people.sum(), size=draws) @ labels
    shares = drawn / drawn.sum(1, keepdims=True)
    tail = 100 * (1 - CONFIDENCE) / 2
    ends = np.percentile(np.column_stack([shares, shares[:, 2] - shares[:, 0]]), [tail, 100 - tail], axis=0)
    return [Interval(float(low), float(high)) for low, high in ends.T]


def adjusted(observed: float, true_positive_rate: float, false_positive_rate: float) -> float:
    """The share behind an observed one, for a yes-or-no classifier: (observed - fpr) / (tpr - fpr), within 0 and 1.

    Forman (2008), Quantifying counts and costs via classification. Raises ValueError for a classifier that does not
    tell the two apart.
    """
    if true_positive_rate <= false_positive_rate:
        raise ValueError("this classifier says yes no more often where it is right; nothing can be corrected from it")
    return min(1.0, max(0.0, (observed - false_positive_rate) / (true_positive_rate - false_positive_rate)))


@dataclass(frozen=True)
class Correction:
    """A measured confusion as numbers that correct any count with additions and products alone, so that SQL can.

    With A[j, i] the share of posts of class j that get label i, measured on `n[j]` posts, the true shares are p = A⁻ᵀ q of
    the observed q. For the row m of A⁻ᵀ of a class, p = m·q, and by the delta method its variance is

        (Σ mᵢ² qᵢ - p²) / posts + Σⱼ pⱼ² · spread[j],   spread[j] = (Σᵢ mᵢ² A[j, i] - (Σᵢ mᵢ A[j, i])²) / n[j]

    the first term for the posts counted, the second for the posts on which the confusion was measured. `weights` and `spread`
    hold a row for each of LABELS and a fourth, positive less negative, for net sentiment. Both have the shape (4, 3).
    """

    weights: np.ndarray
    spread: np.ndarray

    def of(self, counts: Sequence[int], confidence: float = CONFIDENCE) -> list[tuple[float, Interval]] | None:
        """(estimate, interval) of each of LABELS and of net sentiment as a fraction, from label counts; None without posts.

        Estimates of shares are cut to 0..1 and then made to sum to 1; intervals are cut, and hold their estimate.
        """
        posts = sum(counts)
        if posts == 0:
            return None
        observed = np.asarray(counts) / posts
        estimates = self.weights @ observed
        true = np.clip(estimates[:3], 0, 1)
        variance = (self.weights**2 @ observed - estimates**2) / posts + self.spread @ true**2
        half = quantile(confidence) * np.sqrt(np.maximum(variance, 0))
        lowest = np.array([0, 0, 0, -1])
        shares = true / true.sum()
        middle = [*shares, shares[2] - shares[0]]
        # A share cut at 0 moves the others: without this an estimate could stand outside its own interval.
        low = np.minimum(np.clip(estimates - half, lowest, 1), middle)
        high = np.maximum(np.clip(estimates + half, lowest, 1), middle)
        return [(float(m), Interval(float(a), float(b))) for m, a, b in zip(middle, low, high, strict=True)]


def obstacle(confusion: Sequence[Sequence[int]]) -> str | None:
    """Why nothing can be corrected by these posts by (true class, label), in words for people; None when it can.

    Raises ValueError for anything but three rows and three columns, in the order of LABELS.
    """
    counted = np.asarray(confusion, dtype=float)
    if counted.shape != (len(LABELS), len(LABELS)):
        raise ValueError(f"a confusion of {LABELS} is 3 x 3, not {counted.shape}")
    size = counted.sum(1)
    if size.sum() < FEWEST_LABELS:
        return f"{size.sum():.0f} posts are labelled and {FEWEST_LABELS} are needed"
    if size.min() < FEWEST_OF_A_CLASS:
        return f"{size.min():.0f} of the labelled posts are {LABELS[int(size.argmin())]} and {FEWEST_OF_A_CLASS} are needed"
    rates = counted / size[:, None]
    if abs(np.linalg.det(rates)) < 1e-6 or np.abs(np.linalg.inv(rates.T)).max() > LARGEST_WEIGHT:
        return "the model hardly tells the three classes apart on these posts"
    return None


def correction(confusion: Sequence[Sequence[int]]) -> Correction | None:
    """From posts by (true class, label), rows and columns in the order of LABELS; None where there is an `obstacle`."""
    if obstacle(confusion) is not None:
        return None
    counted = np.asarray(confusion, dtype=float)
    size = counted.sum(1)
    inverse = np.linalg.inv((counted / size[:, None]).T)
    weights = np.vstack([inverse, inverse[2] - inverse[0]])
    # Add a half to each cell (Jeffreys): a class that was never confused in 10 posts is not known to be never confused.
    smooth = (counted + 0.5) / (counted + 0.5).sum(1, keepdims=True)
    means = weights @ smooth.T
    spread = (weights**2 @ smooth.T - means**2) / size
    return Correction(weights, spread)
