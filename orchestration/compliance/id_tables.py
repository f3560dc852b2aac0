"""Every table that holds ids of posts, found by its columns: a table of tomorrow is found too."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from orchestration.warehouse.client import FAILURES, STAGING, Warehouse
from orchestration.warehouse.errors import TableMissing
from orchestration.warehouse.statements import ever, in_window, literal, one_of
from orchestration.warehouse.tables import COMPLIANCE_LOG, DEAD_LETTERS, TWEETS
from orchestration.windows import Window

DATASETS = ("raw", "ml", "intermediate", "marts", "published", FAILURES, STAGING)
# Columns by which a fact may be partitioned; BigQuery answers no question about one that names no partitions.
PARTITIONS = {"created_at": "TIMESTAMP", "hour": "TIMESTAMP", "day": "DATE"}
# Whose row it is; any other column of this kind only points to a post.
OWN = ("tweet_id", "root_id")
POINTING = re.compile(r"(?:^|_)(?:tweet|post|root|referenced)_id$")
# Of the table to which a Pub/Sub subscription writes: the spool of a production stream.
LANDING = frozenset({"message_id", "data", "attributes"})
# Ids of one question, and of one statement: BigQuery takes 1 MB of text.
ASKED_AT_ONCE, CHANGED_AT_ONCE = 10_000, 1_000
Each = TypeVar("Each")


@dataclass(frozen=True)
class IdTable:
    """`name` is `dataset.table`; `types` maps each column to its type."""

    name: str
    types: dict[str, str]

    @property
    def own(self) -> tuple[str, ...]:
        return tuple(name for name in OWN if name in self.types)

    @property
    def all_partitions(self) -> tuple[str, ...]:
        """SQL: bounds that leave nothing out."""
        return tuple(ever(name, kind) for name, kind in PARTITIONS.items() if self.types.get(name) == kind)

    @property
    def data(self) -> str:
        """SQL: what a stream has landed, as text. Pub/Sub writes it as STRING, BYTES or JSON."""
        return {"BYTES": "safe_convert_bytes_to_string(data)", "JSON": "to_json_string(data)"}.get(self.types["data"], "data")

    def landed(self, line: str) -> str:
        """SQL: the value of `data` for a line."""
        form = {"BYTES": "CAST({} AS BYTES)", "JSON": "PARSE_JSON({})"}.get(self.types["data"], "{}")
        return form.format(literal(line))

    @property
    def pointing(self) -> tuple[str, ...]:
        return tuple(sorted(name for name in self.types if POINTING.search(name) and name not in OWN))


@dataclass(frozen=True)
class Found:
    """Tables with posts' ids, those that a stream lands in, and staging tables that a killed run left."""

    tables: tuple[IdTable, ...]
    landings: tuple[IdTable, ...]
    leftovers: tuple[str, ...]


def find_tables(warehouse: Warehouse) -> Found:
    """All but `raw.tweets`, which is last to change because the others are found through it. Views need nothing."""
    tables, landings, leftovers = [], [], []
    special = {f"{table.dataset}.{table.name}" for table in (TWEETS, DEAD_LETTERS, COMPLIANCE_LOG)}
    for dataset in DATASETS:
        for name, types in _columns(warehouse, dataset).items():
            table = IdTable(f"{dataset}.{name}", types)
            if dataset == STAGING and len(name.split("__")) == 3:
                leftovers.append(table.name)
            elif table.name in special:
                continue
            elif types.keys() >= LANDING:
                landings.append(table)
            elif table.own or table.pointing:
                tables.append(table)
    return Found(tuple(tables), tuple(landings), tuple(leftovers))


def count_rows(warehouse: Warehouse, table: IdTable, ids: Collection[str]) -> Counter[str]:
    """Rows of each post, by the id that owns them."""
    counts: Counter[str] = Counter()
    columns = table.own
    if not columns:
        return counts
    holds = " or ".join(f"{name} in unnest(@ids)" for name in columns)
    where = " and ".join([*table.all_partitions, f"({holds})"])
    sql = f"select {', '.join(columns)}, count(*) as n from {warehouse.qualified(table.name)} where {where} group by {', '.join(columns)}"
    wanted = set(ids)
    for part in chunks(ids, ASKED_AT_ONCE):
        for row in warehouse.query(sql, ids=part):
            counts[next(row[name] for name in columns if row[name] in wanted)] += row["n"]
    # A row whose two ids stand in two parts is counted twice, and deleted once.
    return counts


