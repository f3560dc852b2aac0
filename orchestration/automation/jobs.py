"""The jobs: the hourly lane over partitions, what looks at whole campaigns, and metrics read again."""

import dagster as dg

from orchestration.run_tags import SPENDS_TAG

METRICS = dg.AssetSelection.assets(["raw", "tweet_metrics"])
MARTS_OF_AN_HOUR = dg.AssetSelection.groups("staging", "intermediate", "sentiment", "marts")
HOURLY_GROUPS = dg.AssetSelection.groups("capture") | MARTS_OF_AN_HOUR
CORRECTED = dg.AssetSelection.assets(["ml", "sentiment_confusion"], ["staging", "stg_ml__sentiment_confusion"], ["marts", "sentiment_daily"])
NEWS_GROUPS = dg.AssetSelection.groups("models", "peaks", "periods", "news", "spend", "published")

hourly = dg.define_asset_job(
    "hourly",
    tags={SPENDS_TAG: "x bigquery"},
    selection=HOURLY_GROUPS,
    # One process: each step of its own would pay 4 to 8 s of imports.
    executor_def=dg.in_process_executor,
    description="Capture, text preprocessing, sentiment and marts of an hour, or of a range of hours in one run.",
)

metric_snapshots = dg.define_asset_job(
    "metric_snapshots",
    tags={SPENDS_TAG: "x bigquery"},
    selection=METRICS | MARTS_OF_AN_HOUR,
    executor_def=dg.in_process_executor,
    description="Metrics of an hour's posts, read again at the ages that are due, and the marts that compare them.",
)

sentiment_correction = dg.define_asset_job(
    "sentiment_correction",
    tags={SPENDS_TAG: "bigquery"},
    selection=CORRECTED,
    executor_def=dg.in_process_executor,
    description="The correction of shares by a team's own labels, and the days of sentiment that it changes.",
)

peaks_and_news = dg.define_asset_job(
    "peaks_and_news",
    tags={SPENDS_TAG: "news bigquery"},
    selection=NEWS_GROUPS,
    executor_def=dg.in_process_executor,
    description="The day of most engagement of each hashtag, the news around it, the organisations and places in that news, what is published of it all, and the models in use.",
)
