"""How a reply leaves: whole, late, cut off, or not at all."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from orchestration.x_stub.answers import Reply
from orchestration.x_stub.faults import Fault

Connections = dict[tuple[str, int], asyncio.Transport]


def protocol_of(connections: Connections) -> type[asyncio.Protocol]:
    """uvicorn's protocol, which also keeps the open connections by the client's address, so that one can be cut."""

    class Kept(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._peer = transport.get_extra_info("peername")
            connections[self._peer] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self._peer, None)
            super().connection_lost(exc)

    return Kept


def response_of(reply: Reply, faults: Sequence[Fault], connections: Connections) -> Response:
    """The reply as the faults of its way leave it."""
    content = reply.content
    by_kind = {fault.kind: fault for fault in faults}
    if "200_truncated_json" in by_kind:
        content = content[: len(content) // 2]
    if "stall" in by_kind:
        return _Broken(by_kind["stall"].seconds, connections)
    if "reset" in by_kind:
        return _Broken(0, connections)
    if "half_response" in by_kind:
        return _Half(content, reply.status, reply.headers, reply.media_type)
    if "slow" in by_kind:
        return _Late(content, reply.status, reply.headers, reply.media_type, seconds=by_kind["slow"].seconds)
    return Response(content, reply.status, reply.headers, reply.media_type)


class _Broken(Response):
    """Silent for some seconds, and then the connection is cut without an answer."""

    def __init__(self, seconds: float, connections: Connections) -> None:
        super().__init__()
        self._seconds, self._connections = seconds, connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(disconnected(receive))
        await asyncio.wait({gone}, timeout=self._seconds)
        transport = self._connections.get(tuple(scope["client"]))
        if transport is not None:
            transport.abort()
        await gone


class _Half(Response):
    """Promises the whole body and cuts the connection after half of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})


class _Late(Response):
    def __init__(self, *given: Any, seconds: float) -> None:
        super().__init__(*given)
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._seconds)
        await super().__call__(scope, receive, send)


async def disconnected(receive: Receive) -> None:
    """Returns when the client has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass
