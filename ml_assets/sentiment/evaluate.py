"""How good a sentiment model is on labelled posts:  python -m ml_assets.sentiment.evaluate --data FILE.jsonl.gz [--model PATH]

Lines {"text": ..., "label": "negative|neutral|positive"}, gzip or plain. Prints JSON: n, macro_recall, accuracy, recall by
class, ece, posts_per_second. Every text is scored as English, whatever it looks like; a text without words, for which the
product gives no label, counts as neutral and is said in `not_scored`.
"""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml_assets.labelled import command, read_rows
from ml_assets.sentiment.labels import LABELS, SentimentScore
from ml_assets.sentiment.scorer import Scorer

BINS = 10
NEEDED = f'{{"text": "...", "label": "{"|".join(LABELS)}"}}'


def evaluate(data: Path, model: Path | str) -> dict[str, Any]:
    """Raises DataError and ModelError."""
    rows = read_rows(data, lambda row: isinstance(row.get("text"), str) and row.get("label") in LABELS, NEEDED)
    texts = [row["text"] for row in rows]
    scorer = Scorer(model)
    # The model is loaded before the clock runs.
    scorer.score(["a text that loads the model"], ["en"])
    started = time.perf_counter()
    scores = scorer.score(texts, ["en"] * len(texts))
    seconds = time.perf_counter() - started
    return figures([row["label"] for row in rows], scores) | {
        "posts_per_second": round(len(texts) / seconds, 1),
        "model": scorer.model_id,
        "revision": scorer.model_revision,
    }


def figures(labels: Sequence[str], scores: Sequence[SentimentScore]) -> dict[str, Any]:
    """Macro-averaged recall (the measure of SemEval-2017 task 4) over the classes that occur, accuracy and ECE.

    A post without a score has no confidence and is left out of the ECE.
    """
    truth = np.array([LABELS.index(label) for label in labels])
    scored = np.array([score.reason is None for score in scores])
    made = np.array([LABELS.index(score.label if score.reason is None else "neutral") for score in scores])
    sure = np.array(confidences(scores))
    right = truth == made
    recall = {name: round(float(right[truth == k].mean()), 4) for k, name in enumerate(LABELS) if (truth == k).any()}
    return {
        "n": len(truth),
        "not_scored": int((~scored).sum()),
        "macro_recall": round(float(np.mean(list(recall.values()))), 4),
        "accuracy": round(float(right.mean()), 4),
        "recall": recall,
        "ece": round(calibration_error(sure, right[scored]), 4),
        "confusion_rows_are_truth": confusion(truth, made),
    }


def confidences(scores: Iterable[SentimentScore]) -> list[float]:
    """The largest probability of each post that has a score."""
    return [max(p for p in (score.p_negative, score.p_neutral, score.p_positive) if p is not None) for score in scores if score.reason is None]


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error: confidence less accuracy, over 10 bins of equal width. Guo et al. (2017), equation 3."""
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    return float(sum(abs(right[bins == b].mean() - sure[bins == b].mean()) * (bins == b).mean() for b in set(bins)))


def confusion(truth: np.ndarray, made: np.ndarray) -> list[list[int]]:
    """Posts by (class, label), both as positions in LABELS."""
    return [[int(((truth == t) & (made == m)).sum()) for m in range(len(LABELS))] for t in range(len(LABELS))]


if __name__ == "__main__":
    raise SystemExit(command("ml_assets.sentiment.evaluate", __doc__, "sentiment-en", evaluate))
