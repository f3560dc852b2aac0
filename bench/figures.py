"""What every bench answers in one shape: a figure, what a peer reached in the same run, and what was wanted."""

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HIGHER, LOWER = "higher", "lower"
OF_VALUE, OF_RATIO = "value", "ratio"


@dataclass(frozen=True)
class Figure:
    """`better` says which way is better; `limit` is what was wanted of the value, or of the ratio to the peer."""

    name: str
    value: float
    unit: str
    better: str = LOWER
    peer: str | None = None
    peer_value: float | None = None
    limit: float | None = None
    limit_of: str = OF_VALUE

    @property
    def ratio(self) -> float | None:
        """Ours by the peer's; None without a peer, or when the peer's is 0."""
        return self.value / self.peer_value if self.peer_value else None

    @property
    def room(self) -> float | None:
        """How far within the limit, as a part of it; negative when it is missed, None when nothing was wanted."""
        reached = self.value if self.limit_of == OF_VALUE else self.ratio
        if self.limit is None or reached is None:
            return None
        if self.limit == 0:
            return 0.0 if reached <= 0 else -1.0
        return reached / self.limit - 1 if self.better == HIGHER else 1 - reached / self.limit

    @property
    def missed(self) -> bool:
        return self.room is not None and self.room < 0

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Figure":
        """Of what `as_row` made."""
        return cls(**{name: values[name] for name in cls.__dataclass_fields__ if name in values})

    def as_row(self) -> dict[str, Any]:
        """JSON: the fields, the ratio and the room."""
        return {key: _short(value) for key, value in (asdict(self) | {"ratio": self.ratio, "room": self.room}).items() if value is not None}


def _short(value: Any) -> Any:
    """Five digits: the sixth is noise."""
    return float(f"{value:.5g}") if isinstance(value, float) and abs(value) < 100_000 else round(value) if isinstance(value, float) else value


def add_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too, as `make bench` reads them")


def write(file: Path | None, figures: Iterable[Figure], **more: Any) -> None:
    """Adds to the file, when there is one: a target of make may run two benches. `more` is kept beside the figures."""
    if file is None:
        return
    held = read(file) if file.exists() else {"figures": []}
    held["figures"] += [figure.as_row() for figure in figures]
    file.write_text(json.dumps(held | more, indent=1) + "\n", encoding="utf-8")


def read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))


def table(figures: Iterable[Figure]) -> list[str]:
    """Markdown: one line for each figure."""
    lines = ["| figure | measured | peer | ratio | wanted | room |", "|---|---:|---:|---:|---:|---:|"]
    for each in figures:
        unit = f" {each.unit}" if each.unit else ""
        peer = f"{number(each.peer_value)}{unit}, {each.peer}" if each.peer_value is not None else ""
        sign = "at least" if each.better == HIGHER else "at most"
        wanted = "" if each.limit is None else f"{sign} {number(each.limit)}{unit if each.limit_of == OF_VALUE else ' times the peer'}"
        room = "" if each.room is None else f"{each.room:+.0%}" + (" MISSED" if each.missed else "")
        cells = (each.name, f"{number(each.value)}{unit}", peer, "" if each.ratio is None else f"{each.ratio:.2f}", wanted, room)
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def number(value: float) -> str:
    """Three digits, or all that stand before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
