"""The validation profile of a sentiment model:  python -m ml_assets.sentiment.profile --data FILE.jsonl.gz [--model FOLDER]

Lines as `ml_assets.sentiment.evaluate` reads them. Writes profile.json into the model's folder, whose revision does not change by
it, and prints it: what the model answers on posts on which it was measured, so that `sentiment_drift` can tell when posts change.
"""

import json
from dataclasses import asdict
from pathlib import Path
from statistics import quantiles
from typing import Any

from ml_assets.checkpoints import ModelError
from ml_assets.labelled import command, read_rows
from ml_assets.sentiment import CODE_VERSION
from ml_assets.sentiment.drift import FEWEST_POSTS, FILE, Profile, by_confidence
from ml_assets.sentiment.evaluate import NEEDED, confidences
from ml_assets.sentiment.labels import LABELS
from ml_assets.sentiment.scorer import Scorer


def profile_of(texts: list[str], scorer: Scorer) -> Profile:
    """Every text is scored as English. Raises ModelError, also for fewer posts with a label than a verdict needs."""
    before = scorer.read
    scores = [score for score in scorer.score(texts, ["en"] * len(texts)) if score.reason is None]
    if len(scores) < FEWEST_POSTS:
        raise ModelError(f"{len(scores)} posts could be scored; a profile needs {FEWEST_POSTS}. Give a longer file.")
    made = [score.label for score in scores]
    sure = confidences(scores)
    edges = tuple(round(edge, 4) for edge in quantiles(sure, n=10))
    read = scorer.read.since(before)
    return Profile(
        model_revision=scorer.model_revision,
        code_version=CODE_VERSION,
        posts=len(scores),
        class_shares=tuple(round(made.count(label) / len(made), 4) for label in LABELS),
        confidence_deciles=edges,
        confidence_shares=tuple(count / len(sure) for count in by_confidence(sure, edges)),
        unknown_token_share=round(read.unknown / read.tokens, 6),
        tokens_per_post=round(read.tokens / read.texts, 2),
    )


def write_profile(data: Path, model: Path | str) -> dict[str, Any]:
    """Raises DataError, and ModelError for a model that is no folder: a fetched one is read-only and may be fetched again."""
    folder = Path(model).expanduser()
    if not folder.is_dir():
        raise ModelError(f"{str(model)!r} is no folder. Copy the model into one, give that, and set PULSE_SENTIMENT_MODEL to it.")
    rows = read_rows(data, lambda row: isinstance(row.get("text"), str) and row.get("label") in LABELS, NEEDED)
    profile = profile_of([row["text"] for row in rows], Scorer(folder))
    (folder / FILE).write_text(profile.as_json(), encoding="utf-8")
    return json.loads(json.dumps(asdict(profile)))


if __name__ == "__main__":
    raise SystemExit(command("ml_assets.sentiment.profile", __doc__, "sentiment-en", write_profile))
