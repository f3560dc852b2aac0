"""Verdicts as rows of `ml.detected_peaks`: one for each event, or one that says why a series has none."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np

from ml_assets.peaks.detect import NOTABLE, Verdict
from ml_assets.peaks.events import Event

# Digits that are kept: more would be noise of the last bit of a logarithm, and rows must be equal on every machine.
DIGITS = 6


def rows_of(campaign_id: str, hashtag: str, verdict: Verdict) -> Iterator[dict[str, Any]]:
    """Rows without their lineage; a row of a series without events has no times and no figures."""
    series = verdict.series
    about = {
        "campaign_id": campaign_id,
        "hashtag": hashtag,
        "series": series.name,
        "grain": series.grain,
        "status": verdict.status,
        "reason": verdict.reason,
        "points_judged": verdict.judged,
        "days_known": verdict.days,
    }
    if verdict.status != NOTABLE:
        yield about | {"peak_id": peak_id(campaign_id, hashtag, series.name, series.grain, None)}
    for event in verdict.events:
        yield (about | {"peak_id": peak_id(campaign_id, hashtag, series.name, series.grain, series.starts[event.first])} | _figures(verdict, event))


def peak_id(campaign_id: str, hashtag: str, series: str, grain: str, start: datetime | None) -> str:
    """The same event has the same id in every run as long as its first hour or day does."""
    parts = (campaign_id, hashtag, series, grain, start.isoformat() if start else "")
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _figures(verdict: Verdict, event: Event) -> dict[str, Any]:
    series, top = verdict.series, event.top
    value, expected = series.values[top], verdict.scores.expected[top]
    return {
        "start_at": series.starts[event.first],
        "top_at": series.starts[top],
        "end_at": series.end_of(event.last),
        "top_day": series.day_of(top),
        "value": _number(value),
        "expected": _number(expected),
        "score": _number(verdict.scores.scores[top]),
        "times_expected": _number(value / expected) if expected > 0 else None,
        "posts": int(series.posts[top]),
        "authors": int(series.authors[top]),
        "coverage": _number(series.coverage[top]),
        "is_counted": bool(series.is_counted[top]),
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), DIGITS)
