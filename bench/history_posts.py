"""A made-up day of a busy campaign: posts, their scores and the ledger of their hours, the same for the same day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from bench.sentiment import generated_posts
from orchestration.windows import HOUR

CAMPAIGN = "history"
# Share of a day's posts by UTC hour, as X shows it for an English campaign: quiet before dawn, two waves.
BY_HOUR = (5, 5, 4, 3, 2, 2, 2, 2, 3, 3, 4, 4, 5, 6, 7, 7, 7, 6, 5, 5, 5, 5, 5, 5)
HASHTAGS, AUTHORS = 400, 12_000
REPOSTS = 0.4


@dataclass(frozen=True)
class Day:
    """Rows of raw.tweets, ml.tweet_sentiment and raw.capture_ledger."""

    posts: list[dict[str, Any]]
    sentiment: list[dict[str, Any]]
    ledger: list[dict[str, Any]]


def day_of_posts(start: datetime, posts: int) -> Day:
    rng = random.Random(f"{start:%Y-%m-%d}")
    texts = generated_posts(seed=start.toordinal())
    made, ledger = [], []
    for number, share in enumerate(BY_HOUR):
        hour = start + number * HOUR
        count = round(posts * share / sum(BY_HOUR))
        made += _posts(rng, hour, list(islice(texts, count)))
        ledger.append({"campaign_id": CAMPAIGN, "hour": hour, "source": "archive", "capture_mode": "file", "captured": count, "counted": count, "capped": False, "hourly_cap": 10_000, "observations": count, "ids_exact": True})
    return Day(made, [_scored(rng, post) for post in made], ledger)


def _posts(rng: random.Random, hour: datetime, texts: list[str]) -> Iterator[dict[str, Any]]:
    for number, text in enumerate(texts):
        is_repost = rng.random() < REPOSTS
        # Few hashtags and authors are most of it: squares of a uniform number lean to the small ones.
        tags = list(dict.fromkeys(f"tag{int(rng.random() ** 3 * HASHTAGS)}" for _ in range(rng.choice((0, 1, 1, 2, 3)))))
        author = int(rng.random() ** 2 * AUTHORS)
        body = f"{text} {' '.join('#' + tag for tag in tags)}".strip()
        post_id = f"{hour:%Y%m%d%H}{number:06d}"
        yield {
            "campaign_id": CAMPAIGN,
            "tweet_id": post_id,
            "root_id": post_id,
            "created_at": hour + timedelta(seconds=rng.randrange(3600)),
            "observed_at": hour + timedelta(hours=30),
            "author_key": f"{author:032x}",
            "author_followers": rng.randrange(5_000),
            "lang": "en",
            "text": f"RT @someone{author % 50}: {body}" if is_repost else body,
            "hashtags": tags,
            "kind": "repost" if is_repost else "original",
            "is_repost": is_repost,
            "like_count": int(rng.paretovariate(1.2)) - 1,
            "reply_count": rng.randrange(4),
            "quote_count": rng.randrange(2),
            "repost_count": int(rng.paretovariate(1.5)) - 1,
            "impression_count": rng.randrange(100, 50_000),
            "id_is_exact": True,
            "source": "archive",
            "source_ref": f"history.csv:{number}",
            "raw_record": "{}",
        }


def _scored(rng: random.Random, post: dict[str, Any]) -> dict[str, Any]:
    row = {key: post[key] for key in ("campaign_id", "tweet_id", "created_at")}
    row |= {"text_hash": post["tweet_id"], "model_id": "made-up", "model_revision": "1", "code_version": "1"}
    if post["is_repost"]:
        return row | {"sentiment_label": "not_scored", "not_scored_reason": "repost"}
    shares = [rng.random() for _ in range(3)]
    labels = dict(zip(("negative", "neutral", "positive"), (share / sum(shares) for share in shares)))
    return row | {"sentiment_label": max(labels, key=labels.get), **{f"p_{label}": p for label, p in labels.items()}}
