"""Errors as RFC 9457 problem details: what happened, to what, and what to do next. Nothing of the inside leaves, but a reference into the log."""

import logging
import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.access import NotAuthenticated
from app.identity import NotAllowed
from orchestration.warehouse.errors import TableMissing, WarehouseError, WarehouseStopped, WarehouseUnreachable

log = logging.getLogger("pulse.api")

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:campaign-pulse:problem:"
# Seconds after which a warehouse that did not answer may be asked again.
RETRY_SECONDS = 10


class Fault(BaseModel):
    """One value that cannot be read."""

    where: str = Field(description="Place of the value: `query.from`, `body.texts.0.text`.")
    message: str


class Problem(BaseModel):
    """RFC 9457. `type` names the kind of problem and is stable; `detail` is for people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": f"{TYPE}not-found",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is no campaign 'x' that you may see. GET /api/v1/campaigns lists them.",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    reference: str | None = Field(None, description="Of an error of ours: where it stands in the server's log.")
    errors: list[Fault] | None = Field(None, description="Of a request that cannot be read: every value that is wrong.")


class ApiError(Exception):
    """An answer other than success. `kind` ends the problem's `type`."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: list[Fault] | None = None,
        headers: Mapping[str, str] | None = None,
        reference: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail, self.errors, self.headers, self.reference = status, kind, detail, errors, dict(headers or {}), reference


def not_found(detail: str) -> ApiError:
    return ApiError(404, "not-found", detail)


def not_built(what: str) -> ApiError:
    return ApiError(404, "not-built", f"{what}: not built yet. Run the pipeline, then ask again.")


def unreadable(where: str, message: str) -> ApiError:
    return ApiError(422, "unreadable", f"{where}: {message}", errors=[Fault(where=where, message=message)])


def busy(detail: str, seconds: float) -> ApiError:
    return ApiError(429, "too-many-requests", detail, headers={"Retry-After": str(max(1, round(seconds + 0.5)))})


def ours(error: Exception, status: int, kind: str, detail: str, **more: Any) -> ApiError:
    """An error of ours as an answer: its cause goes to the log alone, under a reference."""
    reference = secrets.token_hex(4)
    log.error("reference %s: %s", reference, error, exc_info=error)
    return ApiError(status, kind, f"{detail} Reference {reference}: it stands in the server's log.", reference=reference, **more)


def response(error: ApiError) -> Response:
    problem = Problem(
        type=TYPE + error.kind,
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.detail,
        reference=error.reference,
        errors=error.errors,
    )
    headers = {"Cache-Control": "no-store", **error.headers}
    return Response(problem.model_dump_json(exclude_none=True), error.status, headers, media_type=MEDIA_TYPE)


def install(api: FastAPI) -> None:
    """Handlers for everything that can go wrong; what nobody foresaw is caught by `Unforeseen`."""
    api.add_exception_handler(ApiError, lambda _, error: response(error))
    api.add_exception_handler(NotAuthenticated, _not_authenticated)
    api.add_exception_handler(NotAllowed, lambda _, error: response(ApiError(403, "not-allowed", str(error))))
    api.exception_handler(HTTPException)(_of_http)
    api.exception_handler(RequestValidationError)(_of_validation)
    api.exception_handler(WarehouseError)(_of_warehouse)


def _not_authenticated(_: Request, error: Exception) -> Response:
    return response(ApiError(401, "not-authenticated", str(error), headers={"WWW-Authenticate": 'Bearer realm="campaign-pulse"'}))


def _of_http(request: Request, error: HTTPException) -> Response:
    if error.status_code == 400:
        # FastAPI says so of a body whose bytes are no UTF-8, or that is nested too deeply to read; of one that is no JSON it says 422, as we do of all.
        return response(unreadable("body", "This is no JSON in UTF-8, or it is nested too deeply."))
    said = {
        404: ("not-found", "There is nothing at this address. GET /api/v1/openapi.json lists what there is."),
        405: ("method-not-allowed", "This address does not take this method; the header Allow says which it takes."),
        413: ("too-large", "The request is larger than this address takes. Send fewer or shorter texts at a time."),
    }
    kind, detail = said.get(error.status_code, ("refused", HTTPStatus(error.status_code).phrase))
    # Routes of one address are several, and each knows its own methods alone.
    headers = {"Allow": _methods(request)} if error.status_code == 405 else error.headers
    return response(ApiError(error.status_code, kind, detail, headers=headers))


def _methods(request: Request) -> str:
    """`GET, POST`: what the address takes."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    found = {
        method.upper()
        for each, methods in request.app.openapi()["paths"].items()
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", each), path)
        for method in methods
    }
    return ", ".join(sorted(found or {"GET"}))


def _of_validation(_: Request, error: RequestValidationError) -> Response:
    # Without `input`: what somebody sent is not sent back.
    faults = [Fault(where=".".join(map(str, each["loc"])), message=each["msg"].removeprefix("Value error, ")) for each in error.errors()[:20]]
    return response(ApiError(422, "unreadable", "The request cannot be read; `errors` says which values and why.", errors=faults))


def _of_warehouse(_: Request, error: WarehouseError) -> Response:
    if isinstance(error, TableMissing):
        return response(not_built("This part"))
    if isinstance(error, WarehouseStopped):
        return _failed(error, "warehouse-stopped", "The warehouse is stopped; whoever runs this server can start it.")
    if isinstance(error, WarehouseUnreachable):
        return _failed(error, "warehouse-unreachable", "The warehouse does not answer. Try again shortly.")
    return _failed(error, "warehouse-refused", "The warehouse could not answer this.")


def _failed(error: WarehouseError, kind: str, detail: str) -> Response:
    return response(ours(error, 503, kind, detail, headers={"Retry-After": str(RETRY_SECONDS)}))


class Unforeseen:
    """The outermost layer: an exception that nobody foresaw is a problem with a reference, not a page of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await response(ours(error, 500, "unforeseen", "Something went wrong that nobody foresaw."))(scope, receive, send)
