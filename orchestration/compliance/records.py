"""Rows that hold records as received: living posts that name what goes, dead letters, and what a stream has landed."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from orchestration.compliance.closure import Closure
from orchestration.compliance.files import line_without
from orchestration.compliance.gone import in_words, scrubbed
from orchestration.compliance.id_tables import ASKED_AT_ONCE, CHANGED_AT_ONCE, IdTable, chunks, naming
from orchestration.compliance.tombstones import letter_names
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import literal, one_of
from orchestration.warehouse.tables import DEAD_LETTERS, TWEETS


@dataclass
class Scrubs:
    """Living posts that name what goes: their rows without it, how many by the id they name, links they lose, their ids."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    links: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)


def plan_scrubs(warehouse: Warehouse, closure: Closure) -> Scrubs:
    """What goes is taken out of the records, references and links of living posts; nothing is written yet."""
    plan = Scrubs()
    columns = [column.name for column in TWEETS.columns]
    sql = f"select {', '.join(columns)} from {warehouse.qualified(TWEETS)} where tweet_id in unnest(@ids)"
    for part in chunks(sorted({tweet_id for _, tweet_id in closure.naming}), CHANGED_AT_ONCE):
        for row in warehouse.query(sql, ids=part):
            kept = _living(row, closure)
            if kept != row:
                request = closure.request_for(f"{row['referenced_id']} {row['raw_record']} {' '.join(row['urls'])}")
                plan.counts[request.id if request else row["referenced_id"]] += 1
                plan.rows.append(kept)
                plan.links |= set(row["urls"]) - set(kept["urls"])
                plan.ids.add(row["tweet_id"])
    return plan


def letters_naming(warehouse: Warehouse, closure: Closure) -> dict[str, str]:
    """Dead letters of posts that go, or that name one: letter id -> the id they name."""
    letters: dict[str, str] = {}
    sql = f"""
        select letter_id, raw_record, detail from {warehouse.qualified(DEAD_LETTERS)}
        where feed = 'tweets' and {naming("concat(raw_record, ' ', detail)")}
    """
    for part in chunks(closure.names, ASKED_AT_ONCE):
        for row in warehouse.query(sql, ids=part):
            request = closure.request_for(f"{row['raw_record']} {row['detail']}")
            if request and letter_names(row["raw_record"], row["detail"], closure.gone):
                letters[row["letter_id"]] = request.id
    return letters


def delete_letters(warehouse: Warehouse, closure: Closure) -> Counter[str]:
    """Deletes them. Returns how many, by the id they named."""
    letters = letters_naming(warehouse, closure)
    for part in chunks(sorted(letters), CHANGED_AT_ONCE):
        warehouse.execute(f"DELETE FROM {warehouse.qualified(DEAD_LETTERS)} T WHERE {one_of('T.letter_id', part)}")
    return Counter(letters.values())


def delete_landed(warehouse: Warehouse, table: IdTable, closure: Closure) -> tuple[Counter[str], Counter[str]]:
    """Deletes the lines of posts that go and scrubs those that name one. Returns how many of both, by the id they named."""
    deleted, changed = Counter[str](), Counter[str]()
    gone, scrubs = set(), {}
    sql = f"select message_id, {table.data} as data from {warehouse.qualified(table.name)} where {naming(table.data)}"
    for part in chunks(closure.names, ASKED_AT_ONCE):
        for row in warehouse.query(sql, ids=part):
            request, kept = closure.request_for(row["data"]), line_without(row["data"].encode(), closure.gone)
            if request is None or row["message_id"] in gone or row["message_id"] in scrubs:
                continue
            if kept is None:
                gone.add(row["message_id"])
                deleted[request.id] += 1
            elif kept.decode() != row["data"]:
                scrubs[row["message_id"]] = kept.decode()
                changed[request.id] += 1
    for part in chunks(sorted(gone), CHANGED_AT_ONCE):
        warehouse.execute(f"DELETE FROM {warehouse.qualified(table.name)} T WHERE {one_of('T.message_id', part)}")
    for message_id, data in scrubs.items():
        where = f"T.message_id = {literal(message_id)}"
        warehouse.execute(f"UPDATE {warehouse.qualified(table.name)} T SET data = {table.landed(data)} WHERE {where}")
    return deleted, changed


def _living(row: dict[str, Any], closure: Closure) -> dict[str, Any]:
    return row | {
        "raw_record": scrubbed(row["raw_record"], closure.gone) or "{}",
        "referenced_id": None if row["referenced_id"] in closure.posts else row["referenced_id"],
        "urls": [url for url in row["urls"] if not in_words(url, closure.gone)],
    }
