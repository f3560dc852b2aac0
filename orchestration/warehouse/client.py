"""The client of the warehouse: queries, tables, and replacing a window of a table so that twice is once."""

import contextlib
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from orchestration.settings import Settings
from orchestration.warehouse import statements
from orchestration.warehouse.connection import Connection, connect
from orchestration.warehouse.errors import WarehouseError, explained, making
from orchestration.warehouse.rows import Row, as_ndjson, encode, prepare
from orchestration.warehouse.tables import TABLES, Column, Table
from orchestration.windows import Window

if TYPE_CHECKING:
    from google.cloud import bigquery

STAGING = "staging"
# Rows that a failed data test found, for a week.
FAILURES = "failures"
DATASETS = ("raw", "ml", "intermediate", "marts", "published", FAILURES, STAGING)
# The least that BigQuery allows: what was deleted by duty must not be read back for a week.
TIME_TRAVEL_HOURS = 48
STAGING_LIFE = timedelta(hours=24)
# Longer than any statement we have measured by far; a client that waits for ever hides a dead server.
STATEMENT_SECONDS = 900
# Some 10 MB of posts with their texts; BigQuery ends a page there anyway.
PAGE_ROWS = 10_000


@dataclass(frozen=True)
class ReplaceResult:
    """Rows `changed` (inserted or updated), `deleted` and left alone (`unchanged`) by one replacement."""

    changed: int
    deleted: int
    unchanged: int


@dataclass(frozen=True)
class Result:
    """Answer of a query: column names in order, and rows."""

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Pages:
    """Answer of a query a page at a time: its columns, and pages of rows that are read only when they are asked for."""

    columns: tuple[Column, ...]
    rows: Iterator[list[tuple[Any, ...]]]


