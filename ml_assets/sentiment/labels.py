"""The words for a sentiment, and the order of the three probabilities."""

from dataclasses import dataclass

LABELS = ("negative", "neutral", "positive")
NOT_SCORED = "not_scored"
DECIMALS = 6


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
