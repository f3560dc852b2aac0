"""Peaks: hours and days of a campaign that stand out from its weekly rhythm. Plain rows in, verdicts out; no warehouse, no Dagster.

`CODE_VERSION` is written on every row. Raise it whenever the same rows of the marts could give another verdict.
"""

from ml_assets.peaks.detect import NOTABLE, STATUSES, Verdict, detect
from ml_assets.peaks.events import Event, Rules
from ml_assets.peaks.rows import rows_of
from ml_assets.peaks.series import (
    DAY,
    GRAINS,
    HOUR,
    SERIES,
    WHOLE_CAMPAIGN,
    Measured,
    series_of,
    start_of_day,
)

CODE_VERSION = "1"

__all__ = [
    "CODE_VERSION", "DAY", "GRAINS", "HOUR", "NOTABLE", "SERIES", "STATUSES", "WHOLE_CAMPAIGN", "Event", "Measured", "Rules", "Verdict",
    "detect", "rows_of", "series_of", "start_of_day",
]  # fmt: skip
