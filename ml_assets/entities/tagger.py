"""The token classifier: MiniLM, the shapes of words, and a head that sees each word with its neighbours. Imports torch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from ml_assets.entities.shapes import SHAPES, STYLES, shape, style

if TYPE_CHECKING:
    from transformers import BertModel, PreTrainedTokenizerBase

TAGS = ("O", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-PERSON", "I-PERSON")
# Subwords that one pass reads, and words beyond which a sentence is read in parts. Two in a thousand sentences of news are longer.
LONGEST_SUBWORDS, LONGEST_WORDS = 128, 80
SHAPE_WIDTH, HIDDEN = 24, 256


class Tagger(nn.Module):
    """`encoder` is a BertModel of width H. Words in, a score for each of TAGS out."""

    def __init__(self, encoder: "BertModel", dropout: float = 0.0) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        self.encoder = encoder
        self.shape_in, self.style_in = nn.Embedding(len(SHAPES) + 1, width), nn.Embedding(len(STYLES), width)
        self.shape_out = nn.Embedding(len(SHAPES) + 1, SHAPE_WIDTH)
        for embedding in (self.shape_in, self.style_in):
            nn.init.zeros_(embedding.weight)
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(3 * (width + SHAPE_WIDTH), HIDDEN)
        self.answer = nn.Linear(HIDDEN, len(TAGS))

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, word_of: torch.Tensor, shapes: torch.Tensor, styles: torch.Tensor, first: torch.Tensor
    ) -> torch.Tensor:
        """Scores (batch, words, tags).

        `ids`, `mask`: (batch, subwords). `word_of`: (batch, subwords), the word of a subword, counted from 1; 0 is none.
        `shapes`: (batch, words + 1), the shape of each word plus 1, with 0 for "none" in front. `styles`: (batch,).
        `first`: (batch, words), the position of each word's first subword; 0 where a sentence has ended.
        """
        of_word = shapes.gather(1, word_of)
        read = self.encoder.embeddings.word_embeddings(ids) + self.shape_in(of_word) + self.style_in(styles)[:, None]
        states = self.encoder(inputs_embeds=read, attention_mask=mask).last_hidden_state
        words = states.gather(1, first[..., None].expand(-1, -1, states.shape[-1]))
        words = torch.cat([words, self.shape_out(shapes[:, 1:]).to(words.dtype)], -1)
        words = words * (first > 0)[..., None]
        before, after = nn.functional.pad(words, (0, 0, 1, 0))[:, :-1], nn.functional.pad(words, (0, 0, 0, 1))[:, 1:]
        joined = self.dropout(torch.cat([before, words, after], -1))
        return self.answer(self.dropout(nn.functional.gelu(self.hidden(joined))))


def encode(tokenizer: "PreTrainedTokenizerBase", sentences: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """Each sentence as subword ids, the word of each subword, shapes and style; `tokenizer` is a fast one of transformers.

    Words that no longer fit into LONGEST_SUBWORDS have no subword; `parts` keeps sentences so short that none is lost.
    """
    found = tokenizer(
        [[word or " " for word in words] for words in sentences],
        is_split_into_words=True, truncation=True, max_length=LONGEST_SUBWORDS, return_attention_mask=False,
    )  # fmt: skip
    rows = []
    for number, words in enumerate(sentences):
        word_of = [0 if word is None else word + 1 for word in found.word_ids(number)]
        first = [0] * len(words)
        for position in range(len(word_of) - 1, -1, -1):
            if word_of[position]:
                first[word_of[position] - 1] = position
        shapes = [0, *(shape(word) + 1 for word in words)]
        rows.append({"ids": found["input_ids"][number], "word_of": word_of, "first": first, "shapes": shapes, "style": style(words)})
    return rows


def collate(rows: Sequence[dict[str, Any]]) -> tuple[torch.Tensor, ...]:
    """What `Tagger.forward` takes, padded with zeros."""
    subwords, words = max(len(row["ids"]) for row in rows), max(len(row["first"]) for row in rows)
    ids, word_of = np.zeros((2, len(rows), subwords), dtype=np.int64)
    mask = np.zeros((len(rows), subwords), dtype=np.int64)
    first, shapes = np.zeros((len(rows), words), dtype=np.int64), np.zeros((len(rows), words + 1), dtype=np.int64)
    for number, row in enumerate(rows):
        ids[number, : len(row["ids"])], mask[number, : len(row["ids"])] = row["ids"], 1
        word_of[number, : len(row["word_of"])] = row["word_of"]
        first[number, : len(row["first"])], shapes[number, : len(row["shapes"])] = row["first"], row["shapes"]
    styles = np.array([row["style"] for row in rows], dtype=np.int64)
    return tuple(map(torch.from_numpy, (ids, mask, word_of, shapes, styles, first)))


def parts(words: int) -> list[tuple[int, int]]:
    """[start, end) of what is read at once of a sentence of so many words."""
    return [(start, min(words, start + LONGEST_WORDS)) for start in range(0, words, LONGEST_WORDS)]


ALLOWED = np.array([[not after.startswith("I-") or before[2:] == after[2:] for after in TAGS] for before in TAGS])
FORBIDDEN = -1e4


def decode(scores: np.ndarray) -> list[int]:
    """Best sequence of tags, (words, tags) -> positions in TAGS, in which an I- only follows its own kind (Viterbi)."""
    steps = np.where(ALLOWED, 0.0, FORBIDDEN)
    best = scores[0] + np.where([tag.startswith("I-") for tag in TAGS], FORBIDDEN, 0.0)
    came = np.zeros(scores.shape, dtype=np.int64)
    for word in range(1, len(scores)):
        ways = best[:, None] + steps
        came[word] = ways.argmax(0)
        best = ways.max(0) + scores[word]
    tags = [int(best.argmax())]
    for word in range(len(scores) - 1, 0, -1):
        tags.append(int(came[word][tags[-1]]))
    return tags[::-1]
