"""Where texts for the models queue: one process behind a bounded queue; the event loop only ever waits."""

import asyncio
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from app.api.problems import ApiError, busy, ours
from orchestration.settings import REPOSITORY

log = logging.getLogger("pulse.api")

COMMAND = (sys.executable, "-W", "ignore", "-m", "app.api.models")
# Texts in one turn: requests take turns, so that a short one does not wait for the whole of a long one.
TURN = 10
# 100 texts of 2,400 characters took 56 to 71 s beside other work, so a turn of the longest takes some 15 s; the first one loads the model, up to 30 s.
TURN_SECONDS = 120.0
# Without a question for so long the process ends: 650 MB.
IDLE_SECONDS = 900.0


class ModelsFailed(Exception):
    """The process died, took too long, or its model cannot be used."""


@dataclass
class Models:
    """The process, started at the first question and again after it died. Called by one thread at a time."""

    command: Sequence[str] = COMMAND
    seconds: float = TURN_SECONDS
    _process: subprocess.Popen[str] | None = None

    def answer(self, kind: str, texts: Sequence[tuple[str, str | None]]) -> dict[str, Any]:
        """Raises ModelsFailed; a process that took too long is killed."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None, "both are pipes"
        cause: OSError | None = None
        # A process cannot be interrupted within a model's call, but it can be ended.
        watch = threading.Timer(self.seconds, process.kill)
        watch.start()
        try:
            process.stdin.write(json.dumps({"kind": kind, "texts": texts}) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError as error:
            line, cause = "", error
        finally:
            watch.cancel()
        if not line:
            self.close()
            raise ModelsFailed(f"The process of the models ended ({process.returncode}) or took more than {self.seconds:g} s") from cause
        answer = json.loads(line)
        if "error" in answer:
            raise ModelsFailed(answer["error"])
        return answer

    def close(self) -> None:
        """Also when there is none."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(self.command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        return self._process


class Desk:
    """At most `most` requests wait or are answered; each is given up after `seconds`."""

    def __init__(self, models: Models, *, most: int, seconds: float) -> None:
        self.models, self._most, self._seconds = models, most, seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pulse-models")
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._idle: threading.Timer | None = None

    async def answer(self, kind: str, texts: Sequence[tuple[str, str | None]]) -> dict[str, Any]:
        """Results in the order of the texts. Raises ApiError: 429 when the queue is full, 503 when it takes too long or the model fails."""
        if self._waiting >= self._most:
            raise busy(f"{self._most} requests wait for the models already.", 5 * self._waiting)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                return await self._in_turns(kind, texts)
        except TimeoutError:
            raise ApiError(
                503, "models-too-slow", f"The models did not answer within {self._seconds:g} s. Send fewer texts.", headers={"Retry-After": "30"}
            ) from None
        except ModelsFailed as error:
            raise ours(error, 503, "models-failed", "The models could not answer this.", headers={"Retry-After": "30"}) from error
        finally:
            self._waiting -= 1

    def close(self) -> None:
        if self._idle:
            self._idle.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)
        self.models.close()

    async def _in_turns(self, kind: str, texts: Sequence[tuple[str, str | None]]) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        results: list[dict[str, Any]] = []
        for start in range(0, len(texts), TURN):
            # First come, first served: whoever asks while this turn runs is next.
            async with self._lock:
                turn = self._thread.submit(self.models.answer, kind, texts[start : start + TURN])
                # Somebody who stops waiting does not stop the process: its answer would be read by the next one.
                answer = await asyncio.shield(asyncio.wrap_future(turn))
            results += answer["results"]
        self._end_when_idle()
        return {**answer, "results": results}

    def _end_when_idle(self) -> None:
        if self._idle:
            self._idle.cancel()
        # In the thread of the models: never in the middle of a turn.
        self._idle = threading.Timer(IDLE_SECONDS, lambda: self._thread.submit(self.models.close))
        self._idle.daemon = True
        self._idle.start()
