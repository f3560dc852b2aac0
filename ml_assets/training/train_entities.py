"""Trains the shipped named-entity model: MiniLM-L6 with a LoRA adapter, embeddings of case, and a head over three words.

    python -m ml_assets.training.train_entities --data FOLDER --out PART

`--data` holds train.jsonl.gz and dev.jsonl.gz with lines {"tokens", "spaces", "tags"}, tags in BIO over ORG, LOC, PER. Of the
sentences that stand in the file once (Groningen Meaning Bank and smaller sets; newswire stands in it twice) a fortieth is held
out by seed, with every copy of it; `dev` holds other articles. Both are only measured on. The learning rate falls to 0 over
`--epochs`. A GPU is used where there is one. Prints a JSON line every 100 steps; a checkpoint with its scores is saved at each
quarter. PART gets adapter and head; `pack_entities` makes the spaCy pipeline of it.
"""

import argparse
import gzip
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase

from ml_assets.adapters import CONFIG, HEAD, WEIGHTS
from ml_assets.entities.tagger import TAGS, Tagger, collate, decode, encode, parts
from ml_assets.precision import runs_bf16
from ml_assets.training.mentions import Mentions
from ml_assets.training.steps import learn, set_learning_rate, tell

ENCODER = Path(__file__).parents[1] / "models" / "encoder-en"
NAMES = {"B-PER": "B-PERSON", "I-PER": "I-PERSON"}
LORA = {"r": 16, "lora_alpha": 32, "lora_dropout": 0.0, "target_modules": ["query", "key", "value", "dense"], "exclude_modules": ["pooler.dense"]}
TITLES, CAPITALS = 0.06, 0.03


def read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [{"words": row["tokens"], "tags": [TAGS.index(NAMES.get(tag, tag)) for tag in row["tags"]]} for row in rows]


def split(rows: list[dict[str, Any]], dev: list[dict[str, Any]], seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
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


def chunks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: row[key][start:end] for key in ("words", "tags")} for row in rows for start, end in parts(len(row["words"]))]


def batches(lengths: np.ndarray, rng: np.random.Generator, budget: int) -> Iterator[list[int]]:
    """Positions of sentences of near length, `budget` subwords together with their padding, in random order; endless."""
    while True:
        order = np.lexsort((rng.random(len(lengths)), lengths + rng.integers(0, 4, len(lengths))))
        found: list[list[int]] = []
        batch: list[int] = []
        longest = 0
        for position in order:
            longest = max(longest, lengths[position])
            if batch and longest * (len(batch) + 1) > budget:
                found.append(batch)
                batch, longest = [], lengths[position]
            batch.append(position)
        found.append(batch)
        for number in rng.permutation(len(found)):
            yield found[number]


class Steps(torch.utils.data.IterableDataset[tuple[int, tuple[torch.Tensor, ...], torch.Tensor]]):
    """(sentences, tensors of `collate`, true tags (batch, words) with -100 where a sentence has ended), endless."""

    def __init__(self, train: list[dict[str, Any]], tokenizer: PreTrainedTokenizerBase, seed: list[int], budget: int, renamed: float) -> None:
        self.train, self.tokenizer, self.seed, self.budget, self.renamed = train, tokenizer, seed, budget, renamed

    def __iter__(self) -> Iterator[tuple[int, tuple[torch.Tensor, ...], torch.Tensor]]:
        rng = np.random.default_rng(self.seed)
        mentions = Mentions(self.train, self.renamed)
        lengths = np.array([len(row["ids"]) for row in encode(self.tokenizer, [row["words"] for row in self.train])])
        for batch in batches(lengths, rng, self.budget):
            rows = [mentions.replaced(self.train[position], rng) for position in batch]
            tensors = collate(encode(self.tokenizer, [restyled(row["words"], draw) for row, draw in zip(rows, rng.random(len(rows)), strict=True)]))
            truth = torch.full(tensors[-1].shape, -100)
            for number, row in enumerate(rows):
                truth[number, : len(row["tags"])] = torch.tensor(row["tags"])
            truth[tensors[-1] == 0] = -100
            yield len(rows), tensors, truth


def spans(tags: list[int]) -> set[tuple[int, int, str]]:
    found, start, label = set(), None, ""
    for position, tag in enumerate([*[TAGS[tag] for tag in tags], "O"]):
        if start is not None and not tag.startswith("I-"):
            found.add((start, position, label))
            start = None
        if tag.startswith("B-") or (tag.startswith("I-") and start is None):
            start, label = position, tag[2:]
    return found


def predict(model: Tagger, tokenizer: PreTrainedTokenizerBase, rows: list[dict[str, Any]]) -> list[list[int]]:
    device = next(model.parameters()).device
    model.eval()
    pieces = [(number, start, end) for number, row in enumerate(rows) for start, end in parts(len(row["words"]))]
    encoded = encode(tokenizer, [rows[number]["words"][start:end] for number, start, end in pieces])
    tags: list[list[int]] = [[0] * len(row["words"]) for row in rows]
    order = sorted(range(len(pieces)), key=lambda position: len(encoded[position]["ids"]))
    with torch.inference_mode():
        for at in range(0, len(order), 32):
            part = order[at : at + 32]
            scores = model(*(tensor.to(device) for tensor in collate([encoded[position] for position in part]))).float().cpu().numpy()
            for position, found in zip(part, scores, strict=True):
                number, start, end = pieces[position]
                tags[number][start:end] = decode(found[: end - start])
    model.train()
    return tags


