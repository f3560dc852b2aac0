"""Finds the posts in a JSON value, whatever is wrapped around them: the five shapes of twarc, and v1.1 objects."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orchestration.sources.values import BadRecord

# X's specification has renamed its fields once (2.167); archives of both vocabularies exist.
INCLUDED_POSTS = ("tweets", "posts")


@dataclass(slots=True)
class Wrapped:
    """A post as written, with what its envelope says: posts it refers to and users by id, the time of reading."""

    record: dict[str, Any]
    included: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    retrieved_at: str | None = None


def posts_in(value: Any) -> Iterator[Wrapped]:
    """Every post of one JSON value. Raises BadRecord `unknown_shape` when it holds none and is no empty page."""
    if isinstance(value, list):
        for each in value:
            yield from posts_in(each)
        return
    if not isinstance(value, dict):
        raise BadRecord("unknown_shape", f"a JSON {type(value).__name__} where an object was expected")
    retrieved_at = (value.get("__twarc") or {}).get("retrieved_at") if isinstance(value.get("__twarc"), dict) else None
    if "data" in value:
        data = value["data"]
        records = data if isinstance(data, list) else [data]
        if not all(isinstance(record, dict) and is_post(record) for record in records):
            raise BadRecord("unknown_shape", "`data` holds no posts (users, counts or lists, perhaps)")
        included, users = included_in(value)
        for record in records:
            yield Wrapped(record, included, users, retrieved_at)
    elif is_post(value):
        yield Wrapped(value, retrieved_at=retrieved_at)
    elif not value.keys() & {"meta", "statuses", "errors"}:
        raise BadRecord("unknown_shape", f"an object with the fields {sorted(value)[:6]} is no post and no page of posts")
    for status in value.get("statuses") or []:
        yield Wrapped(status, retrieved_at=retrieved_at)


def is_post(record: dict[str, Any]) -> bool:
    """Whether the object looks like a post of v2 or v1.1, broken ones included: it has a text."""
    return "text" in record or "full_text" in record or ("id" in record and "edit_history_tweet_ids" in record)


def included_in(page: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Posts that a page refers to, and users, by id."""
    includes = page.get("includes")
    if not isinstance(includes, dict):
        return {}, {}
    posts = [post for name in INCLUDED_POSTS for post in includes.get(name) or [] if isinstance(post, dict)]
    users = [user for user in includes.get("users") or [] if isinstance(user, dict)]
    return (
        {str(post["id"]): post for post in posts if "id" in post},
        {str(user["id"]): user for user in users if "id" in user},
    )
