"""The embedded server's database is closed and opened now and then: DuckDB 1.5.5 keeps up to 3 KiB of each commit until its database is closed.

Of `insert or replace`, by which the server writes down every table, it keeps 1.5 KiB, of an insert of 300 rows in 40 columns 2.7; an hour of the pipeline is some 300
statements that write, and in an hour of `make soak` the server had grown by 90 MiB.
"""

import os
import re
import sys
from typing import Any

from bqemulator import server
from bqemulator.api.dependencies import AppContext
from bqemulator.storage.engine import DuckDBEngine

# Three hours of the pipeline. To close and to open takes 0.2 s, of which the extension `spatial` is 0.17, and a second beside busy processes.
WRITES = 1_000
_ONLY_READS = re.compile(r"\s*(SELECT|WITH|PRAGMA)\b", re.IGNORECASE)


class Reopening:
    """The server's ASGI application. When the last request in flight is answered and enough was written, the database is closed and opened.

    Nothing else runs meanwhile: routes in threads belong to requests, and the loop, on which all else happens, is not given up in between. A request that comes in this
    time waits for the socket.
    """

    def __init__(self, application: Any, context: AppContext, writes: int = WRITES) -> None:
        self._application, self._context, self._writes = application, context, writes
        self._in_flight = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._in_flight += 1
        try:
            await self._application(scope, receive, send)
        finally:
            self._in_flight -= 1
            if not self._in_flight and _written(self._context.engine) >= self._writes:
                await reopen(self._context)


async def reopen(context: AppContext) -> None:
    """A database that does not open again ends the process, as fatal errors do: the next command starts it and says why."""
    try:
        await context.engine.stop()
        await context.engine.start()
        # As at the server's start: what is no macro lives in the connection, not in the file.
        context.udf_registry.hydrate(context.catalog, context.engine)
    except Exception as error:
        print(f"stopping, for the database does not open again: {error}", file=sys.stderr, flush=True)
        os._exit(70)


def reopen_now_and_then(writes: int = WRITES) -> None:
    """Changes the server's classes for the whole process."""
    stock_app, stock_start, stock_execute = server.create_app, DuckDBEngine.start, DuckDBEngine.execute

    def create_app(context: AppContext) -> Any:
        return Reopening(stock_app(context), context, writes)

    async def start(self: DuckDBEngine) -> None:
        await stock_start(self)
        self._written = 0  # type: ignore[attr-defined]  # ours

    def execute(self: DuckDBEngine, sql: str, parameters: list[Any] | None = None) -> Any:
        if not _ONLY_READS.match(sql):
            self._written = _written(self) + 1  # type: ignore[attr-defined]  # ours
        return stock_execute(self, sql, parameters)

    server.create_app = create_app
    DuckDBEngine.start = start  # type: ignore[method-assign]  # the server's class
    DuckDBEngine.execute = execute  # type: ignore[method-assign]  # the server's class


def _written(engine: DuckDBEngine) -> int:
    return getattr(engine, "_written", 0)
