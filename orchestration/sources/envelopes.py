"""Finds the posts in a JSON value, whatever is wrapped around them: the five shapes of twarc, and v1.1 objects."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# X's specification has renamed its fields once (2.167); archives of both vocabularies exist.
INCLUDED_POSTS = ("tweets", "posts")


@dataclass(slots=True)
class Wrapped:
    """A post as written, with what its envelope says: posts it refers to and users by id, the time of reading."""

    record: dict[str, Any]
    included: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    retrieved_at: str | None = None


@dataclass(slots=True)
class NoPost:
    """What stands where a post was expected: the value, and why it is none."""

    value: Any
    why: str


def posts_in(value: Any) -> Iterator[Wrapped | NoPost]:
    """Every post of one JSON value, and what stands in the place of one. An empty page holds neither."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += reversed(each)
        elif isinstance(each, dict):
            yield from _in_object(each)
        else:
            yield NoPost(each, f"a JSON {type(each).__name__} where an object was expected")


def _in_object(value: dict[str, Any]) -> Iterator[Wrapped | NoPost]:
    retrieved_at = held.get("retrieved_at") if isinstance(held := value.get("__twarc"), dict) else None
    if "data" in value:
        data = value["data"]
        records = data if isinstance(data, list) else [data]
        if records and not any(is_post(record) for record in records):
            yield NoPost(value, "`data` holds no posts (users, counts or lists, perhaps)")
        else:
            included, users = included_in(value)
            for record in records:
                yield Wrapped(record, included, users, retrieved_at) if is_post(record) else NoPost(record, "a record of `data` that is no post")
    elif is_post(value):
        yield Wrapped(value, retrieved_at=retrieved_at)
    elif not value.keys() & {"meta", "statuses", "errors"}:
        yield NoPost(value, f"an object with the fields {sorted(value)[:6]} is no post and no page of posts")
    statuses = value.get("statuses") or []
    for status in statuses if isinstance(statuses, list) else [statuses]:
        yield Wrapped(status, retrieved_at=retrieved_at) if isinstance(status, dict) else NoPost(status, "a record of `statuses` that is no post")


def is_post(record: Any) -> bool:
    """Whether the value looks like a post of v2 or v1.1, broken ones included: an object with a text."""
    return isinstance(record, dict) and ("text" in record or "full_text" in record or ("id" in record and "edit_history_tweet_ids" in record))


def included_in(page: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Posts that a page refers to, and users, by id."""
    includes = page.get("includes")
    if not isinstance(includes, dict):
        return {}, {}
    posts = [post for name in INCLUDED_POSTS for post in _objects(includes.get(name))]
    users = _objects(includes.get("users"))
    return (
        {str(post["id"]): post for post in posts if "id" in post},
        {str(user["id"]): user for user in users if "id" in user},
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
