"""Metrics of posts by id, as they are now: `GET /2/tweets`, 100 ids a call."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestration.sources.records import METRICS
from orchestration.sources.values import BadRecord, parse_count
from orchestration.sources.x.client import Answer, XClient
from orchestration.sources.x.fields import METRIC_FIELDS, fields_parameter
from orchestration.sources.x.metering import LOOKUP

BATCH = 100
MEASURED, DELETED, UNAVAILABLE = "measured", "deleted", "unavailable"
LONGEST_REASON = 200


@dataclass(frozen=True)
class Looked:
    """What X says of one id. `metrics` (like_count, ...; None where absent) is empty unless measured."""

    tweet_id: str
    status: str
    observed_at: datetime
    metrics: dict[str, int | None]
    reason: str | None = None


def look_up(client: XClient, ids: Iterable[str], *, vocabulary: str = "tweet") -> Iterator[list[Looked]]:
    """An answer for every distinct id, batch by batch, in order. Raises XError; batches before it are complete."""
    distinct = list(dict.fromkeys(ids))
    for start in range(0, len(distinct), BATCH):
        batch = distinct[start : start + BATCH]
        answer = client.get(
            "/2/tweets",
            {"ids": ",".join(batch), **fields_parameter(METRIC_FIELDS, vocabulary)},
            kind=LOOKUP,
            most_posts=len(batch),
        )
        yield read_lookup(answer, batch)


def read_lookup(answer: Answer, ids: Sequence[str]) -> list[Looked]:
    """One `Looked` for each of `ids`. What X names neither in `data` nor in `errors` is unavailable."""
    data, problems = answer.body.get("data"), answer.body.get("errors")
    found = {str(each.get("id")): each for each in data or [] if isinstance(each, dict)} if isinstance(data, list) else {}
    gone = {
        str(each.get("resource_id") or each.get("value")): each
        for each in (problems if isinstance(problems, list) else [])
        if isinstance(each, dict)
    }
    return [_looked(tweet_id, found.get(tweet_id), gone.get(tweet_id), answer.received_at) for tweet_id in ids]


def _looked(tweet_id: str, record: dict[str, Any] | None, problem: dict[str, Any] | None, at: datetime) -> Looked:
    if record is not None and isinstance(record.get("public_metrics"), dict):
        metrics = record["public_metrics"]
        try:
            return Looked(tweet_id, MEASURED, at, {name: _count(metrics, name, spellings) for name, spellings in METRICS.items()})
        except BadRecord as bad:
            return Looked(tweet_id, UNAVAILABLE, at, {}, bad.detail[:LONGEST_REASON])
    if problem is None:
        return Looked(tweet_id, UNAVAILABLE, at, {}, "X answered nothing for this id")
    title = str(problem.get("title") or "")
    # The path of `type` as well: titles have been reworded before.
    is_gone = "not found" in title.lower() or str(problem.get("type", "")).endswith("/resource-not-found")
    return Looked(tweet_id, DELETED if is_gone else UNAVAILABLE, at, {}, (title or "no reason given")[:LONGEST_REASON])


def _count(metrics: dict[str, Any], name: str, spellings: Sequence[str]) -> int | None:
    return next((parse_count(metrics[spelling], name) for spelling in spellings if metrics.get(spelling) is not None), None)
