"""The two jobs: the hourly lane over partitions, and what looks at whole campaigns."""

import dagster as dg

HOURLY_GROUPS = dg.AssetSelection.groups("capture", "staging", "intermediate", "sentiment", "marts")
NEWS_GROUPS = dg.AssetSelection.groups("peaks", "news")

hourly = dg.define_asset_job(
    "hourly",
    selection=HOURLY_GROUPS,
    # One process: each step of its own would pay 4 to 8 s of imports.
    executor_def=dg.in_process_executor,
    description="Capture, text preprocessing, sentiment and marts of an hour, or of a range of hours in one run.",
)

peaks_and_news = dg.define_asset_job(
    "peaks_and_news",
    selection=NEWS_GROUPS,
    executor_def=dg.in_process_executor,
    description="The day of most engagement of each hashtag, the news around it, and the organisations and places in that news.",
)
