"""What we change in bqemulator 1.4.0 when we embed it, each with its reason. `tests/warehouse` fails when one is no longer needed."""

import contextlib
import os
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import duckdb
from bqemulator.api.routes import upload
from bqemulator.domain.events import TableDataChanged
from bqemulator.storage.engine import DuckDBEngine
from bqemulator.versioning.snapshots import SnapshotManager
from duckdb_extensions import import_extension
from sqlglot import Dialect, exp

from orchestration.warehouse import emulator_jobs, emulator_reopening
from orchestration.warehouse.emulator_merge import insert_overwrite

# Every process of the platform stays below 3 GB; DuckDB writes what is larger to disk.
MEMORY_LIMIT = "1500MB"

# As many statements as one request meets on its way from BigQuery's words to DuckDB's.
PARSED_KEPT = 32
PLACES = frozenset({"line", "col", "start", "end"})


def apply_patches(data_dir: Path) -> None:
    """Changes the server's classes for the whole process."""
    _forget_time_travel()
    _accept_uploads()
    _prepare_session(data_dir)
    _run_insert_overwrite_in_a_transaction()
    _die_of_fatal_errors()
    _parse_once()
    emulator_jobs.plan_once()
    emulator_jobs.forget_jobs()
    emulator_reopening.reopen_now_and_then()


def _forget_time_travel() -> None:
    # Every write copies its whole table for time travel: 88 loads of 1,389 rows made a file of 384 MB.
    def record_change(self: SnapshotManager, project_id: str, dataset_id: str, table_id: str) -> None:
        self._events.publish(TableDataChanged(project_id, dataset_id, table_id))

    SnapshotManager.record_change = record_change  # type: ignore[method-assign]  # the server's class


def _accept_uploads() -> None:
    # google-cloud-bigquery sends small uploads as `*/*`, which the server refuses.
    if "*/*" not in upload._PERMITTED_MEDIA_CONTENT_TYPES:
        upload._PERMITTED_MEDIA_CONTENT_TYPES += ("*/*",)  # type: ignore[assignment]  # one more than the server's


def _prepare_session(data_dir: Path) -> None:
    # The server loads `spatial` at start and would download it; the package duckdb-extension-spatial holds it.
    stock = DuckDBEngine._apply_session_pragmas

    def apply_session_pragmas(self: DuckDBEngine) -> None:
        stock(self)
        self.connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self.connection.execute("SET temp_directory = ?", [str(data_dir / "spill")])
        self.connection.execute("SET extension_directory = ?", [str(data_dir / "extensions")])
        import_extension("spatial", con=self.connection)

    DuckDBEngine._apply_session_pragmas = apply_session_pragmas  # type: ignore[method-assign]  # the server's class


def _run_insert_overwrite_in_a_transaction() -> None:
    # DuckDB runs MERGE ON FALSE as a nested loop: 100,000 x 100,000 rows were not done after 25 s. A transaction of
    # DuckDB itself is as atomic as the one statement.
    stock = DuckDBEngine.execute

    def execute(self: DuckDBEngine, sql: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyConnection:
        if parameters or (steps := insert_overwrite(sql)) is None:
            return stock(self, sql, parameters)
        stock(self, steps.keep_source)
        try:
            stock(self, "BEGIN TRANSACTION")
            try:
                deleted = stock(self, steps.delete).fetchall()[0][0]
                inserted = stock(self, steps.insert).fetchall()[0][0]
                stock(self, "COMMIT")
            except BaseException:
                with contextlib.suppress(Exception):
                    stock(self, "ROLLBACK")
                raise
        finally:
            stock(self, steps.forget_source)
        return stock(self, f'SELECT {deleted + inserted}::BIGINT AS "Count"')

    DuckDBEngine.execute = execute  # type: ignore[method-assign]  # the server's class


def _die_of_fatal_errors() -> None:
    # After a full disk DuckDB answers every statement with an error until it is opened anew. A dead server is started by
    # the next command and has lost nothing; one that only complains is not.
    stock = DuckDBEngine.execute

    def execute(self: DuckDBEngine, sql: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyConnection:
        try:
            return stock(self, sql, parameters)
        except duckdb.FatalException as error:
            print(f"stopping after a fatal error: {error}", file=sys.stderr, flush=True)
            os._exit(70)

    DuckDBEngine.execute = execute  # type: ignore[method-assign]  # the server's class


def _parse_once() -> None:
    # The server parses one statement up to twenty times on its way to DuckDB, each time to ask another question: 60 % of
    # its processor in an hour of dbt. A copy of a kept tree costs half of a parse, and a tenth without the places of words.
    stock = Dialect.parse
    kept: OrderedDict[tuple[type[Dialect], str], list[exp.Expr | None]] = OrderedDict()

    def parse(self: Dialect, sql: str, **options: Any) -> list[exp.Expr | None]:
        if options or self.settings:
            return stock(self, sql, **options)
        trees = kept.pop((type(self), sql), None)
        if trees is None:
            trees = stock(self, sql)
            for tree in trees:
                _forget_places(tree)
        kept[type(self), sql] = trees
        if len(kept) > PARSED_KEPT:
            kept.popitem(last=False)
        return [tree and tree.copy() for tree in trees]

    Dialect.parse = parse  # type: ignore[method-assign]  # of sqlglot, for the whole server


def _forget_places(tree: exp.Expr | None) -> None:
    # Line and column of each word, a dict that is copied key by key: three quarters of a copy. No error of the server names them.
    for node in tree.walk() if tree else ():
        if node._meta is not None:
            node._meta = {key: value for key, value in node._meta.items() if key not in PLACES} or None
