"""What every question is asked with."""

from typing import Any

import pandas as pd

from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever

TABLES = (
    "api_spend_daily",
    "authors_daily",
    "bigram_frequencies_daily",
    "campaign_effects",
    "campaign_scorecard",
    "campaigns",
    "capture_coverage",
    "engagement_daily",
    "engagement_hourly",
    "hashtag_peaks",
    "news_status",
    "peak_days",
    "peak_explanations",
    "peak_verdicts",
    "peaks",
    "related_articles",
    "sentiment_daily",
    "sentiment_models_daily",
    "share_of_voice_daily",
    "top_locations",
    "top_organizations",
    "top_posts",
    "tweets",
    "word_frequencies_daily",
)


class Questions:
    """Raises WarehouseError: TableMissing before the first run, ColumnMissing where the marts are of an earlier version."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def _frame(self, sql: str, **parameters: Any) -> pd.DataFrame:
        """`sql` names marts as {table}; {days}, {hours} and {times} bound the partitions, without which BigQuery reads no mart."""
        names = {name: self._warehouse.qualified(f"marts.{name}") for name in TABLES}
        # What people say of the model is no mart: it says nothing of a campaign.
        names["sentiment_confusion"] = self._warehouse.qualified("ml.sentiment_confusion")
        names |= {
            "days": ever("day", "DATE"),
            "hours": ever("hour", "TIMESTAMP"),
            "times": ever("created_at", "TIMESTAMP"),
        }
        rows = self._warehouse.query(sql.format(**names), **parameters)
        return pd.DataFrame(rows)
