"""GET /2/tweets/search/stream: posts as the stub's clock passes them, keep-alives between."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

import orjson
from fastapi import Response
from starlette.types import Receive, Scope, Send

from orchestration.x_stub.answers import JSON, PROBLEMS, Reply, invalid
from orchestration.x_stub.desk import Call, Desk
from orchestration.x_stub.faults import ENDINGS, LINES, REPLACING, STREAM, Fault
from orchestration.x_stub.fields import Shape
from orchestration.x_stub.parameters import only_known
from orchestration.x_stub.replay import Replay
from orchestration.x_stub.sending import disconnected
from orchestration.x_stub.store import Store, Stored, to_ms

PATH = STREAM
PARAMETERS = frozenset({"tweet.fields", "expansions", "media.fields", "poll.fields", "user.fields", "place.fields"})
ENTERPRISE = frozenset({"backfill_minutes", "start_time", "end_time"})
MOST_STREAMS = 1
LINE_END = b"\r\n"
TICK_SECONDS = 0.01
DISCONNECT = {
    "errors": [
        {
            "title": "operational-disconnect",
            "disconnect_type": "UpstreamOperationalDisconnect",
            "detail": "This stream has been disconnected upstream for operational reasons.",
            "type": f"{PROBLEMS}operational-disconnect",
        }
    ]
}


def connected(desk: Desk, call: Call) -> Reply:
    """200 without a body when the stream may begin; it keeps the old names of fields in either vocabulary."""
    for name in sorted(ENTERPRISE & call.parameters.keys()):
        raise invalid(name, call.parameters[name], f"The `{name}` query parameter is available to Enterprise access only.")
    only_known(call.parameters, PARAMETERS)
    Shape.asked(call.parameters, "tweet", desk.growth_hours)
    if not desk.rules:
        return REPLACING["409"]()
    if desk.streams >= MOST_STREAMS:
        return REPLACING["connection_exception"]()
    return Reply(200, b"")


def open_stream(desk: Desk, call: Call, reply: Reply, faults: Sequence[Fault]) -> Response:
    desk.streams += 1
    return _Open(_Line(desk, call, faults), reply.headers)


class _Open(Response):
    """A body without an end. Whoever hangs up is noticed at once, not only at the next thing to send."""

    def __init__(self, line: "_Line", headers: dict[str, str]) -> None:
        super().__init__(None, 200, headers, JSON)
        self._line = line
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(disconnected(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for chunk in self._line.chunks(gone):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._line.hung_up()
            gone.cancel()


class _Line:
    """One open connection."""

    def __init__(self, desk: Desk, call: Call, faults: Sequence[Fault]) -> None:
        self._desk = desk
        self._shape = Shape.asked(call.parameters, "tweet", desk.growth_hours)
        self._passed = call.now_ms
        self._spoilers = [fault for fault in faults if fault.kind in LINES]
        self._ending = next((fault for fault in faults if fault.kind in ENDINGS), None)
        self._sent = 0
        self._replay = Replay(desk, self._rules_of, self._serialised) if desk.replay_rate else None

    async def chunks(self, gone: asyncio.Future[None]) -> AsyncIterator[bytes]:
        """What is to be sent, until the client is `gone`, the script ends the connection or the server stops."""
        last = time.monotonic()
        while not (self._desk.closing or gone.done()):
            lines, ending = self._due()
            if lines:
                yield b"".join(lines)
            if ending is not None:
                async for rest in self._end(ending, gone):
                    yield rest
                return
            if lines:
                last = time.monotonic()
            elif time.monotonic() - last >= self._desk.keep_alive_seconds:
                last = time.monotonic()
                yield LINE_END
            await asyncio.sleep(TICK_SECONDS)

    def hung_up(self) -> None:
        self._desk.streams -= 1

    def _due(self) -> tuple[list[bytes], Fault | None]:
        """Lines to be sent now, and the fault that ends the connection behind them, if one does."""
        lines: list[bytes] = []
        for line, tweet_id in self._next_lines():
            if self._ending is not None and self._sent >= self._ending.after:
                return lines, self._ending
            lines += self._spoiled(line)
            if tweet_id is not None:
                self._sent += 1
                self._desk.streamed.append(tweet_id)
                self._desk.bill.add(self._desk.clock.now(), [tweet_id], ())
        return lines, self._ending if self._ending is not None and self._sent >= self._ending.after else None

    def _next_lines(self) -> Any:
        """(line, id of its post) of everything that is due."""
        while True:
            try:
                pushed = self._desk.pushed.popleft()
            except IndexError:
                break
            if isinstance(pushed, bytes):
                yield pushed.removesuffix(LINE_END) + LINE_END, None
            else:
                yield from self._line_of(_stored(pushed, self._desk.store))
        if self._replay is not None:
            yield from self._replay.due()
            return
        now = to_ms(self._desk.clock.now())
        if now > self._passed:
            passed, self._passed = self._passed, now
            for stored in self._desk.store.between(passed + 1, now + 1):
                if self._desk.store.why_gone(stored) is None:
                    yield from self._line_of(stored)

    def _line_of(self, stored: Stored) -> Any:
        rules = self._rules_of(stored)
        if rules:
            yield self._serialised(stored, rules), stored.id

    def _rules_of(self, stored: Stored) -> list[dict[str, Any]]:
        return [{"id": rule.id, "tag": rule.tag or ""} for rule in list(self._desk.rules.values()) if rule.query.finds(stored.stream_view)]

    def _serialised(self, stored: Stored, rules: list[dict[str, Any]]) -> bytes:
        now = to_ms(self._desk.clock.now())
        body: dict[str, Any] = {"data": self._shape.post(stored, now)}
        includes, _ = self._shape.includes([stored], self._desk.store, now)
        if includes:
            body["includes"] = includes
        body["matching_rules"] = rules
        return orjson.dumps(body) + LINE_END

    def _spoiled(self, line: bytes) -> list[bytes]:
        """The line as the scripted faults leave it, and what comes before it."""
        lines = [line]
        for fault in self._spoilers:
            if not fault.after <= self._sent < fault.after + fault.times:
                continue
            match fault.kind:
                case "malformed_line":
                    lines.insert(0, b'{"data":{"id":"1","text":"broken' + LINE_END)
                case "unknown_line":
                    lines.insert(0, b'{"warning":{"code":"FALLING_BEHIND","percent_full":60}}' + LINE_END)
                case "duplicate_line":
                    lines.append(lines[-1])
                case _:
                    with suppress(ValueError):
                        lines[-1] = _other_rules(lines[-1], fault.kind)
        return lines

    async def _end(self, ending: Fault, gone: asyncio.Future[None]) -> AsyncIterator[bytes]:
        """What the scripted end of the connection looks like."""
        match ending.kind:
            case "disconnect_error":
                yield orjson.dumps(DISCONNECT) + LINE_END
            case "torn_line":
                yield b'{"data":{"id":"1","te'
            case "silent_stall":
                await asyncio.wait({gone}, timeout=ending.seconds)


def _other_rules(line: bytes, kind: str) -> bytes:
    body = orjson.loads(line)
    rules = body.get("matching_rules", [])
    match kind:
        case "no_tag":
            body["matching_rules"] = [{"id": each["id"]} for each in rules]
        case "null_tag":
            body["matching_rules"] = [{"id": each["id"], "tag": None} for each in rules]
        case "int_ids":
            body["matching_rules"] = [{"id": int(each["id"]), "tag": None} for each in rules]
        case "no_rules":
            body.pop("matching_rules", None)
    return orjson.dumps(body) + LINE_END


def _stored(record: Any, store: Store) -> Stored:
    """A pushed record as a post; the store does not keep it. One without an id gets one."""
    (made,) = Store.of([record], store.users.values()).posts
    if record.get("id"):
        made.record |= {"id": str(record["id"]), "edit_history_tweet_ids": record.get("edit_history_tweet_ids") or [str(record["id"])]}
    return made
