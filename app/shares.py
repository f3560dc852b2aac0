"""What the labels of the shown days say of all posts: shares in their intervals, corrected where a team's own labels allow it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.text import number, percent
from ml_assets.sentiment.shares import (
    FEWEST_FOR_A_VERDICT,
    FEWEST_LABELS,
    Correction,
    Interval,
    net_sentiment,
    quantile,
    wilson,
)

LABELS = ("negative", "neutral", "positive")
MEASURES = (*LABELS, "net")
SCORER = ["model_id", "model_revision", "code_version"]
# Posts of few people are not independent, and every interval here takes them to be.
FEW_AUTHORS, LOUD = 5, 0.5


@dataclass(frozen=True)
class Counted:
    """Labels of the scored posts of all shown days together, in the order of LABELS."""

    counts: tuple[int, int, int]

    @classmethod
    def of(cls, sentiment: pd.DataFrame) -> "Counted":
        """From rows of `Marts.sentiment`."""
        return cls(tuple(int(sentiment[label].sum()) if not sentiment.empty else 0 for label in LABELS))

    @property
    def scored(self) -> int:
        return sum(self.counts)

    @property
    def has_verdict(self) -> bool:
        return self.scored >= FEWEST_FOR_A_VERDICT

    def net(self) -> str:
        """`+30%`, or why there is none."""
        if not self.scored:
            return "–"
        return f"{net_sentiment(self.counts[0], self.counts[2], self.scored)[0] / 100:+.0%}" if self.has_verdict else "Too few"

    def behind_net(self) -> str:
        """`± 8.9 points, 200 posts scored`: 95 %, which is 1.96 standard errors on both sides."""
        if not self.has_verdict:
            return f"{number(self.scored)} posts scored, {FEWEST_FOR_A_VERDICT} needed"
        error = net_sentiment(self.counts[0], self.counts[2], self.scored)[1]
        return f"± {quantile() * error:.1f} points, {number(self.scored)} posts scored"

    def sentence(self) -> str:
        """The shares as labelled, with Wilson's intervals."""
        if not self.has_verdict:
            return f"{number(self.scored)} scored posts are too few for a verdict; {FEWEST_FOR_A_VERDICT} are needed."
        shares = [_in_words(label, count / self.scored, wilson(count, self.scored)) for label, count in zip(LABELS, self.counts, strict=True)]
        return f"As labelled: {', '.join(shares)} (95 % intervals)."


def correction_sentence(sentiment: pd.DataFrame, confusions: pd.DataFrame, campaign_id: str) -> str:
    """The shares corrected for the classifier's own errors, or why they are not and what to do. Takes rows of `Marts.sentiment` and `Marts.confusions`."""
    label = f"`pulse label {campaign_id}`"
    scorers = sentiment.loc[sentiment["scored"] > 0, SCORER].drop_duplicates()
    if len(scorers) != 1 or scorers.isna().any(axis=None):
        return "Not corrected for the classifier's own errors: the posts were scored by more than one model."
    found = confusions.merge(scorers, on=SCORER) if not confusions.empty else confusions
    if found.empty:
        return f"Not corrected for the classifier's own errors: label {FEWEST_LABELS} posts with {label}."
    row = found.iloc[0]
    if row["reason"] is not None and pd.notna(row["reason"]):
        return f"Not corrected for the classifier's own errors: {row['reason']}. Label more with {label}."
    weights, spread = (np.array([[row[f"{kind}_{measure}_{label}"] for label in LABELS] for measure in MEASURES], dtype=float) for kind in ("w", "s"))
    corrected = Correction(weights, spread).of(Counted.of(sentiment).counts)
    words = [_in_words("net sentiment" if name == "net" else name, *each, signed=name == "net") for name, each in zip(MEASURES, corrected, strict=True)]
    return f"Corrected for the classifier's own errors, measured on {number(row['labelled'])} posts that people labelled: {', '.join(words)}."


def authors_sentence(authors: pd.DataFrame) -> str:
    """That few people wrote most of the scored posts, where it is so; takes the row of `Marts.loudest`."""
    row = authors.iloc[0] if not authors.empty else None
    if row is None or pd.isna(row["scored"]) or not row["scored"] or row["of_loudest"] / row["scored"] <= LOUD or row["authors"] <= FEW_AUTHORS:
        return ""
    share = percent(row["of_loudest"] / row["scored"])
    return f"{FEW_AUTHORS} of {number(row['authors'])} authors wrote {share} of the scored posts: the intervals take posts to be independent and are too narrow."


def _in_words(name: str, value: float, interval: Interval, *, signed: bool = False) -> str:
    sign = "+" if signed else ""
    return f"{name} {value:{sign}.1%} ({100 * interval.low:{sign}.1f} to {100 * interval.high:{sign}.1f})"
