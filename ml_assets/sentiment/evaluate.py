"""How good a sentiment model is on labelled posts:  python -m ml_assets.sentiment.evaluate --data FILE.jsonl.gz [--model PATH]

Lines {"text": ..., "label": "negative|neutral|positive"}, gzip or plain. Prints JSON: n, macro_recall, accuracy, recall by
class, ece, posts_per_second. Every text is scored as English, whatever it looks like; a text without words, for which the
product gives no label, counts as neutral and is said in `not_scored`.
"""

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ml_assets.checkpoints import ModelError
from ml_assets.sentiment.labels import LABELS, SentimentScore
from ml_assets.sentiment.scorer import Scorer

SHIPPED = Path(__file__).parents[1] / "models" / "sentiment-en"
BINS = 10


class DataError(Exception):
    """A line of the file is not what is read; the message says which and what is."""


def read(path: Path) -> tuple[list[str], list[str]]:
    """(texts, labels). Raises DataError."""
    opened = gzip.open if path.suffix == ".gz" else open
    texts, labels = [], []
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict) or not isinstance(row.get("text"), str) or row.get("label") not in LABELS:
                    raise DataError(f'{path.name}, line {number}: needed is {{"text": "...", "label": "{"|".join(LABELS)}"}}')
                texts.append(row["text"])
                labels.append(row["label"])
    except ValueError as error:
        raise DataError(f"{path.name}, line {len(texts) + 1}: no JSON ({error})") from error
    except (OSError, EOFError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    if not texts:
        raise DataError(f"{path} holds no line")
    return texts, labels


def figures(labels: Sequence[str], scores: Sequence[SentimentScore]) -> dict:
    """Macro-averaged recall (the measure of SemEval-2017 task 4) over the classes that occur, accuracy, and ECE.

    ECE is the expected calibration error of the largest probability in 10 bins of equal width (Guo et al. 2017); a post
    without a score has none and is left out of it.
    """
    truth = np.array([LABELS.index(label) for label in labels])
    made = np.array([LABELS.index(score.label) if score.reason is None else LABELS.index("neutral") for score in scores])
    right = truth == made
    recall = {name: round(float(right[truth == k].mean()), 4) for k, name in enumerate(LABELS) if (truth == k).any()}
    scored = np.array([score.reason is None for score in scores])
    sure = np.array([max(score.p_negative, score.p_neutral, score.p_positive) if score.reason is None else 0.0 for score in scores])
    return {
        "n": len(truth),
        "not_scored": int((~scored).sum()),
        "macro_recall": round(float(np.mean(list(recall.values()))), 4),
        "accuracy": round(float(right.mean()), 4),
        "recall": recall,
        "ece": round(calibration_error(sure[scored], right[scored]), 4),
        "confusion_rows_are_truth": [[int(((truth == t) & (made == m)).sum()) for m in range(3)] for t in range(3)],
    }


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    if len(sure) == 0:
        return 0.0
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    return float(sum(abs(right[bins == b].mean() - sure[bins == b].mean()) * (bins == b).mean() for b in set(bins)))


def evaluate(data: Path, model: Path | str = SHIPPED) -> dict:
    """Raises DataError and ModelError."""
    texts, labels = read(data)
    scorer = Scorer(model)
    # The model is loaded before the clock runs: loading is measured by `make bench-ml`.
    scorer.score(["a text that loads the model"], ["en"])
    started = time.perf_counter()
    scores = scorer.score(texts, ["en"] * len(texts))
    seconds = time.perf_counter() - started
    return figures(labels, scores) | {
        "posts_per_second": round(len(texts) / seconds, 1),
        "model": scorer.model_id,
        "revision": scorer.model_revision,
    }


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m ml_assets.sentiment.evaluate", description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--model", default=SHIPPED, help="a folder or a Hugging Face id; the shipped model when left out")
    given = arguments.parse_args()
    try:
        print(json.dumps(evaluate(given.data, given.model), indent=2))
    except (DataError, ModelError) as error:
        arguments.exit(1, f"evaluate: {error}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
