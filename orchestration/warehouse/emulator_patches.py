"""What we change in bqemulator 1.4.0 when we embed it, each with its reason. `tests/warehouse` fails when one is no longer needed."""

import contextlib
import os
import sys
from collections import OrderedDict
from pathlib import Path

import duckdb
from bqemulator.api.routes import upload
from bqemulator.domain.events import TableDataChanged
from bqemulator.storage.engine import DuckDBEngine
from bqemulator.versioning.snapshots import SnapshotManager
from duckdb_extensions import import_extension
from sqlglot import Dialect

from orchestration.warehouse import emulator_jobs
from orchestration.warehouse.emulator_merge import insert_overwrite

# Every process of the platform stays below 3 GB; DuckDB writes what is larger to disk.
MEMORY_LIMIT = "1500MB"

# As many statements as one request meets on its way from BigQuery's words to DuckDB's.
PARSED_KEPT = 32


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


def _forget_time_travel() -> None:
    # Every write copies its whole table for time travel: 88 loads of 1,389 rows made a file of 384 MB.
    def record_change(self, project_id: str, dataset_id: str, table_id: str) -> None:
        self._events.publish(TableDataChanged(project_id, dataset_id, table_id))

    SnapshotManager.record_change = record_change


def _accept_uploads() -> None:
    # google-cloud-bigquery sends small uploads as `*/*`, which the server refuses.
    if "*/*" not in upload._PERMITTED_MEDIA_CONTENT_TYPES:
        upload._PERMITTED_MEDIA_CONTENT_TYPES += ("*/*",)


def _prepare_session(data_dir: Path) -> None:
    # The server loads `spatial` at start and would download it; the package duckdb-extension-spatial holds it.
    stock = DuckDBEngine._apply_session_pragmas

    def apply_session_pragmas(self) -> None:
        stock(self)
        self._connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self._connection.execute("SET temp_directory = ?", [str(data_dir / "spill")])
        self._connection.execute("SET extension_directory = ?", [str(data_dir / "extensions")])
        import_extension("spatial", con=self._connection)

    DuckDBEngine._apply_session_pragmas = apply_session_pragmas


def _run_insert_overwrite_in_a_transaction() -> None:
    # DuckDB runs MERGE ON FALSE as a nested loop: 100,000 x 100,000 rows were not done after 25 s. A transaction of
    # DuckDB itself is as atomic as the one statement.
    stock = DuckDBEngine.execute

    def execute(self, sql: str, parameters: list | None = None):
        if parameters or (steps := insert_overwrite(sql)) is None:
            return stock(self, sql, parameters)
        stock(self, steps.keep_source)
        try:
            stock(self, "BEGIN TRANSACTION")
            try:
                deleted = stock(self, steps.delete).fetchone()[0]
                inserted = stock(self, steps.insert).fetchone()[0]
                stock(self, "COMMIT")
            except BaseException:
                with contextlib.suppress(Exception):
                    stock(self, "ROLLBACK")
                raise
        finally:
            stock(self, steps.forget_source)
        return stock(self, f'SELECT {deleted + inserted}::BIGINT AS "Count"')

    DuckDBEngine.execute = execute


def _die_of_fatal_errors() -> None:
    # After a full disk DuckDB answers every statement with an error until it is opened anew. A dead server is started by
    # the next command and has lost nothing; one that only complains is not.
    stock = DuckDBEngine.execute

    def execute(self, sql: str, parameters: list | None = None):
        try:
            return stock(self, sql, parameters)
        except duckdb.FatalException as error:
            print(f"stopping after a fatal error: {error}", file=sys.stderr, flush=True)
            os._exit(70)

    DuckDBEngine.execute = execute


def _parse_once() -> None:
    # The server parses one statement up to twenty times on its way to DuckDB, each time to ask another question: 60 % of
    # its processor in an hour of dbt. A copy of a kept tree costs half of a parse.
    stock, kept = Dialect.parse, OrderedDict()

    def parse(self, sql: str, **options):
        if options or self.settings:
            return stock(self, sql, **options)
        trees = kept.pop((type(self), sql), None)
        if trees is None:
            trees = stock(self, sql)
        kept[type(self), sql] = trees
        if len(kept) > PARSED_KEPT:
            kept.popitem(last=False)
        return [tree and tree.copy() for tree in trees]

    Dialect.parse = parse
