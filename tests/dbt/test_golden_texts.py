"""The text rules on posts worked out by hand (`golden/texts.yml`): one wrong column of one post names the rule that broke."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from orchestration.dbt import runner
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import TWEETS
from orchestration.windows import Window
from tests.dbt.conftest import HOUR

POSTS = yaml.safe_load((Path(__file__).parent / "golden" / "texts.yml").read_text(encoding="utf-8"))
CAMPAIGN = "golden"
MODELS = ("stop_words", "int_tweets_deduplicated", "int_tweet_engagement", "int_tweets_cleaned", "int_tweet_terms")


def row_of(number: int, post: dict) -> dict:
    tweet_id = post.get("id", str(number))
    repost_of = post.get("repost_of")
    return {
        "campaign_id": CAMPAIGN,
        "tweet_id": tweet_id,
        "root_id": tweet_id,
        "created_at": HOUR.start + timedelta(minutes=post.get("at", 30), seconds=number % 60),
        "author_key": f"author {number}",
        "text": post["text"],
        "lang": post.get("lang", "en"),
        "kind": "repost" if repost_of else "original",
        "is_repost": repost_of is not None,
        "referenced_id": repost_of,
        "id_is_exact": True,
        "source": "sample",
    }


def expected_of(post: dict) -> dict:
    shown = post.get("shown", post["text"])
    clean = post.get("clean", shown)
    return {
        "text_shown": shown,
        "text_clean": clean,
        "text_without_hashtags": post.get("bare", clean),
        "emojis": post.get("emojis", []),
        "language": post.get("language", post.get("lang", "en")),
        "is_truncated": post.get("cut", False),
        "text_hash": post["compared"] and hashlib.md5(post["compared"].encode(), usedforsecurity=False).hexdigest(),
        "words": post["words"],
        "bigrams": post["bigrams"],
    }


@pytest.fixture(scope="module")
def answers(empty_project):
    """Answer of the models for each post, by the name of its case; the warehouse is left as it was."""
    warehouse = Warehouse(empty_project)
    window = Window(HOUR.start - timedelta(hours=1), HOUR.end)
    rows = [row_of(number, post) for number, post in enumerate(POSTS)]
    warehouse.replace_window(TWEETS, window, rows, run_id="golden", scope={"campaign_id": [CAMPAIGN]})
    run = runner.run_command(empty_project, "golden texts", HOUR, runner.MODELS_ALONE, ["--select", *MODELS])
    run.raise_failures()
    found = warehouse.query(
        """
        select c.tweet_id, c.text_shown, c.text_clean, c.text_without_hashtags, c.emojis, c.language, c.is_truncated, c.text_hash,
            t.words, t.bigrams
        from intermediate.int_tweets_cleaned as c
        join intermediate.int_tweet_terms as t on c.campaign_id = t.campaign_id and c.tweet_id = t.tweet_id
        where c.campaign_id = @campaign
        """,
        campaign=CAMPAIGN,
    )
    by_id = {row.pop("tweet_id"): row for row in found}
    yield {post["case"]: by_id[row["tweet_id"]] for post, row in zip(POSTS, rows, strict=True)}
    for table in ("raw.tweets", "intermediate.int_tweets_deduplicated", "intermediate.int_tweet_engagement", *(f"intermediate.{name}" for name in MODELS[-2:])):
        warehouse.execute(f"delete from {warehouse.qualified(table)} where campaign_id = '{CAMPAIGN}'")


def test_there_are_sixty_cases_and_no_two_of_one_name():
    assert len({post["case"] for post in POSTS}) == len(POSTS) >= 60


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post["case"])
def test_the_text_rules_say_of_each_post_what_a_person_says(answers, post):
    assert answers[post["case"]] == expected_of(post)
