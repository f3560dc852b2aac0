"""Two models on the same posts: where their labels differ, and how far a figure moves, as paired data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any

from ml_assets.sentiment.labels import LABELS
from ml_assets.sentiment.shares import FEWEST_FOR_A_VERDICT, net_sentiment, quantile

SIGN = {"negative": -1, "neutral": 0, "positive": 1}
Table = Sequence[Sequence[int]]


def paired_difference(table: Table, value: Mapping[str, int]) -> tuple[float, float] | None:
    """(mean of value(B) less value(A), its standard error) in points of 100; None without posts.

    `table` counts posts by (label of A, label of B), both in the order of LABELS. Both labels are of the same post, so each post
    has one difference d, and the standard error is that of a mean of d: sqrt((mean of d² - (mean of d)²) / n), as in the paired
    t-test and, for one label's share, in McNemar's (1947). Intervals for two independent samples would be too wide here.
    """
    posts = sum(map(sum, table))
    if posts == 0:
        return None
    moved = [(table[a][b], value[LABELS[b]] - value[LABELS[a]]) for a in range(len(LABELS)) for b in range(len(LABELS))]
    mean = sum(count * d for count, d in moved) / posts
    square = sum(count * d**2 for count, d in moved) / posts
    return 100 * mean, 100 * sqrt(max(0.0, square - mean**2) / posts)


@dataclass(frozen=True)
class Comparison:
    """Posts that both A and B have given a label: `table` by (label of A, label of B), `days` such a table for each day."""

    table: Table
    days: Mapping[date, Table]

    @property
    def posts(self) -> int:
        return sum(map(sum, self.table))

    @property
    def differ(self) -> int:
        """Posts whose label differs."""
        return self.posts - sum(self.table[k][k] for k in range(len(LABELS)))

    def as_facts(self) -> dict[str, Any]:
        """Everything that is said of it, as JSON takes it; shares are fractions, net sentiment and differences points of 100.

        A difference is B less A, with its 95 % interval.
        """
        return {
            "posts": self.posts,
            "labels_differ": self.differ,
            "labels_differ_share": self.differ / self.posts if self.posts else None,
            "labels": list(LABELS),
            "table_rows_are_a": [list(row) for row in self.table],
            "a": self._side(by_a),
            "b": self._side(by_b),
            "differences": {
                **{label: _with_interval(paired_difference(self.table, {each: int(each == label) for each in LABELS})) for label in LABELS},
                "net_sentiment": _with_interval(paired_difference(self.table, SIGN)),
            },
            "differences_are": "B less A in points of 100; standard errors of paired differences, because both labels are of the same posts",
        }

    def _side(self, counted: Callable[[Table], list[int]]) -> dict[str, Any]:
        counts = counted(self.table)
        net = net_sentiment(counts[0], counts[2], self.posts)
        by_day = {day: counted(table) for day, table in self.days.items()}
        nets = {
            day: of_day
            for day, n in by_day.items()
            if sum(n) >= FEWEST_FOR_A_VERDICT and (of_day := net_sentiment(n[0], n[2], sum(n))) is not None
        }
        # The earlier of two equal days.
        lowest = min(nets, key=lambda day: (nets[day][0], day), default=None)
        highest = max(nets, key=lambda day: (nets[day][0], -day.toordinal()), default=None)
        return {
            **{label: {"posts": n, "share": n / self.posts if self.posts else None} for label, n in zip(LABELS, counts, strict=True)},
            "net_sentiment": _with_error(net),
            "lowest_day": lowest and {"day": lowest.isoformat(), "posts": sum(by_day[lowest]), **_points(nets[lowest])},
            "highest_day": highest and {"day": highest.isoformat(), "posts": sum(by_day[highest]), **_points(nets[highest])},
        }


def comparison(counts: Iterable[tuple[date, str, str, int]]) -> Comparison:
    """From (day, label of A, label of B, posts). Raises ValueError for what is none of LABELS."""
    whole = _empty()
    days: dict[date, list[list[int]]] = {}
    for day, a, b, posts in counts:
        for table in (whole, days.setdefault(day, _empty())):
            table[LABELS.index(a)][LABELS.index(b)] += posts
    return Comparison(whole, dict(sorted(days.items())))


def by_a(table: Table) -> list[int]:
    """Posts by the label of A."""
    return [sum(row) for row in table]


def by_b(table: Table) -> list[int]:
    """Posts by the label of B."""
    return [sum(column) for column in zip(*table, strict=True)]


def _empty() -> list[list[int]]:
    return [[0] * len(LABELS) for _ in LABELS]


def _with_error(found: tuple[float, float] | None) -> dict[str, float] | None:
    return found and _points(found)


def _points(found: tuple[float, float]) -> dict[str, float]:
    return {"points": round(found[0], 2), "standard_error": round(found[1], 2)}


def _with_interval(found: tuple[float, float] | None) -> dict[str, Any] | None:
    if found is None:
        return None
    half = quantile() * found[1]
    return {**_points(found), "interval": [round(found[0] - half, 2), round(found[0] + half, 2)]}
