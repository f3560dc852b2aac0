"""What goes wrong, by script: for which request, and how."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from orchestration.x_stub.answers import PROBLEMS, Reply, problem, too_many, unauthorized

HTML = "text/html; charset=utf-8"
STREAM = "/2/tweets/search/stream"
# Paths that are one endpoint each, though others begin with them.
ENDPOINTS = frozenset({"/2/tweets", STREAM})
CAPPED = ("UsageCapExceeded", "Usage cap exceeded: Monthly product cap", "https://api.x.com/2/problems/usage-capped")

# Kinds that stand in place of the answer.
REPLACING: dict[str, Callable[[], Reply]] = {
    "400": lambda: Reply(
        400,
        {
            "errors": [{"parameters": {"query": [""]}, "message": "There were errors processing your request"}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{PROBLEMS}invalid-request",
        },
    ),
    "401": unauthorized,
    "402": lambda: problem(402, "CreditsDepleted", "Your enrolled account does not have any credits to fulfill this request.", "credits"),
    "403": lambda: problem(
        403, "Client Forbidden", "When authenticating requests, you must use keys and tokens from an attached App.", "client-forbidden",
        reason="client-not-enrolled", required_enrollment="Standard Basic",
    ),
    "403_usage_capped": lambda: problem(403, *CAPPED, period="Monthly", scope="Product"),
    "429_usage_capped": lambda: problem(429, *CAPPED, period="Monthly", scope="Product"),
    "404": lambda: problem(404, "Not Found", "Not Found"),
    "409": lambda: problem(409, "Rule Configuration", "You must define rules before connecting.", "rule-configuration"),
    "429_with_reset": too_many,
    "429_without_reset": too_many,
    "429_code_88": lambda: Reply(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}),
    "429_code_88_without_reset": lambda: Reply(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}),
    "connection_exception": lambda: problem(
        429, "ConnectionException", "This stream is currently at the maximum allowed connection limit.", "streaming-connection",
        connection_issue="TooManyConnections",
    ),
    "503_json": lambda: problem(503, "Service Unavailable", "Service Unavailable"),
    "503_html": lambda: Reply(503, b"<html><body><h1>503 Service Unavailable</h1></body></html>", media_type=HTML),
    "200_html": lambda: Reply(200, b"<html><body>Something went wrong</body></html>", media_type=HTML),
    "error_body_list": lambda: Reply(500, b'[{"message":"Internal error","code":131}]'),
}  # fmt: skip
# Kinds that say when to come back, and those that do not.
WITH_RESET = frozenset({"429_with_reset", "429_code_88", "connection_exception"})
WITHOUT_RESET = frozenset({"429_without_reset", "429_code_88_without_reset"})
# Kinds that spoil an answer that is otherwise as it should be, or its way.
PAGES = frozenset({"partial_errors", "malformed_post", "created_at_without_fraction", "unknown_shape",
                   "duplicates", "empty_page_with_token", "repeated_token", "counts_bias"})  # fmt: skip
TRANSPORT = frozenset({"stall", "slow", "reset", "half_response", "200_truncated_json"})
# Kinds that befall an open stream, after so many posts of the connection.
LINES = frozenset({"malformed_line", "no_tag", "null_tag", "int_ids", "no_rules", "duplicate_line", "unknown_line"})
ENDINGS = frozenset({"disconnect_error", "silent_stall", "server_close", "torn_line"})
KINDS = (*REPLACING, *sorted(PAGES | TRANSPORT | LINES | ENDINGS))


@dataclass
class Fault:
    """Befalls the requests number `nth` to `nth + times - 1` of `path`, counted from 1 when it was added; without `nth` every one.

    `path` is an endpoint, or the beginning of several. `seconds` is how long a stall lasts, or until a 429 may be asked
    again; `percent` how far counts are off. On an open stream `nth` is the connection, `after` the posts sent before it,
    and `times` how many lines it spoils.
    """

    kind: str
    path: str = "/2/"
    nth: int | None = None
    times: int = 1
    seconds: float = 60.0
    percent: float = 0.0
    after: int = 0
    seen: int = 0

    def concerns(self, path: str) -> bool:
        return path == self.path or (self.path not in ENDPOINTS and path.startswith(self.path))

    def strikes(self) -> bool:
        """Counts one request."""
        self.seen += 1
        if self.kind in LINES | ENDINGS:
            return self.nth is None or self.nth == self.seen
        return self.nth is None or self.nth <= self.seen < self.nth + self.times


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, kind: str, **how: Any) -> None:
        """Raises ValueError for an unknown kind or a word that is none of Fault's."""
        if kind not in KINDS:
            raise ValueError(f"There is no fault {kind!r}. Choose {', '.join(KINDS)}.")
        if kind in LINES | ENDINGS:
            how.setdefault("path", STREAM)
        unknown = how.keys() - {each.name for each in fields(Fault)} | ({"seen"} & how.keys())
        if unknown:
            raise ValueError(f"A fault has no {', '.join(sorted(unknown))}. It has kind, path, nth, times, seconds, percent and after.")
        self._faults.append(Fault(kind, **how))

    def load(self, script: Any) -> None:
        """Adds `[{"kind": "429_with_reset", "path": "/2/tweets/search", "nth": 3}, ...]`. Raises ValueError for anything else."""
        if not isinstance(script, list) or not all(isinstance(each, dict) and isinstance(each.get("kind"), str) for each in script):
            raise ValueError('A script of faults is a list: [{"kind": "429_with_reset", "path": "/2/tweets/search", "nth": 3}]')
        for fault in script:
            self.add(**fault)

    def load_file(self, path: Path) -> None:
        """Raises ValueError for what is no script, OSError."""
        self.load(json.loads(path.read_text(encoding="utf-8")))

    def clear(self) -> None:
        self._faults.clear()

    def of(self, path: str) -> list[Fault]:
        """The faults of the request that has come, in the order in which they were added."""
        return [fault for fault in self._faults if fault.concerns(path) and fault.strikes()]
