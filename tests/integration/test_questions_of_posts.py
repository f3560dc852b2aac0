"""Figures that were once counted on posts, when a page was opened, are the same on the marts that count them beforehand."""

from datetime import date, timedelta

import pandas as pd
import pytest

from app.queries import Marts
from orchestration.windows import FIRST_DAY

EVER = (FIRST_DAY, date.max)
OF_PERIOD = """
    campaign_id = 'sample' and created_at >= timestamp '2006-03-21' and (@hashtag = '*' or @hashtag in unnest(hashtags))
    and day >= @start and day < @end
"""


@pytest.fixture(scope="module")
def marts(sample_home) -> Marts:
    return Marts(sample_home.warehouse)


@pytest.fixture(scope="module")
def asked(sample_home) -> list[tuple[str, date, date]]:
    """Hashtag and period: all of the campaign, and of each hashtag of most posts all, a week and a day."""
    first = sample_home.query("select min(day) as day from marts.engagement_daily where day >= date '2006-03-21'")[0]["day"]
    tags = sample_home.query(
        "select hashtag from marts.engagement_daily where day >= date '2006-03-21' and campaign_id = 'sample' group by hashtag order by sum(posts) desc limit 4"
    )
    periods = (EVER, (first + timedelta(days=3), first + timedelta(days=10)), (first + timedelta(days=5), first + timedelta(days=6)))
    return [(row["hashtag"], *period) for row in tags for period in periods]


def on_posts(home, sql: str, hashtag: str, start: date, end: date) -> pd.DataFrame:
    return pd.DataFrame(home.warehouse.query(sql.format(of_period=OF_PERIOD), hashtag=hashtag, start=start, end=end))


def test_authors_by_their_labels_are_those_of_the_posts(sample_home, marts, asked):
    sql = """
        select negative, neutral, positive, count(*) as authors
        from (
            select author_key, countif(sentiment_label = 'negative') as negative, countif(sentiment_label = 'neutral') as neutral,
                countif(sentiment_label = 'positive') as positive
            from marts.tweets where {of_period} and not is_repost and sentiment_label != 'not_scored'
            group by author_key
        )
        group by negative, neutral, positive order by negative, neutral, positive
    """
    for one in asked:
        found = marts.authors("sample", *one)
        labelled = found[found[["negative", "neutral", "positive"]].sum(axis=1) > 0].reset_index(drop=True)
        pd.testing.assert_frame_equal(labelled.drop(columns="known"), on_posts(sample_home, sql, *one), obj=str(one))
    assert len(marts.authors("sample", "*")) > 10


def test_distinct_authors_of_a_period_are_those_of_the_posts(sample_home, marts, asked):
    for one in asked:
        found = on_posts(sample_home, "select count(distinct author_key) as authors from marts.tweets where {of_period}", *one)
        assert marts.authors("sample", *one)["known"].sum() == found["authors"].iloc[0], one
    of_days = sample_home.query("select sum(authors) as n from marts.engagement_daily where day >= date '2006-03-21' and campaign_id = 'sample' and hashtag = '*'")
    assert marts.authors("sample", "*")["known"].sum() < of_days[0]["n"], "people who write on two days would count twice"


def test_posts_of_each_model_are_those_of_the_posts(sample_home, marts):
    found = sample_home.query(
        "select model_id, model_revision, count(*) as posts from marts.tweets where campaign_id = 'sample' and created_at >= timestamp '2006-03-21' "
        "and model_id is not null group by model_id, model_revision order by posts desc"
    )
    assert marts.models("sample").to_dict("records") == found and found
