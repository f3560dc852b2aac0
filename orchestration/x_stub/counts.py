"""GET /2/tweets/counts/recent and /2/tweets/counts/all."""

from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.sources.x.query import LONGEST_ARCHIVE, LONGEST_RECENT
from orchestration.x_stub.answers import Reply
from orchestration.x_stub.desk import Call, Desk
from orchestration.x_stub.parameters import END_LAG, make_token, one_of, only_known, query_of, read_token, span_of
from orchestration.x_stub.store import stamp, to_ms

PARAMETERS = frozenset({"query", "start_time", "end_time", "since_id", "until_id", "granularity", "search_count.fields"})
PAGES = frozenset({"next_token", "pagination_token"})
STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
PAGE = timedelta(days=31)


def recent(desk: Desk, call: Call) -> Reply:
    return _counts(desk, call, archive=False)


def full_archive(desk: Desk, call: Call) -> Reply:
    return _counts(desk, call, archive=True)


def _counts(desk: Desk, call: Call, *, archive: bool) -> Reply:
    asked = call.parameters
    only_known(asked, PARAMETERS | PAGES if archive else PARAMETERS)
    query = query_of(asked, LONGEST_ARCHIVE if archive else LONGEST_RECENT)
    step = STEPS[one_of(asked, "granularity", "hour", *STEPS)]
    span = span_of(asked, call.now, archive=archive, lag=END_LAG)
    place = read_token(asked, query.text, 1) if archive else None
    end = span.end if place is None else datetime.fromtimestamp(place[0] / 1000, UTC)
    # Pages go back in time, each in order of time.
    start = max(span.start, end - PAGE) if archive else span.start
    found = desk.store.search(query, to_ms(start), to_ms(end), call.now_ms, reposts=desk.search_returns_reposts)
    bias = call.fault("counts_bias")
    times = [each.ms for each in found if span.holds(each.number)]
    data = _buckets(start, end, step, times, 1 + bias.percent / 100 if bias else 1.0, desk.vocabulary)
    meta: dict[str, Any] = {f"total_{desk.vocabulary}_count": sum(each[f"{desk.vocabulary}_count"] for each in data)}
    if start > span.start:
        meta["next_token"] = make_token(query.text, to_ms(start))
    return Reply(200, {"data": data, "meta": meta})


def _buckets(start: datetime, end: datetime, step: timedelta, times: list[int], share: float, vocabulary: str) -> list[dict[str, Any]]:
    """Whole minutes, hours or days of UTC; the first and the last are parts of one where the span is cut there."""
    buckets, at = [], 0
    since = start.replace(second=0, microsecond=0)
    since = since if step == STEPS["minute"] else since.replace(minute=0) if step == STEPS["hour"] else since.replace(hour=0, minute=0)
    while start < end:
        stop = min(since + step, end)
        first, stop_ms = at, to_ms(stop)
        while at < len(times) and times[at] < stop_ms:
            at += 1
        buckets.append({"start": stamp(start), "end": stamp(stop), f"{vocabulary}_count": max(0, round((at - first) * share))})
        start, since = stop, since + step
    return buckets
