"""A line of the run log, as JSON and for people. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from orchestration.redaction import redact

# Longer causes stand in Dagster's own log.
LONGEST_CAUSE = 500


@dataclass(frozen=True)
class Line:
    """What one run says of one asset, or of itself where `asset` is None. `figures` are numbers that the asset stated."""

    at: datetime
    run_id: str
    job: str
    asset: str | None
    state: str
    seconds: float | None = None
    partitions: int | None = None
    campaign: str | None = None
    figures: Mapping[str, int | float] = field(default_factory=dict)
    cause: str | None = None

    def as_json(self) -> str:
        row = {**asdict(self), "at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}", "cause": self.cause and one_line(self.cause)}
        return json.dumps({name: value for name, value in row.items() if value not in (None, {})}, ensure_ascii=False)


def for_people(row: Mapping[str, Any]) -> str:
    """The JSON line as words: time, run, asset, state, seconds, figures; the cause of a failure at the end."""
    seconds = f"{row['seconds']:.1f} s" if "seconds" in row else ""
    hours = f"{row['partitions']} hours" if row.get("partitions") else ""
    figures = [f"{name}={value:,}" for name, value in row.get("figures", {}).items()]
    words = [row["at"], row["run_id"][:8], row["job"], row.get("asset", "(run)"), row["state"], seconds, hours, *figures]
    return "  ".join(word for word in words if word) + (f"  {row['cause']}" if row.get("cause") else "")


def one_line(text: str) -> str:
    """Without breaks, cut, and without the value of any secret."""
    return redact(" ".join(text.split()))[:LONGEST_CAUSE]
