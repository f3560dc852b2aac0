"""A client of BigQuery that has every statement analysed instead of run; the product and dbt use it as they use Google's."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import bigquery
from google.cloud.bigquery.table import Row, TableListItem

from orchestration.settings import REPOSITORY
from orchestration.sql_check.book import Book, Place
from orchestration.sql_check.engine import Analysed, Column

OURS = tuple(REPOSITORY / name for name in ("orchestration", "app", "ml_assets"))
HERE = Path(__file__).parent
WAREHOUSE = REPOSITORY / "orchestration" / "warehouse" / "client.py"
# Of the warehouse's client only what decides upon a statement is a place; these pass it on.
PASSES_ON = frozenset({"query", "read", "execute", "pages", "_run", "_start"})
_COMMENT = re.compile(r"^\s*/\*\s*(\{.*?\})\s*\*/", re.DOTALL)
_ALTER = re.compile(r"add column (?:if not exists )?(\w+) (.+?)(?:,|$)", re.IGNORECASE)

STATEMENT_TYPES = {
    "query_stmt": "SELECT", "create_table_as_select_stmt": "CREATE_TABLE_AS_SELECT", "create_view_stmt": "CREATE_VIEW", "merge_stmt": "MERGE",
    "insert_stmt": "INSERT", "update_stmt": "UPDATE", "delete_stmt": "DELETE",
}  # fmt: skip
MOMENT = datetime(2026, 3, 2, 5, tzinfo=UTC)
PLAUSIBLE: dict[str, Any] = {
    "STRING": "1", "INT64": 1, "FLOAT64": 0.5, "BOOL": True, "DATE": MOMENT.date(), "TIMESTAMP": MOMENT, "BYTES": b"1", "JSON": {},
}  # fmt: skip
NOTHING: dict[str, Any] = PLAUSIBLE | {"INT64": 0, "BOOL": False}
_SCHEMA = re.compile(r"\b(\w+)`?\.INFORMATION_SCHEMA\.(TABLES|COLUMNS)\b", re.IGNORECASE)

Answers = Callable[[tuple[Column, ...], str], list[dict[str, Any]]]


def one_row(**values: Any) -> Answers:
    """Answers each query by one row: the given values by column, else plausible ones of the column's type."""
    return lambda columns, sql: [{column.name: values.get(column.name, plausible(column.type)) for column in columns}]


def no_row(columns: tuple[Column, ...], sql: str) -> list[dict[str, Any]]:
    return []


def nothing_wrong(columns: tuple[Column, ...], sql: str) -> list[dict[str, Any]]:
    """One row of zeros: how a data test says that it found nothing."""
    return [{column.name: plausible(column.type, NOTHING) for column in columns}]


def plausible(kind: str, values: Mapping[str, Any] = PLAUSIBLE) -> Any:
    """A value of a BigQuery type."""
    return [plausible(kind[6:-1], values)] if kind.startswith("ARRAY<") else values.get(kind)


