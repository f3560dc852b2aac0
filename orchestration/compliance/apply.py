"""One run of the deletion duty, in an order that a kill at any point leaves repeatable: raw.tweets goes last, the rest is found through it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from orchestration.compliance.asked import POST, Asked
from orchestration.compliance.closure import Closure, find_closure
from orchestration.compliance.files import changing, rewrite
from orchestration.compliance.id_tables import (
    IdTable,
    chunks,
    count_rows,
    delete_rows,
    find_tables,
    forget_links,
    forget_references,
)
from orchestration.compliance.ledger import correct_ledger
from orchestration.compliance.records import delete_landed, delete_letters, letters_naming, plan_scrubs
from orchestration.compliance.tombstones import key_of, key_of_request, load
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import COMPLIANCE_LOG, TWEETS

RAW_TWEETS, RAW_LETTERS = "raw.tweets", "raw.dead_letters"
TWEETS_BY_ID = IdTable(RAW_TWEETS, {column.name: column.type for column in TWEETS.columns})
LOGGED_AT_ONCE = 10_000


@dataclass
class Outcome:
    """What one run did: counts alone. `rows` (deleted) and `changed` are by table; `lines` of files changed or went."""

    asked: int = 0
    found: int = 0
    posts: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    files: int = 0
    lines: int = 0
    leftovers: int = 0
    logged: int = 0

    @property
    def did_nothing(self) -> bool:
        return not (self.rows or self.changed or self.files or self.leftovers or self.logged)


def apply(warehouse: Warehouse, asked: Iterable[Asked], *, run_id: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Outcome:
    """Takes what is asked, its versions and its reposts out of every table and file; counts stay. Twice is once.

    The home's lock must be held. Raises WarehouseError, and SourceError without a salt; the same call finishes it later.
    """
    asked = list(asked)
    done, hits = Outcome(asked=len(asked)), Counter[str]()
    if not asked:
        return done
    known, tables = load(warehouse), find_tables(warehouse)
    for name in tables.leftovers:
        warehouse.execute(f"DROP TABLE IF EXISTS {warehouse.qualified(name)}")
        done.leftovers += 1
    closure = find_closure(warehouse, asked, tables.landings)
    written = rewrite(warehouse.settings, closure.encoded, closure.gone)
    done.files, done.lines = written.files, _added(hits, written.lines)
    scrubs = plan_scrubs(warehouse, closure)
    for table in tables.tables:
        done.rows[table.name] += _delete(warehouse, table, closure, hits)
        done.changed[table.name] += forget_references(warehouse, table, closure.posts)
        done.changed[table.name] += forget_links(warehouse, table, scrubs.links, scrubs.ids)
    done.rows[RAW_LETTERS] += _added(hits, delete_letters(warehouse, closure))
    for table in tables.landings:
        deleted, changed = delete_landed(warehouse, table, closure)
        done.rows[table.name] += _added(hits, deleted)
        done.changed[table.name] += _added(hits, changed)
    for part in chunks(scrubs.rows, LOGGED_AT_ONCE):
        warehouse.add(TWEETS, part, run_id=run_id)
    done.changed[RAW_TWEETS] += _added(hits, scrubs.counts)
    correct_ledger(warehouse, closure.stored)
    # The log before the posts: what is gone and not logged could come back.
    own = count_rows(warehouse, TWEETS_BY_ID, closure.posts)
    _added(hits, own)
    rows = [row for row in _log_rows(asked, closure, hits, now()) if row["subject_key"] not in known]
    for part in chunks(rows, LOGGED_AT_ONCE):
        done.logged += warehouse.add(COMPLIANCE_LOG, part, run_id=run_id)
    done.rows[RAW_TWEETS] += delete_rows(warehouse, TWEETS_BY_ID, own, closure.span)
    names = closure.names
    done.found = len({names[each] for each in hits})
    done.posts = len({tweet_id for _, tweet_id in closure.stored})
    done.rows, done.changed = +done.rows, +done.changed
    return done


def still_stored(warehouse: Warehouse, asked: Iterable[Asked]) -> int:
    """Rows and lines that should be gone and are not, asked of every layer: 0 after `apply`."""
    tables = find_tables(warehouse)
    closure = find_closure(warehouse, (one for one in asked if not one.is_geo), tables.landings)
    rows = sum(count_rows(warehouse, table, closure.posts).total() for table in (*tables.tables, TWEETS_BY_ID))
    return rows + len(letters_naming(warehouse, closure)) + changing(warehouse.settings, closure.encoded, closure.gone)


def _delete(warehouse: Warehouse, table: IdTable, closure: Closure, hits: Counter[str]) -> int:
    counts = count_rows(warehouse, table, closure.posts)
    _added(hits, counts)
    return delete_rows(warehouse, table, counts, closure.span)


def _added(hits: Counter[str], counts: Counter[str]) -> int:
    hits.update(counts)
    return counts.total()


def _log_rows(asked: Iterable[Asked], closure: Closure, hits: Mapping[str, int], now: datetime) -> Iterator[dict[str, Any]]:
    """What was asked, and every version and repost that went with it: each is known by its own id if it comes again."""
    requests = {key_of_request(one): one for one in asked}
    went = {key_of(POST, tweet_id): (tweet_id, one) for tweet_id, one in closure.posts.items()}
    for key in {**requests, **went}:
        tweet_id, one = went.get(key) or (requests[key].id, requests[key])
        yield {
            "subject_key": key,
            "subject": POST if key in went else one.subject,
            "reason": one.reason,
            "requested_at": one.requested_at,
            "applied_at": now,
            "rows_deleted": hits.get(tweet_id, 0),
        }
