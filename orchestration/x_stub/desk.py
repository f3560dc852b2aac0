"""What the stub knows and remembers, and the way of every request through it: token, limit, fault, answer, log, bill."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import orjson

from orchestration.sources.records import created_at_of
from orchestration.stub_clock import StubClock
from orchestration.x_stub.answers import Refused, Reply, too_many, unauthorized
from orchestration.x_stub.billing import Bill
from orchestration.x_stub.faults import REPLACING, WITH_RESET, WITHOUT_RESET, Fault, Faults
from orchestration.x_stub.limits import Limits, headers
from orchestration.x_stub.store import Store, to_ms

TOKEN_PREFIX = "test-"
TOKENS = f"Bearer {TOKEN_PREFIX}"
MASK = "[secret]"


@dataclass(frozen=True)
class Call:
    """One request, and the faults that befall it."""

    method: str
    path: str
    parameters: Mapping[str, str]
    now: datetime
    body: Any = None
    base_url: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def now_ms(self) -> int:
        return to_ms(self.now)

    def fault(self, kind: str) -> Fault | None:
        return next((fault for fault in self.faults if fault.kind == kind), None)


@dataclass
class Rule:
    id: str
    value: str
    tag: str | None
    query: Any


@dataclass
class Desk:
    """`vocabulary` is tweet or post; without `growth_hours` metrics are as loaded at any time."""

    store: Store
    clock: StubClock = field(default_factory=StubClock)
    vocabulary: str = "tweet"
    growth_hours: float | None = None
    search_returns_reposts: bool = False
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    bill: Bill = field(default_factory=Bill)
    log_file: Path | None = None
    log: list[dict[str, Any]] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)
    rules_made: int = 0
    jobs: dict[str, Any] = field(default_factory=dict)
    # How often a compliance job is looked at before it is complete.
    compliance_polls: int = 1
    keep_alive_seconds: float = 20.0
    # Posts a second that an open stream sends over and over, whatever the clock says.
    replay_rate: float | None = None
    # What is to be sent on the open stream: records, or lines as they are.
    pushed: deque[Mapping[str, Any] | bytes] = field(default_factory=deque)
    # Ids of posts that were sent on streams, in order.
    streamed: list[str] = field(default_factory=list)
    replayed: int = 0
    streams: int = 0
    # Open streams end by themselves: the server stops.
    closing: bool = False

    def serve(
        self, call: Call, authorization: str | None, family: str, answer: Callable[["Desk", Call], Reply]
    ) -> tuple[Reply, tuple[Fault, ...]]:
        """The reply, logged and billed, and the faults that concern its way. Raises nothing for a bad request."""
        if not (authorization or "").startswith(TOKENS):
            return self._done(call, family, unauthorized(), {}), ()
        faults = tuple(self.faults.of(call.path))
        allowed, said = self.limits.take(family, call.now.timestamp())
        replaced = next((fault for fault in faults if fault.kind in REPLACING), None)
        if replaced is not None:
            return self._done(call, family, REPLACING[replaced.kind](), self._limit_headers(replaced, said, call.now), replaced.kind), faults
        if not allowed:
            return self._done(call, family, too_many(), said), faults
        call = Call(call.method, call.path, call.parameters, call.now, call.body, call.base_url, faults)
        try:
            reply = answer(self, call)
        except Refused as refused:
            reply = refused.reply
        return self._done(call, family, reply, said, ",".join(fault.kind for fault in faults) or None), faults

    def _limit_headers(self, fault: Fault, said: dict[str, str], now: datetime) -> dict[str, str]:
        if fault.kind in WITHOUT_RESET:
            return {}
        if fault.kind in WITH_RESET:
            return headers(int(said["x-rate-limit-limit"]), 0, int(now.timestamp() + fault.seconds))
        return said

    def _done(self, call: Call, family: str, reply: Reply, said: dict[str, str], fault: str | None = None) -> Reply:
        reply.headers = {**self.common_headers(call.now), **said, **reply.headers}
        if reply.status < 400:
            self.bill.add(call.now, reply.posts, reply.users, counts=family.startswith("counts"))
        self.note(call, reply.status, len(reply.posts), fault)
        return reply

    def note(self, call: Call, status: int, posts: int, fault: str | None = None) -> None:
        """One line of the request log. It never holds a token: headers are not written, and one in the address is masked."""
        entry = {
            "at": call.now.isoformat(timespec="milliseconds"),
            "method": call.method,
            "path": call.path,
            "params": {name: MASK if TOKEN_PREFIX in value else value for name, value in call.parameters.items()},
            "status": status,
            "posts": posts,
            "fault": fault,
        }
        self.log.append(entry)
        if self.log_file is not None:
            with self.log_file.open("ab") as opened:
                opened.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))

    def push(self, what: Mapping[str, Any] | str | bytes) -> None:
        """A record or a line for the open stream. Raises BadRecord for a record without a time."""
        if isinstance(what, str | bytes):
            self.pushed.append(what.encode() if isinstance(what, str) else what)
        else:
            created_at_of(dict(what))
            self.pushed.append(what)

    def common_headers(self, now: datetime) -> dict[str, str]:
        return {"api-version": "2.167", "x-access-level": "read", "date": format_datetime(now, usegmt=True)}
