"""ml/tweet_sentiment: the sentiment of each post of the window, or why it has none."""

from typing import Any

import dagster as dg

from ml_assets.sentiment import CODE_VERSION, NOT_SCORED
from orchestration.assets.models import SENTIMENT_KEY, sentiment_scorer
from orchestration.checks.drift import SENTIMENT_DRIFT, check_drift
from orchestration.partitions import HOUR_RANGES, HOURLY, window_of
from orchestration.progress import report
from orchestration.resources.warehouse import WarehouseResource
from orchestration.scoring import (
    SCORED_AT_ONCE,
    answers_in,
    chunks_of,
    known_scores,
    posts_by_hour,
    posts_in,
    score_rows,
)
from orchestration.settings import Settings
from orchestration.warehouse.tables import TWEET_SENTIMENT
from orchestration.windows import HOUR


@dg.asset(
    key=["ml", "tweet_sentiment"],
    deps=[["intermediate", "int_tweets_cleaned"], SENTIMENT_KEY],
    group_name="sentiment",
    kinds={"python", "huggingface", "pytorch"},
    owners=["team:data-platform"],
    code_version=CODE_VERSION,
    partitions_def=HOURLY,
    backfill_policy=HOUR_RANGES,
    pool="warehouse",
    check_specs=[
        dg.AssetCheckSpec(
            "every_post_has_one_answer",
            asset=["ml", "tweet_sentiment"],
            blocking=True,
            description="Each post of the window has one row: a label, or the reason why there is none.",
        ),
        SENTIMENT_DRIFT,
    ],
)
def tweet_sentiment(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
    """Label, three probabilities, model and revision for each post; a text scored before by the same model keeps its scores."""
    settings, opened = Settings(), warehouse.open()
    # dbt writes the hour before as well: a later version of a post can take the place of one there.
    window = window_of(context).padded(before=HOUR)
    scorer = sentiment_scorer(settings)
    total = {"posts": 0, "scored": 0, "reused": 0, "changed": 0}
    chunks = chunks_of(window, posts_by_hour(opened, window))
    expected = sum(count for _, count in chunks)
    for chunk, _ in chunks:
        posts = posts_in(opened, chunk)
        known = known_scores(opened, chunk, scorer) if posts else {}
        rows: list[dict[str, Any]] = []
        for start in range(0, len(posts), SCORED_AT_ONCE):
            part = posts[start : start + SCORED_AT_ONCE]
            rows += score_rows(part, known, scorer, settings.sentiment_languages)
            report("sentiment", total["posts"] + start + len(part), expected, "posts")
        result = opened.replace_window(TWEET_SENTIMENT, chunk, rows, run_id=context.run_id)
        total["posts"] += len(rows)
        total["scored"] += sum(row["sentiment_label"] != NOT_SCORED for row in rows)
        total["reused"] += sum(row["text_hash"] in known for row in rows)
        total["changed"] += result.changed
    stored = answers_in(opened, window)
    return dg.MaterializeResult(
        metadata={**total, "model": scorer.model_id, "revision": scorer.model_revision},
        check_results=[
            dg.AssetCheckResult(
                check_name="every_post_has_one_answer", passed=stored == total["posts"] == expected, metadata={"posts": expected, "answers": stored}
            ),
            check_drift(opened, scorer, window),
        ],
    )
