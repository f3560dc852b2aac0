"""Posts by the page: an opaque cursor goes along a key, so that no post is missed or doubled while others arrive."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.api import schemas
from app.api.answers import Ask, span
from app.api.filters import Filters
from app.api.problems import unreadable
from app.api.views import about, hashtag_row, rows_of
from orchestration.settings import Settings

# X's developer policy: ids may be handed on, posts not.
OF_X = frozenset({"x_search", "x_stream"})
WITHHELD = "Posts of X are handed on as ids alone. Look the post up at X by its id."
LONGEST_CURSOR = 500
INT64 = 2**63


@dataclass(frozen=True)
class Order:
    """By `engagement`: originals whose engagement is known, most first. `newest`: all posts, reposts too, newest first. `label` narrows either."""

    order: str
    label: str | None = None


def posts(ask: Ask, asked: Filters, by: Order, limit: int, cursor: str | None, settings: Settings) -> schemas.Posts:
    """Raises ApiError 422 for a cursor that is none, or belongs to other filters."""
    of = about(ask, asked)
    after = decoded(cursor, asked, by) if cursor else None
    hashtag_row(ask, asked)
    found = rows_of(ask("posts", asked.campaign, asked.hashtag, by.order, by.label, limit + 1, *span(asked.start, asked.end), after))
    shown = found[:limit]
    more = encoded(shown[-1], asked, by) if len(found) > limit else None
    return schemas.Posts(about=of, data=[as_shown(row, settings) for row in shown], next=more)


def as_shown(row: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """A post as it may be handed on."""
    shown = {**row, "hashtags": row["hashtags"] or [], "text_withheld": None}
    if row["source"] in OF_X and not settings.api_x_texts:
        shown |= {"text": None, "text_withheld": WITHHELD}
    return shown


def encoded(row: Mapping[str, Any], asked: Filters, by: Order) -> str:
    """What goes on behind this post."""
    # A column with unknown values comes as floats.
    key = [int(row["engagement"] or 0), int(row["created_at"].timestamp()) * 1_000_000 + row["created_at"].microsecond, row["tweet_id"], _of(asked, by)]
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decoded(cursor: str, asked: Filters, by: Order) -> tuple[int, datetime, str]:
    """(engagement, created_at, tweet_id). The parts reach SQL as parameters of their types and nothing else."""
    try:
        first, at, tweet_id, of = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        typed = type(first) is int and type(at) is int and isinstance(tweet_id, str) and -INT64 <= first < INT64 and len(tweet_id) <= 200
        moment = datetime.fromtimestamp(at // 1_000_000, UTC).replace(microsecond=at % 1_000_000)
        # NUL ends a string of DuckDB, half a surrogate pair is no text.
        tweet_id.encode()
        if not typed or "\x00" in tweet_id:
            raise ValueError(cursor)
    except (ValueError, TypeError, OverflowError, OSError, AttributeError, RecursionError, binascii.Error):
        raise unreadable("query.cursor", "This is no cursor of ours. Take `next` of an answer, or leave it out to begin.") from None
    if of != _of(asked, by):
        raise unreadable("query.cursor", "This cursor belongs to other filters. Leave it out to begin.")
    return first, moment, tweet_id


def _of(asked: Filters, by: Order) -> str:
    return hashlib.sha256(repr((asked, by)).encode()).hexdigest()[:12]


def shaped_pages(rows: Iterator[list[tuple[Any, ...]]], columns: tuple[str, ...], settings: Settings) -> Iterator[list[tuple[Any, ...]]]:
    """Pages of a whole answer, each post as it may be handed on."""
    for page in rows:
        shown = (as_shown(dict(zip(columns, row, strict=True)), settings) for row in page)
        yield [tuple(post[name] for name in schemas.Post.model_fields) for post in shown]
