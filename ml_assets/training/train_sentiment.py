"""Trains the shipped sentiment model: a LoRA adapter and a head for the shared encoder, stored in fp16.

    python -m ml_assets.training.train_sentiment --data FOLDER --out ml_assets/models/sentiment-en

`--data` holds train.jsonl.gz and val.jsonl.gz with lines {"text", "label"}. Prints a JSON line every 100 steps. A tenth
of the training file is held out by seed and never trained on. A checkpoint is saved at each quarter of the time. Then run `calibrate_sentiment`.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict
from safetensors.torch import save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from ml_assets.adapters import CONFIG, WEIGHTS, write_files
from ml_assets.precision import runs_bf16
from ml_assets.sentiment.labels import LABELS
from ml_assets.sentiment.text import for_model
from ml_assets.training.steps import learn, set_learning_rate, tell

ENCODER = Path(__file__).parents[1] / "models" / "encoder-en"
LEARNING_RATE, BATCH, LONGEST_TOKENS = 1e-3, 32, 64
LORA = {
    "r": 16,
    "lora_alpha": 32,
    "lora_dropout": 0.0,
    "target_modules": ["query", "key", "value", "dense"],
    "exclude_modules": ["pooler.dense", "classifier"],
    "modules_to_save": ["classifier", "pooler"],
}


def read(path: Path) -> list[tuple[str, int]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(for_model(row["text"]), LABELS.index(row["label"])) for row in rows]


def split(rows: list[tuple[str, int]], seed: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """(held out, train): a tenth of the rows, drawn by `seed`, and the rest."""
    rows = rows[:]
    random.Random(seed).shuffle(rows)
    return rows[: len(rows) // 10], rows[len(rows) // 10 :]


def pad(sequences: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.zeros(len(sequences), max(map(len, sequences)), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = torch.tensor(sequence)
        mask[row, : len(sequence)] = 1
    return ids, mask


def epochs(lengths: np.ndarray, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Endless batches of like length: shuffled, sorted inside chunks of 64 batches, so that little is padding."""
    while True:
        order = rng.permutation(len(lengths))
        for start in range(0, len(order), BATCH * 64):
            chunk = sorted(order[start : start + BATCH * 64], key=lambda i: lengths[i])
            pieces = [chunk[i : i + BATCH] for i in range(0, len(chunk), BATCH)]
            rng.shuffle(batches := [np.array(b) for b in pieces if len(b) == BATCH])
            yield from batches


def evaluate(model: torch.nn.Module, sequences: list[list[int]], truth: list[int]) -> dict[str, Any]:
    """Macro-averaged recall (the measure of SemEval-2017 task 4) and recall of each class."""
    device = next(model.parameters()).device
    model.eval()
    predicted = np.zeros(len(sequences), dtype=int)
    order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda" or runs_bf16()):
        for start in range(0, len(order), 64):
            batch = order[start : start + 64]
            ids, mask = pad([sequences[i] for i in batch])
            predicted[batch] = model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits.float().argmax(1).cpu().numpy()
    model.train()
    actual = np.array(truth)
    recall = {name: float((predicted[actual == k] == k).mean()) for k, name in enumerate(LABELS)}
    return {
        "posts": len(actual),
        "macro_recall": round(float(np.mean(list(recall.values()))), 4),
        "accuracy": round(float((predicted == actual).mean()), 4),
        "recall": {name: round(value, 4) for name, value in recall.items()},
    }


def save(model: torch.nn.Module, out: Path) -> None:
    """Adapter and head in fp16, in PEFT's format, with the way to the encoder; the training model stays as it is."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.half().contiguous().cpu() for name, tensor in get_peft_model_state_dict(model).items()}
    save_file(weights, out / WEIGHTS, metadata={"format": "pt"})
    adapter = {"base_model_name_or_path": "../encoder-en", "peft_type": "LORA", "task_type": "SEQ_CLS", "inference_mode": True, "bias": "none", **LORA}
    (out / CONFIG).write_text(json.dumps(adapter, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    config = json.loads((ENCODER / "config.json").read_text(encoding="utf-8")) | {
        "architectures": ["BertForSequenceClassification"],
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "id2label": {str(k): name for k, name in enumerate(LABELS)},
        "label2id": {name: k for k, name in enumerate(LABELS)},
    }
    (out / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    write_files(out)


def new_classifier(dropout: float = 0.0) -> torch.nn.Module:
    return AutoModelForSequenceClassification.from_pretrained(
        ENCODER,
        num_labels=3,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        id2label=dict(enumerate(LABELS)),
        label2id={name: k for k, name in enumerate(LABELS)},
        dtype=torch.float32,
        local_files_only=True,
    )


def get_lora(model: torch.nn.Module) -> torch.nn.Module:
    return get_peft_model(model, LoraConfig(task_type="SEQ_CLS", **LORA))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--seconds", type=float, default=1_700, help="wall time of the training loop")
    arguments.add_argument("--learning-rate", type=float, default=LEARNING_RATE)
    arguments.add_argument("--dropout", type=float, default=0.1)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()

    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    rng = np.random.default_rng(given.seed)
    tokenizer = AutoTokenizer.from_pretrained(ENCODER, local_files_only=True)

    held_out, train = split(read(given.data / "train.jsonl.gz"), given.seed)

    def encode(texts: list[tuple[str, int]]) -> list[list[int]]:
        return tokenizer([text for text, _ in texts], truncation=True, max_length=LONGEST_TOKENS)["input_ids"]

    sequences, truth = encode(train), torch.tensor([label for _, label in train])
    frequency = np.bincount(truth.numpy(), minlength=3) / len(truth)
    weight = torch.tensor(frequency**-0.5, dtype=torch.float32, device=device)
    weight /= weight.mean()

    model = get_lora(new_classifier(given.dropout)).to(device)
    model.train()
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=LEARNING_RATE, weight_decay=0.01)
    started, seen, losses, saved = time.monotonic(), 0, [], 0
    for step, batch in enumerate(epochs(np.array([len(s) for s in sequences]), rng), 1):
        done = (time.monotonic() - started) / given.seconds
        if done >= 1:
            break
        set_learning_rate(optimizer, given.learning_rate, done, warm=0.06)
        ids, mask = pad([sequences[i] for i in batch])
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda" or runs_bf16()):
            logits = model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits
        loss = torch.nn.functional.cross_entropy(logits.float(), truth[torch.from_numpy(batch)].to(device), weight=weight)
        losses.append(learn(loss, trainable, optimizer))
        seen += len(batch)
        tell(step, started, seen / len(train), losses)
        if done > saved + 0.25:
            saved = done
            print(json.dumps({"epochs": round(seen / len(train), 3), "held_out": evaluate(model, encode(held_out), [label for _, label in held_out])}), flush=True)
            save(model, given.out)

    save(model, given.out)
    figures = {
        "train_posts": len(train),
        "epochs": round(seen / len(train), 3),
        "seconds": round(time.monotonic() - started),
        "seed": given.seed,
        "dropout": given.dropout,
        "learning_rate": given.learning_rate,
        "held_out": evaluate(model, encode(held_out), [label for _, label in held_out]),
    }
    (given.out / "metrics.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
