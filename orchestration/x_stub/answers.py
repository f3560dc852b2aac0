"""What the stub answers with: bodies as X writes them, problems included."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

JSON = "application/json; charset=utf-8"
PROBLEMS = "https://api.twitter.com/2/problems/"


@dataclass
class Reply:
    """A status, a body, and what of it is billed: ids of posts and of users."""

    status: int
    body: dict[str, Any] | bytes
    posts: Sequence[str] = ()
    users: Sequence[str] = ()
    media_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


class Refused(Exception):
    """The request is answered with this instead."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.status}")
        self.reply = reply


def problem(status: int, title: str, detail: str, kind: str = "about:blank", **more: Any) -> Reply:
    """An answer in the form of RFC 7807, as X's are."""
    named = kind if ":" in kind else PROBLEMS + kind
    return Reply(status, {**more, "title": title, "detail": detail, "type": named, "status": status})


def invalid(parameter: str, value: object, message: str) -> Refused:
    """400 for one parameter."""
    return invalid_request([{"parameters": {parameter: [str(value)]}, "message": message}])


def invalid_request(errors: list[dict[str, Any]]) -> Refused:
    return Refused(
        Reply(
            400,
            {
                "errors": errors,
                "title": "Invalid Request",
                "detail": "One or more parameters to your request was invalid.",
                "type": f"{PROBLEMS}invalid-request",
            },
        )
    )


def unauthorized() -> Reply:
    return problem(401, "Unauthorized", "Unauthorized")


def too_many() -> Reply:
    return problem(429, "Too Many Requests", "Too Many Requests")


def not_seen(tweet_id: str, *, parameter: str = "ids", suspended: bool = False) -> dict[str, Any]:
    """The partial error for a post that is not there, or may not be seen."""
    title, said, kind = (
        ("Authorization Error", "Sorry, you are not authorized to see the Tweet with", "not-authorized-for-resource")
        if suspended
        else ("Not Found Error", "Could not find tweet with", "resource-not-found")
    )
    return {
        "value": tweet_id,
        "detail": f"{said} {parameter}: [{tweet_id}].",
        "title": title,
        "resource_type": "tweet",
        "parameter": parameter,
        "resource_id": tweet_id,
        "type": f"{PROBLEMS}{kind}",
    }
