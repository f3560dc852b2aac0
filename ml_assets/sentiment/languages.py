"""What a sentiment model does with posts of other languages:  python -m ml_assets.sentiment.languages [--data FILE] [--model PATH]

Without `--data`: thirty posts a language, ten of each class, the same in each language, written for this table
(posts_by_language.jsonl). Prints a JSON object a language: n, macro-averaged recall (1/3 is guessing), share of each label,
mean confidence, and the share of tokens that the model does not know. Every post is scored as if its language were the model's:
in the product such posts are `not_scored`, and this table is the reason.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from ml_assets.labelled import command, read_rows
from ml_assets.sentiment.evaluate import confidences, figures
from ml_assets.sentiment.labels import LABELS
from ml_assets.sentiment.scorer import Scorer

POSTS = Path(__file__).with_name("posts_by_language.jsonl")
NEEDED = f'{{"lang": "de", "text": "...", "label": "{"|".join(LABELS)}"}}'


def by_language(data: Path, model: Path | str) -> dict[str, dict[str, Any]]:
    """Raises DataError and ModelError."""
    rows = read_rows(data, lambda row: row.get("label") in LABELS and isinstance(row.get("text"), str) and isinstance(row.get("lang"), str), NEEDED)
    scorer, of = Scorer(model), defaultdict(list)
    for row in rows:
        of[row["lang"]].append(row)
    found = {}
    for lang, posts in of.items():
        before = scorer.read
        scores = scorer.score([post["text"] for post in posts], ["en"] * len(posts))
        scored = [score for score in scores if score.reason is None]
        read = scorer.read.since(before)
        measured = figures([post["label"] for post in posts], scores)
        found[lang] = {
            "n": len(posts),
            "macro_recall": measured["macro_recall"],
            "labels": {label: round(sum(score.label == label for score in scored) / max(1, len(scored)), 3) for label in LABELS},
            "confidence": round(float(np.mean(confidences(scored))), 3) if scored else None,
            "unknown_tokens": round(read.unknown / max(1, read.tokens), 4),
        }
    return found


if __name__ == "__main__":
    raise SystemExit(command("ml_assets.sentiment.languages", __doc__, "sentiment-en", by_language, data=POSTS))
