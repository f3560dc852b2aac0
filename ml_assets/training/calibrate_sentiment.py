"""Makes the probabilities of a trained sentiment model honest, and measures it the way the product runs it.

    python -m ml_assets.training.calibrate_sentiment --data FOLDER --model ml_assets/models/sentiment-en

One temperature is fitted on the held-out tenth (Guo et al. (2017), On Calibration of Modern Neural Networks) and divided
into the last layer's weights, so that nothing else has to know of it; labels do not change. `val` is only measured on.
Run it once after `train_sentiment`, with the same seed; a second run finds a temperature near 1 and changes little.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from safetensors.torch import load_file, save_file

from ml_assets.checkpoints import of_folder
from ml_assets.sentiment.classifier import Classifier
from ml_assets.sentiment.evaluate import calibration_error, confusion
from ml_assets.sentiment.labels import LABELS
from ml_assets.sentiment.scorer import BATCH_SIZE, batches
from ml_assets.training.train_sentiment import read, split

TEMPERATURES = np.arange(0.5, 4.0, 0.01)


def log_probabilities(classifier: Classifier, texts: list[str]) -> np.ndarray:
    tokens = classifier.tokens(texts)
    found = np.zeros((len(texts), len(LABELS)))
    for rows in batches([len(sequence) for sequence in tokens], BATCH_SIZE):
        found[rows] = classifier.probabilities([tokens[row] for row in rows])
    return np.log(np.clip(found, 1e-12, 1))


def softened(logs: np.ndarray, temperature: float) -> np.ndarray:
    raised = np.exp(logs / temperature)
    return raised / raised.sum(1, keepdims=True)


def loss(logs: np.ndarray, truth: np.ndarray, temperature: float) -> float:
    """Mean negative log-likelihood in nats."""
    return float(-np.log(softened(logs, temperature)[np.arange(len(truth)), truth]).mean())


def figures(logs: np.ndarray, truth: np.ndarray) -> dict:
    """Macro-averaged recall (the measure of SemEval-2017 task 4), and how far confidence is from accuracy (ECE, 10 bins)."""
    predicted, confidence = logs.argmax(1), np.exp(logs).max(1)
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
        "confusion_rows_are_truth": confusion(truth, predicted),
    }


def divide_last_layer(model: Path, temperature: float) -> None:
    file = model / "model.safetensors"
    tensors = load_file(file)
    for name in ("classifier.weight", "classifier.bias"):
        tensors[name] = (tensors[name].float() / temperature).to(tensors[name].dtype).contiguous()
    save_file(tensors, file, metadata={"format": "pt"})
    file.chmod(0o644)


def tidy_tokenizer(model: Path) -> None:
    """Takes off how the tokenizer was loaded here, which is no property of the model."""
    file = model / "tokenizer_config.json"
    known = json.loads(file.read_text())
    kept = {key: value for key, value in known.items() if key not in {"is_local", "local_files_only"}}
    file.write_text(json.dumps(kept, indent=2) + "\n")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--seed", type=int, default=0, help="the seed of the training, so that held out is held out")
    given = arguments.parse_args()

    held_out, _ = split(read(given.data / "train.jsonl.gz"), given.seed)
    val = read(given.data / "val.jsonl.gz")
    truth = np.array([label for _, label in held_out])

    logs = log_probabilities(Classifier(of_folder(given.model)), [text for text, _ in held_out])
    temperature = float(min(TEMPERATURES, key=lambda t: loss(logs, truth, t)))
    before = figures(logs, truth)["calibration_error"]
    divide_last_layer(given.model, temperature)
    tidy_tokenizer(given.model)

    classifier = Classifier(of_folder(given.model))
    metrics = json.loads((given.model / "metrics.json").read_text())
    metrics |= {"temperature": round(temperature, 2), "held_out_calibration_error_before": before}
    for name, rows in (("held_out", held_out), ("tweeteval_val", val)):
        found = log_probabilities(classifier, [text for text, _ in rows])
        metrics[name] = figures(found, np.array([label for _, label in rows]))
    (given.model / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(json.dumps(metrics), flush=True)


if __name__ == "__main__":
    main()
