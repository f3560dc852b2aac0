"""Rows as the warehouse takes them: newline-delimited JSON with the lineage columns."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson

from orchestration.warehouse.tables import Table

Row = Mapping[str, Any]


def encode(value: Any) -> Any:
    """A value as JSON for a load job: times in UTC with microseconds. Raises TypeError for a time without a zone."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"{value.isoformat()} has no zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # A lone surrogate (half of a cut emoji) is no Unicode text and no warehouse takes it; NUL ends DuckDB's strings.
        return value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    if isinstance(value, (tuple, list)):
        return [encode(each) for each in value]
    return value


def prepare(table: Table, rows: Iterable[Row], run_id: str, loaded_at: datetime) -> list[dict[str, Any]]:
    """Rows with every column of the table and its lineage.

    Raises ValueError for an unknown column, a missing key, or two rows of one key: a MERGE would fail on them halfway.
    """
    names = [column.name for column in table.columns]
    known = frozenset(names)
    repeated = frozenset(column.name for column in table.columns if column.repeated)
    lineage = {"run_id": run_id, "loaded_at": encode(loaded_at)}
    prepared, seen = [], set()
    for row in rows:
        if unknown := row.keys() - known:
            raise ValueError(f"{table.dataset}.{table.name} has no column {sorted(unknown)[0]!r}")
        content = {name: encode(row.get(name)) for name in names}
        for name in repeated:
            content[name] = content[name] or []
        key = tuple(content[name] for name in table.key)
        if None in key:
            raise ValueError(f"a row of {table.dataset}.{table.name} lacks its key {table.key}: {key}")
        if key in seen:
            raise ValueError(f"two rows of {table.dataset}.{table.name} have the key {key}")
        seen.add(key)
        prepared.append(content | {"row_hash": content_hash(content)} | lineage)
    return prepared


def content_hash(content: Mapping[str, Any]) -> str:
    """First 32 hex digits of SHA-256 over the row as sorted JSON."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def as_ndjson(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"\n".join(orjson.dumps(row) for row in rows)
