"""ml/tweet_sentiment: the sentiment of each post of the window, or why it has none."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg

from ml_assets.sentiment import CODE_VERSION, NOT_SCORED, Scorer
from orchestration.assets.models import SENTIMENT_KEY, sentiment_scorer
from orchestration.partitions import HOUR_RANGES, HOURLY, window_of
from orchestration.progress import report
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import TWEET_SENTIMENT
from orchestration.windows import HOUR, Window

REPOST = "repost"
# Posts held at once: about 100 MB of rows.
LARGEST_CHUNK = 50_000
SCORED_AT_ONCE = 2_000
SCORES = ("sentiment_label", "not_scored_reason", "p_negative", "p_neutral", "p_positive")
POSTS = "intermediate.int_tweets_cleaned"


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
    ],
)
def tweet_sentiment(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
    """Label, three probabilities, model and revision for each post; a text scored before by the same model keeps its scores."""
    settings, opened = Settings(), warehouse.open()
    # dbt writes the hour before as well: a later version of a post can take the place of one there.
    window = window_of(context).padded(before=HOUR)
    scorer = sentiment_scorer(settings)
    total = {"posts": 0, "scored": 0, "reused": 0, "changed": 0}
    chunks = chunks_of(window, _hourly_counts(opened, window))
    expected = sum(count for _, count in chunks)
    for chunk, _ in chunks:
        posts = _posts(opened, chunk)
        known = _known(opened, chunk, scorer) if posts else {}
        rows = []
        for start in range(0, len(posts), SCORED_AT_ONCE):
            part = posts[start : start + SCORED_AT_ONCE]
            rows += score_rows(part, known, scorer, settings.sentiment_languages)
            report("sentiment", total["posts"] + start + len(part), expected, "posts")
        result = opened.replace_window(TWEET_SENTIMENT, chunk, rows, run_id=context.run_id)
        total["posts"] += len(rows)
        total["scored"] += sum(row["sentiment_label"] != NOT_SCORED for row in rows)
        total["reused"] += sum(row["text_hash"] in known for row in rows)
        total["changed"] += result.changed
    stored = _stored(opened, window)
    return dg.MaterializeResult(
        metadata={**total, "model": scorer.model_id, "revision": scorer.model_revision},
        check_results=[
            dg.AssetCheckResult(passed=stored == total["posts"] == expected, metadata={"posts": expected, "answers": stored})
        ],
    )


def score_rows(
    posts: Iterable[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]], scorer: Scorer, languages: str = "en"
) -> Iterator[dict[str, Any]]:
    """Rows of `ml.tweet_sentiment`. `known` maps text hashes to scores of the same model, so that they are not made again.

    A repost has no sentiment of its own: it repeats another's words.
    """
    posts = list(posts)
    hashes = [text_hash(post["text"], post["lang"], languages) for post in posts]
    fresh = [row for row, post in enumerate(posts) if not post["is_repost"] and hashes[row] not in known]
    scores = scorer.score([posts[row]["text"] for row in fresh], [posts[row]["lang"] for row in fresh])
    made = {
        hashes[row]: {
            "sentiment_label": score.label,
            "not_scored_reason": score.reason,
            "p_negative": score.p_negative,
            "p_neutral": score.p_neutral,
            "p_positive": score.p_positive,
        }
        for row, score in zip(fresh, scores, strict=True)
    }
    for post, hashed in zip(posts, hashes, strict=True):
        none = {"sentiment_label": NOT_SCORED, "not_scored_reason": REPOST}
        yield {
            "campaign_id": post["campaign_id"],
            "tweet_id": post["tweet_id"],
            "created_at": post["created_at"],
            "text_hash": hashed,
            "model_id": scorer.model_id,
            "model_revision": scorer.model_revision,
            "code_version": CODE_VERSION,
            **(none if post["is_repost"] else known.get(hashed) or made[hashed]),
        }


def text_hash(text: str, lang: str | None, languages: str = "en") -> str:
    """32 hex digits of SHA-256 over what the score depends on besides the model: text, its language, those asked for."""
    return hashlib.sha256(f"{languages}\x1f{lang or ''}\x1f{text}".encode("utf-8", "replace")).hexdigest()[:32]


def chunks_of(window: Window, counts: Mapping[Any, int], largest: int = LARGEST_CHUNK) -> list[tuple[Window, int]]:
    """The window in parts of whole hours with at most `largest` posts each (an hour with more stands alone), with their counts."""
    chunks: list[tuple[Window, int]] = []
    start, held, end = window.start, 0, window.start
    for hour in window.hours():
        count = counts.get(hour.start, 0)
        if held and held + count > largest:
            chunks.append((Window(start, end), held))
            start, held = end, 0
        held, end = held + count, hour.end
    return [*chunks, (Window(start, window.end), held)]


def _hourly_counts(warehouse: Warehouse, window: Window) -> dict[Any, int]:
    rows = warehouse.query(f"""
        select timestamp_trunc(created_at, hour) as hour, count(*) as posts
        from {warehouse.qualified(POSTS)} where {_in(window)} group by hour
    """)
    return {row["hour"]: row["posts"] for row in rows}


def _posts(warehouse: Warehouse, window: Window) -> list[dict[str, Any]]:
    return warehouse.query(f"""
        select campaign_id, tweet_id, created_at, lang, is_repost, text
        from {warehouse.qualified(POSTS)} where {_in(window)}
    """)


def _known(warehouse: Warehouse, window: Window, scorer: Scorer) -> dict[str, dict[str, Any]]:
    rows = warehouse.query(
        f"""
        select distinct text_hash, {', '.join(SCORES)}
        from {warehouse.qualified(TWEET_SENTIMENT)}
        where {_in(window)} and coalesce(not_scored_reason, '') != '{REPOST}'
            and model_id = @model and model_revision = @revision and code_version = @code
        """,
        model=scorer.model_id,
        revision=scorer.model_revision,
        code=CODE_VERSION,
    )
    return {row["text_hash"]: {name: row[name] for name in SCORES} for row in rows}


def _stored(warehouse: Warehouse, window: Window) -> int:
    return warehouse.query(f"select count(*) as answers from {warehouse.qualified(TWEET_SENTIMENT)} where {_in(window)}")[0]["answers"]


def _in(window: Window) -> str:
    return " and ".join(in_window("created_at", window))
