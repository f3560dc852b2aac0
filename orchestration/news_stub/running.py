"""The stub as a server: in a thread of this process, or in the foreground until Ctrl-C."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn

from orchestration.news_stub.app import make_app
from orchestration.news_stub.desk import Desk
from orchestration.news_stub.faults import Faults
from orchestration.news_stub.plans import PLANS, Counter
from orchestration.news_stub.shelf import Shelved, shelve
from orchestration.ports import LOOPBACK
from orchestration.stub_clock import StubClock
from orchestration.stub_server import ServedInThread


class RunningNewsStub(ServedInThread):
    """`with RunningNewsStub(articles, now=...) as stub:` serves at `stub.url` on a free port of this machine.

    `articles` are records as NewsAPI writes them, or shelved ones. Without `now` the clock is the real one.
    """

    def __init__(
        self,
        articles: Iterable[Mapping[str, Any] | Shelved] = (),
        *,
        now: datetime | None = None,
        plan: str = "developer",
        log_file: Path | None = None,
    ) -> None:
        self.desk = Desk([], log_file=log_file)
        self.renew(now=now, plan=plan)
        self.put(articles)

    def put(self, articles: Iterable[Mapping[str, Any] | Shelved]) -> None:
        """These articles in place of those before. Raises BadRecord for what is no article."""
        shelved = [each if isinstance(each, Shelved) else shelve(each) for each in articles]
        self.desk.shelf = sorted(shelved, key=lambda each: each.published_at)

    def renew(self, *, now: datetime | None = None, plan: str = "developer") -> None:
        """As if just started: no request was made and nothing goes wrong. The articles stay."""
        self.desk.plan, self.desk.clock, self.desk.counter = PLANS[plan], StubClock(now), Counter(PLANS[plan])
        self.desk.gdelt_asked = None
        self.desk.faults.clear()
        self.desk.log.clear()

    @property
    def clock(self) -> StubClock:
        return self.desk.clock

    @property
    def faults(self) -> Faults:
        return self.desk.faults

    @property
    def log(self) -> list[dict[str, Any]]:
        return self.desk.log

    def config(self) -> uvicorn.Config:
        return _config(self.desk)


def serve(desk: Desk, port: int) -> None:
    """Serves on `port` of this machine until Ctrl-C."""
    uvicorn.Server(_config(desk, port)).run()


def _config(desk: Desk, port: int = 0) -> uvicorn.Config:
    # A stalled request must not hold up the end for as long as it stalls.
    return uvicorn.Config(make_app(desk), host=LOOPBACK, port=port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
