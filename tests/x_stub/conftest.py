"""A stub of X on a free port, and a hand to ask it with."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import requests

from orchestration.x_stub.running import RunningStub

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
NOW = START + timedelta(hours=2)
TOKEN = "test-nobody-may-read-this"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
RECENT, ALL = "/2/tweets/search/recent", "/2/tweets/search/all"


def post(seconds: float, text: str | None = None, **fields) -> dict:
    """A post of so many seconds after the start; the stub gives it an id."""
    return {
        "text": text or f"post at {seconds} #tag",
        "created_at": (START + timedelta(seconds=seconds)).isoformat(),
        "author_id": "7",
        "public_metrics": {"retweet_count": 10, "reply_count": 0, "like_count": 100, "quote_count": 0},
        **fields,
    }


@pytest.fixture
def running():
    """Starts stubs; they end with the test."""
    started: list[RunningStub] = []

    def start(posts=(), **how) -> RunningStub:
        how.setdefault("now", NOW)
        how.setdefault("limits", False)
        started.append(RunningStub(posts, **how))
        return started[-1].__enter__()

    yield start
    for stub in started:
        stub.__exit__(None, None, None)


Ask = Callable[..., requests.Response]


def ask(stub: RunningStub, path: str = RECENT, method: str = "GET", *, headers=HEADERS, json=None, **parameters) -> requests.Response:
    """`tweet_fields` is sent as `tweet.fields`."""
    named = {name.replace("_fields", ".fields"): value for name, value in parameters.items()}
    return requests.request(method, f"{stub.url}{path}", params=named, headers=headers, json=json, timeout=10)


def search(stub: RunningStub, query: str = "#tag", *, path: str = RECENT, **parameters) -> requests.Response:
    return ask(stub, path, query=query, **parameters)


def pages(stub: RunningStub, query: str = "#tag", *, path: str = RECENT, **parameters) -> list[list[dict]]:
    """Data of every page up to the last."""
    found, token = [], {}
    while True:
        body = search(stub, query, path=path, **parameters, **token).json()
        found.append(body.get("data", []))
        if "next_token" not in body["meta"]:
            return found
        token = {"next_token": body["meta"]["next_token"]}
