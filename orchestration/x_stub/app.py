"""The stub over HTTP: which address is answered by what."""

from collections.abc import Callable
from functools import partial

import orjson
from fastapi import FastAPI, Request, Response

from orchestration.x_stub import compliance, control, counts, lookup, rules, search, stream, usage
from orchestration.x_stub.answers import Reply, invalid_request, problem
from orchestration.x_stub.desk import Call, Desk
from orchestration.x_stub.sending import Connections, response_of

# Path: method, family of the rate limits, what answers it.
ROUTES: tuple[tuple[str, str, str, Callable[[Desk, Call], Reply]], ...] = (
    ("/2/tweets/search/recent", "GET", "search/recent", search.recent),
    ("/2/tweets/search/all", "GET", "search/all", search.full_archive),
    ("/2/tweets/counts/recent", "GET", "counts/recent", counts.recent),
    ("/2/tweets/counts/all", "GET", "counts/all", counts.full_archive),
    ("/2/tweets", "GET", "lookup", lookup.by_ids),
    ("/2/tweets/search/stream/rules", "GET", "rules/get", rules.listed_rules),
    ("/2/tweets/search/stream/rules", "POST", "rules/post", rules.changed_rules),
    ("/2/usage/tweets", "GET", "usage", usage.usage),
    ("/2/compliance/jobs", "GET", "compliance", compliance.listed_jobs),
    ("/2/compliance/jobs", "POST", "compliance", compliance.new_job),
    ("/2/compliance/jobs/{job_id}", "GET", "compliance", compliance.one_job),
)


def make_app(desk: Desk, connections: Connections) -> FastAPI:
    """The application over `desk`, which stays the caller's."""
    app = FastAPI(title="A stub of X API v2", docs_url=None, redoc_url=None, openapi_url=None)
    for path, method, family, answer in ROUTES:
        app.router.add_route(path, partial(_endpoint, desk=desk, connections=connections, family=family, answer=answer), methods=[method])
    app.router.add_route(stream.PATH, partial(_stream, desk=desk, connections=connections), methods=["GET"])
    compliance.add_files(app, desk)
    control.add_control(app, desk)

    @app.exception_handler(404)
    async def not_found(request: Request, _: Exception) -> Response:
        return Response(problem(404, "Not Found", "Not Found").content, 404, media_type="application/json")

    return app


async def _endpoint(
    request: Request, *, desk: Desk, connections: Connections, family: str, answer: Callable[[Desk, Call], Reply]
) -> Response:
    body, answer = await _body(request, answer)
    call = _call(request, desk, body)
    reply, faults = desk.serve(call, request.headers.get("authorization"), family, answer)
    return response_of(reply, faults, connections)


async def _stream(request: Request, *, desk: Desk, connections: Connections) -> Response:
    call = _call(request, desk, None)
    reply, faults = desk.serve(call, request.headers.get("authorization"), "stream", stream.connected)
    if reply.status != 200 or reply.body:
        return response_of(reply, faults, connections)
    return stream.open_stream(desk, call, reply, faults)


def _call(request: Request, desk: Desk, body: object) -> Call:
    return Call(request.method, request.url.path, dict(request.query_params), desk.clock.now(), body, str(request.base_url).rstrip("/"))


async def _body(request: Request, answer: Callable[[Desk, Call], Reply]) -> tuple[object, Callable[[Desk, Call], Reply]]:
    """The JSON body of a POST; one that is none is refused by the answer, so that it is logged as every other."""
    if request.method == "GET":
        return None, answer
    try:
        return orjson.loads(await request.body()), answer
    except ValueError:
        return None, _no_json


def _no_json(_: Desk, __: Call) -> Reply:
    raise invalid_request([{"message": "Requests with bodies must have content-type of application/json and hold JSON."}])
