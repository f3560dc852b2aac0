"""Sentiment of posts: a label and three probabilities, or the reason why there is none.

`CODE_VERSION` is written on every row. Raise it whenever the same text and the same model could give another answer:
a change in `text.py`, `language.py`, the token limit, the numeric precision or the rounding. Not for speed or wording.
"""

from ml_assets.sentiment.labels import LABELS, NOT_SCORED, SentimentScore
from ml_assets.sentiment.scorer import Scorer, score

CODE_VERSION = "2"

__all__ = ["CODE_VERSION", "LABELS", "NOT_SCORED", "Scorer", "SentimentScore", "score"]
