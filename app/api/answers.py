"""Answers, kept for a minute: asked of the warehouse by few threads, each question once, and thrown away when newer data are there."""

import asyncio
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.api.questions import Questions
from app.asking import Connections

log = logging.getLogger("pulse.api")

# As the page: a run takes longer than a minute.
SECONDS = 60.0
# How long a newer run may go unnoticed.
VERSION_SECONDS = 5.0
# Questions that are asked of the warehouse at once; each thread has a connection of its own.
THREADS = 4
# Bytes of finished answers kept, and frames of rows behind them.
MOST_BYTES, MOST_FRAMES = 64 * 1024**2, 256


@dataclass(frozen=True)
class Answer:
    body: bytes
    etag: str
    made: float


class Ask:
    """What a question is answered from: `ask("days", campaign, hashtag)` is the frame of `Questions.days`, to be read and not changed."""

    def __init__(self, answers: "Answers", version: str) -> None:
        self._answers, self.version = answers, version

    def __call__(self, question: str, *arguments: Any) -> pd.DataFrame:
        return self._answers.frame(question, arguments, self.version)


class Answers:
    """`open_questions` is called once in each of THREADS threads, and again after a connection was lost."""

    def __init__(self, open_questions: Callable[[], Questions], *, seconds: float = SECONDS, version_seconds: float = VERSION_SECONDS) -> None:
        self.open_questions = open_questions
        self._connections = Connections(open_questions)
        self._seconds, self._version_seconds = seconds, version_seconds
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="pulse-api")
        self._lock = threading.Lock()
        self._version: tuple[str, float] | None = None
        self._bodies: OrderedDict[Hashable, Answer] = OrderedDict()
        self._frames: OrderedDict[Hashable, tuple[pd.DataFrame, float]] = OrderedDict()
        self._asked: dict[Hashable, Future[Any]] = {}

    async def respond(self, request: Request, key: tuple[Hashable, ...], make: Callable[[Ask], BaseModel]) -> Response:
        """The answer of `make` as JSON, or 304. `key` holds all that it depends on but the data; whether the caller may see it was decided before."""
        version = await self.version()
        answer = self._kept((version, *key)) or await self._once((version, *key), lambda: self._made((version, *key), make, version))
        headers = {"ETag": answer.etag, "Cache-Control": "private, no-cache", "Vary": "Authorization", "X-Data-Version": version}
        if _is_known(answer.etag, request.headers.get("if-none-match")):
            return Response(status_code=304, headers=headers)
        return Response(answer.body, headers=headers, media_type="application/json")

    async def version(self) -> str:
        known = self._version
        if known and time.monotonic() - known[1] < self._version_seconds:
            return known[0]
        return await self._once("version", self._ask_version)

    async def rows(self, make: Callable[[Ask], Any]) -> Any:
        """What `make` returns, for answers that are no JSON; not kept."""
        version = await self.version()
        return await asyncio.shield(asyncio.wrap_future(self._pool.submit(make, Ask(self, version))))

    def frame(self, question: str, arguments: tuple[Any, ...], version: str) -> pd.DataFrame:
        """In a thread of the pool. Raises WarehouseError."""
        key = (question, arguments, version)
        with self._lock:
            kept = self._frames.get(key)
        if kept and time.monotonic() - kept[1] < self._seconds:
            return kept[0]
        found = self._connections.ask(question, arguments)
        with self._lock:
            self._frames[key] = (found, time.monotonic())
            self._frames.move_to_end(key)
            while len(self._frames) > MOST_FRAMES:
                self._frames.popitem(last=False)
        return found

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _once(self, key: Hashable, work: Callable[[], Any]) -> Any:
        """Callers who ask the same at the same time wait for one answer. One who leaves takes it from nobody."""
        with self._lock:
            running = self._asked.get(key)
            if running is None:
                running = self._asked[key] = self._pool.submit(work)
                running.add_done_callback(lambda _: self._asked.pop(key, None))
        return await asyncio.shield(asyncio.wrap_future(running))

    def _made(self, key: Hashable, make: Callable[[Ask], BaseModel], version: str) -> Answer:
        body = make(Ask(self, version)).model_dump_json(by_alias=True).encode()
        # The stamp does not move when labels or definitions change: the digest does.
        answer = Answer(body, f'"{version}-{hashlib.sha256(body).hexdigest()[:16]}"', time.monotonic())
        with self._lock:
            self._bodies[key] = answer
            self._bodies.move_to_end(key)
            size = sum(len(each.body) for each in self._bodies.values())
            while size > MOST_BYTES and len(self._bodies) > 1:
                size -= len(self._bodies.popitem(last=False)[1].body)
        return answer

    def _kept(self, key: Hashable) -> Answer | None:
        with self._lock:
            found = self._bodies.get(key)
        return found if found and time.monotonic() - found.made < self._seconds else None

    def _ask_version(self) -> str:
        version = self._connections.ask("version", ())
        if self._version and self._version[0] != version:
            with self._lock:
                self._bodies.clear()
                self._frames.clear()
        self._version = (version, time.monotonic())
        return version


def _is_known(etag: str, if_none_match: str | None) -> bool:
    """RFC 9110, section 13.1.2: any of a list, by weak comparison, or `*`."""
    if not if_none_match:
        return False
    return any(each.strip().removeprefix("W/") in (etag, "*") for each in if_none_match.split(","))


def span(start: date | None, end: date | None) -> tuple[date, date]:
    """Days for questions that want both: the first that there is, and the last that a date can hold."""
    from orchestration.windows import FIRST_DAY

    return start or FIRST_DAY, end or date.max
