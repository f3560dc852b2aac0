"""What goes with what is asked to go: every version of an edited post, and every repost, which is its text once more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orchestration.compliance.asked import POST, Asked
from orchestration.compliance.files import lines_naming
from orchestration.compliance.gone import NUMBERS, Gone, is_gone, loaded, related
from orchestration.compliance.id_tables import ASKED_AT_ONCE, IdTable, chunks, naming
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import TWEETS
from orchestration.windows import HOUR, Window, floor_hour

OF_POSTS = "tweet_id in unnest(@ids) or root_id in unnest(@ids) or (kind = 'repost' and referenced_id in unnest(@ids))"
POINTERS = ("tweet_id", "root_id", "referenced_id")
Key = tuple[str, str]


@dataclass
class Closure:
    """`posts` and `authors` map what goes to the request it goes for; `geo_*` the same for places.

    `stored` has the rows of raw.tweets that go, by campaign and id; `naming` those that stay and name what goes.
    """

    posts: dict[str, Asked] = field(default_factory=dict)
    authors: dict[str, Asked] = field(default_factory=dict)
    geo_posts: dict[str, Asked] = field(default_factory=dict)
    geo_authors: dict[str, Asked] = field(default_factory=dict)
    stored: dict[Key, datetime] = field(default_factory=dict)
    naming: set[Key] = field(default_factory=set)

    @property
    def gone(self) -> Gone:
        return Gone(self.posts, self.authors, self.geo_posts, self.geo_authors)

    @property
    def names(self) -> dict[str, Asked]:
        """Every id by which a text can name what goes."""
        return {**self.geo_authors, **self.geo_posts, **self.authors, **self.posts}

    @property
    def encoded(self) -> set[bytes]:
        return {each.encode() for each in self.names}

    @property
    def span(self) -> Window | None:
        """Hours of what is stored of it; None when of one request nothing is stored, so that it could be anywhere."""
        found = {self.posts[tweet_id].id for _, tweet_id in self.stored}
        if not found or {one.id for one in self.posts.values()} - found:
            return None
        return Window(floor_hour(min(self.stored.values())), floor_hour(max(self.stored.values())) + HOUR)

    def request_for(self, text: str) -> Asked | None:
        """The request for which a text that names what goes must change."""
        kinds = (self.posts, self.authors, self.geo_posts, self.geo_authors)
        return next((kind[number] for number in NUMBERS.findall(text) for kind in kinds if number in kind), None)


def find_closure(warehouse: Warehouse, asked: Iterable[Asked], landings: Iterable[IdTable]) -> Closure:
    """Looks through raw.tweets, the spool and the pages until nothing more turns up: a repost of a version of a post, say."""
    closure = Closure()
    for one in asked:
        kinds = (closure.geo_posts, closure.geo_authors) if one.is_geo else (closure.posts, closure.authors)
        kinds[one.subject != POST][one.id] = one
    new = closure.names
    for row in _stored(warehouse, "author_id in unnest(@ids)", closure.authors):
        _add_row(closure, new, row, closure.authors[row["author_id"]])
    while new:
        looked, new = new, {}
        posts = [each for each in looked if each in closure.posts]
        for row in _stored(warehouse, OF_POSTS, posts):
            _add_row(closure, new, row, next(closure.posts[row[name]] for name in POINTERS if row[name] in closure.posts))
        answers = _stored(warehouse, "referenced_id in unnest(@ids)", posts)
        closure.naming.update((row["campaign_id"], row["tweet_id"]) for row in answers)
        _add_from_records(closure, new, warehouse, looked)
        _add_from_lines(closure, new, warehouse, looked, landings)
    closure.naming -= closure.stored.keys()
    return closure


def _stored(warehouse: Warehouse, where: str, ids: Iterable[str]) -> list[dict[str, Any]]:
    sql = f"select campaign_id, tweet_id, root_id, referenced_id, author_id, created_at from {warehouse.qualified(TWEETS)} where {where}"
    return [row for part in chunks(ids, ASKED_AT_ONCE) for row in warehouse.query(sql, ids=part)]


def _add_row(closure: Closure, new: dict[str, Asked], row: Mapping[str, Any], request: Asked) -> None:
    closure.stored[row["campaign_id"], row["tweet_id"]] = row["created_at"]
    for each in (row["tweet_id"], row["root_id"]):
        _add_post(closure, new, each, request)


def _add_post(closure: Closure, new: dict[str, Asked], tweet_id: str, request: Asked) -> None:
    if tweet_id not in closure.posts:
        closure.posts[tweet_id] = new[tweet_id] = request


def _add_from_records(closure: Closure, new: dict[str, Asked], warehouse: Warehouse, looked: Mapping[str, Asked]) -> None:
    """Rows whose record, as received, names what goes: a repost of an author's post that we do not hold, for one."""
    conditions = (*_no_earlier(closure), naming("raw_record"))
    sql = f"""
        select campaign_id, tweet_id, root_id, created_at, raw_record
        from {warehouse.qualified(TWEETS)} where {' and '.join(conditions)}
    """
    for part in chunks(looked, ASKED_AT_ONCE):
        for row in warehouse.query(sql, ids=part):
            record, request = _object(row["raw_record"]), closure.request_for(row["raw_record"])
            if record is not None and request is not None and is_gone(record, closure.gone):
                _add_row(closure, new, row, request)
            else:
                closure.naming.add((row["campaign_id"], row["tweet_id"]))


def _add_from_lines(
    closure: Closure, new: dict[str, Asked], warehouse: Warehouse, looked: Mapping[str, Asked], landings: Iterable[IdTable]
) -> None:
    lines = [*lines_naming(warehouse.settings, {each.encode() for each in looked}), *_landed_naming(warehouse, landings, looked)]
    for text in lines:
        value, request = _object(text), closure.request_for(text)
        if request is None:
            continue
        for each in list(related(value, closure.gone)):
            _add_post(closure, new, each, closure.posts.get(each, request))


def _landed_naming(warehouse: Warehouse, landings: Iterable[IdTable], ids: Iterable[str]) -> Iterator[str]:
    """Lines of a production stream, in BigQuery, that hold one of the ids."""
    for table in landings:
        sql = f"select {table.data} as data from {warehouse.qualified(table.name)} where {naming(table.data)}"
        for part in chunks(ids, ASKED_AT_ONCE):
            yield from (row["data"] for row in warehouse.query(sql, ids=part))


def _no_earlier(closure: Closure) -> tuple[str, ...]:
    """A post can only be named after it was made; of an author, or of a post that we do not hold, nobody knows when."""
    span = closure.span
    return () if span is None or closure.authors or closure.geo_authors or closure.geo_posts else in_window("created_at", span)[:1]


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = loaded(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
