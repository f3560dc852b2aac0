"""What a table is: its columns, its key, its partitions. Every row carries its lineage."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """`type` is a BigQuery type name; `repeated` makes it an ARRAY."""

    name: str
    type: str
    description: str
    repeated: bool = False


LINEAGE = (
    Column("row_hash", "STRING", "Hash of the row's content; a re-run that brings the same content leaves the row alone."),
    Column("run_id", "STRING", "Dagster run that last changed this row's content."),
    Column("loaded_at", "TIMESTAMP", "When that run wrote it, UTC."),
)


@dataclass(frozen=True)
class Table:
    """A table of dataset `dataset`. `key` is unique; `window_column` (TIMESTAMP or DATE) is its DAY partition."""

    dataset: str
    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    window_column: str | None = None
    cluster_by: tuple[str, ...] = field(default=())

    @property
    def all_columns(self) -> tuple[Column, ...]:
        return self.columns + LINEAGE
