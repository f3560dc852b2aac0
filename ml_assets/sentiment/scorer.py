"""Scores posts with a sequence-classification checkpoint: in batches, the same numbers whatever the neighbours."""

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ml_assets.checkpoints import SHIPPED, Checkpoint, locate
from ml_assets.sentiment.labels import SentimentScore
from ml_assets.sentiment.language import reason_not_scored
from ml_assets.sentiment.text import for_model

if TYPE_CHECKING:
    from ml_assets.sentiment.classifier import Classifier

SETTING = "PULSE_SENTIMENT_MODEL"
BATCH_SIZE = 32


@dataclass(frozen=True)
class Read:
    """Distinct texts that a scorer has read, their tokens, and those of them that its vocabulary does not hold."""

    texts: int = 0
    tokens: int = 0
    unknown: int = 0

    def since(self, before: "Read") -> "Read":
        return Read(self.texts - before.texts, self.tokens - before.tokens, self.unknown - before.unknown)


class Scorer:
    """A model, loaded at the first text that needs it and then kept: make one per run.

    `model` is a folder or a Hugging Face id, `revision` pins the latter, `cache` is where fetched models are kept (by
    default Hugging Face's own place). `languages` are those the model is made for. Raises ModelError at first use.
    """

    def __init__(
        self,
        model: str | Path,
        revision: str | None = None,
        languages: Collection[str] = ("en",),
        batch_size: int = BATCH_SIZE,
        *,
        cache: Path | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        self._model, self._revision, self._cache = str(model), revision, cache
        self._languages = frozenset(language.strip().lower() for language in languages)
        self._batch_size = batch_size
        self.read = Read()

    @property
    def checkpoint(self) -> Checkpoint:
        """Where the model is and which one; fetched when it is a Hugging Face id, not loaded. Raises ModelError."""
        return self._checkpoint

    @property
    def model_id(self) -> str:
        """The folder's name, or the Hugging Face id."""
        return self._checkpoint.id

    @property
    def model_revision(self) -> str:
        """Of a folder a hash of its files, of a Hugging Face id the commit."""
        return self._checkpoint.revision

    def score(self, texts: Sequence[str | None], langs: Sequence[str | None]) -> list[SentimentScore]:
        """One answer per text, in order. `texts` are raw posts (None is `empty_text`), `langs` what the source says, None where it says nothing.

        Each distinct text is scored once. Nothing is loaded when no text can be scored.
        Raises ValueError when the two differ in length, ModelError when the model cannot be used.
        """
        if len(texts) != len(langs):
            raise ValueError(f"{len(texts)} texts came with {len(langs)} languages; each text needs one (or None)")
        reasons = [reason_not_scored(text, lang, self._languages) for text, lang in zip(texts, langs, strict=True)]
        wanted: dict[str | None, str] = {
            text: for_model(text) for text, reason in zip(texts, reasons, strict=True) if reason is None and text is not None
        }
        scores = self._scores(sorted(set(wanted.values())))
        return [
            SentimentScore.none(reason) if reason else scores[wanted[text]]
            for text, reason in zip(texts, reasons, strict=True)
        ]

    def _scores(self, readings: list[str]) -> dict[str, SentimentScore]:
        if not readings:
            return {}
        classifier, found = self._classifier, dict[str, SentimentScore]()
        tokens, unknown = classifier.tokens(readings), classifier.tokenizer.unk_token_id
        self.read = Read(
            self.read.texts + len(tokens),
            self.read.tokens + sum(map(len, tokens)),
            self.read.unknown + sum(sequence.count(unknown) for sequence in tokens),
        )
        from ml_assets.side_by_side import side_by_side

        parted = list(batches([len(sequence) for sequence in tokens], self._batch_size))
        answers = side_by_side(lambda rows: classifier.probabilities([tokens[row] for row in rows]), parted)
        for rows, probabilities in zip(parted, answers, strict=True):
            found |= {readings[row]: SentimentScore.of(p) for row, p in zip(rows, probabilities, strict=True)}
        return found

    @cached_property
    def _checkpoint(self) -> Checkpoint:
        return locate(self._model, self._revision, setting=SETTING, cache=self._cache)

    @cached_property
    def _classifier(self) -> "Classifier":
        share_cores()
        from ml_assets.sentiment.classifier import Classifier

        return Classifier(self._checkpoint)


def share_cores() -> None:
    """Lets waiting threads of torch sleep soon instead of spin; counts only if torch is not imported yet in this process.

    For batches that torch divides among cores: those too few for `side_by_side`. Posts a second of such batches on 2 cores,
    quiet / with one other busy process: default 420 / 3, sleep at once 337 / 235, this one 392 / 199, ten times longer 424 / 104. Whoever sets OMP_WAIT_POLICY or GOMP_SPINCOUNT is left alone.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")


def batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Positions in batches of at most `size`, each of ONE length, shortest first.

    One length and so no padding: with padding, a text's numbers depend on its longest neighbour. It also costs nothing
    (500 and 2,000 posts: 230 and 222 a CPU second; padded to multiples of 4: 233 and 235, of 8: 220 and 215).
    """
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda row: lengths[row]):
        if batch and (len(batch) == size or lengths[batch[0]] != lengths[position]):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def score(
    texts: Sequence[str | None],
    langs: Sequence[str | None],
    *,
    model: str | Path = SHIPPED / "sentiment-en",
    revision: str | None = None,
    languages: Collection[str] = ("en",),
    batch_size: int = BATCH_SIZE,
) -> list[SentimentScore]:
    """`Scorer(...).score(texts, langs)` for a single call, with the shipped model when none is named."""
    return Scorer(model, revision, languages, batch_size).score(texts, langs)
