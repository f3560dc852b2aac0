"""A checksum of each mart's content: equal when two marts hold the same rows, whatever run wrote them and in whatever order.

A row becomes one text, of each column its length and its value, and that text an MD5, whose four parts of 32 bits are added
up over the rows. A sum does not depend on order, and unlike XOR it does not lose two equal rows. MD5 is the same on BigQuery
and on this machine, and no value is written in a way that depends on the engine, so the two can be compared too: fractions
count as whole billionths, times as microseconds since 1970.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orchestration.marts import Mart, Part
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import TableMissing

LINEAGE = frozenset({"run_id", "loaded_at"})
# Every run spends anew: what it cost is a fact of the run, and not of the campaign.
FOLDERS_OF_RUNS = frozenset({"spend"})
PARTS = range(4)


@dataclass(frozen=True)
class Checksum:
    """`checksum` is 32 hex digits; of a mart that is not built there are no rows, and it is None."""

    mart: str
    rows: int | None
    checksum: str | None


def checksums(warehouse: Warehouse, marts: Iterable[Mart], part: Part) -> list[Checksum]:
    """One for each mart, by name; one query each, bounded by the campaign and the days of `part`. Raises WarehouseError."""
    types = _column_types(warehouse)
    wanted = sorted((mart for mart in marts if mart.folder not in FOLDERS_OF_RUNS), key=lambda mart: mart.name)
    return [_of_mart(warehouse, mart, types.get(mart.name, {}), part) for mart in wanted]


def total(found: Iterable[Checksum]) -> Checksum:
    """The rows of all, and a checksum of the checksums."""
    found = list(found)
    text = "\n".join(f"{each.mart} {each.rows} {each.checksum}" for each in found)
    return Checksum("total", sum(each.rows or 0 for each in found), hashlib.md5(text.encode()).hexdigest())


def statement(table: str, types: Mapping[str, str], where: str) -> str:
    """Counts the rows and adds up the parts of their digests; `types` are BigQuery's type names by column."""
    sums = ", ".join(f"sum(cast(concat('0x', substr(digest, {8 * place + 1}, 8)) as int64)) as part_{place}" for place in PARTS)
    return f"select count(*) as rows_found, {sums} from (select {_digest(types)} as digest from {table} where {where}) as digests"


def digests(warehouse: Warehouse, mart: Mart, part: Part) -> dict[tuple[str, ...], str]:
    """The digest of each row by its key, as text: to see which rows of two marts differ. Raises WarehouseError."""
    types = _column_types(warehouse).get(mart.name, {})
    if not types:
        return {}
    key = ", ".join(f"{_as_text(f'`{name}`', types[name])} as key_{place}" for place, name in enumerate(mart.key))
    sql = f"select {key}, {_digest(types)} as digest from {warehouse.qualified(f'marts.{mart.name}')} where {mart.where(part)}"
    rows = warehouse.query(sql, **(part.parameters() if "@campaign" in sql else {}))
    return {tuple(row[f"key_{place}"] for place in range(len(mart.key))): row["digest"] for row in rows}


def _digest(types: Mapping[str, str]) -> str:
    return f"to_hex(md5(concat({', '.join(_part_of_row(name, types[name]) for name in sorted(types.keys() - LINEAGE))})))"


def _of_mart(warehouse: Warehouse, mart: Mart, types: Mapping[str, str], part: Part) -> Checksum:
    if not types:
        return Checksum(mart.name, None, None)
    sql = statement(warehouse.qualified(f"marts.{mart.name}"), types, mart.where(part))
    found = warehouse.query(sql, **(part.parameters() if "@campaign" in sql else {}))[0]
    text = ":".join(str(int(found[f"part_{place}"] or 0)) for place in PARTS)
    return Checksum(mart.name, found["rows_found"], hashlib.md5(f"{found['rows_found']}:{text}".encode()).hexdigest())


def _column_types(warehouse: Warehouse) -> dict[str, dict[str, str]]:
    """Types by table and column, of the tables as they are; empty where nothing is built yet."""
    columns = f"`{warehouse.dataset('marts')}`.INFORMATION_SCHEMA.COLUMNS"
    types: dict[str, dict[str, str]] = {}
    try:
        rows = warehouse.query(f"select table_name, column_name, data_type from {columns}")
    except TableMissing:
        return types
    for row in rows:
        types.setdefault(row["table_name"], {})[row["column_name"]] = row["data_type"].upper()
    return types


def _part_of_row(column: str, kind: str) -> str:
    """The column as text with its length in front, so that no two rows become the same text; NULL is `-`."""
    text = _as_text(f"`{column}`", kind)
    return f"ifnull(concat(cast(char_length({text}) as string), ':', {text}), '-')"


def _as_text(column: str, kind: str) -> str:
    if kind == "STRING":
        return column
    if kind in {"INT64", "BOOL", "DATE"}:
        return f"cast({column} as string)"
    if kind == "TIMESTAMP":
        return f"cast(unix_micros({column}) as string)"
    if kind in {"FLOAT64", "NUMERIC"}:
        # Past the range of whole billionths, and for NaN, as the engine writes it.
        return f"coalesce(cast(safe_cast(round({column} * 1000000000) as int64) as string), cast({column} as string))"
    if kind == "ARRAY<STRING>":
        # BigQuery stores no NULL array, the server on this machine does.
        return f"concat(cast(ifnull(array_length({column}), 0) as string), ':', ifnull(array_to_string({column}, chr(31), '-'), ''))"
    # As the engine writes it: equal on the same engine.
    return f"to_json_string({column})"
