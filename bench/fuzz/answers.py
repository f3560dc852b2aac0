"""Answers of a service without the service: below the session of the product's own client."""

import json
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter


class Answers(BaseAdapter):
    """Answers each request with the same status and body."""

    def __init__(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        super().__init__()
        self._status, self._body, self._headers = status, body, headers

    def send(self, request, **_: Any) -> requests.Response:
        made = requests.Response()
        made.status_code, made._content, made.request, made.url = self._status, self._body, request, request.url
        made.headers.update(self._headers)
        made.reason = "Fuzzed"
        return made

    def close(self) -> None:
        pass


def is_readable(given: bytes) -> bool:
    """JSON that Python's reader takes inside a page, too: it gives up at a depth of some 900."""
    try:
        json.loads(given.decode())
    except (ValueError, RecursionError):
        return False
    return given.count(b"[") + given.count(b"{") < 700