def delete_rows(warehouse: Warehouse, table: IdTable, ids: Collection[str], span: Window | None) -> int:
    """Deletes the rows that the ids own; `span` is known to hold all of them. Returns how many."""
    deleted = 0
    for part in chunks(sorted(ids), CHANGED_AT_ONCE):
        bounds = (*table.all_partitions, *(in_window("created_at", span) if span and table.types.get("created_at") == "TIMESTAMP" else ()))
        owned = " OR ".join(one_of(f"T.{name}", part) for name in table.own)
        where = " AND ".join([*(f"T.{bound}" for bound in bounds), f"({owned})"])
        deleted += warehouse.execute(f"DELETE FROM {warehouse.qualified(table.name)} T WHERE {where}")
    return deleted


def forget_references(warehouse: Warehouse, table: IdTable, ids: Collection[str]) -> int:
    """Empties the columns that point to one of the ids. Returns the rows changed."""
    changed = 0
    for column in table.pointing:
        where = " and ".join([*table.all_partitions, f"{column} in unnest(@ids)"])
        sql = f"select distinct {column} as id from {warehouse.qualified(table.name)} where {where}"
        held = [row["id"] for part in chunks(ids, ASKED_AT_ONCE) for row in warehouse.query(sql, ids=part)]
        for part in chunks(sorted(held), CHANGED_AT_ONCE):
            owned = " AND ".join([*(f"T.{bound}" for bound in table.all_partitions), one_of(f"T.{column}", part)])
            changed += warehouse.execute(f"UPDATE {warehouse.qualified(table.name)} T SET {column} = NULL WHERE {owned}")
    return changed


def forget_links(warehouse: Warehouse, table: IdTable, links: Collection[str], ids: Collection[str]) -> int:
    """Takes the links out of `urls` of the posts `ids`. Returns the rows changed."""
    if not links or not {"tweet_id", "urls"} <= table.types.keys():
        return 0
    changed = 0
    gone = ", ".join(map(literal, sorted(links)))
    for part in chunks(sorted(ids), CHANGED_AT_ONCE):
        changed += warehouse.execute(
            f"UPDATE {warehouse.qualified(table.name)} T SET urls = ARRAY(SELECT url FROM UNNEST(T.urls) AS url WHERE url NOT IN ({gone})) "
            f"WHERE {' AND '.join([*(f'T.{bound}' for bound in table.all_partitions), one_of('T.tweet_id', part)])} AND EXISTS (SELECT 1 FROM UNNEST(T.urls) AS url WHERE url IN ({gone}))"
        )
    return changed


def naming(column: str) -> str:
    """SQL: the text holds one of @ids as a whole number."""
    return f"exists (select 1 from unnest(regexp_extract_all({column}, r'[0-9]+')) as number where number in unnest(@ids))"


def chunks(values: Iterable[Each], size: int) -> Iterator[Sequence[Each]]:
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def _columns(warehouse: Warehouse, dataset: str) -> dict[str, dict[str, str]]:
    """Columns and their types by table, of the tables that are no views; nothing where there is no such dataset yet."""
    schema = f"{warehouse.dataset(dataset)}.INFORMATION_SCHEMA"
    tables: dict[str, dict[str, str]] = {}
    try:
        for row in warehouse.query(f"select table_name from `{schema}.TABLES` where table_type = 'BASE TABLE' order by table_name"):
            tables[row["table_name"]] = {}
        for row in warehouse.query(f"select table_name, column_name, data_type from `{schema}.COLUMNS`") if tables else ():
            if row["table_name"] in tables:
                tables[row["table_name"]][row["column_name"]] = row["data_type"]
    except TableMissing:
        return {}
    return tables
