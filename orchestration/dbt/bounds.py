"""Bounds by literals in the WHERE of parsed GoogleSQL, and the range that they make."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

LEAST = {"DATE": timedelta(days=1), "TIMESTAMP": timedelta(microseconds=1)}


@dataclass(frozen=True)
class Range:
    """Half-open [start, end) in UTC, days as their midnights; None is no bound on that side."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_bounded(self) -> bool:
        return self.start is not None and self.end is not None

    def __and__(self, other: "Range") -> "Range":
        starts, ends = [s for s in (self.start, other.start) if s], [e for e in (self.end, other.end) if e]
        return Range(max(starts, default=None), min(ends, default=None))

    def __or__(self, other: "Range") -> "Range":
        """The smallest range that holds both."""
        start = min(self.start, other.start) if self.start and other.start else None
        end = max(self.end, other.end) if self.end and other.end else None
        return Range(start, end)

    def __str__(self) -> str:
        edges = (f"{edge:%Y-%m-%d %H:%M}" if edge else "..." for edge in (self.start, self.end))
        return f"[{', '.join(edges)})"


ALL = Range()


def bounds_of(condition: Any) -> Iterator[tuple[tuple[str, str, str], Range]]:
    """((table, column, type), range) of each conjunct that compares a bare column with a literal."""
    from sqlglot import exp

    if condition is None:
        return
    for conjunct in condition.unnest().flatten() if isinstance(condition.unnest(), exp.And) else [condition.unnest()]:
        if isinstance(conjunct.unnest(), exp.And):
            yield from bounds_of(conjunct)
            continue
        for column, range_, kind in _compared(conjunct.unnest()):
            yield (column.table.lower(), column.name.lower(), kind), range_


def _compared(node: Any) -> Iterator[tuple[Any, Range, str]]:
    from sqlglot import exp

    if isinstance(node, exp.Between):
        yield from _compared(exp.GTE(this=node.this.copy(), expression=node.args["low"].copy()))
        yield from _compared(exp.LTE(this=node.this.copy(), expression=node.args["high"].copy()))
        return
    turned = {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE, exp.EQ: exp.EQ}
    kind = type(node)
    if kind not in turned:
        return
    left, right = node.this, node.expression
    if not isinstance(left, exp.Column):
        left, right, kind = right, left, turned[kind]
    literal = _literal(right)
    if not isinstance(left, exp.Column) or literal is None:
        return
    moment, type_ = literal
    after = moment + LEAST[type_]
    ranges = {
        exp.GTE: Range(moment, None), exp.GT: Range(after, None), exp.LT: Range(None, moment),
        exp.LTE: Range(None, after), exp.EQ: Range(moment, after),
    }  # fmt: skip
    yield left, ranges[kind], type_


def _literal(node: Any) -> tuple[datetime, str] | None:
    """The moment and type of `date '...'` or `timestamp '...'`."""
    from sqlglot import exp

    if not isinstance(node, exp.Cast) or not isinstance(node.this, exp.Literal) or not node.this.is_string:
        return None
    types = {exp.DataType.Type.DATE: "DATE", exp.DataType.Type.TIMESTAMPTZ: "TIMESTAMP"}
    if (type_ := types.get(node.to.this)) is None:
        return None
    moment = datetime.fromisoformat(node.this.name)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC), type_
