"""Finds names in articles with a spaCy pipeline, loaded at the first article that needs it."""

import importlib.metadata
import importlib.util
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ml_assets.adapters import verify
from ml_assets.checkpoints import SHIPPED, Checkpoint, ModelError, first_line, of_folder
from ml_assets.entities.names import LABELS, FoundEntity, merged
from ml_assets.entities.reading import ArticleText, reason_not_read, sentences

if TYPE_CHECKING:
    from spacy.language import Language

SETTING = "PULSE_ENTITY_MODEL"
BATCH_SIZE = 256
# They cost time and say nothing about names; a pipeline without them is as good.
NOT_NEEDED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "morphologizer", "textcat"]


class EntityFinder:
    """A pipeline, loaded at first need and then kept: make one per run.

    `model` is a folder or the name of an installed spaCy package. `languages` are those it is made for.
    Raises ModelError at first use.
    """

    def __init__(self, model: str | Path, languages: Collection[str] = ("en",)) -> None:
        self._model = str(model)
        self.languages = frozenset(language.strip().lower() for language in languages)

    def reason_not_read(self, article: ArticleText) -> str | None:
        """`empty_text`, `language:xx`, `language:unknown`, or None when `find` reads the article."""
        return reason_not_read(article, self.languages)

    @property
    def checkpoint(self) -> Checkpoint:
        """Where the model is and which one; nothing is loaded. Raises ModelError."""
        return self._checkpoint

    @property
    def model_id(self) -> str:
        """The folder's name, or the package's."""
        return self._checkpoint.id

    @property
    def model_revision(self) -> str:
        """Of a folder a hash of its files, of a package its version."""
        return self._checkpoint.revision

    def find(self, articles: Sequence[ArticleText]) -> list[FoundEntity]:
        """Entities by article in the order given, most mentioned first; an article id given twice is read once.

        An article in another language, or without words, has none: `reason_not_read` says why. Mentions are summed over
        title, description and content, a repeated sentence once. Nothing is loaded when no article can be read.
        """
        distinct = {article.article_id: article for article in reversed(articles)}
        readable = [
            article
            for article_id in dict.fromkeys(article.article_id for article in articles)
            if self.reason_not_read(article := distinct[article_id]) is None
        ]
        if not readable:
            return []
        texts = [(sentence, article.article_id) for article in readable for sentence in sentences(article)]
        spans: dict[str, list[tuple[str, str]]] = {article.article_id: [] for article in readable}
        # Sentence by sentence, as the shipped model was trained.
        for doc, article_id in self.pipeline.pipe(texts, as_tuples=True, batch_size=BATCH_SIZE):
            spans[article_id] += [(span.label_, span.text) for span in doc.ents]
        return [entity for article_id, found in spans.items() for entity in merged(article_id, found)]

    @cached_property
    def _checkpoint(self) -> Checkpoint:
        folder = Path(self._model).expanduser()
        if folder.is_dir():
            return of_folder(folder)
        try:
            package = importlib.util.find_spec(self._model) if self._model.isidentifier() else None
            if package and package.origin:
                version = importlib.metadata.version(self._model)
                return Checkpoint(self._model, version, Path(package.origin).parent)
        except importlib.metadata.PackageNotFoundError:
            package = None
        raise ModelError(
            f"The entity model {self._model!r} is neither a folder nor an installed spaCy package. "
            f"Set {SETTING} to a folder, or install the package in this environment."
        )

    @cached_property
    def pipeline(self) -> "Language":
        """The loaded spaCy pipeline, without the parts that say nothing about names."""
        import spacy

        # Names the shipped model's component to spaCy, also where this package is not installed but run from its folder.
        import ml_assets.entities.component  # noqa: F401

        name = self._checkpoint.id
        source = self._checkpoint.folder if Path(self._model).expanduser().is_dir() else self._model
        if Path(self._model).expanduser().is_dir():
            verify(self._checkpoint.folder)
        try:
            pipeline = spacy.load(source, exclude=NOT_NEEDED)
        # Any: a missing file, a wrong version and a broken config raise errors with no common ancestor.
        except Exception as error:
            raise ModelError(
                f"The entity model {name!r} cannot be loaded ({first_line(error)}). "
                f"Set {SETTING} to the folder of a spaCy pipeline, or fetch it again."
            ) from error
        labels = {label for labels in pipeline.pipe_labels.values() for label in labels}
        if not {"ORG", "LOC"} <= {LABELS.get(label) for label in labels}:
            raise ModelError(
                f"The entity model {name!r} marks {sorted(labels) or 'nothing'}, needed are ORG and LOC (or GPE). "
                f"Set {SETTING} to a pipeline with named entities."
            )
        return pipeline


def find(
    articles: Sequence[ArticleText], *, model: str | Path = SHIPPED / "entities-en", languages: Collection[str] = ("en",)
) -> list[FoundEntity]:
    """`EntityFinder(...).find(articles)` for a single call, with the shipped model when none is named."""
    return EntityFinder(model, languages).find(articles)
