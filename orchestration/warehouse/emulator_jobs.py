"""Queries of the embedded bqemulator: what it works out of a statement is kept, what it keeps of a finished one is not.

A question of the site is one statement for every campaign and period, with other parameters, and the server binds these last. Before, it parses, classifies
and rewrites the statement each time it comes.
"""

import re
import time
from collections import OrderedDict
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import wraps
from itertools import takewhile
from threading import Lock
from typing import Any

import pyarrow as pa
from bqemulator.api.routes import jobs as routes
from bqemulator.catalog.duckdb_repository import DuckDBCatalogRepository
from bqemulator.catalog.etag import generate_etag
from bqemulator.catalog.models import JobMeta
from bqemulator.jobs import executor
from bqemulator.storage.engine import CATALOG_SCHEMA, DuckDBEngine

# Of the site there are some 40. dbt's, which differ each hour, push one another out.
PLANS_KEPT = 256
LONGEST = 20_000
# Rewritten by what the storage holds or by the time, not by words and catalogue alone: wildcard tables, INFORMATION_SCHEMA, time travel.
NOT_BY_WORDS = re.compile(r"\w\*|information_schema|system_time", re.IGNORECASE)
# A client reads its answer a page at a time; who has not asked for the next one in so long is gone: none of ours waits for more than 600 s. A finished job holds
# 15 KB, and an hour of the pipeline is 260 of them.
ANSWER_SECONDS = 900
CHANGES = ("create_", "update_", "delete_", "upsert_")
# DuckDB takes room for a million rows of each column (the answer to `select 1` holds 4 MB); of larger answers enough is filled.
FEW_ROWS = 100_000


class Plans:
    """DuckDB's words for queries, until the catalogue changes: a rewrite reads columns, views and policies there."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, Any], str] = OrderedDict()
        self.generation = 0

    def get(self, key: tuple[str, str, Any]) -> str | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: tuple[str, str, Any], sql: str) -> None:
        self._kept[key] = sql
        if len(self._kept) > PLANS_KEPT:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        self._kept.clear()
        self.generation += 1


def plan_once() -> Plans:
    """A query that was run before goes to DuckDB at once, with its new parameters."""
    stock, bind, plans = executor.execute_query_job, executor.bind_parameters, Plans()
    translated: ContextVar[str] = ContextVar("translated")

    def noted(sql: str, query_parameters: list[dict[str, Any]] | None = None) -> tuple[str, list[Any]]:
        translated.set(sql)
        return bind(sql, query_parameters)

    async def execute_query_job(
        project_id: str, job_id: str, bq_sql: str, query_params: Any, ctx: Any, *, use_cache: bool = True, caller: Any = None
    ) -> JobMeta:
        key, generation = (project_id, bq_sql, caller), plans.generation
        plan = plans.get(key)
        if plan is not None and (job := _run(plan, project_id, job_id, bq_sql, query_params, ctx, bind)):
            return job
        translated.set("")
        job = await stock(project_id, job_id, bq_sql, query_params, ctx, use_cache=use_cache, caller=caller)
        if plan is None and translated.get() and generation == plans.generation and _is_kept(job, bq_sql, ctx):
            plans.keep(key, translated.get())
        return job

    executor.bind_parameters = noted
    executor.execute_query_job = routes.execute_query_job = execute_query_job
    for name in dir(DuckDBCatalogRepository):
        if name.startswith(CHANGES) and not name.endswith("_job"):
            setattr(DuckDBCatalogRepository, name, _then(getattr(DuckDBCatalogRepository, name), plans.forget))
    return plans


def _is_kept(job: JobMeta, bq_sql: str, ctx: Any) -> bool:
    # A materialized view is refreshed before it is read.
    is_query = job.statistics.get("query", {}).get("statementType") == "SELECT"
    return is_query and len(bq_sql) < LONGEST and not NOT_BY_WORDS.search(bq_sql) and not ctx.catalog.list_all_materialized_views()


def _run(plan: str, project_id: str, job_id: str, bq_sql: str, query_params: Any, ctx: Any, bind: Any) -> JobMeta | None:
    """The finished job, as `execute_query_job` makes it; None where DuckDB refuses, whose words the server then puts into BigQuery's."""
    now = ctx.clock.now()
    try:
        sql, values = bind(plan, query_params)
        answer = ctx.engine.fetch_arrow(sql, values or None)
    except Exception:
        return None
    executor.JOB_RESULTS[job_id] = answer
    executor.JOB_SCHEMAS[job_id] = executor.build_response_schema(answer.schema)
    ctx.metrics.sql_translation_total.labels(outcome="ok").inc()
    # Where the server puts the answer of every query.
    destination = {"projectId": project_id, "datasetId": executor._ANONYMOUS_RESULTS_DATASET, "tableId": f"anon{job_id.replace('-', '')}"}
    return JobMeta(
        project_id=project_id,
        job_id=job_id,
        job_type="QUERY",
        state="DONE",
        configuration={"query": {"query": bq_sql, "destinationTable": destination}},
        statistics=executor._build_query_statistics(total_rows=answer.num_rows, statement_type="SELECT", num_dml_affected_rows=None),
        creation_time=now,
        start_time=now,
        end_time=ctx.clock.now(),
        etag=generate_etag(project_id, job_id, str(now)),
    )


