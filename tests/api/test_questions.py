"""The API's own questions on a warehouse: small marts made by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.api.answers import span
from app.api.filters import Filters
from app.api.posts import Order, decoded, encoded
from app.api.questions import Questions
from app.api.views import rows_of

START = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
OPEN = span(None, None)
# Post n is 20 minutes after post n - 1; every third has the engagement of the one before, every fifth is a repost, every seventh of the other hashtag.
POSTS = 40


def post(number: int) -> str:
    at = START + timedelta(minutes=20 * (number - number % 3 % 2))
    engagement = "cast(null as int64)" if number % 5 == 0 else number // 3
    day = (at - timedelta(hours=5)).date()
    return (
        f"select 'one' as campaign_id, '{1000 + number}' as tweet_id, timestamp '{at:%Y-%m-%d %H:%M:%S}+00' as created_at, date '{day}' as day, "
        f"'{'repost' if number % 5 == 0 else 'original'}' as kind, {str(number % 5 == 0).lower()} as is_repost, 'en' as lang, 'text {number}' as text, "
        f"['{'a' if number % 7 else 'b'}'] as hashtags, {engagement} as engagement, 'observed' as engagement_state, 24.5 as engagement_age_hours, 1 as like_count, "
        f"0 as reply_count, 0 as quote_count, 0 as repost_count, '{'negative' if number % 2 else 'positive'}' as sentiment_label, "
        "cast(null as string) as not_scored_reason, 0.1 as p_negative, 0.1 as p_neutral, 0.8 as p_positive, 'm' as model_id, '1' as model_revision, "
        "'sample' as source, 'run' as run_id, 'author' as author_key"
    )


@pytest.fixture(scope="module")
def questions(warehouse):
    warehouse.execute("CREATE SCHEMA IF NOT EXISTS marts")
    warehouse.execute(f"CREATE OR REPLACE TABLE marts.tweets AS {' union all '.join(map(post, range(POSTS)))}")
    hours = " union all ".join(
        f"select 'one' as campaign_id, timestamp '2026-03-0{day} 0{hour}:00:00+00' as hour, 'sample' as source, 4 as captured, 5 as counted, 0.8 as coverage, "
        f"false as capped, 10 as hourly_cap, true as ids_exact, 'n' as notes, 'run' as run_id, timestamp '2026-03-07 0{hour}:00:00.000250+00' as loaded_at"
        for day in (5, 6) for hour in (4, 5)
    )  # fmt: skip
    warehouse.execute(f"CREATE OR REPLACE TABLE marts.capture_coverage AS {hours}")
    warehouse.execute(
        "CREATE OR REPLACE TABLE marts.word_frequencies_daily AS select 'one' as campaign_id, '*' as hashtag, date '2026-03-05' as day, 'boots' as word, 3 as posts union all select 'one', '*', date '2026-03-06', 'boots', 4"
    )
    warehouse.execute(
        "CREATE OR REPLACE TABLE marts.authors_daily AS select campaign_id, '*' as hashtag, day, author_key, countif(not is_repost and sentiment_label = 'negative') "
        "as negative, 0 as neutral, countif(not is_repost and sentiment_label = 'positive') as positive from marts.tweets group by campaign_id, day, author_key"
    )
    yield Questions(warehouse)
    for table in ("tweets", "capture_coverage", "word_frequencies_daily", "authors_daily"):
        warehouse.execute(f"DROP TABLE IF EXISTS marts.{table}")


def walked(questions, by: Order, hashtag: str = "*", limit: int = 7, days=OPEN) -> list[dict]:
    """Every post, a page at a time, through the cursor as it is sent."""
    asked, after, found = Filters("one", hashtag), None, []
    while True:
        page = rows_of(questions.posts("one", hashtag, by.order, by.label, limit, *days, after))
        found += page
        if len(page) < limit:
            return found
        after = decoded(encoded(page[-1], asked, by), asked, by)


def test_pages_by_engagement_hold_each_known_original_once_in_the_order_of_top_posts(questions):
    found = walked(questions, Order("engagement"))
    assert sorted(row["tweet_id"] for row in found) == [str(1000 + number) for number in range(POSTS) if number % 5]
    assert found == sorted(found, key=lambda row: (-row["engagement"], row["created_at"], row["tweet_id"]))
    assert len({row["engagement"] for row in found}) < len(found), "there are ties, also over the end of a page"


def test_pages_of_the_newest_hold_every_post_once_reposts_too(questions):
    found = walked(questions, Order("newest"))
    assert len(found) == len({row["tweet_id"] for row in found}) == POSTS
    assert found == sorted(sorted(found, key=lambda row: row["tweet_id"]), key=lambda row: row["created_at"], reverse=True)


@pytest.mark.parametrize("order", ["engagement", "newest"])
def test_posts_are_those_of_the_label_the_hashtag_and_the_days(questions, order):
    assert {row["sentiment_label"] for row in walked(questions, Order(order, "negative"))} == {"negative"}
    of_b = walked(questions, Order(order), "b")
    assert of_b and all(row["hashtags"] == ["b"] for row in of_b)
    days = (date(2026, 3, 5), date(2026, 3, 6))
    of_day = walked(questions, Order(order), days=days)
    assert {row["day"] for row in of_day} == {date(2026, 3, 5)}
    assert len(of_day) + len(walked(questions, Order(order), days=(OPEN[0], days[0]))) + len(
        walked(questions, Order(order), days=(days[1], OPEN[1]))
    ) == len(walked(questions, Order(order)))


def test_a_download_has_the_posts_of_all_pages(questions):
    found = questions.post_pages("one", "*", "newest", None, *OPEN)
    place = [column.name for column in found.columns].index("tweet_id")
    assert [row[place] for page in found.rows for row in page] == [row["tweet_id"] for row in walked(questions, Order("newest"))]


def test_the_version_is_the_latest_load_stamp(questions):
    assert questions.version() == "20260307T050000000250"


def test_hours_of_capture_hold_the_days_of_every_zone(questions):
    assert len(questions.capture_hours("one", *OPEN)) == 4
    assert len(questions.capture_hours("one", date(2026, 3, 8), date(2026, 3, 9))) == 0
    assert len(questions.capture_hours("two", *OPEN)) == 0


def test_words_and_authors_are_of_the_days_asked_for(questions):
    """The page's questions, which have a period for the API."""
    assert questions.words("one", "*")["posts"].tolist() == [7]
    assert questions.words("one", "*", 150, date(2026, 3, 6), date(2026, 3, 7))["posts"].tolist() == [4]
    whole = questions.authors("one", "*").iloc[0]
    parts = [questions.authors("one", "*", *days).iloc[0] for days in ((OPEN[0], date(2026, 3, 5)), (date(2026, 3, 5), OPEN[1]))]
    assert whole["negative"] == sum(part["negative"] for part in parts) == sum(1 for number in range(POSTS) if number % 2 and number % 5)