class AnalysingClient:
    """Knows the tables that the statements make. `kind` says for whom it counts, `answers` what queries answer."""

    def __init__(self, book: Book, project: str, kind: str = "warehouse", answers: Answers = no_row) -> None:
        self.book, self.project, self.kind, self.answers = book, project, kind, answers
        self.types: dict[tuple[str, ...], str] = {}
        self.location = None

    # Statements

    def query(self, query: str, job_config: Any = None, **_: Any) -> "Job":
        where, places = self._whence(query)
        self.book.places |= places
        parameters = {each.name: _parameter_type(each) for each in (job_config.query_parameters if job_config else ())}
        analysed = self.book.read(self.kind, where, query, parameters)
        if analysed is None:
            raise BadRequest(f"{where}: refused by the analyzer", errors=[{"message": "refused by the analyzer"}])
        self._keep(analysed, query)
        if analysed.kind == "query_stmt":
            return Job(self, analysed, self._of_schema(query) or self.answers(analysed.columns, query))
        return Job(self, analysed, [])

    def _keep(self, analysed: Analysed, sql: str) -> None:
        """The catalogue after the statement."""
        path = analysed.target if len(analysed.target) != 2 else (self.project, *analysed.target)
        if analysed.kind in {"create_table_as_select_stmt", "create_view_stmt"}:
            self.types[path] = "VIEW" if "view" in analysed.kind else "TABLE"
            self.book.know(path, analysed.columns)
        elif analysed.kind == "drop_stmt":
            self.types.pop(path, None)
            self.book.know(path, None)
        elif analysed.kind == "alter_table_stmt" and path in self.book.tables:
            known = self.book.tables[path]
            names = {column.name for column in known}
            added = [Column(name, kind.strip().upper()) for name, kind in _ALTER.findall(sql) if name not in names]
            self.book.know(path, (*known, *added))

    def _of_schema(self, sql: str) -> list[dict[str, Any]]:
        """What INFORMATION_SCHEMA says of the tables that are known; columns that nobody asks for are left out."""
        found = _SCHEMA.search(sql)
        if not found:
            return []
        tables = {path[2]: columns for path, columns in self.book.tables.items() if path[1] == found[1] and len(path) == 3}
        if found[2].upper() == "TABLES":
            return [{"table_name": name} for name in tables]
        return [
            {"table_name": name, "column_name": column.name, "data_type": column.type, "ordinal_position": place}
            for name, columns in tables.items()
            for place, column in enumerate(columns, start=1)
        ]

    def _whence(self, sql: str) -> tuple[str, set[Place]]:
        """Who sent it, for people, and every line of the product on the way."""
        if comment := _COMMENT.match(sql):
            node = json.loads(comment[1]).get("node_id")
            if node:
                return node, set()
        places, where = set(), ""
        for file, line, function in _frames():
            places.add((file, line))
            where = where or f"{file}:{line} {function}"
        return where or "dbt", places

    # Tables

    def create_dataset(self, dataset: Any, **_: Any) -> Any:
        return dataset

    def get_dataset(self, reference: Any, **_: Any) -> Any:
        return bigquery.Dataset(reference)

    def update_dataset(self, dataset: Any, *_: Any, **__: Any) -> Any:
        return dataset

    def list_datasets(self, *_: Any, **__: Any) -> Iterator[Any]:
        for name in sorted({path[1] for path in self.book.tables}):
            yield bigquery.DatasetReference(self.project, name)

    def list_tables(self, dataset: Any, **_: Any) -> Iterator[TableListItem]:
        name = dataset.dataset_id if hasattr(dataset, "dataset_id") else str(dataset).rsplit(".", 1)[-1]
        for path in sorted(self.book.tables):
            if path[1] == name and len(path) == 3:
                reference = {"projectId": path[0], "datasetId": path[1], "tableId": path[2]}
                yield TableListItem({"tableReference": reference, "type": self.types.get(path, "TABLE")})

    def list_routines(self, *_: Any, **__: Any) -> list[Any]:
        return []

    def get_routine(self, reference: Any, **_: Any) -> Any:
        raise NotFound(str(reference))

    def create_table(self, table: Any, **_: Any) -> Any:
        path = (table.project, table.dataset_id, table.table_id)
        if path in self.book.tables:
            return self.get_table(table.reference)
        self.types[path] = "TABLE"
        self.book.know(path, tuple(Column(each.name, _field_type(each)) for each in table.schema))
        return table

    def get_table(self, reference: Any, **_: Any) -> Any:
        if reference is None:
            return bigquery.Table("anonymous.anonymous.anonymous")
        path = (reference.project, reference.dataset_id, reference.table_id)
        if path not in self.book.tables:
            raise NotFound(".".join(path))
        kind = self.types.get(path, "TABLE")
        table = bigquery.Table(reference, schema=[field_of(column) for column in self.book.tables[path]])
        table._properties["type"] = kind
        return table

    def update_table(self, table: Any, *_: Any, **__: Any) -> Any:
        path = (table.project, table.dataset_id, table.table_id)
        if table.schema:
            self.book.know(path, tuple(Column(each.name, _field_type(each)) for each in table.schema))
        return table

    def delete_table(self, table: Any, **_: Any) -> None:
        named = bigquery.TableReference.from_string(table) if isinstance(table, str) else table
        self.book.know((named.project, named.dataset_id, named.table_id), None)

    def load_table_from_file(self, file: Any, destination: Any, job_config: Any = None, **_: Any) -> "Job":
        named = bigquery.TableReference.from_string(destination) if isinstance(destination, str) else destination
        schema = job_config.schema if job_config else None
        if schema:
            self.types[named.project, named.dataset_id, named.table_id] = "TABLE"
            columns = tuple(Column(each.name, _field_type(each)) for each in schema)
            self.book.know((named.project, named.dataset_id, named.table_id), columns)
        return Job(self, Analysed("load", (), frozenset()), [])

    def close(self) -> None:
        """As Google's; there is nothing to close."""


