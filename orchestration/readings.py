"""Which articles are read for names, and what was found before: no article is read twice by the same model. Loads no Dagster."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_assets.entities import CODE_VERSION, ArticleText, EntityFinder, FoundEntity
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import ARTICLE_READINGS, NEWS_ARTICLES

# Articles read and stored at once: what a kill costs is at most their 10 s.
READ_AT_ONCE = 200
NAMES = ("entity_label", "entity_name", "surface_forms", "mentions")


def reading_id(article: ArticleText, finder: EntityFinder) -> str:
    """32 hex digits of SHA-256 over all that the names depend on: the article's words, the model, its languages and the code."""
    words = (article.title, article.description, article.content, article.language, article.source_name)
    made_by = (finder.model_id, finder.model_revision, sorted(finder.languages), CODE_VERSION)
    return hashlib.sha256(json.dumps([article.article_id, words, made_by]).encode()).hexdigest()[:32]


def articles_in(warehouse: Warehouse) -> list[ArticleText]:
    """Each article of the news once, by id."""
    rows = warehouse.query(f"""
        select article_id, any_value(title) as title, any_value(description) as description, any_value(content) as content,
            any_value(language) as language, any_value(source_name) as source_name
        from {warehouse.qualified(NEWS_ARTICLES)}
        group by article_id
        order by article_id
    """)
    return [ArticleText(**row) for row in rows]


def known_readings(warehouse: Warehouse, finder: EntityFinder) -> dict[str, list[dict[str, Any]]]:
    """Names by `reading_id`, of everything that this model has read."""
    rows = warehouse.query(
        f"""
        select reading_id, names from {warehouse.qualified(ARTICLE_READINGS)}
        where model_id = @model and model_revision = @revision and code_version = @code
        """,
        model=finder.model_id,
        revision=finder.model_revision,
        code=CODE_VERSION,
    )
    return {row["reading_id"]: json.loads(row["names"]) for row in rows}


def read_articles(
    articles: Sequence[ArticleText],
    known: Mapping[str, list[dict[str, Any]]],
    finder: EntityFinder,
    store: Callable[[list[dict[str, Any]]], Any],
    at_once: int = READ_AT_ONCE,
) -> Iterator[tuple[ArticleText, list[dict[str, Any]]]]:
    """Each article with its names, in order; `store` gets the rows of `ml.article_readings` of what was read, `at_once` articles together."""
    found, ids = dict(known), [reading_id(article, finder) for article in articles]
    fresh = [(key, article) for key, article in zip(ids, articles, strict=True) if key not in found]
    for start in range(0, len(fresh), at_once):
        part = fresh[start : start + at_once]
        names: dict[str, list[dict[str, Any]]] = {article.article_id: [] for _, article in part}
        for entity in finder.find([article for _, article in part]):
            names[entity.article_id].append(_named(entity))
        found |= {key: names[article.article_id] for key, article in part}
        store([_row(key, article, found[key], finder) for key, article in part])
    for key, article in zip(ids, articles, strict=True):
        yield article, found[key]


def entity_rows(readings: Sequence[tuple[ArticleText, list[dict[str, Any]]]], finder: EntityFinder) -> list[dict[str, Any]]:
    """Rows of `ml.article_entities`."""
    made_by = {"model_id": finder.model_id, "model_revision": finder.model_revision, "code_version": CODE_VERSION}
    return [{"article_id": article.article_id, **name, **made_by} for article, names in readings for name in names]


def _named(entity: FoundEntity) -> dict[str, Any]:
    return dict(zip(NAMES, (entity.label, entity.name, list(entity.surface_forms), entity.mentions), strict=True))


def _row(key: str, article: ArticleText, names: list[dict[str, Any]], finder: EntityFinder) -> dict[str, Any]:
    return {
        "reading_id": key,
        "article_id": article.article_id,
        "not_read_reason": finder.reason_not_read(article),
        "names": json.dumps(names, ensure_ascii=False, sort_keys=True),
        "model_id": finder.model_id,
        "model_revision": finder.model_revision,
        "code_version": CODE_VERSION,
    }
