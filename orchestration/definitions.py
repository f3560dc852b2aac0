"""The Dagster code location: a table of contents, along the data's way."""

import dagster as dg

from orchestration.assets.campaigns import raw_campaigns
from orchestration.assets.entities import article_entities
from orchestration.assets.news import news
from orchestration.assets.sentiment import tweet_sentiment
from orchestration.assets.tweets import capture
from orchestration.automation.jobs import hourly, peaks_and_news
from orchestration.automation.schedules import every_hour, every_six_hours, fill_gaps
from orchestration.dbt.assets import hourly_marts, news_marts, peaks, posts
from orchestration.resources.warehouse import WarehouseResource

defs = dg.Definitions(
    assets=dg.with_source_code_references(
        [raw_campaigns, capture, posts, tweet_sentiment, hourly_marts, peaks, news, article_entities, news_marts]
    ),
    jobs=[hourly, peaks_and_news],
    schedules=[every_hour, fill_gaps, every_six_hours],
    resources={"warehouse": WarehouseResource()},
    executor=dg.in_process_executor,
)
