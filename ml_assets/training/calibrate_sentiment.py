"""Makes the probabilities of a trained sentiment model honest, and measures it the way the product runs it.

    python -m ml_assets.training.calibrate_sentiment --data FOLDER --model ml_assets/models/sentiment-en

Scores are divided by a temperature for each label that is given (Guo et al. (2017), On Calibration of Modern Neural Networks,
with three temperatures instead of one), so no label changes. They are fitted on the held-out tenth and on `val` together and
written into config.json; the calibration errors in metrics.json are those of posts that were not fitted on, in five parts.
Run it after `train_sentiment`, with the same seed; a second run finds the same temperatures.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from ml_assets.adapters import write_files
from ml_assets.checkpoints import of_folder
from ml_assets.sentiment.classifier import Classifier
from ml_assets.sentiment.evaluate import calibration_error, confusion
from ml_assets.sentiment.labels import LABELS
from ml_assets.sentiment.scorer import BATCH_SIZE, batches
from ml_assets.training.train_sentiment import read, split

TEMPERATURES = np.arange(0.5, 4.0, 0.005)
PARTS = 5


def log_probabilities(classifier: Classifier, texts: list[str]) -> np.ndarray:
    """(posts, 3), in the order of LABELS."""
    tokens = classifier.tokens(texts)
    found = np.zeros((len(texts), len(LABELS)))
    for rows in batches([len(sequence) for sequence in tokens], BATCH_SIZE):
        found[rows] = classifier.probabilities([tokens[row] for row in rows])
    return np.log(np.clip(found, 1e-12, 1))


def softened(logs: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """Probabilities (posts, 3) of scores divided by the temperature of the label they give."""
    raised = np.exp(logs / np.asarray(temperatures)[logs.argmax(1)][:, None])
    return raised / raised.sum(1, keepdims=True)


def fitted(logs: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The temperature of each label with the least mean negative log-likelihood of the posts that get it."""
    given = logs.argmax(1)

    def loss(label: int, temperature: float) -> float:
        mine = given == label
        found = softened(logs[mine], np.full(len(LABELS), temperature))
        return float(-np.log(found[np.arange(len(found)), truth[mine]]).sum())

    return np.array([min(TEMPERATURES, key=lambda t: loss(label, t)) for label in range(len(LABELS))])


def out_of_part(logs: np.ndarray, truth: np.ndarray, seed: int) -> np.ndarray:
    """Probabilities of each post by temperatures that were fitted without its fifth."""
    part = np.random.default_rng(seed).permutation(len(truth)) % PARTS
    found = np.zeros_like(logs)
    for number in range(PARTS):
        found[part == number] = softened(logs[part == number], fitted(logs[part != number], truth[part != number]))
    return found


def figures(probabilities: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """Macro-averaged recall (the measure of SemEval-2017 task 4), and how far confidence is from accuracy (ECE, 10 bins)."""
    predicted, confidence = probabilities.argmax(1), probabilities.max(1)
    right = predicted == truth
    recall = {name: float(right[truth == k].mean()) for k, name in enumerate(LABELS)}
    precision = {name: float(right[predicted == k].mean()) for k, name in enumerate(LABELS)}
    return {
        "posts": len(truth),
        "macro_recall": round(float(np.mean(list(recall.values()))), 4),
        "accuracy": round(float(right.mean()), 4),
        "recall": {name: round(value, 4) for name, value in recall.items()},
        "precision": {name: round(value, 4) for name, value in precision.items()},
        "calibration_error": round(calibration_error(confidence, right), 4),
        "reliability": reliability(confidence, right),
        "confusion_rows_are_truth": confusion(truth, predicted),
    }


def reliability(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> list[dict[str, float]]:
    """Posts, mean confidence and accuracy of each bin of confidence that has posts: what a reliability plot shows."""
    of = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {"posts": int((of == b).sum()), "confidence": round(float(confidence[of == b].mean()), 4), "accuracy": round(float(right[of == b].mean()), 4)}
        for b in sorted(set(of.tolist()))
    ]


def calibrated(parts: dict[str, tuple[np.ndarray, np.ndarray]], seed: int) -> tuple[dict[str, float], dict[str, Any]]:
    """(temperature of each label, figures of each part and of all), from raw log-probabilities and true classes by part."""
    logs = np.vstack([found for found, _ in parts.values()])
    truth = np.concatenate([actual for _, actual in parts.values()])
    temperatures = dict(zip(LABELS, (round(float(t), 3) for t in fitted(logs, truth)), strict=True))
    honest, start, found = out_of_part(logs, truth, seed), 0, {}
    for name, (_, actual) in parts.items():
        found[name] = figures(honest[start : start + len(actual)], actual)
        start += len(actual)
    both = {"all_calibration_error": round(calibration_error(honest.max(1), honest.argmax(1) == truth), 4)}
    before = {"all_calibration_error_before": round(calibration_error(np.exp(logs).max(1), logs.argmax(1) == truth), 4)}
    return temperatures, found | both | before


def write_config(model: Path, calibration: dict[str, float] | None) -> None:
    """Sets (or takes off) `calibration` of config.json, and the digests with it."""
    file = model / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    config.pop("calibration", None)
    config |= {"calibration": calibration} if calibration else {}
    file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    write_files(model)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--seed", type=int, default=0, help="the seed of the training, so that held out is held out")
    given = arguments.parse_args()

    held_out, _ = split(read(given.data / "train.jsonl.gz"), given.seed)
    val = read(given.data / "val.jsonl.gz")
    write_config(given.model, None)
    classifier = Classifier(of_folder(given.model))
    parts = {
        name: (log_probabilities(classifier, [text for text, _ in rows]), np.array([label for _, label in rows]))
        for name, rows in (("held_out", held_out), ("tweeteval_val", val))
    }
    temperatures, found = calibrated(parts, given.seed)
    write_config(given.model, temperatures)
    metrics = json.loads((given.model / "metrics.json").read_text(encoding="utf-8")) | {"temperatures": temperatures} | found
    (given.model / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(metrics), flush=True)


if __name__ == "__main__":
    main()
