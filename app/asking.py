"""Questions asked of the warehouse by few threads at the same time, each with a connection of its own. Who may ask was decided before."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from app.queries import Marts
from orchestration.warehouse.errors import WarehouseUnreachable

# As many as the API: a first screen of ten questions is three rounds of BigQuery, and a reader takes no more of its slots.
THREADS = 4

Question = tuple[str, tuple[Any, ...]]
Opened = TypeVar("Opened", bound=Marts)


class Connections(Generic[Opened]):
    """The questions of the calling thread: opened at its first one, and again after a connection was lost."""

    def __init__(self, opened: Callable[[], Opened]) -> None:
        self.opened = opened
        self._own = threading.local()

    def ask(self, question: str, arguments: tuple[Any, ...]) -> Any:
        """The answer of `<question>(*arguments)`. Raises WarehouseError."""
        questions = getattr(self._own, "questions", None)
        if questions is None:
            questions = self._own.questions = self.opened()
        try:
            return getattr(questions, question)(*arguments)
        except WarehouseUnreachable:
            # The server may have been restarted on another port.
            self._own.questions = self.opened()
            return getattr(self._own.questions, question)(*arguments)


class Desk:
    """Asks ahead what a page is going to want. An answer is handed out once, to whoever wants it first; it is cached there, not here.

    A question that was asked in the last `seconds` is not asked ahead again, since its answer is in that cache.
    """

    def __init__(self, opened: Callable[[], Marts], seconds: float) -> None:
        self._connections, self._seconds = Connections(opened), seconds
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="pulse-page")
        self._lock = threading.Lock()
        self._asked: dict[Question, tuple[Future[Any] | None, float]] = {}

    def ahead(self, question: str, arguments: tuple[Any, ...]) -> None:
        """Returns at once. What goes wrong is raised where the answer is wanted."""
        with self._lock:
            limit = time.monotonic() - self._seconds
            self._asked = {each: asked for each, asked in self._asked.items() if asked[1] > limit}
            if (question, arguments) not in self._asked:
                self._asked[question, arguments] = self._submit(question, arguments), time.monotonic()

    def answer(self, question: str, arguments: tuple[Any, ...]) -> Any:
        """The answer, asked for ahead or now. Raises WarehouseError."""
        with self._lock:
            future, at = self._asked.get((question, arguments), (None, 0.0))
            if future is None or time.monotonic() - at > self._seconds:
                future, at = self._submit(question, arguments), time.monotonic()
            self._asked[question, arguments] = None, at
        return future.result()

    def _submit(self, question: str, arguments: tuple[Any, ...]) -> Future[Any]:
        return self._pool.submit(self._connections.ask, question, arguments)
