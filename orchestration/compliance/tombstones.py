"""What was deleted never comes back: not from an archive, a search or a spool. Known by keyed hashes, the ids are gone."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from orchestration.compliance.asked import AUTHOR, POST, Asked
from orchestration.compliance.gone import NUMBERS, Gone, in_words, is_gone, loaded, scrubbed
from orchestration.sources.authors import digest, keyed_hash, salt
from orchestration.sources.base import Capture, Post
from orchestration.warehouse.tables import COMPLIANCE_LOG, TWEETS

if TYPE_CHECKING:
    from orchestration.warehouse.client import Warehouse

GEO = "geo-"
DIGITS = 32
# The hash comes first and the subject behind it, so that one hash of a number tells whether it is any of them.
NONE: frozenset[str] = frozenset()
KINDS = (POST, AUTHOR, f"{GEO}{POST}", f"{GEO}{AUTHOR}")


def key_of(subject: str, subject_id: str) -> str:
    """`<32 hex digits> <subject>`: a `post`, an `author`, or one of them with `geo-` before it. Raises SourceError without a salt."""
    return f"{keyed_hash(subject_id, DIGITS)} {subject}"


def key_of_request(asked: Asked) -> str:
    return key_of(f"{GEO}{asked.subject}" if asked.is_geo else asked.subject, asked.id)


def load(warehouse: "Warehouse") -> frozenset[str]:
    """Keys of everything that was deleted, or lost its places. Raises WarehouseError."""
    return frozenset(row["subject_key"] for row in warehouse.query(f"select subject_key from {warehouse.qualified(COMPLIANCE_LOG)}"))


def keep_living(posts: Iterable[Post], tombstones: Collection[str]) -> list[Post]:
    """The posts without those that were deleted, their versions and reposts; what is left names none of them."""
    if not tombstones:
        return list(posts)
    gone = _gone(tombstones)
    return [kept for post in posts if (kept := _living(post, gone)) is not None]


def keep_living_capture(capture: Capture, tombstones: Collection[str]) -> tuple[Capture, Counter[datetime]]:
    """As `keep_living` for all hours and dead letters of a capture, and how many posts each hour lost by it."""
    removed: Counter[datetime] = Counter()
    if not tombstones:
        return capture, removed
    gone, hours = _gone(tombstones), []
    for hour in capture.hours:
        kept = tuple(each for post in hour.posts if (each := _living(post, gone)) is not None)
        removed[hour.hour] = len(hour.posts) - len(kept)
        hours.append(replace(hour, posts=kept))
    letters = tuple(letter for letter in capture.dead_letters if not letter_names(letter.raw_record, letter.detail, gone))
    return replace(capture, hours=tuple(hours), dead_letters=letters), +removed


def count_returned(warehouse: "Warehouse") -> int:
    """Posts stored now that were deleted once, or whose author was: 0 as long as nothing came back. Raises WarehouseError."""
    gone = _gone(load(warehouse))
    sql = f"select distinct tweet_id, root_id, author_id from {warehouse.qualified(TWEETS)}"
    return sum(
        row["tweet_id"] in gone.posts or row["root_id"] in gone.posts or (row["author_id"] is not None and row["author_id"] in gone.authors)
        for row in warehouse.query(sql)
    )


def letter_names(raw_record: str, detail: str, gone: Gone) -> bool:
    """Whether a record that could not be used is of something deleted, or names it."""
    return scrubbed(raw_record, gone) != raw_record or in_words(detail, gone)


class _Hashes:
    """Which kinds a number is a tombstone of; each number is hashed once."""

    def __init__(self, tombstones: Collection[str]) -> None:
        self.kinds: dict[bytes, frozenset[str]] = {}
        for key in tombstones:
            hashed, _, kind = key.partition(" ")
            self.kinds[bytes.fromhex(hashed)] = self.kinds.get(bytes.fromhex(hashed), frozenset()) | {kind}
        self.known: dict[str, frozenset[str]] = {}
        self.salt = salt()

    def of(self, number: str) -> frozenset[str]:
        kinds = self.known.get(number)
        if kinds is None:
            kinds = self.known[number] = self.kinds.get(digest(self.salt, number)[: DIGITS // 2], NONE)
        return kinds


@dataclass(frozen=True)
class _Hashed:
    """Numbers that are a tombstone of one kind."""

    hashes: _Hashes
    kind: str

    def __contains__(self, number: object) -> bool:
        return self.kind in self.hashes.of(str(number))


class _Gone(Gone):
    """As `Gone`, asked for all kinds at once."""

    posts: _Hashed

    def names(self, number: str) -> bool:
        return bool(self.posts.hashes.of(number))


def _gone(tombstones: Collection[str]) -> Gone:
    hashes = _Hashes(tombstones)
    return _Gone(*(_Hashed(hashes, kind) for kind in KINDS))


def _living(post: Post, gone: Gone) -> Post | None:
    own = (post.tweet_id, post.root_id, post.referenced_id if post.is_repost else None)
    if any(each in gone.posts for each in own if each) or (post.author_id and post.author_id in gone.authors):
        return None
    points = post.referenced_id is not None and post.referenced_id in gone.posts
    if not points and not any(gone.names(number) for number in set(NUMBERS.findall(post.raw_record))):
        return post
    raw_record = scrubbed(post.raw_record, gone)
    if raw_record is None and is_post_gone(post.raw_record, gone):
        return None
    return replace(
        post,
        referenced_id=None if points else post.referenced_id,
        urls=tuple(url for url in post.urls if not in_words(url, gone)),
        raw_record="{}" if raw_record is None else raw_record,
    )


def is_post_gone(raw_record: str, gone: Gone) -> bool:
    """Whether the record, as received, says that its post is gone: as the repost of one, or by its history."""
    try:
        value = loaded(raw_record)
    except ValueError:
        return False
    return isinstance(value, dict) and is_gone(value, gone)
