"""Trains the shipped named-entity model: MiniLM-L6 with a LoRA adapter, embeddings of case, and a head over three words.

    python -m ml_assets.training.train_entities --data FOLDER --out ml_assets/models/entities-en

`--data` holds train.jsonl.gz and dev.jsonl.gz with lines {"tokens", "spaces", "tags"}, tags in BIO over ORG, LOC, PER. Of the
sentences that stand in the file once (Groningen Meaning Bank and smaller sets; newswire stands in it twice) a fortieth is held
out by seed, with every copy of it; `dev` holds other articles. Both are only measured on. The learning rate falls to 0 over
`--epochs`. Prints a JSON line every 100 steps; a checkpoint with its scores is saved at each half epoch.
"""

import argparse
import gzip
import json
import os
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import spacy
import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoTokenizer

from ml_assets.adapters import CONFIG, WEIGHTS, write_files
from ml_assets.entities.component import HEAD, NAME
from ml_assets.entities.tagger import TAGS, Tagger, collate, decode, encode, parts
from ml_assets.precision import runs_bf16
from ml_assets.training.steps import learn, set_learning_rate, tell

ENCODER = Path(__file__).parents[1] / "models" / "encoder-en"
NAMES = {"B-PER": "B-PERSON", "I-PER": "I-PERSON"}
LORA = {"r": 16, "lora_alpha": 32, "lora_dropout": 0.0, "target_modules": ["query", "key", "value", "dense"], "exclude_modules": ["pooler.dense"]}
# Subwords of a batch, padding included.
BUDGET = 1_024
TITLES, CAPITALS = 0.06, 0.03


