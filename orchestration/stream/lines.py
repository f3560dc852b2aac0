"""A line of the stream as a line of the spool. Pure: bytes in, bytes out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from orchestration.sources.envelopes import is_post
from orchestration.sources.records import created_at_of
from orchestration.sources.values import BadRecord, parse_id
from orchestration.sources.x.spool import parsed
from orchestration.stream.rules import RuleBook
from orchestration.windows import floor_hour

# Of a line that cannot be used: enough to see what it was.
LONGEST_UNREAD = 65_536


@dataclass(frozen=True)
class PostLine:
    """A post ready to be stored: `text` is the spool's line, with its end."""

    tweet_id: str
    created_at: datetime
    received_at: datetime
    campaigns: tuple[str, ...]
    text: bytes

    @property
    def hour(self) -> datetime:
        return floor_hour(self.created_at)


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be used, ready to be stored."""

    received_at: datetime
    reason: str
    text: bytes


@dataclass(frozen=True)
class Message:
    """No post: X says something, or a post that only rules of somebody else matched (`foreign`)."""

    foreign: bool = False
    disconnects: str | None = None
    said: str = ""


def read_line(raw: bytes, received_at: datetime, session: str, rules: RuleBook) -> PostLine | BadLine | Message:
    """What a line of the stream is. Raises nothing, whatever the line holds."""
    try:
        return _read(raw, received_at, session, rules)
    except BadRecord as bad:
        return bad_line(raw, received_at, session, bad.reason, bad.detail)


def bad_line(raw: bytes, received_at: datetime, session: str, reason: str, detail: str) -> BadLine:
    fields = {
        "received_at": stamp(received_at),
        "session": session,
        "reason": reason,
        "detail": detail,
        "line": raw[:LONGEST_UNREAD].decode("utf-8", "replace"),
    }
    return BadLine(received_at, reason, orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE))


def stamp(moment: datetime) -> str:
    """UTC to the millisecond, of one length: texts sort as times do."""
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def _read(raw: bytes, received_at: datetime, session: str, rules: RuleBook) -> PostLine | Message:
    body = parsed(raw)
    if not isinstance(body, dict):
        raise BadRecord("unknown_shape", f"a JSON {type(body).__name__} where an object was expected")
    if body.get("data") is None:
        return _message(body)
    record = body["data"]
    if not isinstance(record, dict) or not is_post(record):
        raise BadRecord("unknown_shape", "`data` holds no post")
    campaigns, foreign = rules.campaigns_of(body.get("matching_rules"), record)
    if foreign:
        return Message(foreign=True)
    if not campaigns:
        raise BadRecord("unknown_rule", "no campaign's rule matches the post")
    fields = {
        "received_at": stamp(received_at),
        "session": session,
        "rules": body.get("matching_rules") or [],
        "campaigns": campaigns,
        "post": {name: value for name, value in body.items() if name != "matching_rules"},
    }
    return PostLine(parse_id(record.get("id")), created_at_of(record), received_at, campaigns, _as_line(fields))


def _as_line(fields: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        pass
    # Integers over 64 bits and lone surrogates, as escapes.
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def _message(body: Mapping[str, Any]) -> Message:
    """X's words without a post: an error of the stream, or something that is not known here."""
    errors = [error for error in body.get("errors") or () if isinstance(error, dict)] if isinstance(body.get("errors"), list) else []
    for error in errors:
        title = str(error.get("title", ""))
        if error.get("disconnect_type") or title == "operational-disconnect":
            return Message(disconnects=" ".join(f"{title} {error.get('disconnect_type', '')}".split()), said=_short(error))
    return Message(said=_short(errors or body))


def _short(value: Any) -> str:
    return json.dumps(value, default=str)[:300]
