"""What is asked to go: the lines of a compliance file, X's own or a plain list of ids."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestration.sources.values import BadRecord, parse_id, parse_observed_at

POST, AUTHOR = "post", "author"
DELETED, SCRUB_GEO = "deleted", "scrub_geo"
REASONS = (DELETED, "deactivated", "suspended", "protected", SCRUB_GEO)
ACTIONS = ("delete", SCRUB_GEO)


@dataclass(frozen=True)
class Asked:
    """One post or author that must go, or lose its places. `requested_at` is UTC; None when the file does not say."""

    subject: str
    id: str
    reason: str = DELETED
    requested_at: datetime | None = None

    @property
    def is_geo(self) -> bool:
        return self.reason == SCRUB_GEO


@dataclass(frozen=True)
class BadLine:
    """A line that could not be used; `reason` holds nothing of its content."""

    line: int
    reason: str


def read_asked(lines: Iterable[str], subject: str) -> tuple[list[Asked], list[BadLine]]:
    """Every distinct request, in order, and the lines that are none. Blank lines are nothing; a deletion beats a scrub."""
    asked: dict[tuple[str, bool], Asked] = {}
    bad = []
    for number, line in enumerate(lines, 1):
        line = line.strip().lstrip("\ufeff")
        if not line:
            continue
        try:
            one = from_record({"id": line} if line.isascii() and line.isdigit() else json.loads(line), subject)
        except (json.JSONDecodeError, RecursionError):
            bad.append(BadLine(number, "neither a JSON object nor an id"))
        except BadRecord as error:
            bad.append(BadLine(number, error.detail))
        else:
            asked.setdefault((one.id, one.is_geo), one)
    return [one for one in asked.values() if not one.is_geo or (one.id, False) not in asked], bad


def from_record(record: Any, subject: str) -> Asked:
    """A line of X's answer: id, action, created_at (of the post), reason, redacted_at. Raises BadRecord."""
    if not isinstance(record, Mapping):
        raise BadRecord("unknown_shape", "a JSON value that is no object")
    try:
        found = parse_id(record.get("id"))
    except BadRecord as error:
        raise BadRecord(error.reason, "no id" if error.reason == "missing_id" else "an id that has lost digits") from None
    action, reason = record.get("action", "delete"), record.get("reason")
    if action not in ACTIONS:
        raise BadRecord("unknown_action", f"an action that is not known here; known are {', '.join(ACTIONS)}")
    if SCRUB_GEO in (action, reason):
        reason = SCRUB_GEO
    # An unknown reason is no reason to keep the post.
    return Asked(subject, found, reason if reason in REASONS else DELETED, parse_observed_at(record.get("redacted_at")))