class Job:
    """A job that is done."""

    state, error_result, errors = "DONE", None, None
    total_bytes_processed = total_bytes_billed = slot_millis = 0
    num_dml_affected_rows = 1
    location = job_id = None

    def __init__(self, client: AnalysingClient, analysed: Analysed, rows: list[dict[str, Any]]) -> None:
        self.project = client.project
        self.statement_type = STATEMENT_TYPES.get(analysed.kind)
        self.destination = None
        self._answer = Rows(analysed.columns, rows)

    def result(self, **_: Any) -> "Rows":
        return self._answer


class Rows(list[Row]):
    """An answer: `schema`, and rows as Google's client gives them. Of a load it is the job that is done."""

    state, error_result, errors = "DONE", None, None

    def __init__(self, columns: tuple[Column, ...], rows: list[dict[str, Any]]) -> None:
        self.schema = [field_of(column) for column in columns]
        index = {column.name: number for number, column in enumerate(columns)}
        super().__init__(Row(tuple(row.get(column.name) for column in columns), index) for row in rows)
        self.total_rows = len(self)

    @property
    def pages(self) -> list[list[Row]]:
        return [list(self)]


def _frames() -> Iterator[tuple[str, int, str]]:
    """Lines of the product on the stack, the innermost first: file in the repository, line, function."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file, function = Path(frame.f_code.co_filename), frame.f_code.co_name
        if file.parent != HERE and any(file.is_relative_to(folder) for folder in OURS) and not (file == WAREHOUSE and function in PASSES_ON):
            yield str(file.relative_to(REPOSITORY)), frame.f_lineno, function
        frame = frame.f_back


def _parameter_type(parameter: Any) -> str:
    kind = getattr(parameter, "array_type", None)
    return f"ARRAY<{kind}>" if kind else parameter.type_


_STANDARD = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}


def _field_type(field: Any) -> str:
    if field.field_type in {"RECORD", "STRUCT"}:
        kind = f"STRUCT<{', '.join(f'{each.name} {_field_type(each)}' for each in field.fields)}>"
    else:
        kind = _STANDARD.get(field.field_type, field.field_type)
    return f"ARRAY<{kind}>" if field.mode == "REPEATED" else kind


def field_of(column: Column) -> Any:
    kind, mode = column.type, "NULLABLE"
    if kind.startswith("ARRAY<"):
        kind, mode = kind[6:-1], "REPEATED"
    if kind.startswith("STRUCT<"):
        fields = [field_of(Column(*part.strip().split(" ", 1))) for part in _split(kind[7:-1])]
        return bigquery.SchemaField(column.name, "RECORD", mode=mode, fields=fields)
    return bigquery.SchemaField(column.name, kind, mode=mode)


def _split(fields: str) -> Iterator[str]:
    """Parts of `a INT64, b STRUCT<c STRING, d DATE>` at the commas of the outermost level."""
    depth, part = 0, ""
    for letter in fields:
        depth += (letter == "<") - (letter == ">")
        if letter == "," and not depth:
            yield part
            part = ""
        else:
            part += letter
    yield part


