"""How good an entity model is on tagged sentences:  python -m ml_assets.entities.evaluate --data FILE.jsonl.gz [--model PATH]

Lines {"tokens": [...], "spaces": [...], "tags": [...]}, tags in BIO over ORG, LOC and PER (other labels of the model are mapped
or left out as in the product: GPE and FAC are LOC). Gzip or plain. Prints JSON: precision, recall and f1 of exact spans for all,
ORG, LOC and PER, and words_per_second. The given tokens are the ones that are tagged.
"""

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path

from ml_assets.checkpoints import ModelError
from ml_assets.entities.finder import EntityFinder
from ml_assets.entities.names import LABELS

SHIPPED = Path(__file__).parents[1] / "models" / "entities-en"
# The names of the file: the product says PERSON.
OURS = {"PERSON": "PER"}
KINDS = ("ORG", "LOC", "PER")

Span = tuple[int, int, str]


class DataError(Exception):
    """A line of the file is not what is read; the message says which and what is."""


def read(path: Path) -> list[dict]:
    """Raises DataError."""
    opened = gzip.open if path.suffix == ".gz" else open
    rows = []
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict) or not row.get("tokens") or not len(row["tokens"]) == len(row.get("spaces", ())) == len(row.get("tags", ())):
                    raise DataError(f'{path.name}, line {number}: needed are "tokens", "spaces" and "tags" of one length')
                rows.append(row)
    except ValueError as error:
        raise DataError(f"{path.name}, line {len(rows) + 1}: no JSON ({error})") from error
    except (OSError, EOFError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    if not rows:
        raise DataError(f"{path} holds no line")
    return rows


def spans(tags: Sequence[str]) -> set[Span]:
    """(first word, word after the last, label) of BIO tags; an I- that continues nothing begins a name, as conlleval reads it."""
    found, start, label = set(), 0, None
    for position, tag in enumerate([*tags, "O"]):
        kind = OURS.get(tag[2:], tag[2:]) if tag != "O" else None
        if label and (tag.startswith("B-") or kind != label):
            found.add((start, position, label))
            label = None
        if kind and label is None:
            start, label = position, kind
    return found


def figures(truth: Sequence[set[Span]], made: Sequence[set[Span]]) -> dict:
    """Precision, recall and F1 of exact spans, micro-averaged: all, and by kind."""

    def of(kind: str | None) -> dict:
        gold = [{span for span in each if kind in (None, span[2])} for each in truth]
        seen = [{span for span in each if kind in (None, span[2])} for each in made]
        right = sum(len(a & b) for a, b in zip(gold, seen, strict=True))
        precision, recall = right / max(1, sum(map(len, seen))), right / max(1, sum(map(len, gold)))
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}

    return {"all": of(None)} | {kind: of(kind) for kind in KINDS}


def evaluate(data: Path, model: Path | str = SHIPPED) -> dict:
    """Raises DataError and ModelError."""
    from spacy.tokens import Doc

    rows, finder = read(data), EntityFinder(model)
    pipeline = finder.pipeline
    docs = [Doc(pipeline.vocab, words=row["tokens"], spaces=row["spaces"]) for row in rows]
    started = time.perf_counter()
    read_docs = list(pipeline.pipe(docs))
    seconds = time.perf_counter() - started
    kinds = {label: OURS.get(kind, kind) for label, kind in LABELS.items()}
    made = [{(span.start, span.end, kinds[span.label_]) for span in doc.ents if span.label_ in kinds} for doc in read_docs]
    words = sum(len(row["tokens"]) for row in rows)
    return figures([spans(row["tags"]) for row in rows], made) | {
        "sentences": len(rows),
        "words_per_second": round(words / seconds),
        "model": finder.model_id,
        "revision": finder.model_revision,
    }


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m ml_assets.entities.evaluate", description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--model", default=SHIPPED, help="a folder or an installed spaCy package; the shipped model when left out")
    given = arguments.parse_args()
    try:
        print(json.dumps(evaluate(given.data, given.model), indent=2))
    except (DataError, ModelError) as error:
        arguments.exit(1, f"evaluate: {error}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
