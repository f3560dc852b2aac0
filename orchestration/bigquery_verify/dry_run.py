"""Every statement of dbt and of the product, dry-run by BigQuery itself on empty tables: what Google's analyzer reads offline, BigQuery reads too.

The analyzer of `make check-sql` sends the statements; its catalogue is copied into a scratch dataset as it grows, so that each statement finds
the tables that the ones before it made. Creating empty tables and dry runs bill nothing.
"""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestration.settings import Settings
from orchestration.sql_check.book import Book
from orchestration.sql_check.engine import Analysed, Column, Engine
from orchestration.windows import Window

SAYS = "BigQuery: "
# Of `project.dataset.table`; the tables of INFORMATION_SCHEMA have a part more and are there already.
PARTS_OF_A_TABLE = 3


@dataclass
class Mirror:
    """The tables of a book in BigQuery, empty; only in datasets that begin with `prefix`."""

    client: Any
    prefix: str
    statements: int = 0

    def know(self, path: tuple[str, ...], columns: tuple[Column, ...] | None) -> None:
        """The table as it is from now on; None: no more."""
        from google.cloud import bigquery

        from orchestration.sql_check.client import field_of

        if not self._is_ours(path):
            return
        name = ".".join(path)
        self.client.delete_table(name, not_found_ok=True)
        if columns is not None:
            self.client.create_table(bigquery.Table(name, schema=[field_of(column) for column in columns]))

    def refused(self, sql: str, parameters: Mapping[str, str]) -> str | None:
        """What BigQuery says against the statement, or None."""
        from google.api_core.exceptions import GoogleAPICallError
        from google.cloud import bigquery

        from orchestration.warehouse.errors import said

        self.statements += 1
        config = bigquery.QueryJobConfig(dry_run=True, use_query_cache=False, query_parameters=[_parameter(*each) for each in parameters.items()])
        try:
            self.client.query(sql, job_config=config, job_retry=None)
        except GoogleAPICallError as error:
            return said(error)
        return None

    def _is_ours(self, path: tuple[str, ...]) -> bool:
        return len(path) == PARTS_OF_A_TABLE and path[1].startswith(self.prefix)


class DryRunBook(Book):
    """A book whose statements BigQuery has read too."""

    def __init__(self, engine: Engine, mirror: Mirror) -> None:
        super().__init__(engine)
        self.mirror = mirror

    def know(self, path: tuple[str, ...], columns: tuple[Column, ...] | None) -> None:
        with self._one_at_a_time:
            changed = self.tables.get(path) != columns
            super().know(path, columns)
            if changed:
                self.mirror.know(path, columns)

    def forget(self, paths: Any) -> None:
        with self._one_at_a_time:
            there = [path for path in paths if path in self.tables]
            super().forget(there)
            for path in there:
                self.mirror.know(path, None)

    def _judge(self, sql: str, parameters: tuple[tuple[str, str], ...]) -> Any:
        judged = super()._judge(sql, parameters)
        if judged.analysed is None:
            return judged
        columns = self._made_way(judged.analysed)
        refused = self.mirror.refused(sql, dict(parameters))
        if columns is not None:
            self.mirror.know(judged.analysed.target, columns)
        return replace(judged, messages=(*judged.messages, SAYS + refused)) if refused else judged

    def _made_way(self, analysed: Analysed) -> tuple[Column, ...] | None:
        """The columns of a table that is replaced, taken away meanwhile: the copy has no partitions and is never a view."""
        target = analysed.target
        if not analysed.kind.startswith("create_") or target not in self.tables:
            return None
        self.mirror.know(target, None)
        return self.tables[target]


@dataclass(frozen=True)
class DryRun:
    """How many statements BigQuery has read, and what is wrong, one line each."""

    statements: int
    findings: tuple[str, ...]


def dry_run_everything(client: Any, settings: Settings, window: Window) -> DryRun:
    """Of dbt as it builds for BigQuery from nothing and again, then of each part of the product. `settings` has a prefix of a verification.

    Raises DbtError.
    """
    from orchestration.sql_check.check import accepted_left_out, read_all

    mirror = Mirror(client, settings.dataset_prefix)
    book = DryRunBook(Engine(), mirror)
    with tempfile.TemporaryDirectory(prefix="bigquery_verify_") as folder:
        # As production has them, also in a rehearsal on the server of this machine.
        apart = settings.model_copy(update={"home": Path(folder), "env": "prod", "google_cloud_project": settings.project})
        read_all(book, apart, window, for_production_alone=True)
    return DryRun(mirror.statements, tuple(str(each) for each in accepted_left_out(book.findings)))


def bytes_of_a_day(client: Any, settings: Settings, window: Window) -> list[tuple[str, int]]:
    """Bytes that each statement of dbt bills for the hours of `window` on the tables as they are filled now. Bills nothing. Raises DbtError, WarehouseError."""
    from google.cloud import bigquery

    from orchestration.bigquery_verify.estimate import billed
    from orchestration.dbt.compiled import compiled
    from orchestration.warehouse.errors import explained

    folder = tempfile.mkdtemp(prefix="bigquery_verify_")
    try:
        found = compiled(settings.model_copy(update={"home": Path(folder)}), window)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    nodes, sizes = found.manifest.nodes, []
    for name, sql in sorted(found.sql.items()):
        if nodes[name].config.materialized in {"view", "ephemeral"}:
            continue
        with explained(settings):
            job = client.query(sql, job_config=bigquery.QueryJobConfig(dry_run=True, use_query_cache=False), job_retry=None)
        sizes.append((name, billed(job.total_bytes_processed or 0, len(nodes[name].depends_on_nodes))))
    return sizes


def _parameter(name: str, kind: str) -> Any:
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    if kind.startswith("ARRAY<"):
        return ArrayQueryParameter(name, kind[6:-1], [])
    return ScalarQueryParameter(name, kind, None)
