"""The stub over HTTP: NewsAPI's address, GDELT's, and /stub to look at it and to steer it."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import Body, FastAPI, HTTPException, Request, Response

from orchestration.news_stub.desk import Desk
from orchestration.news_stub.faults import STALL
from orchestration.news_stub.gdelt import PATH
from orchestration.windows import parse_time


def make_app(desk: Desk) -> FastAPI:
    """The application over `desk`, which stays the caller's."""
    app = FastAPI(title="A stub of NewsAPI", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get(PATH)
    @app.get("/v2/everything")
    async def everything(request: Request) -> Response:
        parameters = dict(request.query_params)
        reply, fault = desk.answer(request.url.path, parameters, _key(request))
        if fault and fault.kind == STALL:
            await asyncio.sleep(fault.seconds)
        return Response(reply.content.encode("utf-8", "replace"), reply.status, {"X-Cached-Result": "false"}, reply.media_type)

    @app.get("/stub")
    async def state() -> dict[str, Any]:
        return {
            "now": desk.clock.now().isoformat(),
            "plan": desk.plan.name,
            "articles": len(desk.shelf),
            "first": _time(desk.shelf[0].published_at) if desk.shelf else None,
            "last": _time(desk.shelf[-1].published_at) if desk.shelf else None,
            "requests": len(desk.log),
        }

    @app.get("/stub/log")
    async def log() -> list[dict[str, Any]]:
        return desk.log

    @app.post("/stub/clock")
    async def clock(now: str | None = Body(None), advance_seconds: float = Body(0)) -> dict[str, str]:
        try:
            if now:
                desk.clock.set(parse_time(now))
            if advance_seconds:
                desk.clock.advance(advance_seconds)
        except (ValueError, OverflowError) as error:
            raise HTTPException(400, str(error)) from None
        return {"now": desk.clock.now().isoformat()}

    @app.post("/stub/faults")
    async def faults(script: Any = Body()) -> dict[str, int]:
        try:
            desk.faults.load(script)
        except ValueError as error:
            raise HTTPException(400, str(error)) from None
        return {"added": len(script)}

    @app.delete("/stub/faults")
    async def no_faults() -> dict[str, str]:
        desk.faults.clear()
        return {"faults": "none"}

    return app


def _key(request: Request) -> str | None:
    """NewsAPI takes the key in either header, with or without `Bearer`, or as a parameter."""
    header = request.headers.get("authorization") or request.headers.get("x-api-key") or request.query_params.get("apiKey") or ""
    return header.removeprefix("Bearer ").strip() or None


def _time(moment: datetime) -> str:
    return moment.isoformat()
