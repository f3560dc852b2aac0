"""Posts for the stub out of any archive that the importer reads: records of API v2 as they are, others made into such."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from orchestration.sources.archive.files import CSV_ENDINGS, Reading, records
from orchestration.sources.base import Post, SourceError
from orchestration.sources.envelopes import INCLUDED_POSTS
from orchestration.sources.hours import latest_observations
from orchestration.sources.sample.source import DATA
from orchestration.sources.values import BadRecord
from orchestration.x_stub.fields import OLD_NAMES
from orchestration.x_stub.store import Store

V1_MARKS = frozenset({"id_str", "full_text", "user", "retweeted_status"})
TYPES = {"repost": "retweeted", "quote": "quoted", "reply": "replied_to"}
METRICS = {
    "retweet_count": "repost_count",
    "reply_count": "reply_count",
    "like_count": "like_count",
    "quote_count": "quote_count",
    "bookmark_count": "bookmark_count",
    "impression_count": "impression_count",
}
NOT_OF_X = ("__twarc", "matching_rules")


def from_sample() -> Store:
    """The posts of the sample campaign."""
    return from_archives(sorted(DATA.glob("posts-*.jsonl.gz")))


def from_archives(paths: Sequence[Path]) -> Store:
    """The posts of files or folders, each once, as it was observed last. Raises SourceError when there is none."""
    reading = Reading()
    posts: list[Post] = []
    for path in paths:
        for found in records(path, {}, reading):
            try:
                post = found.read()
            except BadRecord as bad:
                reading.bury(bad, found.source_ref, found.line, found.raw)
                continue
            posts.append(post)
    if not posts:
        raise SourceError(f"There are no posts in {', '.join(str(path) for path in paths) or 'nothing'} that could be served.")
    store = Store()
    for path in paths:
        for file in _json_files(path):
            _add_included(store, file)
    store.add(as_v2(post) for post in latest_observations(posts))
    return store


def as_v2(post: Post) -> dict[str, Any]:
    """The post as API v2 writes it, in the old names of fields."""
    raw = _read(post.raw_record)
    is_row = (post.source_ref or "").rsplit(":", 1)[0].lower().removesuffix(".gz").endswith(CSV_ENDINGS)
    if is_row or not V1_MARKS.isdisjoint(raw) or not isinstance(raw.get("text"), str):
        return _built(post)
    record = {OLD_NAMES.get(name, name): value for name, value in raw.items() if name not in NOT_OF_X}
    metrics = record.get("public_metrics")
    if isinstance(metrics, dict) and "repost_count" in metrics:
        record["public_metrics"] = {"retweet_count" if name == "repost_count" else name: count for name, count in metrics.items()}
    return record | {"created_at": post.created_at.isoformat()}


def _read(text: str) -> dict[str, Any]:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # What only Python's reader takes: lone surrogates and NaN.
        return json.loads(text)


def _built(post: Post) -> dict[str, Any]:
    """From what the importer understood of a row or of a post of v1.1. Metrics that it does not have are left out."""
    record: dict[str, Any] = {"id": post.tweet_id, "text": post.text, "created_at": post.created_at.isoformat()}
    author = post.author_id or (str(int(post.author_key, 16) % 10**18) if post.author_key else None)
    metrics = {name: count for name, field in METRICS.items() if (count := getattr(post, field)) is not None}
    optional = {
        "author_id": author,
        "lang": post.lang,
        "public_metrics": metrics,
        "entities": _entities(post),
        "referenced_tweets": _references(post),
    }
    record |= {name: value for name, value in optional.items() if value}
    if post.tweet_id.isdigit():
        record["edit_history_tweet_ids"] = list(dict.fromkeys((post.root_id, post.tweet_id)))
    return record


def _entities(post: Post) -> dict[str, Any]:
    text = post.text.casefold()
    kinds = {
        "hashtags": [_placed(text, "#", tag) | {"tag": tag} for tag in post.hashtags],
        "mentions": [_placed(text, "@", name) | {"username": name} for name in post.mentions],
        "cashtags": [_placed(text, "$", tag) | {"tag": tag} for tag in post.cashtags],
        "urls": [_placed(text, "", url) | {"url": url, "expanded_url": url} for url in post.urls],
    }
    return {kind: named for kind, named in kinds.items() if named}


def _placed(text: str, sign: str, name: str) -> dict[str, int]:
    start = max(0, text.find(sign + name.casefold()))
    return {"start": start, "end": start + len(sign) + len(name)}


def _references(post: Post) -> list[dict[str, str]]:
    if post.kind not in TYPES:
        return []
    # A row often says that it is a repost and not of what; X always names it.
    unsaid = str(int(hashlib.sha256(post.text.encode("utf-8", "replace")).hexdigest()[:14], 16))
    return [{"type": TYPES[post.kind], "id": post.referenced_id or unsaid}]


def _json_files(path: Path) -> list[Path]:
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    return [each for each in files if not each.name.lower().removesuffix(".gz").endswith(CSV_ENDINGS)]


def _add_included(store: Store, file: Path) -> None:
    """Users and posts that stand beside the posts of a page."""
    for value in _values(file):
        includes = value.get("includes") if isinstance(value, dict) else None
        if not isinstance(includes, dict):
            continue
        for user in includes.get("users") or []:
            if isinstance(user, dict) and user.get("id") and user.get("username"):
                store.users[str(user["id"])] = user
        for post in (post for name in INCLUDED_POSTS for post in includes.get(name) or []):
            if isinstance(post, dict) and post.get("id") and isinstance(post.get("text"), str):
                fields: dict[str, Any] = post
                store.included[str(post["id"])] = {OLD_NAMES.get(name, name): held for name, held in fields.items()}


def _values(file: Path) -> Iterator[Any]:
    with (gzip.open if file.name.lower().endswith(".gz") else open)(file, "rb") as opened:
        for line in opened:
            if b'"includes"' in line:
                try:
                    yield orjson.loads(line)
                except orjson.JSONDecodeError:
                    continue
