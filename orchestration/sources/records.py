"""One post as X wrote it (v2 of both vocabularies, or v1.1) as a `Post`."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from orchestration.sources import text_entities
from orchestration.sources.authors import author_key
from orchestration.sources.base import Post
from orchestration.sources.envelopes import Wrapped
from orchestration.sources.values import (
    LARGEST_COUNT,
    BadRecord,
    parse_count,
    parse_created_at,
    parse_id,
    parse_observed_at,
    time_of_id,
)

LONG_FORMS = ("note_tweet", "note_post", "extended_tweet")
TEXTS = frozenset({"text", "full_text", *LONG_FORMS})
KINDS = {"retweeted": "repost", "reposted": "repost", "quoted": "quote", "replied_to": "reply"}
METRICS = {
    "like_count": ("like_count", "favorite_count"),
    "reply_count": ("reply_count",),
    "quote_count": ("quote_count",),
    "repost_count": ("retweet_count", "repost_count"),
    "bookmark_count": ("bookmark_count",),
    "impression_count": ("impression_count", "view_count"),
}
# Kind of entity: its name in v1.1, the fields that can hold its name, and how the text shows it.
ENTITIES = {
    "hashtags": ("hashtags", ("tag", "text"), text_entities.hashtags),
    "mentions": ("user_mentions", ("username", "screen_name"), text_entities.mentions),
    "cashtags": ("symbols", ("tag", "text"), text_entities.cashtags),
    "urls": ("urls", ("unwound_url", "expanded_url", "url"), text_entities.links),
}


def parse_record(wrapped: Wrapped, *, source_ref: str, created_at: datetime | None = None) -> Post:
    """`created_at` is given by who has read it already.

    Raises BadRecord: missing_id, float_id, bad_timestamp, bad_metric, missing_text.
    """
    record = wrapped.record
    tweet_id = parse_id(_first(record, "id_str", "id"))
    created_at = created_at or created_at_of(record)
    reference, kind = _reference(record)
    referenced_id = _id_or_none(_first(reference, "id_str", "id")) if reference else None
    original = _original(reference, wrapped) if kind == "repost" else None
    # The long form where there is one, and for a repost the original's, which is not cut.
    texts = [_written(record)] if original is None else [_written(record), _written(original)]
    text = texts[-1].text or texts[0].text
    if text is None:
        raise BadRecord("missing_text", "the post has no text")
    user = next((user for name in ("user", "author") if isinstance(user := record.get(name), dict)), None)
    author_id = _id_or_none(record.get("author_id") or _first(user, "id_str", "id"))
    user = user or wrapped.users.get(author_id or "")
    handle = _text_or_none(_first(user, "username", "screen_name")) if user else None
    history = _first(record, "edit_history_tweet_ids", "edit_history_post_ids")
    return Post(
        tweet_id=tweet_id,
        root_id=_id_or_none(history[0]) or tweet_id if isinstance(history, list) and history else tweet_id,
        created_at=created_at,
        observed_at=parse_observed_at(wrapped.retrieved_at),
        text=text,
        kind=kind,
        author_id=author_id,
        author_key=author_key(author_id, handle),
        author_followers=_followers(user) if user else None,
        lang=_text_or_none(record.get("lang")),
        hashtags=text_entities.normalised(_named(texts, "hashtags")),
        mentions=text_entities.normalised(_named(texts, "mentions")),
        cashtags=text_entities.normalised(_named(texts, "cashtags"), upper=True),
        urls=tuple(dict.fromkeys(_named(texts, "urls"))),
        referenced_id=referenced_id,
        id_is_exact=True,
        source_ref=source_ref,
        raw_record=as_json(record),
        **_metrics(record),
    )


def as_json(record: dict[str, Any]) -> str:
    """The record as compact JSON text, keys in order, the same for the same record."""
    try:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:
        # Integers over 64 bits and lone surrogates, which orjson does not write.
        return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def created_at_of(record: dict[str, Any]) -> datetime:
    """When the post was made: what it says, else what its id carries. Raises BadRecord."""
    if record.get("created_at") is not None:
        return parse_created_at(record["created_at"])
    carried = time_of_id(parse_id(_first(record, "id_str", "id")))
    if carried is None:
        raise BadRecord("bad_timestamp", "the post has no time and its id carries none")
    return carried


def _followers(user: dict[str, Any]) -> int | None:
    """Followers of the author; None where absent or no number: a damaged count must not cost the post."""
    held = user.get("public_metrics")
    value = _first(held if isinstance(held, dict) else user, "followers_count")
    return value if type(value) is int and 0 <= value <= LARGEST_COUNT else None


def _first(record: Any, *names: str) -> Any:
    if isinstance(record, dict):
        for name in names:
            if (value := record.get(name)) is not None:
                return value
    return None


def _text_or_none(value: Any) -> str | None:
    return value or None if isinstance(value, str) else None


def _id_or_none(value: Any) -> str | None:
    if value is None:
        return None
    try:
        return parse_id(value)
    except BadRecord:
        return None


def _reference(record: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What the post refers to, and its kind. A quote inside a thread is a quote."""
    v1_repost = record.get("retweeted_status")
    if isinstance(v1_repost, dict):
        return v1_repost, "repost"
    if isinstance(references := _first(record, "referenced_tweets", "referenced_posts"), list):
        by_kind = {KINDS.get(str(each.get("type"))): each for each in references if isinstance(each, dict)}
        for kind in ("repost", "quote", "reply"):
            if kind in by_kind:
                return by_kind[kind], kind
    if record.get("is_quote_status"):
        return {"id": _first(record, "quoted_status_id_str", "quoted_status_id")}, "quote"
    answered = _first(record, "in_reply_to_status_id_str", "in_reply_to_status_id")
    return ({"id": answered}, "reply") if answered is not None else ({}, "original")


