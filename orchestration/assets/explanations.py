"""ml/peak_explanations and ml/article_evidence: which news explains each day that wants an explanation."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ml_assets.explanations import CODE_VERSION
from ml_assets.explanations.rules import FEWEST_PLACEBO_DAYS
from orchestration import explaining
from orchestration.progress import report
from orchestration.resources.warehouse import WarehouseResource
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import ARTICLE_EVIDENCE, NEWS_ARTICLES, PEAK_EXPLANATIONS

OWNERS = ["team:data-platform"]
EXPLANATIONS_KEY, EVIDENCE_KEY = ["ml", "peak_explanations"], ["ml", "article_evidence"]
DEPS = [
    ["marts", "peak_days"],
    ["marts", "tweets"],
    ["marts", "campaigns"],
    ["raw", "news_articles"],
    ["raw", "news_requests"],
    ["ml", "article_entities"],
]


@dg.multi_asset(
    name="peak_explanations",
    specs=[
        dg.AssetSpec(
            EXPLANATIONS_KEY,
            deps=DEPS,
            description="The best story of each day that wants an explanation, and how many ordinary days fit the same news less well.",
            kinds={"python", "numpy"},
            owners=OWNERS,
            code_version=CODE_VERSION,
        ),
        dg.AssetSpec(
            EVIDENCE_KEY,
            deps=DEPS,
            description="What speaks for each article of such a day: shared names and words with their places, likeness, time, publications.",
            kinds={"python", "numpy"},
            owners=OWNERS,
            code_version=CODE_VERSION,
        ),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "every_peak_has_a_verdict",
            asset=EXPLANATIONS_KEY,
            blocking=True,
            description="Each day of marts.peak_days is explained or says why not; a confidence is a share, and there is none without five ordinary days.",
        ),
        dg.AssetCheckSpec(
            "every_evidence_has_its_article",
            asset=EVIDENCE_KEY,
            blocking=True,
            description="No evidence of an article that is not stored for the day.",
        ),
    ],
    group_name="news",
    pool="warehouse",
)
def peak_explanations(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Explains the days whose posts, articles or neighbours have changed, and keeps the others as they are."""
    opened = warehouse.open()
    campaigns = explaining.asked_for(opened)
    explained = kept = evidence = 0
    for number, asked in enumerate(campaigns):
        report("explanations", number, len(campaigns), "campaigns")
        new, old, articles = explain_campaign(opened, asked, context.run_id)
        explained, kept, evidence = explained + new, kept + old, evidence + articles
    report("explanations", len(campaigns), len(campaigns), "campaigns")
    drop_campaigns_without_peaks(opened, {asked.campaign_id for asked in campaigns}, context.run_id)
    yield dg.MaterializeResult(
        asset_key=EXPLANATIONS_KEY, metadata={"explained": explained, "unchanged": kept}, check_results=[_check_verdicts(opened)]
    )
    yield dg.MaterializeResult(asset_key=EVIDENCE_KEY, metadata={"articles": evidence}, check_results=[_check_evidence(opened)])


def explain_campaign(warehouse: Warehouse, asked: explaining.Asked, run_id: str) -> tuple[int, int, int]:
    """(peaks explained now, peaks left as they were, rows of evidence). Posts are read only when something has changed."""
    found, states = explaining.found_for(warehouse, asked), explaining.states_of_days(warehouse, asked)
    known, evidence = explaining.stored(warehouse, asked.campaign_id)
    hashes = {peak: explaining.input_hash(asked, found, states, peak) for peak in asked.peaks}
    stale = [peak for peak in asked.peaks if peak not in known or known[peak]["input_hash"] != hashes[peak]]
    fresh = [peak for peak in asked.peaks if peak not in stale]
    rows, articles = [known[peak] for peak in fresh], [row for peak in fresh for row in evidence.get(peak, [])]
    if stale:
        for peak, explanation in explaining.explain_peaks(warehouse, asked, found, stale).items():
            row, of_articles = explaining.rows_of(asked.campaign_id, peak, explanation, hashes[peak])
            rows.append(row)
            articles += of_articles
    scope = {"campaign_id": [asked.campaign_id]}
    if stale or len(fresh) < len(known):
        # Evidence first: a kill between the two leaves the explanation's old hash, and both are made again.
        warehouse.replace_all(ARTICLE_EVIDENCE, articles, run_id=run_id, scope=scope)
        warehouse.replace_all(PEAK_EXPLANATIONS, rows, run_id=run_id, scope=scope)
    return len(stale), len(fresh), len(articles)


def drop_campaigns_without_peaks(warehouse: Warehouse, campaigns: set[str], run_id: str) -> None:
    rows = warehouse.query(f"select distinct campaign_id from {warehouse.qualified(PEAK_EXPLANATIONS)}")
    if gone := sorted({row["campaign_id"] for row in rows} - campaigns):
        for table in (ARTICLE_EVIDENCE, PEAK_EXPLANATIONS):
            warehouse.replace_all(table, [], run_id=run_id, scope={"campaign_id": gone})


def _check_verdicts(warehouse: Warehouse) -> dg.AssetCheckResult:
    (found,) = warehouse.query(f"""
        select count(*) as peaks, countif(e.verdict is null) as without_verdict,
            countif(e.confidence not between 0 and 1 or (e.confidence is not null and e.placebo_days < {FEWEST_PLACEBO_DAYS})) as impossible
        from {warehouse.qualified(explaining.PEAKS)} as p
        left join {warehouse.qualified(PEAK_EXPLANATIONS)} as e
            on p.campaign_id = e.campaign_id and p.hashtag = e.hashtag and p.peak_day = e.peak_day
    """)
    passed = not found["without_verdict"] and not found["impossible"]
    return dg.AssetCheckResult(asset_key=EXPLANATIONS_KEY, check_name="every_peak_has_a_verdict", passed=passed, metadata=found)


def _check_evidence(warehouse: Warehouse) -> dg.AssetCheckResult:
    (found,) = warehouse.query(f"""
        select count(*) as evidence, countif(a.article_id is null) as without_article
        from {warehouse.qualified(ARTICLE_EVIDENCE)} as e
        left join {warehouse.qualified(NEWS_ARTICLES)} as a
            on e.campaign_id = a.campaign_id and e.hashtag = a.hashtag and e.peak_day = a.peak_day and e.article_id = a.article_id
    """)
    return dg.AssetCheckResult(
        asset_key=EVIDENCE_KEY, check_name="every_evidence_has_its_article", passed=not found["without_article"], metadata=found
    )