def read(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [{"words": row["tokens"], "tags": [TAGS.index(NAMES.get(tag, tag)) for tag in row["tags"]]} for row in rows]


def split(rows: list[dict], dev: list[dict], seed: int) -> tuple[list[dict], list[dict]]:
    """(held out, train): no sentence of the first, and none of `dev`, is in the second."""
    times = Counter(tuple(row["words"]) for row in rows)
    once = [row for row in rows if times[tuple(row["words"])] == 1]
    held_out = random.Random(seed).sample(once, len(once) // 40)
    kept_away = {tuple(row["words"]) for row in [*held_out, *dev]}
    return held_out, [row for row in rows if tuple(row["words"]) not in kept_away]


def restyled(words: list[str], draw: float) -> list[str]:
    """Some sentences as headlines are set: in Title Case, or in capitals."""
    if draw < CAPITALS:
        return [word.upper() for word in words]
    if draw < CAPITALS + TITLES:
        return [word if word in {"a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to"} else word[:1].upper() + word[1:] for word in words]
    return words


def chunks(rows: list[dict]) -> list[dict]:
    return [{key: row[key][start:end] for key in ("words", "tags")} for row in rows for start, end in parts(len(row["words"]))]


def batches(lengths: np.ndarray, rng: np.random.Generator):
    """Positions of sentences of near length, BUDGET subwords together, in random order; endless."""
    while True:
        order = np.lexsort((rng.random(len(lengths)), lengths + rng.integers(0, 4, len(lengths))))
        found, batch, longest = [], [], 0
        for position in order:
            longest = max(longest, lengths[position])
            if batch and longest * (len(batch) + 1) > BUDGET:
                found.append(batch)
                batch, longest = [], lengths[position]
            batch.append(position)
        found.append(batch)
        for number in rng.permutation(len(found)):
            yield found[number]


def spans(tags: list[int]) -> set[tuple[int, int, str]]:
    found, start, label = set(), None, ""
    for position, tag in enumerate([*[TAGS[tag] for tag in tags], "O"]):
        if start is not None and not tag.startswith("I-"):
            found.add((start, position, label))
            start = None
        if tag.startswith("B-") or (tag.startswith("I-") and start is None):
            start, label = position, tag[2:]
    return found


def predict(model: Tagger, tokenizer, rows: list[dict]) -> list[list[int]]:
    model.eval()
    pieces = [(number, start, end) for number, row in enumerate(rows) for start, end in parts(len(row["words"]))]
    encoded = encode(tokenizer, [rows[number]["words"][start:end] for number, start, end in pieces])
    tags: list[list[int]] = [[0] * len(row["words"]) for row in rows]
    order = sorted(range(len(pieces)), key=lambda position: len(encoded[position]["ids"]))
    with torch.inference_mode():
        for at in range(0, len(order), 32):
            part = order[at : at + 32]
            scores = model(*collate([encoded[position] for position in part])).float().numpy()
            for position, found in zip(part, scores, strict=True):
                number, start, end = pieces[position]
                tags[number][start:end] = decode(found[: end - start])
    model.train()
    return tags


def figures(rows: list[dict], found: list[list[int]]) -> dict:
    """Entity-level precision, recall and F1 (exact span and label), overall and by label."""
    def of(label=None):
        right = made = true = 0
        for row, tags in zip(rows, found, strict=True):
            gold, seen = ({span for span in spans(each) if label in (None, span[2])} for each in (row["tags"], tags))
            right, made, true = right + len(gold & seen), made + len(seen), true + len(gold)
        precision, recall = right / max(made, 1), right / max(true, 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)
    precision, recall, f1 = of()
    return {"sentences": len(rows), "f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4),
            "by_label": {label: round(of(label)[2], 4) for label in ("LOC", "ORG", "PERSON")}}  # fmt: skip


def write_model(out: Path, adapter: dict[str, torch.Tensor], head: dict[str, torch.Tensor], lora: dict, metrics: dict) -> None:
    """A folder that `spacy.load` reads, weights in fp16; the encoder stays where it is. `lora` are the adapter's rank and places."""
    part = out / NAME
    part.mkdir(parents=True, exist_ok=True)
    for name, tensors in ((WEIGHTS, adapter), (HEAD, head)):
        save_file({key: tensor.half().contiguous() for key, tensor in tensors.items()}, part / name, metadata={"format": "pt"})
        (part / name).chmod(0o644)
    config = {"base_model_name_or_path": os.path.relpath(ENCODER, part.resolve()), "peft_type": "LORA", "inference_mode": True, "bias": "none", **lora}
    (part / CONFIG).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    pipeline = spacy.blank("en")
    pipeline.add_pipe(NAME)
    pipeline.to_disk(out, exclude=[NAME])
    # The labels alone: what else spaCy interned are words of its tokenizer's exceptions, which it brings itself.
    (out / "vocab" / "strings.json").write_text(json.dumps(["ORG", "LOC", "PERSON"]), encoding="utf-8")
    write_files(out)
    (out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")


def widened(file: Path) -> dict[str, torch.Tensor]:
    return {name: tensor.float() for name, tensor in load_file(file).items()}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--epochs", type=float, default=2.0)
    arguments.add_argument("--seconds", type=float, default=None, help="wall time instead of epochs; the learning rate falls over it")
    arguments.add_argument("--learning-rate", type=float, default=1.5e-3)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--seed", type=int, default=0, help="what is held out, and the order")
    arguments.add_argument("--start", type=Path, help="a model of this script to go on from, in another order of the sentences")
    given = arguments.parse_args()

    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    random.seed(given.seed)
    rng = np.random.default_rng([given.seed, 1] if given.start else given.seed)
    bf16 = runs_bf16()

    dev = read(given.data / "dev.jsonl.gz")
    held_out, train = split(read(given.data / "train.jsonl.gz"), dev, given.seed)
    train = chunks(train)
    tokenizer = AutoTokenizer.from_pretrained(ENCODER, local_files_only=True)
    lengths = np.array([len(row["ids"]) for row in encode(tokenizer, [row["words"] for row in train])])

    encoder = get_peft_model(AutoModel.from_pretrained(ENCODER, local_files_only=True, add_pooling_layer=False, dtype=torch.float32), LoraConfig(**LORA))
    model = Tagger(encoder.base_model.model, dropout=0.1)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_("lora_" in name or not name.startswith("encoder."))
    if given.start:
        set_peft_model_state_dict(encoder, widened(given.start / NAME / WEIGHTS))
        model.load_state_dict(widened(given.start / NAME / HEAD), strict=False)
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=given.learning_rate, weight_decay=0.01)
    model.train()

    def save(metrics: dict) -> None:
        head = {name: tensor for name, tensor in model.state_dict().items() if not name.startswith("encoder.")}
        write_model(given.out, get_peft_model_state_dict(encoder), head, LORA, metrics)

    started, seen, losses, saved = time.monotonic(), 0, [], 0.0
    history = []
    for step, batch in enumerate(batches(lengths, rng), 1):
        epochs = seen / len(train)
        done = (time.monotonic() - started) / given.seconds if given.seconds else epochs / given.epochs
        if done >= 1:
            break
        set_learning_rate(optimizer, given.learning_rate, done, warm=0.05)
        rows = [train[position] for position in batch]
        tensors = collate(encode(tokenizer, [restyled(row["words"], draw) for row, draw in zip(rows, rng.random(len(rows)), strict=True)]))
        truth = torch.full(tensors[-1].shape, -100)
        for number, row in enumerate(rows):
            truth[number, : len(row["tags"])] = torch.tensor(row["tags"])
        truth[tensors[-1] == 0] = -100
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            scores = model(*tensors)
        loss = torch.nn.functional.cross_entropy(scores.float().flatten(0, 1), truth.flatten(), label_smoothing=0.02)
        losses.append(learn(loss, trainable, optimizer))
        seen += len(batch)
        tell(step, started, seen / len(train), losses)
        if done > saved + 0.24 and done < 0.95:
            saved = done
            metrics = {"epochs": round(epochs, 3), "seconds": round(time.monotonic() - started), "dev": figures(dev, predict(model, tokenizer, dev))}
            history.append(metrics)
            print(json.dumps(metrics), flush=True)
            save(metrics)

    metrics = {
        "train_sentences": len(train), "epochs": round(seen / len(train), 3), "seconds": round(time.monotonic() - started), "seed": given.seed,
        "learning_rate": given.learning_rate, "held_out": figures(held_out, predict(model, tokenizer, held_out)),
        "dev": figures(dev, predict(model, tokenizer, dev)), "on_the_way": history,
    }  # fmt: skip
    save(metrics)
    print(json.dumps(metrics), flush=True)


if __name__ == "__main__":
    main()
