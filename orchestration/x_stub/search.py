"""GET /2/tweets/search/recent and /2/tweets/search/all."""

from bisect import bisect_left
from typing import Any

from orchestration.sources.x.query import LONGEST_ARCHIVE, LONGEST_RECENT
from orchestration.x_stub.answers import PROBLEMS, Reply
from orchestration.x_stub.desk import Call, Desk
from orchestration.x_stub.fields import Shape
from orchestration.x_stub.parameters import make_token, one_of, only_known, query_of, read_token, span_of, whole_number
from orchestration.x_stub.store import Stored

PARAMETERS = frozenset({
    "query", "start_time", "end_time", "since_id", "until_id", "max_results", "next_token", "pagination_token", "sort_order", "expansions",
    "media.fields", "poll.fields", "user.fields", "place.fields",
})  # fmt: skip
MOST_RECENT, MOST_ALL = 100, 500
REPEATED = 3


def recent(desk: Desk, call: Call) -> Reply:
    return _search(desk, call, archive=False)


def full_archive(desk: Desk, call: Call) -> Reply:
    return _search(desk, call, archive=True)


def _search(desk: Desk, call: Call, *, archive: bool) -> Reply:
    """Newest first. With sort_order=relevancy the order is the same: how X rates relevancy is not known."""
    asked = call.parameters
    only_known(asked, PARAMETERS | {f"{desk.vocabulary}.fields"})
    size = whole_number(asked, "max_results", 10, 10, MOST_ALL if archive else MOST_RECENT)
    one_of(asked, "sort_order", "recency", "recency", "relevancy")
    query = query_of(asked, LONGEST_ARCHIVE if archive else LONGEST_RECENT)
    shape = Shape.asked(asked, desk.vocabulary, desk.growth_hours)
    span = span_of(asked, call.now, archive=archive)
    place = read_token(asked, query.text, 3)
    start, end = span.milliseconds
    found = [each for each in desk.store.search(query, start, end, call.now_ms, reposts=desk.search_returns_reposts) if span.holds(each.number)]
    # A token names the last post that was given, so that new and deleted posts move no page.
    last = len(found) if place is None else bisect_left(found, (place[0], place[1]), key=lambda each: each.place)
    empty_pages = 0 if place is None else place[2]
    if call.fault("duplicates"):
        last = min(len(found), last + REPEATED) if place is not None else last
    if call.fault("empty_page_with_token"):
        boundary = found[last].place if last < len(found) else (end, 0)
        return Reply(200, {"meta": {"result_count": 0, "next_token": make_token(query.text, *boundary, empty_pages + 1)}})
    page = found[max(0, last - size) : last][::-1]
    more = make_token(query.text, *page[-1].place, empty_pages) if page and last > size else None
    if call.fault("repeated_token"):
        more = make_token(query.text, end, 0, 0)
    return _page(desk, call, shape, page, more)


def _page(desk: Desk, call: Call, shape: Shape, page: list[Stored], more: str | None) -> Reply:
    body: dict[str, Any] = {}
    posts = [each.id for each in page]
    includes, errors = shape.includes(page, desk.store, call.now_ms)
    if page:
        body["data"] = spoiled([shape.post(each, call.now_ms) for each in page], call)
    if includes:
        body["includes"] = includes
        posts += [each["id"] for each in includes.get("tweets", includes.get("posts", []))]
    if call.fault("partial_errors"):
        errors = [*errors, *PARTIAL]
    if errors:
        body["errors"] = errors
    meta: dict[str, Any] = {"newest_id": page[0].id, "oldest_id": page[-1].id} if page else {}
    body["meta"] = meta | {"result_count": len(page)} | ({"next_token": more} if more else {})
    return Reply(200, body, posts=posts, users=[each["id"] for each in includes.get("users", [])])


PARTIAL = [
    {
        "value": "1410926000000000001",
        "detail": "Could not find tweet with referenced_tweets.id: [1410926000000000001].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": "referenced_tweets.id",
        "resource_id": "1410926000000000001",
        "type": f"{PROBLEMS}resource-not-found",
    },
    {
        "value": "12",
        "detail": "User has been suspended: [12].",
        "title": "Forbidden",
        "resource_type": "user",
        "parameter": "author_id",
        "resource_id": "12",
        "type": f"{PROBLEMS}resource-not-found",
    },
]


def spoiled(records: list[dict[str, Any]], call: Call) -> list[dict[str, Any]]:
    """The page as the scripted faults leave it."""
    if call.fault("created_at_without_fraction"):
        records = [each | {"created_at": each["created_at"][:19] + "Z"} if "created_at" in each else each for each in records]
    if call.fault("malformed_post") and records:
        middle = len(records) // 2
        records[middle] = records[middle] | {"created_at": "yesterday", "public_metrics": "none"}
    if call.fault("unknown_shape"):
        records = [{"uuid": each["id"], "body": each["text"], "when": each.get("created_at")} for each in records]
    return records
