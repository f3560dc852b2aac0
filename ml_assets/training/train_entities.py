"""Trains the shipped named-entity model: a spaCy CNN over hashed embeddings, labels ORG, LOC and PERSON.

    python -m ml_assets.training.train_entities --data FOLDER --out ml_assets/models/entities-en

`--data` holds train.jsonl.gz and dev.jsonl.gz with lines {"tokens", "spaces", "tags"}, tags in BIO over ORG, LOC, PER.
A fiftieth of the training file is held out by seed and never trained on; `dev` holds other articles. Both are only
measured on. The averaged weights are saved at each quarter of the time.
"""

import argparse
import gzip
import json
import random
import time
from pathlib import Path

import numpy as np
import spacy
from spacy.tokens import Doc
from spacy.training import Example, biluo_tags_to_spans, iob_to_biluo
from thinc.api import Adam

NAMES = {"PER": "PERSON"}
ARCHITECTURE = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "hidden_width": 64,
    "maxout_pieces": 2,
    "use_upper": True,
    "nO": None,
    "tok2vec": {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": 96,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
            "rows": [6000, 1000, 2000, 1500],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": 96,
            "window_size": 1,
            "maxout_pieces": 3,
            "depth": 4,
        },
    },
}


def read(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def example(vocab, row: dict) -> Example:
    tags = [tag.replace("PER", NAMES["PER"]) for tag in row["tags"]]
    reference = Doc(vocab, words=row["tokens"], spaces=row["spaces"])
    reference.ents = biluo_tags_to_spans(reference, iob_to_biluo(tags))
    return Example(Doc(vocab, words=row["tokens"], spaces=row["spaces"]), reference)


def figures(nlp, rows: list[dict]) -> dict:
    """Entity-level precision, recall and F1 (exact span and label), overall and by label."""
    scores = nlp.evaluate([example(nlp.vocab, row) for row in rows])
    return {
        "sentences": len(rows),
        "f1": round(scores["ents_f"], 4),
        "precision": round(scores["ents_p"], 4),
        "recall": round(scores["ents_r"], 4),
        "by_label": {label: round(value["f"], 4) for label, value in sorted(scores["ents_per_type"].items())},
    }


def save(nlp, optimizer: Adam, out: Path) -> None:
    """The averaged weights as a folder that `spacy.load` reads.

    Of the string store only the labels are kept: the words of the training text are not part of what ships. The model
    looks words up by hash, so its answers do not change; the figures of the card are those of the folder as saved.
    """
    with nlp.use_params(optimizer.averages):
        nlp.to_disk(out)
    (out / "vocab" / "strings.json").write_text(json.dumps(["ORG", "LOC", "PERSON"]))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--seconds", type=float, default=720, help="wall time of the training loop")
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()

    random.seed(given.seed)
    np.random.seed(given.seed)
    spacy.util.fix_random_seed(given.seed)

    rows = read(given.data / "train.jsonl.gz")
    random.shuffle(rows)
    cut = len(rows) // 50
    held_out, train, dev = rows[:cut], rows[cut:], read(given.data / "dev.jsonl.gz")

    nlp = spacy.blank("en")
    nlp.add_pipe("ner", config={"model": ARCHITECTURE, "update_with_oracle_cut_size": 100})
    examples = [example(nlp.vocab, row) for row in train]
    nlp.initialize(lambda: random.sample(examples, 2_000))
    optimizer = Adam(0.001, beta1=0.9, beta2=0.999, L2=0.01, grad_clip=1.0, use_averages=True, L2_is_weight_decay=True)

    started, step, words, position, size, losses = time.monotonic(), 0, 0, len(examples), 16.0, {}
    saved = 0.0
    while (done := (time.monotonic() - started) / given.seconds) < 1:
        if position >= len(examples):
            random.shuffle(examples)
            position = 0
        batch = examples[position : position + int(size)]
        position += len(batch)
        size = min(size * 1.002, 96)
        optimizer.learn_rate = 0.0012 * min(1, step / 100 + 0.02) * (1 - done * 0.95)
        nlp.update(batch, sgd=optimizer, drop=0.1, losses=losses)
        step += 1
        words += sum(len(e.reference) for e in batch)
        if step % 200 == 0:
            line = {"step": step, "seconds": round(time.monotonic() - started), "words": words}
            print(json.dumps(line | {"loss": round(losses["ner"])}), flush=True)
            losses = {}
        if done > saved + 0.25:
            saved = done
            save(nlp, optimizer, given.out)

    save(nlp, optimizer, given.out)
    nlp = spacy.load(given.out)
    found = {
        "train_sentences": len(train),
        "epochs": round(words / sum(len(e.reference) for e in examples), 3),
        "seconds": round(time.monotonic() - started),
        "seed": given.seed,
        "held_out": figures(nlp, held_out),
        "dev": figures(nlp, dev),
    }
    (given.out / "metrics.json").write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
