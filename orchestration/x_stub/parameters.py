"""Reading the parameters of a request as strictly as X does."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zlib import crc32

import orjson

from orchestration.sources.values import FIRST_POST
from orchestration.sources.x.query import Query, parse, problems
from orchestration.x_stub.answers import invalid, invalid_request
from orchestration.x_stub.store import to_ms

TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z")
REACH = timedelta(days=7)
END_LAG = timedelta(seconds=10)
SEARCH_LAG = timedelta(seconds=30)
ARCHIVE_DEFAULT = timedelta(days=30)
TOKEN_PREFIX = "b26v89c19zqg8o3f"


def only_known(parameters: Mapping[str, str], known: frozenset[str]) -> None:
    """Raises Refused for parameters that the endpoint does not have."""
    errors = [
        {
            "parameters": {name: [value]},
            "message": f"The query parameter [{name}] is not one of [{','.join(sorted(known))}]",
        }
        for name, value in parameters.items()
        if name not in known
    ]
    if errors:
        raise invalid_request(errors)


def whole_number(parameters: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = parameters.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"-?\d{1,9}", value) or not least <= int(value) <= most:
        raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not between {least} and {most}")
    return int(value)


def one_of(parameters: Mapping[str, str], name: str, default: str, *allowed: str) -> str:
    value = parameters.get(name, default)
    if value not in allowed:
        raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not one of [{','.join(allowed)}]")
    return value


def query_of(parameters: Mapping[str, str], longest: int) -> Query:
    """Raises Refused for a query that X would not take."""
    text = parameters.get("query")
    if text is None:
        raise invalid("query", "", "The `query` query parameter can not be empty")
    wrong = problems(text, longest)
    if wrong:
        raise invalid_request([{"parameters": {"query": [text]}, "message": each} for each in wrong])
    return parse(text)


def time_of(parameters: Mapping[str, str], name: str) -> datetime | None:
    """RFC 3339 in UTC; parts of a second are cut off."""
    value = parameters.get(name)
    if value is None:
        return None
    if TIME.fullmatch(value):
        try:
            return datetime.fromisoformat(value[:19]).replace(tzinfo=UTC)
        except ValueError:
            pass
    raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not a valid RFC3339 date-time: YYYY-MM-DDTHH:mm:ssZ")


def id_of(parameters: Mapping[str, str], name: str) -> int | None:
    value = parameters.get(name)
    if value is None:
        return None
    if not re.fullmatch(r"\d{1,19}", value):
        raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
    return int(value)


@dataclass(frozen=True)
class Span:
    """Times are inclusive at the start and exclusive at the end; ids are exclusive at both."""

    start: datetime
    end: datetime
    since_id: int | None = None
    until_id: int | None = None

    @property
    def milliseconds(self) -> tuple[int, int]:
        return to_ms(self.start), to_ms(self.end)

    def holds(self, number: int) -> bool:
        return (self.since_id is None or number > self.since_id) and (self.until_id is None or number < self.until_id)


def span_of(parameters: Mapping[str, str], now: datetime, *, archive: bool, lag: timedelta = SEARCH_LAG) -> Span:
    """Raises Refused for a span that cannot be searched: too old, not over for 10 seconds, or the wrong way round."""
    since_id, until_id = id_of(parameters, "since_id"), id_of(parameters, "until_id")
    start, end = time_of(parameters, "start_time"), time_of(parameters, "end_time")
    earliest = FIRST_POST if archive else now - REACH
    if end is not None and end > now - END_LAG:
        raise invalid(
            "end_time",
            parameters["end_time"],
            f"Invalid 'end_time':'{parameters['end_time']}'. 'end_time' must be a minimum of 10 seconds prior to the request time.",
        )
    end = end or (now - lag).replace(microsecond=0)
    if since_id is not None:
        start = earliest
    if start is not None and start < earliest.replace(microsecond=0):
        raise invalid(
            "start_time",
            parameters.get("start_time", ""),
            f"Invalid 'start_time':'{parameters.get('start_time')}'. 'start_time' must be on or after {earliest:%Y-%m-%dT%H:%MZ}",
        )
    start = start or end - (ARCHIVE_DEFAULT if archive else REACH)
    if start >= end:
        raise invalid(
            "start_time" if "start_time" in parameters else "end_time",
            parameters.get("start_time") or parameters.get("end_time") or "",
            f"Invalid 'start_time':'{start:%Y-%m-%dT%H:%M:%SZ}'. 'start_time' must be before 'end_time'.",
        )
    return Span(start, end, since_id, until_id)


def make_token(query: str, *numbers: int) -> str:
    """Opaque, the same for the same place in the same search, valid for ever."""
    packed = orjson.dumps([crc32(query.encode()), *numbers])
    return TOKEN_PREFIX + urlsafe_b64encode(packed).decode().rstrip("=")


def read_token(parameters: Mapping[str, str], query: str, numbers: int) -> list[int] | None:
    """Raises Refused for a token of another search, or that was never given."""
    token = parameters.get("next_token") or parameters.get("pagination_token")
    if not token:
        return None
    try:
        body = token.removeprefix(TOKEN_PREFIX)
        check, *found = orjson.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except ValueError:
        check, found = None, []
    if check != crc32(query.encode()) or len(found) != numbers or not all(isinstance(each, int) for each in found):
        name = "next_token" if "next_token" in parameters else "pagination_token"
        raise invalid(name, token, f"The `{name}` query parameter value [{token}] is not valid")
    return found
