"""ml/article_entities: organisations, places and people named in the articles of the peaks."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from ml_assets.entities import CODE_VERSION, ArticleText, EntityFinder
from orchestration.assets.models import ENTITIES_KEY, entity_finder
from orchestration.progress import report
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.tables import ARTICLE_ENTITIES, NEWS_ARTICLES

READ_AT_ONCE = 50


@dg.asset(
    key=["ml", "article_entities"],
    deps=[["raw", "news_articles"], ENTITIES_KEY],
    group_name="news",
    kinds={"python", "spacy"},
    owners=["team:data-platform"],
    code_version=CODE_VERSION,
    pool="warehouse",
    check_specs=[
        dg.AssetCheckSpec(
            "every_entity_has_its_article",
            asset=["ml", "article_entities"],
            blocking=True,
            description="No name without the article that mentions it.",
        ),
    ],
)
def article_entities(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
    """One row per article and distinct name, aliases merged; articles in other languages have none."""
    settings, opened = Settings(), warehouse.open()
    finder = entity_finder(settings)
    articles = opened.query(f"""
        select article_id, any_value(title) as title, any_value(description) as description, any_value(content) as content,
            any_value(language) as language, any_value(source_name) as source_name
        from {opened.qualified(NEWS_ARTICLES)}
        group by article_id
        order by article_id
    """)
    rows = entity_rows(articles, finder)
    result = opened.replace_all(ARTICLE_ENTITIES, rows, run_id=context.run_id)
    orphans = opened.query(f"""
        select count(*) as orphans from {opened.qualified(ARTICLE_ENTITIES)}
        where article_id not in (select article_id from {opened.qualified(NEWS_ARTICLES)})
    """)[0]["orphans"]
    return dg.MaterializeResult(
        metadata={"articles": len(articles), "entities": len(rows), "changed": result.changed},
        check_results=[dg.AssetCheckResult(passed=orphans == 0, metadata={"orphans": orphans})],
    )


def entity_rows(articles: Sequence[Mapping[str, Any]], finder: EntityFinder) -> list[dict[str, Any]]:
    """Rows of `ml.article_entities`."""
    rows = []
    for start in range(0, len(articles), READ_AT_ONCE):
        part = [ArticleText(**article) for article in articles[start : start + READ_AT_ONCE]]
        rows += [
            {
                "article_id": found.article_id,
                "entity_label": found.label,
                "entity_name": found.name,
                "surface_forms": list(found.surface_forms),
                "mentions": found.mentions,
                "model_id": finder.model_id,
                "model_revision": finder.model_revision,
                "code_version": CODE_VERSION,
            }
            for found in finder.find(part)
        ]
        report("entities", start + len(part), len(articles), "articles")
    return rows