def figures(rows: list[dict[str, Any]], found: list[list[int]]) -> dict[str, Any]:
    """Entity-level precision, recall and F1 (exact span and label), overall and by label."""
    def of(label: str | None = None) -> tuple[float, float, float]:
        right = made = true = 0
        for row, tags in zip(rows, found, strict=True):
            gold, seen = ({span for span in spans(each) if label in (None, span[2])} for each in (row["tags"], tags))
            right, made, true = right + len(gold & seen), made + len(seen), true + len(gold)
        precision, recall = right / max(made, 1), right / max(true, 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)
    precision, recall, f1 = of()
    return {"sentences": len(rows), "f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4),
            "by_label": {label: round(of(label)[2], 4) for label in ("LOC", "ORG", "PERSON")}}  # fmt: skip


def write_part(part: Path, adapter: dict[str, torch.Tensor], head: dict[str, torch.Tensor], lora: dict[str, Any]) -> None:
    """Adapter and head in fp16, with the way to the encoder, which stays where it is. `lora` are the adapter's rank and places."""
    part.mkdir(parents=True, exist_ok=True)
    for name, tensors in ((WEIGHTS, adapter), (HEAD, head)):
        save_file({key: tensor.half().contiguous().cpu() for key, tensor in tensors.items()}, part / name, metadata={"format": "pt"})
        (part / name).chmod(0o644)
    config = {"base_model_name_or_path": os.path.relpath(ENCODER, part.resolve()), "peft_type": "LORA", "inference_mode": True, "bias": "none", **lora}
    (part / CONFIG).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def widened(file: Path) -> dict[str, torch.Tensor]:
    return {name: tensor.float() for name, tensor in load_file(file).items()}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True, metavar="PART")
    arguments.add_argument("--epochs", type=float, default=2.0)
    arguments.add_argument("--seconds", type=float, default=None, help="wall time instead of epochs; the learning rate falls over it")
    arguments.add_argument("--learning-rate", type=float, default=1.5e-3)
    arguments.add_argument("--rank", type=int, default=LORA["r"], help="of the adapter, which is scaled by 2")
    arguments.add_argument("--dropout", type=float, default=0.0, help="inside the encoder; the head has 0.1")
    arguments.add_argument("--renamed", type=float, default=0.0, help="share of sentences whose names become other names of their kind")
    arguments.add_argument("--budget", type=int, default=1_024, help="subwords of a batch, padding included")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--seed", type=int, default=0, help="what is held out, and the order")
    arguments.add_argument("--start", type=Path, metavar="PART", help="a model of this script to go on from, in another order of the sentences")
    given = arguments.parse_args()

    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    bf16 = device.type == "cuda" or runs_bf16()

    dev = read(given.data / "dev.jsonl.gz")
    held_out, train = split(read(given.data / "train.jsonl.gz"), dev, given.seed)
    train = chunks(train)
    tokenizer = AutoTokenizer.from_pretrained(ENCODER, local_files_only=True)
    lora = LORA | {"r": given.rank, "lora_alpha": 2 * given.rank}
    drop = {"hidden_dropout_prob": given.dropout, "attention_probs_dropout_prob": given.dropout}
    encoder = get_peft_model(
        AutoModel.from_pretrained(ENCODER, local_files_only=True, add_pooling_layer=False, dtype=torch.float32, **drop), LoraConfig(**lora)
    )
    model = Tagger(encoder.base_model.model, dropout=0.1)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_("lora_" in name or not name.startswith("encoder."))
    if given.start:
        set_peft_model_state_dict(encoder, widened(given.start / WEIGHTS))
        model.load_state_dict(widened(given.start / HEAD), strict=False)
    model.to(device)
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=given.learning_rate, weight_decay=0.01)
    model.train()

    def save(metrics: dict[str, Any]) -> None:
        head = {name: tensor for name, tensor in model.state_dict().items() if not name.startswith("encoder.")}
        write_part(given.out, get_peft_model_state_dict(encoder), head, lora)
        (given.out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")

    order = Steps(train, tokenizer, [given.seed, 1] if given.start else [given.seed], given.budget, given.renamed)
    # A GPU waits for nothing: the next batches are made beside it.
    beside: dict[str, Any] = {"num_workers": 1, "prefetch_factor": 16} if device.type == "cuda" else {}
    started, seen, losses, saved = time.monotonic(), 0, [], 0.0
    history = []
    for step, (sentences, tensors, truth) in enumerate(torch.utils.data.DataLoader(order, batch_size=None, **beside), 1):
        epochs = seen / len(train)
        done = (time.monotonic() - started) / given.seconds if given.seconds else epochs / given.epochs
        if done >= 1:
            break
        set_learning_rate(optimizer, given.learning_rate, done, warm=0.05)
        with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            scores = model(*(tensor.to(device, non_blocking=True) for tensor in tensors))
        loss = torch.nn.functional.cross_entropy(scores.float().flatten(0, 1), truth.to(device).flatten(), label_smoothing=0.02)
        losses.append(learn(loss, trainable, optimizer))
        seen += sentences
        tell(step, started, seen / len(train), losses)
        if done > saved + 0.24 and done < 0.95:
            saved = done
            metrics = {"epochs": round(epochs, 3), "seconds": round(time.monotonic() - started), "dev": figures(dev, predict(model, tokenizer, dev))}
            history.append(metrics)
            print(json.dumps(metrics), flush=True)
            save(metrics)

    metrics = {
        "train_sentences": len(train), "epochs": round(seen / len(train), 3), "seconds": round(time.monotonic() - started), "seed": given.seed,
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu", "batch_subwords": given.budget, "learning_rate": given.learning_rate,
        "rank": given.rank, "dropout": given.dropout, "renamed": given.renamed, "held_out": figures(held_out, predict(model, tokenizer, held_out)),
        "dev": figures(dev, predict(model, tokenizer, dev)), "on_the_way": history,
    }  # fmt: skip
    save(metrics)
    print(json.dumps(metrics), flush=True)


if __name__ == "__main__":
    main()