def _then(method: Any, call: Any) -> Any:
    @wraps(method)
    def changed(self: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return method(self, *arguments, **named)
        finally:
            call()

    return changed


class Recent(dict[str, Any]):
    """By job id. What nobody has read for `seconds` is dropped when the next one comes. Read by several threads, as the server's routes are."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds, self._lock = seconds, Lock()
        self._read: dict[str, float] = {}

    def __setitem__(self, job_id: str, value: Any) -> None:
        with self._lock:
            super().__setitem__(job_id, value)
            self._touch(job_id)
            limit = time.monotonic() - self._seconds
            for oldest in list(takewhile(lambda each: self._read[each] < limit, self._read)):
                del self._read[oldest]
                self.pop(oldest, None)

    def get(self, job_id: str, default: Any = None) -> Any:
        with self._lock:
            if job_id in self:
                self._touch(job_id)
            return super().get(job_id, default)

    def _touch(self, job_id: str) -> None:
        self._read.pop(job_id, None)
        self._read[job_id] = time.monotonic()


def forget_jobs(seconds: float = ANSWER_SECONDS) -> None:
    """Jobs and their answers live in memory, no longer than a client can want them. The server keeps both for ever, and writes each job to disk.

    An answer goes with the process: after a restart a job that is remembered has none. A job stays as long as its answer: without one, the server would say
    that there are no rows.
    """

    def write_job(self: Any, job: JobMeta) -> None:
        jobs, limit = self._cache._jobs, ended(job) - timedelta(seconds=seconds)
        for oldest in list(takewhile(lambda key: ended(jobs[key]) < limit and key[1] not in executor.JOB_RESULTS, jobs)):
            del jobs[oldest]

    def ended(job: JobMeta) -> datetime:
        return job.end_time or job.creation_time

    def hydrate_jobs(self: Any) -> None:
        # Those that a server without this has left.
        self._engine.execute(f'DELETE FROM "{CATALOG_SCHEMA}"."jobs"')

    stock = DuckDBEngine.fetch_arrow

    def fetch_arrow(self: DuckDBEngine, sql: str, parameters: list[Any] | None = None) -> pa.Table:
        return _of_its_size(stock(self, sql, parameters))

    DuckDBEngine.fetch_arrow = fetch_arrow  # type: ignore[method-assign]  # the server's class
    executor.JOB_RESULTS = routes.JOB_RESULTS = Recent(seconds)
    executor.JOB_SCHEMAS = routes.JOB_SCHEMAS = Recent(seconds)
    for method in (hydrate_jobs, write_job):
        setattr(DuckDBCatalogRepository, f"_{method.__name__}", method)


def _of_its_size(answer: pa.Table) -> pa.Table:
    """The same rows in as much memory as they need. An hour of the pipeline has 260 answers: kept as they come, they hold 4 GB, of which 30 MB are real."""
    if answer.num_rows > FEW_ROWS:
        return answer
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, answer.schema) as stream:
        stream.write_table(answer)
    return pa.ipc.open_stream(sink.getvalue()).read_all()
