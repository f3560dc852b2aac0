"""A figure, said by a mart or counted again, and what each post, hour, day or article adds to it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from orchestration.warehouse.tables import Column

Value = int | float | date | None


@dataclass(frozen=True)
class Figure:
    """`value` is `top`, or `top / bottom` of a ratio; of a peak day it is the day, and `top` its engagement. None: nobody knows.

    `by_day` are the tops of each day, to find where two figures part.
    """

    value: Value
    top: int | None = None
    bottom: int | None = None
    by_day: dict[date, int] = field(default_factory=dict, compare=False)

    @classmethod
    def total(cls, top: int | None, by_day: dict[date, int] | None = None) -> "Figure":
        return cls(top, top, None, by_day or {})

    @classmethod
    def ratio(cls, top: int, bottom: int, by_day: dict[date, int] | None = None, *, most: float | None = None) -> "Figure":
        """None without anything to divide by; at most `most`."""
        value = top / bottom if bottom else None
        return cls(value if value is None or most is None else min(most, value), top, bottom, by_day or {})


@dataclass(frozen=True, slots=True)
class Part:
    """What one post, hour, day or article adds. The fields are the columns of a trace as a file, in this order."""

    id: str
    contribution: int
    of: int | None = None
    day: date | None = None
    hour: datetime | None = None
    detail: str | None = None
    source: str | None = None
    source_ref: str | None = None
    run_id: str | None = None
    decided_by_run: str | None = None
    code_version: str | None = None
    model_id: str | None = None
    model_revision: str | None = None


DESCRIPTIONS = {
    "id": "Post id; of an hour its start in UTC, of a peak each day, of news the article id, of share of voice the campaign.",
    "contribution": "What it adds to the figure, or to the upper part of a ratio.",
    "of": "What it adds to the lower part of a ratio; NULL where the figure is no ratio.",
    "day": "Day in the campaign's zone.",
    "hour": "UTC hour in which the post was made and captured; of an article, the hour in which it was published.",
    "detail": "Why it adds that: where the engagement was read, the label, who counted.",
    "source": "sample, archive, x_search or x_stream; of an article its news source.",
    "source_ref": "Where in the source: file and line, or the request; of an article its address.",
    "run_id": "Dagster run that captured it.",
    "decided_by_run": "Dagster run that measured, scored or read it, where that was another step than capture.",
    "code_version": "Version of the scoring or reading code; NULL where no model decided.",
    "model_id": "Model that decided; NULL where none did.",
    "model_revision": "Its revision.",
}
TYPES = {"contribution": "INT64", "of": "INT64", "day": "DATE", "hour": "TIMESTAMP"}
COLUMNS = tuple(Column(each.name, TYPES.get(each.name, "STRING"), DESCRIPTIONS[each.name]) for each in fields(Part))


@dataclass(frozen=True)
class Recount:
    """The figure counted again, its parts in the order of their weight, and sentences on what adds nothing."""

    figure: Figure
    parts: list[Part]
    said: tuple[str, ...] = ()


def heaviest_first(parts: Iterable[Part]) -> list[Part]:
    """By contribution, those of equal weight in the order of time and id."""
    return sorted(parts, key=lambda part: (-part.contribution, part.hour.timestamp() if part.hour else 0.0, part.id))


def by_day(parts: Iterable[Part]) -> dict[date, int]:
    """Contributions added up for each day."""
    found: dict[date, int] = defaultdict(int)
    for part in parts:
        if part.day is not None:
            found[part.day] += part.contribution
    return dict(found)


def in_words(number: int, one: str, many: str) -> str:
    """`1 post`, `2,000 posts`."""
    return f"{number:,} {one if number == 1 else many}"
