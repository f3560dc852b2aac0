"""Values as sources write them: times, counts and ids in all their spellings."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

FIRST_POST = datetime(2006, 3, 21, tzinfo=UTC)
# What is not after it is not after tomorrow: the clock is asked for younger posts only.
LOADED_AT = datetime.now(UTC)
# Ids carry their time since 2010-11-04; smaller ones were counted up.
FIRST_SNOWFLAKE = 29_700_859_247
SNOWFLAKE_EPOCH_MS = 1_288_834_974_657

# ASCII alone: `\d` takes the digits of every script, and no id of X has them.
WITH_DIGITS_ONLY = re.compile(r"[0-9]{1,20}")
FLOAT_ID = re.compile(r"\d+(\.\d+)?[eE][+]?\d+|\d+\.\d*")
ISO_OFFSET = re.compile(r"\s+([+-]\d{2}:?\d{2}|UTC|GMT|Z)$")
FORMATS = ("%a %b %d %H:%M:%S %z %Y", "%Y-%m-%d %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%a, %d %b %Y %H:%M:%S %z")
SECONDS = re.compile(r"\d{10}(\.\d+)?")
MILLISECONDS = re.compile(r"\d{13}")
COUNT = re.compile(r"\d{1,15}(\.0*)?")
ISO_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
LARGEST_COUNT = 10**15 - 1
LONGEST_ID = 20
# X nests some ten levels deep. Showing or writing a value takes a call for each, and the interpreter gives up at 1,000.
MOST_LEVELS = 200
# orjson writes so many, and no more.
ORJSON_LEVELS = 254
CONTAINERS = frozenset({dict, list})
TOO_DEEP = f"nested more than {MOST_LEVELS} levels deep"
# A page has one time of reading for all its posts, and a post's time is asked for twice.
REMEMBERED_TIMES = 1_024


class BadRecord(Exception):
    """A record that cannot be used: a reason code, and what was wrong in words."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


def is_too_deep(value: Any) -> bool:
    """Whether lists and objects of a JSON value stand in one another more than `MOST_LEVELS` deep."""
    inside = value
    for _ in range(ORJSON_LEVELS - MOST_LEVELS):
        inside = [inside]
    try:
        # A quarter of the time of looking level by level, and every value of an archive is asked.
        orjson.dumps(inside)
        return False
    except TypeError:
        # Also integers over 64 bits and lone surrogates.
        return _is_deep(value)


def _is_deep(value: Any) -> bool:
    level = [value] if type(value) in CONTAINERS else []
    for _ in range(MOST_LEVELS):
        level = [each for held in level for each in (held.values() if type(held) is dict else held) if type(each) in CONTAINERS]
        if not level:
            return False
    return True


def refuse_deep(value: Any) -> None:
    """Raises ValueError for a value that is too deep."""
    if is_too_deep(value):
        raise ValueError(TOO_DEEP)


def without_deep(values: list[Any]) -> list[Any]:
    """None in the place of what is too deep: one record that nothing can show or write must not take the others with it."""
    return [None if is_too_deep(value) else value for value in values]


def parse_created_at(value: Any) -> datetime:
    """A time in UTC from ISO 8601, X's v1.1 form, RFC 2822 or epoch seconds or milliseconds. Without a zone it is UTC.

    Raises BadRecord for anything else, and for times before the first post on X or after tomorrow.
    """
    moment = _moment(str(value).strip()) if value is not None and not isinstance(value, bool) else None
    if moment is None:
        raise BadRecord("bad_timestamp", f"no time can be read from {str(value)[:80]!r}")
    if not (FIRST_POST <= moment <= LOADED_AT or LOADED_AT < moment <= datetime.now(UTC) + timedelta(days=1)):
        raise BadRecord("bad_timestamp", f"{str(value)[:80]!r} is not a time at which a post can have been made")
    return moment


def parse_observed_at(value: Any) -> datetime | None:
    """As `parse_created_at`, but None where nothing can be read."""
    try:
        return parse_created_at(value)
    except BadRecord:
        return None


@lru_cache(REMEMBERED_TIMES)
def _moment(text: str) -> datetime | None:
    if text.endswith("Z") and ISO_DAY.match(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    if SECONDS.fullmatch(text) or MILLISECONDS.fullmatch(text):
        seconds = float(text) / (1000 if MILLISECONDS.fullmatch(text) else 1)
        return datetime.fromtimestamp(seconds, UTC)
    plain = ISO_OFFSET.sub(lambda match: "+00:00" if match[1] in {"UTC", "GMT", "Z"} else match[1], text)
    if ISO_DAY.match(plain):
        try:
            return _aware(datetime.fromisoformat(plain))
        except (ValueError, OverflowError):
            pass
    for form in FORMATS:
        try:
            return _aware(datetime.strptime(text, form))
        except (ValueError, OverflowError):
            continue
    return None


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def time_of_id(tweet_id: str) -> datetime | None:
    """The time that an id carries, to the millisecond; None for ids of before 2010-11-04."""
    number = int(tweet_id)
    if number < FIRST_SNOWFLAKE:
        return None
    return datetime.fromtimestamp(((number >> 22) + SNOWFLAKE_EPOCH_MS) / 1000, UTC)


def parse_id(value: Any) -> str:
    """An id as text. Raises BadRecord `missing_id`, or `float_id` where digits were lost on the way."""
    if type(value) is str and len(value) <= LONGEST_ID and value.isascii() and value.isdigit():
        return value
    if isinstance(value, float) or (isinstance(value, str) and FLOAT_ID.fullmatch(value.strip())):
        raise BadRecord("float_id", f"the id {value!r} was stored as a float and has lost digits")
    if isinstance(value, bool) or value is None or str(value).strip() == "":
        raise BadRecord("missing_id", "the record has no id")
    text = str(value).strip()
    if not WITH_DIGITS_ONLY.fullmatch(text):
        raise BadRecord("missing_id", f"{text[:80]!r} is not an id")
    return text


def parse_count(value: Any, name: str) -> int | None:
    """A metric, or None where it is absent. Raises BadRecord `bad_metric` for what is no count."""
    if value is None or isinstance(value, bool):
        return None
    if type(value) is int and 0 <= value <= LARGEST_COUNT:
        return value
    text = str(value).strip().replace(",", "")
    if text.lower() in {"", "nan", "none", "null", "n/a", "-"}:
        return None
    if COUNT.fullmatch(text):
        return int(text.split(".")[0])
    raise BadRecord("bad_metric", f"{name} is {text[:80]!r}, not a count")
