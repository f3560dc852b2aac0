"""The shipped entity model as a spaCy component, so that `spacy.load(folder)(text).ents` is all that anybody needs.

spaCy finds it through the entry point `spacy_factories` of this package.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from ml_assets.adapters import CONFIG, HEAD, WEIGHTS
from ml_assets.checkpoints import encoder_of

if TYPE_CHECKING:
    from ml_assets.entities.reader import Reader

NAME = "word_tagger"
BATCH_DOCS = 512


@Language.factory(NAME, assigns=["doc.ents", "token.ent_iob", "token.ent_type"])
class WordTagger(Pipe):
    """Sets `doc.ents` by a transformer over the words of the doc; labels LOC, ORG and PERSON.

    Its folder holds a LoRA adapter and a head; the encoder is the one that the adapter names. Loaded at the first doc.
    Raises ModelError.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.folder: Path | None = None
        self._loaded: Reader | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        return ("LOC", "ORG", "PERSON")

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> "WordTagger":
        self.folder, self._loaded = Path(path), None
        return self

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        """Adapter and head, with the way to their encoder from the new place; the encoder stays where it is."""
        if self.folder is None:
            raise ValueError(f"the component {self.name!r} was not loaded from a folder, so there is nothing to save")
        target = Path(path)
        target.mkdir(parents=True, exist_ok=True)
        for name in (WEIGHTS, HEAD):
            shutil.copyfile(self.folder / name, target / name)
        config = json.loads((self.folder / CONFIG).read_text(encoding="utf-8"))
        config["base_model_name_or_path"] = os.path.relpath(encoder_of(self.folder), target.resolve())
        (target / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH_DOCS) -> Iterator[Doc]:
        for docs in minibatch(stream, max(1, batch_size)):
            for doc, tags in zip(docs, self._reader.tags([[token.text for token in doc] for doc in docs]), strict=True):
                doc.ents = [Span(doc, start, end, label) for start, end, label in named(tags)]
                yield doc

    @property
    def _reader(self) -> "Reader":
        if self._loaded is None:
            from ml_assets.entities.reader import Reader

            if self.folder is None:
                raise ValueError(f"the component {self.name!r} has no weights; load the pipeline from its folder")
            self._loaded = Reader(self.folder)
        return self._loaded


def named(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(first word, word after the last, label) of BIO tags in which an I- only follows its own kind."""
    start = 0
    for position, tag in enumerate([*tags, "O"]):
        before = tags[position - 1] if position else "O"
        if before != "O" and not tag.startswith("I-"):
            yield start, position, before[2:]
        if tag.startswith("B-"):
            start = position
