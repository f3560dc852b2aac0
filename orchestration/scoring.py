"""Which posts are scored and with what: rows of ml.tweet_sentiment and of its candidates. Loads no Dagster."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ml_assets.sentiment import CODE_VERSION, NOT_SCORED, Scorer
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever, in_window
from orchestration.warehouse.tables import TWEET_SENTIMENT, TWEET_SENTIMENT_CANDIDATES
from orchestration.windows import HOUR, Window

REPOST = "repost"
# Posts held and landed at once, 20 MB of rows: what a kill costs is their scoring, 25 to 100 s.
LARGEST_CHUNK = 10_000
SCORED_AT_ONCE = 2_000
SCORES = ("sentiment_label", "not_scored_reason", "p_negative", "p_neutral", "p_positive")
POSTS = "intermediate.int_tweets_cleaned"


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


def posts_by_hour(warehouse: Warehouse, window: Window, campaign_id: str | None = None) -> dict[Any, int]:
    """Posts by the start of their hour, of all campaigns; of one campaign its originals."""
    rows = warehouse.query(
        f"""
        select timestamp_trunc(created_at, hour) as hour, count(*) as posts
        from {warehouse.qualified(POSTS)} where {_posts_of(window, campaign_id)} group by hour
        """,
        **_named(campaign_id),
    )
    return {row["hour"]: row["posts"] for row in rows}


def posts_in(warehouse: Warehouse, window: Window, campaign_id: str | None = None) -> list[dict[str, Any]]:
    """Posts of all campaigns; of one campaign its originals. What `score_rows` wants of each."""
    return warehouse.query(
        f"""
        select campaign_id, tweet_id, created_at, lang, is_repost, text
        from {warehouse.qualified(POSTS)} where {_posts_of(window, campaign_id)}
        """,
        **_named(campaign_id),
    )


def hours_of(warehouse: Warehouse, campaign_id: str) -> Window | None:
    """From the first to the last hour with a post of the campaign; None without posts."""
    (found,) = warehouse.query(
        f"""
        select min(created_at) as first, max(created_at) as last
        from {warehouse.qualified(POSTS)} where {ever("created_at", "TIMESTAMP")} and campaign_id = @campaign
        """,
        campaign=campaign_id,
    )
    return Window(Window.hour_of(found["first"]).start, Window.hour_of(found["last"]).start + HOUR) if found["first"] else None


def known_scores(warehouse: Warehouse, window: Window, scorer: Scorer) -> dict[str, dict[str, Any]]:
    """Scores of the same model, revision and code by text hash, of posts of the window: no text is scored twice.

    A candidate's count too, so that what was compared is promoted without being scored again. Those in use come first.
    """
    bounds = f"{_in(window)} and model_id = @model and model_revision = @revision and code_version = @code"
    rows = warehouse.query(
        f"""
        select distinct 0 as in_use, text_hash, {', '.join(SCORES)}
        from {warehouse.qualified(TWEET_SENTIMENT_CANDIDATES)} where {bounds}
        union all
        select distinct 1 as in_use, text_hash, {', '.join(SCORES)}
        from {warehouse.qualified(TWEET_SENTIMENT)} where {bounds} and coalesce(not_scored_reason, '') != '{REPOST}'
        order by in_use
        """,
        model=scorer.model_id,
        revision=scorer.model_revision,
        code=CODE_VERSION,
    )
    return {row["text_hash"]: {name: row[name] for name in SCORES} for row in rows}


def answers_in(warehouse: Warehouse, window: Window) -> int:
    """Rows of `ml.tweet_sentiment` in the window."""
    return warehouse.query(f"select count(*) as answers from {warehouse.qualified(TWEET_SENTIMENT)} where {_in(window)}")[0]["answers"]


def _posts_of(window: Window, campaign_id: str | None) -> str:
    return _in(window) + (" and campaign_id = @campaign and not is_repost" if campaign_id else "")


def _named(campaign_id: str | None) -> dict[str, str]:
    return {"campaign": campaign_id} if campaign_id else {}


def _in(window: Window) -> str:
    return " and ".join(in_window("created_at", window))
