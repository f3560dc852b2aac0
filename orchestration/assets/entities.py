"""ml/article_entities: organisations, places and people named in the articles of the peaks."""

from typing import Any

import dagster as dg

from ml_assets.entities import CODE_VERSION
from orchestration.assets.models import ENTITIES_KEY, entity_finder
from orchestration.progress import report
from orchestration.readings import articles_in, entity_rows, known_readings, read_articles
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.tables import ARTICLE_ENTITIES, ARTICLE_READINGS, NEWS_ARTICLES


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
    finder, articles = entity_finder(settings), articles_in(opened)
    known, landed = known_readings(opened, finder), 0

    def store(rows: list[dict[str, Any]]) -> None:
        nonlocal landed
        opened.add(ARTICLE_READINGS, rows, run_id=context.run_id)
        landed += len(rows)
        report("entities", landed, len(articles), "articles")

    readings = list(read_articles(articles, known, finder, store))
    report("entities", len(articles), len(articles), "articles")
    rows = entity_rows(readings, finder)
    result = opened.replace_all(ARTICLE_ENTITIES, rows, run_id=context.run_id)
    orphans = opened.query(f"""
        select count(*) as orphans from {opened.qualified(ARTICLE_ENTITIES)}
        where article_id not in (select article_id from {opened.qualified(NEWS_ARTICLES)})
    """)[0]["orphans"]
    return dg.MaterializeResult(
        metadata={"articles": len(articles), "read": landed, "entities": len(rows), "changed": result.changed},
        check_results=[dg.AssetCheckResult(passed=orphans == 0, metadata={"orphans": orphans})],
    )
