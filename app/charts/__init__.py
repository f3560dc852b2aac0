"""Charts: data frame in, Altair chart out, one style for all. Nothing here knows Streamlit."""

from app.charts.engagement import (
    by_type,
    coverage_by_day,
    engagement_by_day,
    engagement_by_hour,
    heat_map,
    one_beside_other,
    voices,
)
from app.charts.sentiment import sentiment_by_day, shares_by_day
from app.charts.style import DARK, LIGHT, SENTIMENT, TRUSTED_COVERAGE, Palette, palette, ranked

__all__ = [
    "DARK",
    "LIGHT",
    "SENTIMENT",
    "TRUSTED_COVERAGE",
    "Palette",
    "by_type",
    "coverage_by_day",
    "engagement_by_day",
    "engagement_by_hour",
    "heat_map",
    "one_beside_other",
    "palette",
    "ranked",
    "sentiment_by_day",
    "shares_by_day",
    "voices",
]
