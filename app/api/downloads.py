"""Answers as CSV: the same rows as the JSON of the same filters, in the safe CSV of `pulse export`."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

from app.api import posts, schemas, views
from app.api.answers import Ask, span
from app.api.filters import Filters
from app.api.problems import busy
from app.api.questions import Questions
from orchestration.export import csv_parts
from orchestration.settings import Settings
from orchestration.warehouse.tables import Column

# Posts are read from the warehouse while they are sent; each such download holds a connection.
AT_ONCE = 2

TABLES: dict[str, tuple[type[BaseModel], Callable[[Ask, Filters, Settings], Any]]] = {
    "cards": (schemas.CardRow, lambda ask, asked, settings: views.cards(ask, asked, settings)),
    "days": (schemas.DayRow, lambda ask, asked, _: views.series(ask, asked, "days")),
    "hours": (schemas.HourRow, lambda ask, asked, _: views.series(ask, asked, "hours")),
    "words": (schemas.WordRow, lambda ask, asked, _: views.words(ask, asked, 150)),
    "articles": (schemas.Article, lambda ask, asked, _: views.articles(ask, asked)),
    "entities": (schemas.Entity, lambda ask, asked, _: views.entities(ask, asked)),
    "coverage": (schemas.CoverageHour, lambda ask, asked, _: views.coverage(ask, asked)),
    "peaks": (schemas.Peak, lambda ask, asked, _: views.peaks(ask, asked)),
}
SENTIMENT = (
    "day",
    "scored",
    "not_scored",
    *(f"{label}{part}" for label in ("negative", "neutral", "positive") for part in ("", "_share", "_low", "_high")),
)
NAMES = (*TABLES, "sentiment", "posts")


def small(table: str, ask: Ask, asked: Filters, settings: Settings) -> list[bytes]:
    """A table that the site has in memory anyway."""
    if table == "sentiment":
        return list(csv_parts(_columns(SENTIMENT), [[_sentiment_row(day) for day in views.sentiment(ask, asked).days]]))
    row, make = TABLES[table]
    names = tuple(row.model_fields)
    return list(csv_parts(_columns(names, _lists(row)), [[tuple(getattr(each, name) for name in names) for each in make(ask, asked, settings).data]]))


def all_posts(
    open_questions: Callable[[], Questions], asked: Filters, by: posts.Order, settings: Settings, slots: threading.Semaphore
) -> Iterator[bytes]:
    """Every post of the filters, read page by page. Raises ApiError 429 when too many are being sent already; WarehouseError."""
    if not slots.acquire(blocking=False):
        raise busy(f"{AT_ONCE} downloads of posts are being sent already.", 10)
    try:
        found = open_questions().post_pages(asked.campaign, asked.hashtag, by.order, by.label, *span(asked.start, asked.end))
    except BaseException:
        slots.release()
        raise
    return _sent(found, settings, slots)


def _sent(found: Any, settings: Settings, slots: threading.Semaphore) -> Iterator[bytes]:
    try:
        columns = _columns(tuple(schemas.Post.model_fields), _lists(schemas.Post))
        yield from csv_parts(columns, posts.shaped_pages(found.rows, tuple(column.name for column in found.columns), settings))
    finally:
        slots.release()


def _sentiment_row(day: schemas.SentimentDay) -> tuple[Any, ...]:
    shares = (value for share in day.shares for value in (share.posts, share.share, share.low, share.high))
    return (day.day, day.scored, day.not_scored, *shares)


def _lists(row: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in row.model_fields.items() if field.annotation == list[str])


def _columns(names: tuple[str, ...], lists: frozenset[str] = frozenset()) -> list[Column]:
    return [Column(name, "STRING", "", name in lists) for name in names]
