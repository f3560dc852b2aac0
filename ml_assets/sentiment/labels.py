"""The words for a sentiment, the order of the three probabilities, and how the labels of other models become these."""

from collections.abc import Mapping
from dataclasses import dataclass

LABELS = ("negative", "neutral", "positive")
NOT_SCORED = "not_scored"
DECIMALS = 6
# The complete sets of labels that are read. Checkpoints without label names number them in TweetEval's order
# (cardiffnlp/twitter-roberta-base-sentiment); of two or five classes the numbers could be any.
KNOWN = (
    {"negative": "negative", "positive": "positive"},
    {label: label for label in LABELS},
    {f"label {number}": label for number, label in enumerate(LABELS)},
    {"very negative": "negative", "negative": "negative", "neutral": "neutral", "positive": "positive", "very positive": "positive"},
    {"1 star": "negative", "2 star": "negative", "3 star": "neutral", "4 star": "positive", "5 star": "positive"},
)
SPELLINGS = {"neg": "negative", "neu": "neutral", "pos": "positive", "stars": "star"}
NEEDED = "negative and positive; these and neutral; very negative, negative, neutral, positive and very positive; or 1 star to 5 stars"


def columns_by_label(id2label: Mapping[int, str]) -> list[list[int]]:
    """Columns of a model's answer for each of LABELS; a label's probability is the sum over its columns.

    Two classes have none for neutral: such a model never says it. Of five, one and two stars are negative, four and five positive.
    Names count whatever their case, with `_` and `-` as blanks. Raises ValueError for labels that are no complete set of KNOWN.
    """
    names = {column: _canonical(name) for column, name in id2label.items()}
    for known in KNOWN:
        if sorted(names.values()) == sorted(known):
            return [[column for column in sorted(names) if known[names[column]] == label] for label in LABELS]
    raise ValueError(f"the labels {sorted(id2label.values())}")


def _canonical(name: str) -> str:
    words = name.lower().replace("_", " ").replace("-", " ").split()
    return " ".join(SPELLINGS.get(word, word) for word in words)


@dataclass(frozen=True)
class SentimentScore:
    """`label` is one of LABELS or NOT_SCORED; then `reason` says why and the probabilities are None, never 0."""

    label: str
    reason: str | None = None
    p_negative: float | None = None
    p_neutral: float | None = None
    p_positive: float | None = None

    @classmethod
    def of(cls, probabilities: tuple[float, float, float]) -> "SentimentScore":
        """From probabilities in the order of LABELS. The label is the largest one; a tie goes to neutral, then negative."""
        rounded = [round(p, DECIMALS) for p in probabilities]
        label = max((1, 0, 2), key=rounded.__getitem__)
        return cls(LABELS[label], None, *rounded)

    @classmethod
    def none(cls, reason: str) -> "SentimentScore":
        return cls(NOT_SCORED, reason)
