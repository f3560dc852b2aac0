"""The stub as a server: in a thread of this process, or in the foreground until Ctrl-C."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn

from orchestration.ports import LOOPBACK
from orchestration.stub_clock import StubClock
from orchestration.stub_server import ServedInThread
from orchestration.x_stub.app import make_app
from orchestration.x_stub.desk import Desk
from orchestration.x_stub.faults import Faults
from orchestration.x_stub.limits import PER_WINDOW, Limits
from orchestration.x_stub.sending import Connections, protocol_of
from orchestration.x_stub.store import Store


class RunningStub(ServedInThread):
    """`with RunningStub(store, now=...) as stub:` serves at `stub.url` on a free port of this machine.

    `posts` are a store, or records as API v2 writes them. Without `now` the clock is the real one; with it the clock stands
    still until it is moved, or goes on with `running_clock`. `limits` is False for none, or says how many requests in 15
    minutes a family of endpoints may have: {"search/recent": 3}.
    """

    def __init__(
        self,
        posts: Store | Iterable[Mapping[str, Any]] = (),
        *,
        now: datetime | None = None,
        running_clock: bool = False,
        vocabulary: str = "tweet",
        growth_hours: float | None = None,
        limits: bool | Mapping[str, int] = True,
        enforce_one_per_second: bool = False,
        search_returns_reposts: bool = False,
        keep_alive_seconds: float = 20.0,
        replay_rate: float | None = None,
        compliance_polls: int = 1,
        log_file: Path | None = None,
    ) -> None:
        self.desk = Desk(
            posts if isinstance(posts, Store) else Store.of(posts),
            StubClock(now, running=running_clock),
            vocabulary=vocabulary,
            growth_hours=growth_hours,
            search_returns_reposts=search_returns_reposts,
            limits=limits_of(limits, one_per_second=enforce_one_per_second),
            keep_alive_seconds=keep_alive_seconds,
            replay_rate=replay_rate,
            compliance_polls=compliance_polls,
            log_file=log_file,
        )

    @property
    def clock(self) -> StubClock:
        return self.desk.clock

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def faults(self) -> Faults:
        return self.desk.faults

    @property
    def log(self) -> list[dict[str, Any]]:
        return self.desk.log

    @property
    def streamed(self) -> list[str]:
        """Ids of the posts that were sent on streams, in order."""
        return self.desk.streamed

    def bill(self) -> dict[str, Any]:
        """posts, users, counts_requests, usd and the same for each of `days`."""
        return self.desk.bill.total()

    def push(self, what: Mapping[str, Any] | str | bytes) -> None:
        """Sends a post, or a line as it is, on the open stream: at once, whatever the clock says. Search does not find it."""
        self.desk.push(what)

    def config(self) -> uvicorn.Config:
        return config_of(self.desk)


def limits_of(limits: bool | Mapping[str, int], *, one_per_second: bool = False) -> Limits:
    if isinstance(limits, bool):
        return Limits(enforced=limits, one_per_second=one_per_second)
    return Limits({**PER_WINDOW, **limits}, one_per_second=one_per_second)


def config_of(desk: Desk, port: int = 0) -> uvicorn.Config:
    connections: Connections = {}
    return uvicorn.Config(
        make_app(desk, connections),
        host=LOOPBACK,
        port=port,
        http=protocol_of(connections),
        log_level="critical",
        lifespan="off",
        date_header=False,
        server_header=False,
        # A stalled request or an open stream must not hold up the end.
        timeout_graceful_shutdown=1,
    )


def serve(desk: Desk, port: int) -> None:
    """Serves on `port` of this machine until Ctrl-C."""
    uvicorn.Server(config_of(desk, port)).run()
