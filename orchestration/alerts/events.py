"""What an alert is about: a notable event of `marts.peaks`, or a run of the pipeline that failed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

PEAK, FAILURE = "peak", "failure"
# What a failed run has in place of a series and a grain.
RUNS, RUN = "runs", "run"
NOBODY = "(none)"


@dataclass(frozen=True)
class Event:
    """Times are UTC, `[start_at, end_at)`. `value` and `expected` are of the top hour or day, in the unit of the series.

    Of a failed run `hashtag` is the job and both times are that of the failure.
    """

    kind: str
    campaign_id: str
    hashtag: str
    series: str
    grain: str
    start_at: datetime
    end_at: datetime
    top_at: datetime
    value: float | None = None
    expected: float | None = None
    times_expected: float | None = None
    score: float | None = None
    coverage: float | None = None
    run_id: str | None = None
    detail: str | None = None

    @property
    def alert_id(self) -> str:
        """Of a peak its key and its start as it was first seen; of a failure the run."""
        parts = (self.kind, self.run_id) if self.kind == FAILURE else (self.kind, *self.key, self.start_at.isoformat())
        return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:20]

    @property
    def key(self) -> tuple[str, ...]:
        return (self.campaign_id, self.hashtag, self.series, self.grain)

    @property
    def story(self) -> tuple[str, ...]:
        """What the cool-down looks at: a campaign's series over all hashtags and grains; a job."""
        return (self.kind, self.hashtag) if self.kind == FAILURE else (self.kind, self.campaign_id, self.series)

    def is_same_as(self, other: "Event") -> bool:
        """One event of a series: of one key, and overlapping in time or touching. Failures are told apart by `alert_id`."""
        return self.kind == other.kind == PEAK and self.key == other.key and self.start_at <= other.end_at and other.start_at <= self.end_at

    def distance(self, other: "Event") -> timedelta:
        """The time between both; 0 where they overlap."""
        return max(self.start_at - other.end_at, other.start_at - self.end_at, timedelta(0))


def peak_event(row: Mapping[str, Any]) -> Event:
    """Of a row of `marts.peaks`."""
    names = ("campaign_id", "hashtag", "series", "grain", "start_at", "end_at", "top_at", "value", "expected", "times_expected", "score", "coverage")
    return Event(kind=PEAK, **{name: row[name] for name in names})


def failure_event(run_id: str, job: str, failed_at: datetime, campaign_id: str | None, detail: str | None) -> Event:
    return Event(FAILURE, campaign_id or NOBODY, job, RUNS, RUN, failed_at, failed_at, failed_at, run_id=run_id, detail=detail)
