"""Sentences with other names in them keep the words between the names, and every word keeps a tag."""

import numpy as np

from ml_assets.entities.tagger import LONGEST_WORDS, TAGS
from ml_assets.training.mentions import Mentions, found


def row(text: str) -> dict:
    """`Ann/B-PERSON met/O Acme/B-ORG Corp/I-ORG` as words and positions of tags."""
    pairs = [word.rsplit("/", 1) for word in text.split()]
    return {"words": [word for word, _ in pairs], "tags": [TAGS.index(tag) for _, tag in pairs]}


ROWS = [
    row("Ann/B-PERSON left/O Acme/B-ORG Corp/I-ORG ./O"),
    row("Oslo/B-LOC and/O New/B-LOC York/I-LOC City/I-LOC lost/O to/O Bo/B-PERSON Lee/I-PERSON"),
    row("The/O Fed/B-ORG waits/O"),
]


def test_names_are_found_with_their_kind_side_by_side_too():
    assert found(row("A/B-LOC B/B-LOC C/I-LOC d/O E/I-ORG F/I-PERSON")["tags"]) == [(0, 1, "LOC"), (1, 3, "LOC"), (4, 5, "ORG"), (5, 6, "PERSON")]


def test_other_names_are_of_the_same_kind_and_all_else_stays():
    mentions, rng = Mentions(ROWS, 1.0), np.random.default_rng(0)
    of_kind = {kind: {tuple(name) for name in names} for kind, names in mentions.names.items()}
    changed = 0
    for _ in range(200):
        for given in ROWS:
            made = mentions.replaced(given, rng)
            assert len(made["words"]) == len(made["tags"])
            spans = found(made["tags"])
            assert [kind for _, _, kind in spans] == [kind for _, _, kind in found(given["tags"])]
            assert all(tuple(made["words"][start:end]) in of_kind[kind] for start, end, kind in spans)
            assert [word for word, tag in zip(made["words"], made["tags"], strict=True) if tag == 0] == [
                word for word, tag in zip(given["words"], given["tags"], strict=True) if tag == 0
            ]
            changed += made != given
    assert 200 < changed < 600


def test_a_share_of_zero_changes_nothing():
    mentions, rng = Mentions(ROWS, 0.0), np.random.default_rng(0)
    assert all(mentions.replaced(given, rng) is given for given in ROWS for _ in range(50))


def test_a_sentence_that_would_grow_too_long_stays_as_it_is():
    long = {"words": ["x"] * LONGEST_WORDS, "tags": [TAGS.index("B-LOC"), *[0] * (LONGEST_WORDS - 1)]}
    mentions, rng = Mentions([row("New/B-LOC York/I-LOC")], 1.0), np.random.default_rng(0)
    assert all(mentions.replaced(long, rng) == long for _ in range(50))