def _original(reference: dict[str, Any], wrapped: Wrapped) -> dict[str, Any] | None:
    """The reposted post: inside the reference (flattened, v1.1) or beside it in the page."""
    if not TEXTS.isdisjoint(reference) and _written(reference).text is not None:
        return reference
    return wrapped.included.get(str(reference.get("id")))


class Written(NamedTuple):
    """The text of a post, the long form's where there is one, and the entities that the API marked in either."""

    text: str | None
    marked: list[dict[str, Any]]


def _written(record: dict[str, Any]) -> Written:
    long_form = _first(record, *LONG_FORMS)
    parts = [record, long_form] if isinstance(long_form, dict) else [record]
    text = _first(parts[-1], "full_text", "text") or _first(record, "full_text", "text")
    marked = [entities for part in parts if isinstance(entities := part.get("entities"), dict)]
    return Written(text if isinstance(text, str) else None, marked)


def _named(texts: Iterable[Written], kind: str) -> list[str]:
    """Names of one kind of entity: those the API marked, the long form's included, else those the text shows by X's rules."""
    names = []
    v1_kind, fields, find = ENTITIES[kind]
    for text, marked in texts:
        if not marked and text:
            names += find(text)
        for entities in marked:
            if isinstance(items := entities.get(kind) or entities.get(v1_kind), list):
                names += [name for item in items if isinstance(name := _first(item, *fields), str)]
    return names


def _metrics(record: dict[str, Any]) -> dict[str, int | None]:
    """Metrics by their column; None where absent. Raises BadRecord `bad_metric`."""
    held = record.get("public_metrics")
    if not isinstance(held, dict):
        held = record
    counts = {}
    for name, spellings in METRICS.items():
        for spelling in spellings:
            if (value := held.get(spelling)) is not None:
                break
        # Nearly always: a call for each of six counts is a twentieth of the whole.
        counts[name] = value if type(value) is int and 0 <= value <= LARGEST_COUNT else parse_count(value, name)
    return counts
