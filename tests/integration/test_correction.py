"""A team's labels reach the marts: imported, applied by `pulse label --apply`, and the shares move to what people say."""

import csv
import json

import pytest

# A home of its own and two runs of the pipeline.
pytestmark = pytest.mark.full

POSTS = 240
MOODS = ("i love it, what a wonderful day", "it broke again, i hate this", "the shop opens at nine")


@pytest.fixture(scope="module")
def home(make_home, tmp_path_factory):
    """A campaign of 240 scored posts in two hours."""
    home, archive = make_home("correction"), tmp_path_factory.mktemp("correction") / "posts.jsonl"
    posts = [
        {
            "id": str(1_900_000_000_000_000_000 + number),
            "text": f"{MOODS[number % 3]} {number} #One",
            "created_at": f"2025-06-01T{number // 120:02}:{number % 60:02}:{number % 50:02}.000Z",
            "author_id": str(number),
            "lang": "en",
            "public_metrics": {"like_count": 1},
        }
        for number in range(POSTS)
    ]
    archive.write_text("\n".join(map(json.dumps, posts)), encoding="utf-8")
    home.pulse("campaigns", "add", "trial", "--name", "Trial", "--hashtags", "one")
    home.pulse(
        "run",
        "--campaign",
        "trial",
        "--from",
        "2025-06-01T00:00Z",
        "--to",
        "2025-06-01T01:59Z",
        "--archive",
        str(archive),
    )
    return home


def days(home):
    return home.query("""
        select scored, negative, positive, negative_share, corrected_negative, corrected_negative_low, corrected_negative_high
        from marts.sentiment_daily where campaign_id = 'trial' and hashtag = '*' and day >= date '2006-03-21'
    """)


@pytest.mark.slow
def test_applied_labels_correct_the_days_and_fewer_than_two_hundred_do_not(home, tmp_path):
    """People call every third post that the model calls positive negative: the corrected share of negative posts must hold that many."""
    labelled = home.query(
        "select tweet_id, sentiment_label from ml.tweet_sentiment where campaign_id = 'trial' and sentiment_label != 'not_scored' order by tweet_id"
    )
    assert len(labelled) == POSTS
    positive = [row["tweet_id"] for row in labelled if row["sentiment_label"] == "positive"][::3]
    said = {
        row["tweet_id"]: "negative" if row["tweet_id"] in set(positive) else row["sentiment_label"] for row in labelled
    }

    def import_labels(ids):
        file = tmp_path / "labels.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([("tweet_id", "label"), *((each, said[each]) for each in ids)])
        return home.pulse("label", "trial", "--as", "ann", "--from", str(file))

    ids = sorted(said)
    assert "not corrected: 199 posts are labelled and 200 are needed" in import_labels(ids[:199])
    assert "not corrected" in home.pulse("label", "trial", "--apply")
    assert [row["corrected_negative"] for row in days(home)] == [None]
    assert "The shares can be corrected" in import_labels(ids)
    assert "corrected." in home.pulse("label", "trial", "--apply")
    (day,) = days(home)
    truth = sum(label == "negative" for label in said.values()) / POSTS
    assert day["negative_share"] < truth - 0.05
    assert day["corrected_negative"] == pytest.approx(truth, abs=0.02)
    assert day["corrected_negative_low"] <= truth <= day["corrected_negative_high"]
