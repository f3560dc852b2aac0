"""How good an entity model is on tagged sentences:  python -m ml_assets.entities.evaluate --data FILE.jsonl.gz [--model PATH]

Lines {"tokens": [...], "spaces": [...], "tags": [...]}, tags in BIO over ORG, LOC and PER, gzip or plain. Labels of the model are
mapped or left out as in the product: GPE and FAC are LOC. Prints JSON: precision, recall and f1 of exact spans for all, ORG, LOC
and PER, and words_per_second. The given tokens are the ones that are tagged.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml_assets.entities.finder import EntityFinder
from ml_assets.entities.names import LABELS
from ml_assets.labelled import command, read_rows

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

KINDS = {"ORG": "ORG", "LOC": "LOC", "PERSON": "PER"}
NEEDED = '"tokens", "spaces" and "tags" of one length'


def evaluate(data: Path, model: Path | str) -> dict[str, Any]:
    """Raises DataError and ModelError."""
    rows = read_rows(data, _fits, NEEDED)
    from spacy.tokens import Doc

    finder = EntityFinder(model)
    docs = [Doc(finder.pipeline.vocab, words=row["tokens"], spaces=row["spaces"]) for row in rows]
    started = time.perf_counter()
    read = list(finder.pipeline.pipe(docs))
    seconds = time.perf_counter() - started
    truth = [tagged(finder.pipeline.vocab, row) for row in rows]
    return figures(truth, [as_in_the_product(doc) for doc in read]) | {
        "sentences": len(rows),
        "words_per_second": round(sum(map(len, docs)) / seconds, 1),
        "model": finder.model_id,
        "revision": finder.model_revision,
    }


def figures(truth: Sequence["Doc"], read: Sequence["Doc"]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of exact spans, micro-averaged, by spaCy's own scorer; 0 where nothing was to be found."""
    from spacy.scorer import Scorer
    from spacy.training import Example

    scored = Scorer.score_spans([Example(made, gold) for made, gold in zip(read, truth, strict=True)], "ents")
    of_kind = scored["ents_per_type"] or {}
    every = {name: scored[f"ents_{name}"] for name in ("p", "r", "f")}
    parts = {"all": every} | {said: of_kind.get(kind, {}) for kind, said in KINDS.items()}
    names = {"precision": "p", "recall": "r", "f1": "f"}
    return {part: {name: round(values.get(key) or 0.0, 4) for name, key in names.items()} for part, values in parts.items()}


def tagged(vocab: "Vocab", row: dict[str, Any]) -> "Doc":
    """The sentence with the entities of its tags; an I- that continues nothing begins a name."""
    from spacy.tokens import Doc
    from spacy.training import biluo_tags_to_spans, iob_to_biluo

    doc = Doc(vocab, words=row["tokens"], spaces=row["spaces"])
    tags = [f"{tag}SON" if tag.endswith("-PER") else tag for tag in row["tags"]]
    doc.ents = biluo_tags_to_spans(doc, iob_to_biluo(tags))
    return doc


def as_in_the_product(doc: "Doc") -> "Doc":
    from spacy.tokens import Span

    doc.ents = [Span(doc, found.start, found.end, LABELS[found.label_]) for found in doc.ents if found.label_ in LABELS]
    return doc


def _fits(row: dict[str, Any]) -> bool:
    lists: list[Any] = [row.get(name) for name in ("tokens", "spaces", "tags")]
    return all(isinstance(each, list) for each in lists) and 0 < len(lists[0]) == len(lists[1]) == len(lists[2])


if __name__ == "__main__":
    raise SystemExit(command("ml_assets.entities.evaluate", __doc__, "entities-en", evaluate))
