"""One row of a CSV file as a `Post`, ids that were damaged on the way included."""

import ast
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime

from orchestration.sources import text_entities
from orchestration.sources.archive.csv_columns import Columns
from orchestration.sources.authors import author_key
from orchestration.sources.base import Post
from orchestration.sources.values import LONGEST_ID, BadRecord, parse_count, parse_created_at, parse_observed_at

COUNTS = ("like_count", "reply_count", "quote_count", "repost_count", "bookmark_count", "impression_count")
REPOST_PREFIX = re.compile(r"RT @\w{1,20}:? ")
# ASCII alone: no id has the digits of another script.
FLOAT = re.compile(r"[0-9]+(\.[0-9]*)?([eE]\+?[0-9]+)?")
# Above it a float cannot tell neighbours apart; X's ids passed it in 2010.
LARGEST_EXACT_FLOAT = 2**53
# As pandas writes it, zeros behind the point included.
LONGEST_WRITTEN = 40
# A spreadsheet keeps 15 digits and fills up with zeros.
SPREADSHEET_ID = re.compile(r"\d{15}0{2,}")


def row_time(row: Sequence[str], columns: Columns) -> datetime:
    """When the post was made. Raises BadRecord for a blank, a shifted and an undatable row."""
    if not any(field.strip() for field in row):
        raise BadRecord("blank_row", "the row is empty")
    if len(row) != columns.count:
        raise BadRecord("shifted_row", f"{len(row)} fields where the header has {columns.count}")
    if columns.value(row, "created_at") is None and columns.value(row, "text") is None:
        raise BadRecord("blank_row", "neither time nor text")
    return parse_created_at(columns.value(row, "created_at"))


def parse_row(
    row: Sequence[str], headers: Sequence[str], columns: Columns, created_at: datetime, *, source_ref: str, rounded_ids: bool
) -> Post:
    """`rounded_ids` says that the file's ids went through a spreadsheet. Raises BadRecord."""
    text = columns.value(row, "text")
    if text is None:
        raise BadRecord("missing_text", "the row has no text")
    author_id = _plain_number(columns.value(row, "author_id"))
    handle = columns.value(row, "author_handle")
    # Not the pseudonym: a damaged id must stay the same when the salt changes.
    tweet_id, exact = _identity(columns.value(row, "tweet_id"), author_id or (handle or "").lstrip("@＠").casefold(), created_at, text, rounded=rounded_ids)
    named = columns.value(row, "is_repost")
    is_repost = named.strip().lower() in {"true", "1", "t", "yes"} if named else REPOST_PREFIX.match(text) is not None
    return Post(
        tweet_id=tweet_id,
        root_id=tweet_id,
        created_at=created_at,
        observed_at=parse_observed_at(columns.value(row, "observed_at")),
        text=text,
        kind="repost" if is_repost else "original",
        author_id=author_id,
        author_key=author_key(author_id, handle),
        author_followers=_followers(columns.value(row, "author_followers")),
        lang=columns.value(row, "lang"),
        hashtags=text_entities.normalised([*_listed(columns.value(row, "hashtags")), *text_entities.hashtags(text)]),
        mentions=text_entities.normalised(text_entities.mentions(text)),
        cashtags=text_entities.normalised(text_entities.cashtags(text), upper=True),
        urls=tuple(dict.fromkeys(text_entities.links(text))),
        referenced_id=None,
        id_is_exact=exact,
        source_ref=source_ref,
        raw_record=json.dumps(dict(zip(headers, row)), ensure_ascii=False),
        **{name: parse_count(columns.value(row, name), name) for name in COUNTS},
    )


def _followers(value: str | None) -> int | None:
    """Followers of the author; None where absent or no count: a damaged one must not cost the post."""
    try:
        return parse_count(value, "author_followers")
    except BadRecord:
        return None


def looks_rounded(ids: Sequence[str]) -> bool:
    """Whether most long ids of a file end in zeros: 15 digits kept is what a spreadsheet does, by chance it is 1 in 100."""
    long = [each for each in ids if each.isdigit() and len(each) > 16]
    return len(long) >= 5 and sum(SPREADSHEET_ID.fullmatch(each) is not None for each in long) > len(long) / 2


def _identity(value: str | None, author: str | None, created_at: datetime, text: str, *, rounded: bool) -> tuple[str, bool]:
    """(key, whether it is the id itself).

    A damaged id is kept with a hash of author and time, which two different posts do not share: in a real file of 5,973
    posts, 17 pairs of different authors had the same damaged id. A row without id is known by its content.
    """
    if value is None or not FLOAT.fullmatch(value):
        if value is not None:
            raise BadRecord("missing_id", f"{value[:80]!r} is not an id")
        return f"content-{_hash(author or '', created_at.isoformat(), text)}", False
    # A number of more digits is no id, whether it is written out or as `1e999`.
    if len(value) > LONGEST_WRITTEN or float(value) >= 10**LONGEST_ID:
        raise BadRecord("missing_id", f"{value[:80]!r} is not an id")
    if value.isdigit() and not (rounded and len(value) > 15):
        return value, True
    number = int(value) if value.isdigit() else int(float(value))
    if number < LARGEST_EXACT_FLOAT and not rounded:
        return str(number), True
    return f"approx-{number}-{_hash(author or text, created_at.isoformat())[:8]}", False


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:24]


def _plain_number(value: str | None) -> str | None:
    """`123.0` -> `123`; pandas writes ids so where a column has gaps."""
    return value.removesuffix(".0") if value and re.fullmatch(r"\d+\.0", value) else value


def _listed(value: str | None) -> list[str]:
    """Names from a list literal (`['a', 'b']`), or from words parted by commas or blanks."""
    if not value:
        return []
    if value.startswith("["):
        try:
            parsed = ast.literal_eval(value)
        # What no list is made of (`[{[]}]`), and lists nested deeper than Python reads.
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            parsed = []
        return [name for name in parsed if isinstance(name, str)] if isinstance(parsed, list) else []
    if value.lower() in {"nan", "none", "null"}:
        return []
    return [name for name in re.split(r"[\s,;|]+", value) if name]
