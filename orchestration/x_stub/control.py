"""/stub: to look at the stub and to steer it, without a token."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Body, FastAPI, HTTPException, Request

from orchestration.ports import LOOPBACK
from orchestration.sources.values import BadRecord
from orchestration.windows import parse_time
from orchestration.x_stub.desk import Desk


def add_control(app: FastAPI, desk: Desk) -> None:
    """Only for this machine: the server listens nowhere else, and a page of another site names another host."""

    def local(request: Request) -> None:
        host = (request.headers.get("host") or "").rsplit(":", 1)[0]
        if (request.client and request.client.host != LOOPBACK) or host not in {LOOPBACK, "localhost"}:
            raise HTTPException(403, "The stub is steered from this machine only.")

    @app.get("/stub")
    async def state(request: Request) -> dict[str, Any]:
        local(request)
        posts = desk.store.posts
        return {
            "now": desk.clock.now().isoformat(),
            "vocabulary": desk.vocabulary,
            "posts": len(posts),
            "first": posts[0].record["created_at"] if posts else None,
            "last": posts[-1].record["created_at"] if posts else None,
            "requests": len(desk.log),
            "streams": desk.streams,
            "streamed": len(desk.streamed),
        }

    @app.get("/stub/bill")
    async def bill(request: Request) -> dict[str, Any]:
        local(request)
        return desk.bill.total()

    @app.get("/stub/log")
    async def log(request: Request) -> list[dict[str, Any]]:
        local(request)
        return desk.log

    @app.get("/stub/stream")
    async def streamed(request: Request) -> dict[str, Any]:
        local(request)
        return {"count": len(desk.streamed), "ids": desk.streamed}

    @app.post("/stub/clock")
    async def clock(
        request: Request, now: Annotated[str | None, Body()] = None, advance_seconds: Annotated[float, Body()] = 0
    ) -> dict[str, str]:
        local(request)
        try:
            if now:
                desk.clock.set(parse_time(now))
            if advance_seconds:
                desk.clock.advance(advance_seconds)
        except (ValueError, OverflowError) as error:
            raise HTTPException(400, str(error)) from None
        return {"now": _time(desk.clock.now())}

    @app.post("/stub/faults")
    async def faults(request: Request, script: Annotated[Any, Body()]) -> dict[str, int]:
        local(request)
        try:
            desk.faults.load(script)
        except ValueError as error:
            raise HTTPException(400, str(error)) from None
        return {"added": len(script)}

    @app.delete("/stub/faults")
    async def no_faults(request: Request) -> dict[str, str]:
        local(request)
        desk.faults.clear()
        return {"faults": "none"}

    @app.post("/stub/stream/push")
    async def push(request: Request, what: Annotated[Any, Body()]) -> dict[str, int]:
        local(request)
        if not isinstance(what, dict | str):
            raise HTTPException(400, "Push a post as a JSON object, or a line as a JSON text.")
        try:
            desk.push(what)
        except BadRecord as bad:
            raise HTTPException(400, str(bad)) from None
        return {"pushed": 1}

    @app.post("/stub/delete")
    async def delete(
        request: Request, ids: Annotated[list[str] | None, Body()] = None, authors: Annotated[list[str] | None, Body()] = None
    ) -> dict[str, int]:
        local(request)
        desk.store.delete(*(ids or []))
        for author in authors or []:
            desk.store.suspend(author)
        return {"deleted": len(ids or []), "suspended": len(authors or [])}


def _time(moment: datetime) -> str:
    return moment.isoformat()
