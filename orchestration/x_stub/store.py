"""The posts that the stub knows: raw records of API v2 in order of time, and which of them are gone."""

import hashlib
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from orchestration.sources.values import FIRST_POST, FIRST_SNOWFLAKE, SNOWFLAKE_EPOCH_MS, parse_created_at, time_of_id
from orchestration.sources.x.query import Query
from orchestration.sources.x.query_terms import PostView
from orchestration.windows import HOUR, floor_hour

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
LARGEST_SKEW = timedelta(seconds=1)
SEQUENCE_BITS = 22
FIRST_TIMED_ID = datetime(2010, 11, 5, tzinfo=UTC)
DELETED, SUSPENDED = "deleted", "suspended"
HOUR_MS = 3_600_000


@dataclass(eq=False)
class Stored:
    """A post: its record as API v2 writes it, and its place in time (unix milliseconds, then its id as a number)."""

    record: dict[str, Any]
    ms: int
    number: int
    handle: str | None = None

    @property
    def id(self) -> str:
        return self.record["id"]

    @property
    def place(self) -> tuple[int, int]:
        return self.ms, self.number

    @property
    def is_repost(self) -> bool:
        return "retweeted" in self.view.references

    @cached_property
    def view(self) -> PostView:
        """As search looks at it: without diacritics."""
        return PostView(self.record, handle=self.handle)

    @cached_property
    def stream_view(self) -> PostView:
        return PostView(self.record, fold=False, handle=self.handle)


@dataclass
class Store:
    """`users` are user objects by id; `included` are posts that others refer to, found by no search."""

    posts: list[Stored] = field(default_factory=list)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    included: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_id: dict[str, Stored] = field(default_factory=dict)
    # Id -> why it is gone.
    gone: dict[str, str] = field(default_factory=dict)
    # Author id -> why none of the account's posts can be seen.
    closed: dict[str, str] = field(default_factory=dict)
    # Id of a version -> unix milliseconds from which on a later one stands in its place.
    replaced_at: dict[str, int] = field(default_factory=dict)
    # (query, hour, with reposts) -> the posts of the hour that match it.
    _found: dict[tuple[str, int, bool], list[Stored]] = field(default_factory=dict, repr=False)
    _taken: set[str] = field(default_factory=set, repr=False)

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Any]], users: Iterable[Mapping[str, Any]] = ()) -> "Store":
        """Records as API v2 writes them. One with an id that disagrees with its time gets another id."""
        store = cls(users={str(user["id"]): dict(user) for user in users})
        store.add(records)
        return store

    def add(self, records: Iterable[Mapping[str, Any]]) -> None:
        """New posts; one whose id is known replaces it. Raises BadRecord for one that has no time that can be read."""
        fresh, moved = [], {}
        for record in records:
            created_at = parse_created_at(record.get("created_at"))
            given = str(record.get("id") or "")
            tweet_id = given if agrees(given, created_at) else self._minted(to_ms(created_at), f"{given}|{record.get('author_id')}|{record.get('text')}")
            if given and given != tweet_id:
                moved[given] = tweet_id
            self._taken.add(tweet_id)
            fresh.append(dict(record) | {"id": tweet_id, "created_at": stamp(created_at)})
        for record in fresh:
            self._keep(with_ids(record, lambda given: moved.get(given, given)) if moved else record)
        self._found.clear()

    def _keep(self, record: dict[str, Any]) -> None:
        tweet_id, ms = record["id"], to_ms(datetime.fromisoformat(record["created_at"]))
        author = record.pop("author", None)
        if isinstance(author, dict) and author.get("id"):
            self.users.setdefault(str(author["id"]), author)
        history = [str(each) for each in record.get("edit_history_tweet_ids") or []]
        record["edit_history_tweet_ids"] = history if tweet_id in history else [tweet_id]
        for earlier in record["edit_history_tweet_ids"]:
            if int(earlier) < int(tweet_id):
                self.replaced_at[earlier] = min(ms, self.replaced_at.get(earlier, ms))
        handle = self.users.get(str(record.get("author_id")), {}).get("username")
        stored = Stored(record, ms, int(tweet_id), handle)
        known = self.by_id.get(tweet_id)
        if known is not None:
            self.posts.remove(known)
        self.by_id[tweet_id] = stored
        if self.posts and self.posts[-1].place > stored.place:
            insort(self.posts, stored, key=lambda each: each.place)
        else:
            self.posts.append(stored)

    def _minted(self, ms: int, content: str) -> str:
        """An id that carries the time, the same for the same content, that no other post has."""
        low = int.from_bytes(hashlib.sha256(content.encode("utf-8", "replace")).digest()[:4], "big") % 2**SEQUENCE_BITS
        first = (ms - SNOWFLAKE_EPOCH_MS) << SEQUENCE_BITS
        if first < FIRST_SNOWFLAKE:
            # Made before ids carried their time: they were counted up.
            first, low = (ms - to_ms(FIRST_POST)) // 10, 0
        while (tweet_id := str(first + low)) in self._taken:
            low = (low + 1) % 2**SEQUENCE_BITS
        return tweet_id

    def delete(self, *ids: str) -> None:
        """Their authors have deleted them. An id that is not known is kept as deleted, too."""
        self.gone |= dict.fromkeys(map(str, ids), DELETED)

    def suspend(self, author_id: str, reason: str = SUSPENDED) -> None:
        """None of the account's posts can be seen any more: it is suspended, deactivated or protected."""
        self.closed[str(author_id)] = reason

    def why_gone(self, stored: Stored) -> str | None:
        return self.closed.get(str(stored.record.get("author_id"))) or self.gone.get(stored.id)

    def search(self, query: Query, start_ms: int, end_ms: int, now_ms: int, *, reposts: bool) -> list[Stored]:
        """What search finds in [start, end) of unix milliseconds, in order of time: of what is not gone the versions that are newest now."""
        found: list[Stored] = []
        if not self.posts:
            return found
        start_ms, end_ms = max(start_ms, self.posts[0].ms), min(end_ms, self.posts[-1].ms + 1)
        for hour in range(start_ms // HOUR_MS, -(-end_ms // HOUR_MS)):
            found += _cut(self._matching(query, hour, reposts), start_ms, end_ms)
        if self.gone or self.closed or self.replaced_at:
            found = [each for each in found if self.why_gone(each) is None and self.replaced_at.get(each.id, now_ms + 1) > now_ms]
        return found

    def _matching(self, query: Query, hour: int, reposts: bool) -> list[Stored]:
        key = (query.text, hour, reposts)
        if (known := self._found.get(key)) is None:
            posts = self.between(hour * HOUR_MS, (hour + 1) * HOUR_MS)
            known = [each for each in posts if (reposts or not each.is_repost) and query.finds(each.view)]
            self._found[key] = known
        return known

    def between(self, start_ms: int, end_ms: int) -> list[Stored]:
        """Every post made in [start, end) of unix milliseconds, in order of time."""
        return _cut(self.posts, start_ms, end_ms)

    def shifted(self, to_end: datetime) -> "Store":
        """The same posts, moved by whole hours so that the last one's hour ends at `to_end`, or less than an hour before it."""
        if not self.posts:
            return Store()
        last_hour_end = floor_hour(parse_created_at(self.posts[-1].record["created_at"])) + HOUR
        moved = Store(users=self.users)
        by = (to_end - last_hour_end) // HOUR * HOUR
        moved.included = {shifted_id(known, by): shifted_record(record, by) for known, record in self.included.items()}
        moved.add(shifted_record(each.record, by) for each in self.posts)
        return moved


def with_ids(record: Mapping[str, Any], follow: Callable[[str], str]) -> dict[str, Any]:
    """The record with every id of a post in it replaced by `follow` of it: its own, its versions' and those it refers to."""
    made = dict(record)
    for name in ("id", "conversation_id"):
        if isinstance(made.get(name), str):
            made[name] = follow(made[name])
    if isinstance(made.get("edit_history_tweet_ids"), list):
        made["edit_history_tweet_ids"] = [follow(str(each)) for each in made["edit_history_tweet_ids"]]
    if isinstance(made.get("referenced_tweets"), list):
        made["referenced_tweets"] = [with_ids(each, follow) for each in made["referenced_tweets"] if isinstance(each, dict)]
    return made


def shifted_record(record: Mapping[str, Any], by: timedelta) -> dict[str, Any]:
    """The same post, had it been made `by` later."""
    made = with_ids(record, lambda given: shifted_id(given, by))
    made["referenced_tweets"] = [_times_shifted(each, by) for each in made.get("referenced_tweets") or []]
    if not made["referenced_tweets"]:
        del made["referenced_tweets"]
    return _times_shifted(made, by)


def _times_shifted(record: dict[str, Any], by: timedelta) -> dict[str, Any]:
    made = dict(record)
    if isinstance(made.get("created_at"), str):
        made["created_at"] = stamp(parse_created_at(made["created_at"]) + by)
    controls = made.get("edit_controls")
    if isinstance(controls, dict) and isinstance(controls.get("editable_until"), str):
        made["edit_controls"] = controls | {"editable_until": stamp(datetime.fromisoformat(controls["editable_until"]) + by)}
    return made


def shifted_id(tweet_id: str, by: timedelta) -> str:
    """The id of the same post, had it been made `by` later. Ids carry their time, so every reference can follow without a list."""
    if not (tweet_id.isdigit() and int(tweet_id) >= FIRST_SNOWFLAKE):
        return tweet_id
    return str(int(tweet_id) + ((by // MILLISECOND) << SEQUENCE_BITS))


def _cut(posts: list[Stored], start_ms: int, end_ms: int) -> list[Stored]:
    """Those made in [start, end), of posts in order of time."""
    return posts[bisect_left(posts, start_ms, key=_ms) : bisect_left(posts, end_ms, key=_ms)]


def _ms(stored: Stored) -> int:
    return stored.ms


def agrees(tweet_id: str, created_at: datetime) -> bool:
    """Whether the id is one that X can have given at that time."""
    if not (tweet_id.isascii() and tweet_id.isdigit() and len(tweet_id) <= 19):
        return False
    carried = time_of_id(tweet_id)
    if carried is None:
        return created_at < FIRST_TIMED_ID
    return abs(carried - created_at) <= LARGEST_SKEW


def stamp(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def to_ms(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND
