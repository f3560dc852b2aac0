"""How many posts there are, minute by minute: one cheap call before the dear ones."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from orchestration.sources.values import BadRecord, parse_created_at
from orchestration.sources.x.client import XClient
from orchestration.sources.x.errors import ContractChanged
from orchestration.sources.x.fields import as_time
from orchestration.sources.x.metering import COUNTS
from orchestration.sources.x.pages import next_token
from orchestration.windows import Window

NAMES = ("tweet_count", "post_count")
MINUTE = timedelta(minutes=1)
# Seven days of minutes come in one answer; the full archive in pages of 31 days.
MOST_PAGES = 400


def minute_counts(client: XClient, query: str, window: Window, *, full_archive: bool = False) -> dict[datetime, int]:
    """Posts of each minute of `window` by its start (UTC); minutes that X does not name are absent. Raises XError."""
    path = f"/2/tweets/counts/{'all' if full_archive else 'recent'}"
    asked = {"query": query, "start_time": as_time(window.start), "end_time": as_time(window.end), "granularity": "minute"}
    counts: dict[datetime, int] = {}
    token, seen = None, set()
    for _ in range(MOST_PAGES):
        body = client.get(path, {**asked, "next_token": token}, kind=COUNTS).body
        buckets = body.get("data") or []
        if not isinstance(buckets, list):
            raise ContractChanged(f"X's counts have `data` of an unknown form ({type(buckets).__name__}).")
        for bucket in buckets:
            start, count = _bucket(bucket)
            if start in window:
                counts[start] = counts.get(start, 0) + count
        token = next_token(body)
        if not token:
            return counts
        if token in seen:
            break
        seen.add(token)
    raise ContractChanged(f"X's counts of {window} do not come to an end: the same page token came twice.")


def in_minutes(counts: Mapping[datetime, int], window: Window) -> int:
    """Posts counted in the minutes of `window`, which begins and ends with a minute."""
    total, minute = 0, window.start
    while minute < window.end:
        total += counts.get(minute, 0)
        minute += MINUTE
    return total


def _bucket(bucket: object) -> tuple[datetime, int]:
    if isinstance(bucket, dict):
        count = next((bucket[name] for name in NAMES if type(bucket.get(name)) is int), None)
        if count is not None:
            try:
                return parse_created_at(bucket.get("start")), count
            except BadRecord:
                pass
    raise ContractChanged(f"X's counts have a form that is not known here: {str(bucket)[:120]}")
