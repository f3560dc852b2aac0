"""What the labels of the shown days say of all posts: shares in their intervals, corrected where a team's own labels allow it."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from app.text import number, percent
from ml_assets.sentiment.shares import (
    FEWEST_FOR_A_VERDICT,
    FEWEST_LABELS,
    Correction,
    Interval,
    by_author,
    net_sentiment,
    quantile,
    wilson,
)
from orchestration.warehouse.tables import CORRECTED, LABELS

SCORER = ["model_id", "model_revision", "code_version"]
# Posts of few people are not independent, and every interval here takes them to be.
FEW_AUTHORS, LOUD = 5, 0.5

Found = TypeVar("Found")


@dataclass(frozen=True)
class Counted:
    """Labels of the scored posts of all shown days together, in the order of LABELS; `loud` where few people wrote most of them."""

    counts: tuple[int, ...]
    loud: "Loud | None" = None

    @classmethod
    def of(cls, sentiment: pd.DataFrame, authors: pd.DataFrame | None = None) -> "Counted":
        """From rows of `Marts.sentiment` and `Marts.authors`."""
        counts = tuple(int(sentiment[label].sum()) if not sentiment.empty else 0 for label in LABELS)
        return cls(counts, None if authors is None else Loud.of(authors))

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
        return f"{self.net_points() / 100:+.0%}" if self.has_verdict else "Too few"

    def behind_net(self) -> str:
        """`± 8.9 points, 200 posts scored`: 95 %, which is 1.96 standard errors on both sides."""
        if not self.has_verdict:
            return f"{number(self.scored)} posts scored, {FEWEST_FOR_A_VERDICT} needed"
        interval = self.net_interval()
        return f"± {(interval.high - interval.low) / 2:.1f} points, {number(self.scored)} posts scored"

    def net_points(self) -> float:
        """Net sentiment in points of 100, exactly. There must be scored posts."""
        return of_scored(net_sentiment(self.counts[0], self.counts[2], self.scored))[0]

    def net_interval(self) -> Interval:
        """95 % interval of net sentiment in points of 100; by author where few people wrote most of the posts. There must be scored posts."""
        if self.loud:
            return Interval(100 * self.loud.intervals[-1].low, 100 * self.loud.intervals[-1].high)
        middle, error = of_scored(net_sentiment(self.counts[0], self.counts[2], self.scored))
        return Interval(middle - quantile() * error, middle + quantile() * error)

    def shares(self) -> list[Interval]:
        """Interval of the share of each of LABELS, as `sentence` says it. There must be scored posts."""
        return self.loud.intervals[:3] if self.loud else [of_scored(wilson(count, self.scored)) for count in self.counts]

    def sentence(self) -> str:
        """The shares as labelled, with Wilson's intervals, or with those by author where few people wrote most of the posts."""
        if not self.has_verdict:
            return f"{number(self.scored)} scored posts are too few for a verdict; {FEWEST_FOR_A_VERDICT} are needed."
        shares = [_in_words(label, count / self.scored, interval) for label, count, interval in zip(LABELS, self.counts, self.shares(), strict=True)]
        return f"As labelled: {', '.join(shares)} (95 % intervals{f'; {self.loud.said}' if self.loud else ''})."


@dataclass(frozen=True)
class Loud:
    """Where FEW_AUTHORS wrote more than LOUD of the scored posts: that they did, and intervals of the shares and of net sentiment by author."""

    said: str
    intervals: list[Interval]

    @classmethod
    def of(cls, authors: pd.DataFrame) -> "Loud | None":
        """From rows of `Marts.authors`; None where no few people are louder than the others, or where there are no others."""
        authors = authors if authors.empty else authors[authors[list(LABELS)].sum(axis=1) > 0]
        people = int(authors["authors"].sum()) if not authors.empty else 0
        if people <= FEW_AUTHORS:
            return None
        counts = authors[list(LABELS)].to_numpy(dtype=int)
        posts = np.repeat(counts.sum(1), np.minimum(authors["authors"], FEW_AUTHORS))
        share = np.sort(posts)[-FEW_AUTHORS:].sum() / (counts.sum(1) @ authors["authors"])
        if share <= LOUD:
            return None
        said = f"by author, for {FEW_AUTHORS} of {number(people)} authors wrote {percent(share)} of these posts"
        return cls(said, of_scored(by_author(counts, authors["authors"].to_numpy(dtype=int))))


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
    weights, spread = (np.array([[row[f"{kind}_{measure}_{label}"] for label in LABELS] for measure in CORRECTED], dtype=float) for kind in ("w", "s"))
    corrected = of_scored(Correction(weights, spread).of(Counted.of(sentiment).counts))
    words = [_in_words("net sentiment" if name == "net" else name, *each, signed=name == "net") for name, each in zip(CORRECTED, corrected, strict=True)]
    return f"Corrected for the classifier's own errors, measured on {number(row['labelled'])} posts that people labelled: {', '.join(words)}."


def of_scored(found: Found | None) -> Found:
    """What the intervals say where there are scored posts. Raises ValueError where there are none."""
    if found is None:
        raise ValueError("no post was scored")
    return found


def _in_words(name: str, value: float, interval: Interval, *, signed: bool = False) -> str:
    sign = "+" if signed else ""
    return f"{name} {value:{sign}.1%} ({100 * interval.low:{sign}.1f} to {100 * interval.high:{sign}.1f})"