class Warehouse:
    """Opened at first use. Not for use by several threads at once."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()

    @cached_property
    def _connection(self) -> Connection:
        return connect(self.settings)

    @property
    def client(self) -> "bigquery.Client":
        """Google's own client, for datasets and dry runs. Raises WarehouseError."""
        return self._connection.client

    def dataset(self, name: str) -> str:
        """`project.dataset`, prefix included."""
        return f"{self.settings.project}.{self.settings.dataset(name)}"

    def qualified(self, table: Table | str) -> str:
        """Backquoted full name of a `Table`, or of `dataset.name`."""
        dataset, name = (table.dataset, table.name) if isinstance(table, Table) else table.split(".")
        return f"`{self.dataset(dataset)}.{name}`"

    def query(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Rows of a query; `@name` takes the parameter `name`. Raises WarehouseError."""
        return self._run(sql, parameters).rows

    def read(self, sql: str) -> Result:
        """Rows of one single query, whoever wrote it. Raises NotReadOnly for anything else, WarehouseError."""
        statements.check_read_only(sql)
        return self._run(sql, {})

    def pages(self, sql: str, *, page_rows: int = PAGE_ROWS, **parameters: Any) -> Pages:
        """As `query`, for answers that do not fit into memory. Raises WarehouseError, while the pages are read too."""
        with explained(self.settings):
            job = self._start(sql, parameters)
            rows = job.result(page_size=page_rows, retry=self._connection.retry, timeout=STATEMENT_SECONDS)
            columns = tuple(Column(field.name, field.field_type, field.description or "", field.mode == "REPEATED") for field in rows.schema)
        return Pages(columns, self._each_page(rows))

    def _each_page(self, rows: Any) -> Iterator[list[tuple[Any, ...]]]:
        # Not around the `yield`: what the reader of a page raises is no answer of the warehouse.
        pages = iter(rows.pages)
        while True:
            with explained(self.settings):
                page = next(pages, None)
                read = None if page is None else [row.values() for row in page]
            if read is None:
                return
            yield read

    def execute(self, sql: str) -> int:
        """Runs a statement; returns the rows it changed. Raises WarehouseError."""
        with explained(self.settings):
            job = self._start(sql, {})
            job.result(retry=self._connection.retry, timeout=STATEMENT_SECONDS)
            return job.num_dml_affected_rows or 0

    def ensure_tables(self, tables: Iterable[Table] = TABLES) -> None:
        """Creates the datasets, tables and columns that are absent, and drops staging tables that a killed run left a day ago.

        Each is looked for first: an account that may not create is refused even where nothing is absent. A dataset that this account
        may not look at is not its own to fill. Raises MayNotMake with what is missing, WarehouseError.
        """
        seen = {name for name in DATASETS if self._ensure_dataset(name)}
        for table in tables:
            if table.dataset in seen:
                self._ensure_table(table)
        if STAGING in seen:
            self._sweep()

    def _ensure_dataset(self, name: str) -> bool:
        """Creates the dataset when it is absent; returns whether this account sees it. Raises MayNotMake, WarehouseError."""
        from google.api_core.exceptions import Forbidden, NotFound
        from google.cloud import bigquery

        client, retry = self._connection.client, self._connection.retry
        dataset = bigquery.Dataset(self.dataset(name))
        dataset.location = self.settings.bigquery_location
        dataset.max_time_travel_hours = TIME_TRAVEL_HOURS
        with explained(self.settings):
            try:
                kept = client.get_dataset(dataset.reference, retry=retry)
            except Forbidden:
                return False
            except NotFound:
                with making(f"The dataset {self.dataset(name)} is missing"):
                    kept = client.create_dataset(dataset, exists_ok=True, retry=retry)
            # The server on this machine takes the setting and answers 168 all the same.
            if self.settings.env == "prod" and kept.max_time_travel_hours != TIME_TRAVEL_HOURS:
                with making(f"The dataset {self.dataset(name)} keeps deleted rows for {kept.max_time_travel_hours} h instead of {TIME_TRAVEL_HOURS}"):
                    kept.max_time_travel_hours = TIME_TRAVEL_HOURS
                    client.update_dataset(kept, ["max_time_travel_hours"], retry=retry)
        return True

    def _ensure_table(self, table: Table) -> None:
        from google.api_core.exceptions import Forbidden, NotFound

        client, retry = self._connection.client, self._connection.retry
        definition, name = self._definition(table), f"{self.dataset(table.dataset)}.{table.name}"
        with explained(self.settings):
            try:
                found = client.get_table(definition.reference, retry=retry)
            except Forbidden:
                return
            except NotFound:
                with making(f"The table {name} is missing"):
                    client.create_table(definition, exists_ok=True, retry=retry)
                return
            known = {column.name for column in found.schema}
            absent = [column for column in table.all_columns if column.name not in known]
            if known and absent:
                with making(f"The table {name} lacks the columns {', '.join(column.name for column in absent)}"):
                    self._add_columns(table, found, absent)

    def replace_window(
        self,
        table: Table,
        window: Window,
        rows: Iterable[Row],
        *,
        run_id: str,
        scope: Mapping[str, Collection[str]] | None = None,
    ) -> ReplaceResult:
        """Makes the rows of `window` exactly `rows`; no rows empty it. Rows of other windows stay as they are.

        `scope` narrows it to rows whose column holds one of the given values. Two statements, each atomic: a kill at any
        point loses no row, and running it again ends the same. Raises ValueError for rows outside, WarehouseError.
        """
        column = table.window_column
        if column is None:
            raise ValueError(f"{table.name} has no windows")
        rows = list(rows)
        for row in rows:
            if row[column] not in window:
                raise ValueError(f"{row[column].isoformat()} is not in {window} of {table.name}")
        return self._replace(table, statements.in_window(column, window), rows, run_id, scope)

    def replace_all(
        self, table: Table, rows: Iterable[Row], *, run_id: str, scope: Mapping[str, Collection[str]] | None = None
    ) -> ReplaceResult:
        """As `replace_window`, for the whole table or what of it is in `scope`."""
        return self._replace(table, (), list(rows), run_id, scope)

    def add(self, table: Table, rows: Iterable[Row], *, run_id: str) -> int:
        """Inserts rows of new keys and updates those whose content differs; deletes nothing. Returns the rows changed."""
        prepared = prepare(table, rows, run_id, datetime.now(UTC))
        if not prepared:
            return 0
        with self._staged(table, prepared) as staging:
            return self.execute(statements.merge(table, self.qualified(table), staging, ()))

    def _replace(self, table: Table, where: tuple[str, ...], rows: list[Row], run_id: str, scope: Mapping[str, Collection[str]] | None) -> ReplaceResult:
        for column, values in (scope or {}).items():
            for row in rows:
                if row[column] not in values:
                    raise ValueError(f"{row[column]!r} is not in the scope {column} of {table.name}")
        target = self.qualified(table)
        bounds = (*where, *(statements.one_of(column, values) for column, values in (scope or {}).items()))
        prepared = prepare(table, rows, run_id, datetime.now(UTC))
        if not prepared:
            deleted = self.execute(statements.delete(target, bounds))
            return ReplaceResult(changed=0, deleted=deleted, unchanged=0)
        with self._staged(table, prepared) as staging:
            changed = self.execute(statements.merge(table, target, staging, bounds))
            deleted = self.execute(statements.delete_absent(table, target, staging, bounds))
        return ReplaceResult(changed, deleted, unchanged=len(prepared) - changed)

    @contextlib.contextmanager
    def _staged(self, table: Table, prepared: list[dict[str, Any]]) -> Iterator[str]:
        """A table of this replacement alone that holds the rows; dropped afterwards, or by a later sweep."""
        from google.cloud import bigquery

        client, retry = self._connection.client, self._connection.retry
        made = datetime.now(UTC)
        name = f"{self.dataset(STAGING)}.{table.name}__{made:%Y%m%dT%H%M%S}__{uuid4().hex[:12]}"
        config = bigquery.LoadJobConfig(
            source_format=bigquery.SourceFormat.NEWLINE_DELIMITED_JSON,
            write_disposition=bigquery.WriteDisposition.WRITE_EMPTY,
            schema=_schema(table),
        )
        definition = bigquery.Table(name, schema=_schema(table))
        definition.expires = made + STAGING_LIFE
        with explained(self.settings):
            client.create_table(definition, retry=retry)
            try:
                client.load_table_from_file(
                    io.BytesIO(as_ndjson(prepared)), name, size=None, job_config=config, num_retries=0
                ).result(retry=retry, timeout=STATEMENT_SECONDS)
                yield f"`{name}`"
            finally:
                with contextlib.suppress(Exception):
                    client.delete_table(name, not_found_ok=True, retry=retry)

    def _add_columns(self, table: Table, found: "bigquery.Table", absent: list[Column]) -> None:
        """A table of an earlier version gains the columns it lacks, NULL in its rows."""
        names = {column.name for column in absent}
        found.schema = [*found.schema, *(field for field in _schema(table) if field.name in names)]
        self._connection.client.update_table(found, ["schema"], retry=self._connection.retry)
        for column in absent:
            # The server on this machine changes its catalogue by the call above, and its storage only by this.
            kind = f"ARRAY<{column.type}>" if column.repeated else column.type
            self.execute(f"ALTER TABLE {self.qualified(table)} ADD COLUMN IF NOT EXISTS {column.name} {kind}")

    def _sweep(self) -> None:
        limit = f"{datetime.now(UTC) - STAGING_LIFE:%Y%m%dT%H%M%S}"
        client, retry = self._connection.client, self._connection.retry
        with explained(self.settings):
            for item in client.list_tables(self.dataset(STAGING), retry=retry):
                parts = item.table_id.split("__")
                if len(parts) == 3 and parts[1] < limit:
                    client.delete_table(item.reference, not_found_ok=True, retry=retry)

    def _run(self, sql: str, parameters: Mapping[str, Any]) -> Result:
        with explained(self.settings):
            # With a size of pages the client waits for the first page; without one it asks whether there is an answer, and then for it.
            rows = self._start(sql, parameters).result(page_size=PAGE_ROWS, retry=self._connection.retry, timeout=STATEMENT_SECONDS)
            names = tuple(field.name for field in rows.schema)
            return Result(names, [dict(zip(names, row.values())) for row in rows])

    def _start(self, sql: str, parameters: Mapping[str, Any]) -> "bigquery.QueryJob":
        from google.cloud import bigquery

        config = bigquery.QueryJobConfig(
            query_parameters=[_parameter(name, value) for name, value in parameters.items()],
            maximum_bytes_billed=self.settings.maximum_bytes_billed,
        )
        client, retry = self._connection.client, self._connection.retry
        return client.query(sql, job_config=config, retry=retry, job_retry=None, timeout=STATEMENT_SECONDS)

    def _definition(self, table: Table) -> "bigquery.Table":
        from google.cloud import bigquery

        definition = bigquery.Table(f"{self.dataset(table.dataset)}.{table.name}", schema=_schema(table))
        definition.description = table.description
        if table.window_column:
            definition.time_partitioning = bigquery.TimePartitioning(field=table.window_column)
        if table.cluster_by:
            definition.clustering_fields = list(table.cluster_by)
        return definition


def _schema(table: Table) -> "list[bigquery.SchemaField]":
    from google.cloud.bigquery import SchemaField

    return [
        SchemaField(
            column.name, column.type, mode="REPEATED" if column.repeated else "NULLABLE", description=column.description
        )
        for column in table.all_columns
    ]


def _parameter(name: str, value: Any) -> "bigquery.ArrayQueryParameter | bigquery.ScalarQueryParameter":
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    if isinstance(value, (list, tuple)):
        return ArrayQueryParameter(name, "STRING", list(value))
    types = ((bool, "BOOL"), (int, "INT64"), (float, "FLOAT64"), (datetime, "TIMESTAMP"), (date, "DATE"), (str, "STRING"))
    for python, bigquery_type in types:
        if isinstance(value, python):
            return ScalarQueryParameter(name, bigquery_type, value)
    raise WarehouseError(f"A parameter cannot be a {type(value).__name__}: @{name} = {encode(value)!r}")
