"""Marts of two small campaigns, as tables that a test can change as a later run would."""

import json
from dataclasses import dataclass
from datetime import date

import pytest
from typer.testing import CliRunner

from orchestration.cli.app import app
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse

POST_TEXT, POST_ID, AUTHOR = "a post whose words must stay where they are", "2028000000000000001", "f00dfacef00dface"
DAYS = (date(2023, 4, 9), date(2023, 4, 10))

EMPTY = {
    "campaigns": "'' as name, 'UTC' as zone, 'archive' as source, date '2023-04-10' as start_day",
    "campaign_effects": (
        "'*' as hashtag, 'posts' as measure, 'during' as phase, 'none' as control, 'posts a day' as unit, 'captured' as basis, "
        "date '2023-04-10' as first_day, date '2023-04-10' as last_day, 28 as days_before, 0 as days_left_out, cast(null as string) as left_out_because, "
        "40.0 as value, 20.0 as baseline, 20.0 as change, 5.0 as low, 35.0 as high, 1.0 as relative_change, 0.125 as relative_low, 7.0 as relative_high, "
        "0.01 as q_value, 1 as judged_at_once, 'rose' as direction, cast(null as string) as not_comparable_because, 'run' as run_id, "
        "timestamp '2023-04-11 00:00:00+00' as loaded_at"
    ),
    "capture_coverage": "timestamp '2023-04-09 00:00:00+00' as hour, false as capped, true as ids_exact",
    "sentiment_daily": (
        "'*' as hashtag, date '2023-04-09' as day, 10 as scored, 2 as not_scored, 1 as negative, 3 as neutral, 6 as positive, 0.5 as net_sentiment"
    ),
    "hashtag_peaks": (
        "'*' as hashtag, true as followed, date '2023-04-10' as peak_day, 90 as engagement, 'observed' as engagement_age, false as provisional, "
        "date '2023-04-09' as runner_up_day, 50 as runner_up_engagement, 0.9 as coverage"
    ),
    "news_status": "'*' as hashtag, date '2023-04-10' as peak_day, true as is_most_engagement, 'ok' as status, 'found' as reason, 1 as articles",
    "related_articles": (
        "'*' as hashtag, true as is_most_engagement, 1 as article_rank, '[bold]Headline' as title, 'The Paper' as source_name, "
        "timestamp '2023-04-10 09:30:00+00' as published_at, 'https://example.com/a' as url"
    ),
    "word_frequencies_daily": "'*' as hashtag, date '2023-04-10' as day, 'aurora' as word, 12 as posts",
    "top_organizations": "'*' as hashtag, true as is_most_engagement, 1 as entity_rank, 'Halvenne' as name, 1 as articles, 1 as sources, 2 as mentions",
    "top_locations": "'*' as hashtag, true as is_most_engagement, 1 as entity_rank, 'Oslo' as name, 1 as articles, 1 as sources, 1 as mentions",
    "top_posts": f"'*' as hashtag, date '2023-04-10' as day, '{POST_TEXT}' as text, '{POST_ID}' as tweet_id, '{AUTHOR}' as author_key",
}
DAILY = (
    "'*' as hashtag, date '{day}' as day, {posts} as posts, 20 as originals, {posts} - 20 as reposts, 18 as authors, {engagement} as engagement, "
    "{posts} as captured, 50 as counted, {posts} / 50 as coverage, 'observed' as engagement_age, 20 as engagement_measured, "
    "0 as engagement_waiting, 0 as engagement_deleted, 0 as engagement_missed"
)


@dataclass
class World:
    settings: Settings
    warehouse: Warehouse

    def fill(self, *campaigns: str) -> None:
        for mart, columns in EMPTY.items():
            rows = " union all ".join(f"select '{each}' as campaign_id, {columns}" for each in campaigns)
            self.warehouse.execute(f"CREATE OR REPLACE TABLE marts.{mart} AS {rows}")
        daily = [f"select '{each}' as campaign_id, {DAILY.format(day=day, posts=40, engagement=50)}" for each in campaigns for day in DAYS]
        self.warehouse.execute(f"CREATE OR REPLACE TABLE marts.engagement_daily AS {' union all '.join(daily)}")

    def figures_move(self, campaign_id: str, engagement: int) -> None:
        """As when metrics were read again."""
        self.warehouse.execute(f"UPDATE marts.engagement_daily SET engagement = {engagement} WHERE campaign_id = '{campaign_id}' AND day = DATE '2023-04-10'")

    def a_day_arrives(self, campaign_id: str) -> None:
        row = DAILY.format(day="2023-04-11", posts=30, engagement=5)
        self.warehouse.execute(f"INSERT INTO marts.engagement_daily SELECT '{campaign_id}' as campaign_id, {row}")

    def clear(self) -> None:
        for table in ("published.summaries", "published.figures"):
            self.warehouse.execute(f"DELETE FROM {table} WHERE TRUE")

    def rows(self, table: str) -> list[str]:
        return [row["r"] for row in self.warehouse.query(f"select to_json_string(t) as r from published.{table} as t order by r")]

    def pulse(self, *words: str, code: int = 0) -> str:
        answer = CliRunner().invoke(app, ["summary", *words], env={"PULSE_HOME": str(self.settings.home)})
        assert answer.exit_code == code, (answer.output, answer.exception)
        return answer.output

    def reported(self, campaign_id: str, day: str) -> dict:
        return json.loads(self.pulse("--campaign", campaign_id, "--as-of", day, "--format", "json"))


@pytest.fixture(scope="module")
def home(warehouse, home_settings):
    made = World(home_settings, warehouse)
    made.warehouse.execute("CREATE SCHEMA IF NOT EXISTS marts")
    yield made
    made.clear()
    for mart in (*EMPTY, "engagement_daily"):
        warehouse.execute(f"DROP TABLE IF EXISTS marts.{mart}")


@pytest.fixture
def world(home):
    """The marts of `one` and `two`, and nothing published."""
    home.clear()
    home.fill("one", "two")
    return home
