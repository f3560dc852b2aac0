"""The OpenAPI document: FastAPI's, with our errors, an example for every answer, and how to authenticate."""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.problems import MEDIA_TYPE, TYPE, Problem

EXAMPLES = Path(__file__).with_name("examples.json")
ABOUT = """Figures of social media campaigns, the same that the page shows for the same campaign, hashtag and days.

Days are days in the campaign's zone and a period is half open: `to` is the day after the last one. Times are UTC, ids are text, absent is null.
Every answer has an ETag: send it as If-None-Match and get 304 while nothing has changed. Errors are problem details (RFC 9457)."""
HEADERS = {
    "ETag": {"description": "Version of the data and digest of the answer.", "schema": {"type": "string"}},
    "X-Data-Version": {"description": "Latest load stamp of the marts.", "schema": {"type": "string"}},
}
RETRY = {"Retry-After": {"description": "Seconds after which to ask again.", "schema": {"type": "integer", "minimum": 1}}}
PROBLEMS = {
    401: ("not-authenticated", "No token, or none that is valid."),
    403: ("not-allowed", "The caller's role does not include the API."),
    404: ("not-found", "No such campaign or hashtag that the caller may see, or a part that is not built yet."),
    413: ("too-large", "The request is larger than 4 MB."),
    422: ("unreadable", "Values that cannot be read."),
    429: ("too-many-requests", "The caller asks too often, or the queue is full."),
    500: ("unforeseen", "An error of ours."),
    503: ("warehouse-unreachable", "The warehouse or a model does not answer."),
}


@cache
def examples() -> dict[str, Any]:
    """By operation: `answer`, recorded from the sample campaign and cut short, and `body` of those that take one."""
    return json.loads(EXAMPLES.read_text(encoding="utf-8"))


def described(api: FastAPI) -> Callable[[], dict[str, Any]]:
    """The `openapi` of the app, made once."""

    @cache
    def document() -> dict[str, Any]:
        made = get_openapi(title=api.title, version=api.version, description=ABOUT, routes=api.routes, servers=api.servers, openapi_version="3.1.0")
        schemas = made["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs", {}) | {"Problem": problem}
        made["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        made["security"] = [{"bearer": []}]
        for path in made["paths"].values():
            for method, operation in path.items():
                _complete(method, operation)
        return made

    return document


def _complete(method: str, operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    example = examples().get(name, {})
    operation["summary"], _, _ = operation["description"].partition("\n")
    operation["summary"] = operation["summary"].split(". ")[0].split(": ")[0].rstrip(".")
    for media in operation["responses"]["200"]["content"].values():
        if "answer" in example:
            media["example"] = deepcopy(example["answer"])
    if "body" in example:
        operation["requestBody"]["content"]["application/json"]["example"] = deepcopy(example["body"])
    if method == "get" and name != "export":
        operation["responses"]["200"]["headers"] = HEADERS
        operation["responses"]["304"] = {"description": "Nothing has changed since the ETag that was sent."}
    for status, (kind, said) in PROBLEMS.items():
        if status == 413 and method == "get":
            continue
        operation["responses"][str(status)] = _problem(status, kind, said)


def _problem(status: int, kind: str, said: str) -> dict[str, Any]:
    example = {"type": TYPE + kind, "title": said.rstrip("."), "status": status, "detail": said}
    made = {"description": said, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}}
    return made | ({"headers": RETRY} if status in (429, 503) else {})
