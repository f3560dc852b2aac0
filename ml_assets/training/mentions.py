"""Training sentences with other names in them, so that the model reads the sentence around a name and not the name alone."""

from collections import defaultdict
from typing import Any

import numpy as np

from ml_assets.entities.tagger import LONGEST_WORDS, TAGS


class Mentions:
    """Names of the training sentences by kind; `share` of the sentences get others (Dai and Adel 2020, mention replacement)."""

    def __init__(self, rows: list[dict[str, Any]], share: float) -> None:
        self.share = share
        self.names: dict[str, list[list[str]]] = defaultdict(list)
        for row in rows if share else ():
            for start, end, kind in found(row["tags"]):
                self.names[kind].append(row["words"][start:end])

    def replaced(self, row: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        """The sentence as it is, or with each of its names replaced, by a chance of one half each, by one drawn from all mentions of its kind."""
        if not self.share or rng.random() >= self.share:
            return row
        words, tags, copied = [], [], 0
        for start, end, kind in found(row["tags"]):
            words += row["words"][copied:start]
            tags += row["tags"][copied:start]
            choices = self.names[kind]
            name = choices[rng.integers(len(choices))] if rng.random() < 0.5 else row["words"][start:end]
            words += name
            tags += [TAGS.index(f"B-{kind}"), *[TAGS.index(f"I-{kind}")] * (len(name) - 1)]
            copied = end
        words, tags = words + row["words"][copied:], tags + row["tags"][copied:]
        return {"words": words, "tags": tags} if len(words) <= LONGEST_WORDS else row


def found(tags: list[int]) -> list[tuple[int, int, str]]:
    """(first word, word after the last, kind) in order; an I- that follows another kind begins a name."""
    spans, start = [], None
    for position, tag in enumerate([*tags, 0]):
        kind = TAGS[tag][2:]
        begins = TAGS[tag].startswith("B-") or (TAGS[tag].startswith("I-") and (start is None or TAGS[tags[position - 1]][2:] != kind))
        if start is not None and (begins or tag == 0):
            spans.append((start, position, TAGS[tags[start]][2:]))
            start = None
        if begins:
            start = position
    return spans
