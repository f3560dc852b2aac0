"""Records without what is gone: in JSON as X wrote it, of any shape, whatever is wrapped around it."""

import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from orchestration.sources.records import KINDS, as_json
from orchestration.sources.values import BadRecord

NUMBERS = re.compile(r"[0-9]+")
NUMBERS_IN_BYTES = re.compile(rb"[0-9]+")
# In free text a shorter number is seldom an id (the ids of 2006 were small), and would match counts and times.
SHORTEST_IN_TEXT = 9
ID_NAME = re.compile(r"(?:^|_)ids?(?:_str)?$")
AUTHOR_NAME = re.compile(r"(?:user|author)_ids?(?:_str)?$")
HISTORIES = ("edit_history_tweet_ids", "edit_history_post_ids")
REFERENCES = ("referenced_tweets", "referenced_posts")
LINKS = ("expanded_url", "unwound_url", "expanded")
GEO = frozenset({"geo", "coordinates", "place"})
# A living post's own words stay as they are, a number in them as well.
WORDS = frozenset({"text", "full_text"})
# `RT @name: ...` marks the author of the original as a mention that begins here.
START_OF_REPOSTED = 3
GONE: Any = object()


@dataclass(frozen=True)
class Gone:
    """Ids of posts and authors that must go, and those whose places must go."""

    posts: Container[str] = frozenset()
    authors: Container[str] = frozenset()
    geo_posts: Container[str] = frozenset()
    geo_authors: Container[str] = frozenset()

    def names(self, number: str) -> bool:
        """Whether the id is one of these, of whatever kind."""
        return any(number in each for each in (self.posts, self.authors, self.geo_posts, self.geo_authors))


def loaded(text: str | bytes) -> Any:
    """The JSON value. Raises ValueError for anything else, and for what is nested beyond use."""
    try:
        return orjson.loads(text)
    except ValueError:
        pass
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def scrubbed(text: str, gone: Gone) -> str | None:
    """A record as JSON text without what is gone; the same text where it has none of it, None when it is gone itself."""
    try:
        value = loaded(text)
        kept = without(value, gone)
        return None if kept is GONE else text if kept is value else as_json(kept)
    except (ValueError, RecursionError, BadRecord):
        return None if in_words(text, gone) else text


def without(value: Any, gone: Gone, name: str = "") -> Any:
    """The value without posts, authors and ids that are gone; itself when nothing is, GONE when nothing is left of it."""
    if isinstance(value, dict):
        return _object_without(value, gone)
    if isinstance(value, list):
        kept = [left for each in value if (left := without(each, gone, name)) is not GONE]
        return value if len(kept) == len(value) and all(a is b for a, b in zip(kept, value)) else kept
    return GONE if _is_gone_value(value, gone, name) else value


def related(value: Any, gone: Gone) -> Iterator[str]:
    """Ids of every post in the value that is gone, its edit history included: what else must go."""
    if isinstance(value, dict):
        if _is_post(value) and is_gone(value, gone):
            yield from ids_of(value)
        for each in value.values():
            yield from related(each, gone)
    elif isinstance(value, list):
        for each in value:
            yield from related(each, gone)


def is_gone(record: dict[str, Any], gone: Gone) -> bool:
    """Whether a post is gone: by id, by a version of it, by its author, or as the repost of such a post."""
    if any(each in gone.posts for each in ids_of(record)) or _author(record) in gone.authors:
        return True
    original = record.get("retweeted_status")
    if isinstance(original, dict):
        return is_gone(original, gone)
    reposted = [each for each in _references(record) if _kind(each) == "repost"]
    return bool(reposted) and (any(is_gone(each, gone) for each in reposted) or _reposted_author(record) in gone.authors)


def ids_of(record: dict[str, Any]) -> list[str]:
    """The post's id and those of its versions."""
    history: list[Any] = next((record[name] for name in HISTORIES if isinstance(record.get(name), list)), [])
    own = record.get("id_str") or record.get("id")
    return [str(each) for each in (own, *history) if each is not None]


def in_words(text: str, gone: Gone) -> bool:
    """Whether an id stands in a text that is no JSON."""
    return any(len(number) >= SHORTEST_IN_TEXT and (number in gone.posts or number in gone.authors) for number in NUMBERS.findall(text))


def _object_without(value: dict[str, Any], gone: Gone) -> Any:
    if _is_user(value):
        if str(value.get("id_str") or value.get("id")) in gone.authors:
            return GONE
    elif _is_post(value) and is_gone(value, gone):
        # What was referred to stays known: a reply does not become an original because it answers a deleted post.
        return {"type": value["type"]} if _kind(value) else GONE
    kept, changed = {}, False
    whose = "user_" if _is_user(value) else ""
    without_places = _is_post(value) and _lost_its_place(value, gone)
    for name, each in value.items():
        left = GONE if without_places and name in GEO else without(each, gone, f"{whose}{name}")
        if left is GONE and name in LINKS:
            return GONE
        changed |= left is not each
        if left is not GONE:
            kept[name] = left
    return kept if changed else value


def _is_gone_value(value: Any, gone: Gone, name: str) -> bool:
    if isinstance(value, bool) or not isinstance(value, (str, int)) or name in WORDS:
        return False
    if ID_NAME.search(name):
        return str(value) in (gone.authors if AUTHOR_NAME.search(name) else gone.posts)
    return isinstance(value, str) and in_words(value, gone)


def _lost_its_place(record: dict[str, Any], gone: Gone) -> bool:
    return any(each in gone.geo_posts for each in ids_of(record)) or _author(record) in gone.geo_authors


def _is_user(value: dict[str, Any]) -> bool:
    return ("username" in value or "screen_name" in value) and not WORDS & value.keys()


def _is_post(value: dict[str, Any]) -> bool:
    return not _is_user(value) and (
        any(name in value for name in (*WORDS, *HISTORIES, "author_id", "user")) or _kind(value) is not None
    )


def _kind(value: dict[str, Any]) -> str | None:
    """Of a reference to another post; None for what is none, whatever stands there."""
    type_ = value.get("type")
    return KINDS.get(type_) if isinstance(type_, str) else None


def _author(record: dict[str, Any]) -> str:
    user: dict[str, Any] = next((record[name] for name in ("user", "author") if isinstance(record.get(name), dict)), {})
    return str(record.get("author_id") or user.get("id_str") or user.get("id"))


def _references(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for name in REFERENCES if isinstance(record.get(name), list) for each in record[name] if isinstance(each, dict)]


def _reposted_author(record: dict[str, Any]) -> str:
    entities = record.get("entities")
    mentions = entities.get("mentions") if isinstance(entities, dict) else None
    for each in mentions if isinstance(mentions, list) else []:
        if isinstance(each, dict) and each.get("start") == START_OF_REPOSTED:
            return str(each.get("id"))
    return "None"
