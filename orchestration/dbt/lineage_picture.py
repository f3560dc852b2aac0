"""The lineage as an SVG picture: columns of boxes, lines that do not run behind boxes. The same graph gives the same bytes.

Layered drawing after Sugiyama, Tagawa, Toda (1981), IEEE Trans. SMC 11(2): a line that passes a column gets a place of its own in it;
the order within a column follows the neighbours' positions, then heights are chosen to make lines flat (least squares that keep the order).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from orchestration.dbt.lineage import Lineage, Node

# Pixels. Names of 24 characters fit in an inner box at this font; the outer columns hold shorter ones.
WIDTH, FIRST, INNER, GAP, MARGIN, HEADER = 1400, 84, 138, 52, 8, 34
BOX, FONT, BETWEEN, PASSING = 24, 11, 9, 7
# Mean width of a character of a table's name, in parts of the font size.
CHARACTER = 0.5
SWEEPS, SETTLING = 40, 60
COLOURS = {
    "source": ("#f3f4f6", "#6b7280"), "raw": ("#fef3e2", "#b45309"), "staging": ("#fefce0", "#a16207"), "intermediate": ("#ecfdf3", "#15803d"),
    "ml": ("#f5effe", "#7e22ce"), "marts": ("#eaf2fe", "#1d4ed8"), "published": ("#fdeef4", "#be185d"), "page": ("#f3f4f6", "#374151"),
}  # fmt: skip


@dataclass
class Place:
    """A box, or the place at which a line passes a column. `above` and `left`, `right` are neighbours; `y` is the middle."""

    column: int
    node: "Node | None" = None
    y: float = 0.0
    left: list["Place"] = field(default_factory=list)
    right: list["Place"] = field(default_factory=list)
    above: list["Place"] = field(default_factory=list)

    @property
    def half(self) -> float:
        return BOX / 2 if self.node else 0.0

    @property
    def weight(self) -> float:
        return 1.0 if self.node else 4.0


def draw(lineage: "Lineage", titles: Sequence[str]) -> str:
    """The picture as SVG text; `titles` name the columns."""
    columns: list[list[Place]] = [[] for _ in titles]
    boxes: dict[str, Place] = {}
    for node in lineage.nodes:
        boxes[node.name] = Place(node.column, node)
        columns[node.column].append(boxes[node.name])
    lines = [(parent, child, _passed(boxes[parent], boxes[child], columns)) for parent, child in lineage.edges]
    _order(columns)
    _settle(columns)
    height = round(max(place.y + place.half for column in columns for place in column) + MARGIN)
    layers = {node.name: node.layer for node in lineage.nodes}
    drawn = [_path(boxes[parent], boxes[child], passed, columns, layers[parent]) for parent, child, passed in lines]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="{FONT}" role="img">',
        "<title>Tables of Campaign Pulse and what each is made from</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *(_marker(layer, colour) for layer, (_, colour) in COLOURS.items()),
        *(_title(column, title) for column, title in enumerate(titles)),
        *drawn,
        *(_box(place, place.node) for column in columns for place in column if place.node),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _passed(parent: Place, child: Place, columns: list[list[Place]]) -> list[Place]:
    """Places in the columns between, made and joined to their neighbours."""
    if parent.column == child.column:
        child.above.append(parent)
        return []
    first, last = sorted((parent, child), key=lambda place: place.column)
    passed = [Place(column) for column in range(first.column + 1, last.column)]
    for place in passed:
        columns[place.column].append(place)
    for left, right in zip([first, *passed], [*passed, last], strict=True):
        left.right.append(right)
        right.left.append(left)
    return passed


def _order(columns: list[list[Place]]) -> None:
    """Few crossings: each place near the mean of its neighbours, sweeping to and fro; boxes below those that they are made from."""
    for sweep in range(SWEEPS):
        for column in columns:
            _rank(column)
        forward = sweep % 2 == 0
        for position in range(len(columns)) if forward else reversed(range(len(columns))):
            column = columns[position]
            wanted = {id(place): _mean([each.y for each in (place.left if forward else place.right)] or [place.y]) for place in column}
            columns[position] = _sorted_below(column, wanted)
            _rank(columns[position])


def _rank(column: list[Place]) -> None:
    """Positions as shares of the column, so that short columns compare with long ones."""
    for rank, place in enumerate(column):
        place.y = (rank + 0.5) / len(column)


def _sorted_below(column: list[Place], wanted: Mapping[int, float]) -> list[Place]:
    """By the wanted height, but none before what it is made from."""
    left, done = list(column), []
    while left:
        free = [place for place in left if not any(above is other for above in place.above for other in left)]
        chosen = min(free, key=lambda place: wanted[id(place)])
        done.append(chosen)
        left = [place for place in left if place is not chosen]
    return done


def _settle(columns: list[list[Place]]) -> None:
    """Heights in pixels: flat lines, as far as boxes do not overlap."""
    for column in columns:
        y = float(HEADER)
        for place, before in zip(column, [None, *column]):
            y += _apart(before, place) if before else place.half
            place.y = y
    for step in range(SETTLING):
        for column in columns if step % 2 == 0 else reversed(columns):
            wanted = [_mean([each.y for each in (*place.left, *place.right, *place.above)] or [place.y]) for place in column]
            _stack(column, wanted)
    top = min(place.y - place.half for column in columns for place in column)
    for column in columns:
        for place in column:
            place.y = round(place.y - top + HEADER, 1)


def _stack(column: list[Place], wanted: list[float]) -> None:
    """The heights nearest to the wanted ones that keep order and distance (pool adjacent violators)."""
    offsets = [0.0]
    for before, place in pairwise(column):
        offsets.append(offsets[-1] + _apart(before, place))
    pools: list[list[float]] = []
    for place, want, offset in zip(column, wanted, offsets):
        pools.append([want - offset, place.weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, weight, count = pools.pop()
            other = pools[-1]
            other[0] = (other[0] * other[1] + mean * weight) / (other[1] + weight)
            other[1] += weight
            other[2] += count
    settled = [mean for mean, _, count in pools for _ in range(int(count))]
    for place, base, offset in zip(column, settled, offsets):
        place.y = base + offset


def _apart(before: Place, place: Place) -> float:
    return before.half + place.half + (BETWEEN if before.node and place.node else PASSING)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _span(column: int) -> tuple[float, float]:
    """Left and right edge of a column's boxes."""
    if column == 0:
        return MARGIN, MARGIN + FIRST
    left = MARGIN + FIRST + GAP + (column - 1) * (INNER + GAP)
    return left, min(left + INNER, WIDTH - MARGIN)


def _path(parent: Place, child: Place, passed: list[Place], columns: list[list[Place]], layer: str) -> str:
    colour = COLOURS[layer][1]
    goes_back = parent.column > child.column
    if parent.column == child.column:
        points = _beside(parent, child, columns[parent.column])
    else:
        way = [parent, *(reversed(passed) if goes_back else passed), child]
        out, in_ = (0, 1) if goes_back else (1, 0)
        x, y = _span(parent.column)[out], parent.y
        points = f"M{x:g} {y:g}"
        for place in way[1:]:
            near, far = _span(place.column)[in_], _span(place.column)[out]
            middle = (x + near) / 2
            points += f" C{middle:g} {y:g} {middle:g} {place.y:g} {near:g} {place.y:g}"
            if place is not child:
                points += f" H{far:g}"
            x, y = far, place.y
    dashes = ' stroke-dasharray="5 3"' if goes_back else ""
    return f'<path d="{points}" fill="none" stroke="{colour}" stroke-opacity="0.5"{dashes} marker-end="url(#{layer})"/>'


def _beside(parent: Place, child: Place, column: list[Place]) -> str:
    """Straight down to the next box, else around the boxes between."""
    left, right = _span(parent.column)
    between = column[column.index(parent) + 1 : column.index(child)]
    if not between:
        return f"M{(left + right) / 2:g} {parent.y + parent.half:g} V{child.y - child.half:g}"
    out = right + min(10 + 2 * len(between), GAP - 16)
    return f"M{right:g} {parent.y + 4:g} C{out:g} {parent.y + 4:g} {out:g} {child.y - 4:g} {right:g} {child.y - 4:g}"


def _marker(layer: str, colour: str) -> str:
    return (
        f'<marker id="{layer}" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" orient="auto">'
        f'<path d="M0 0.5 L6 3 L0 5.5 z" fill="{colour}"/></marker>'
    )


def _title(column: int, title: str) -> str:
    left, right = _span(column)
    return f'<text x="{(left + right) / 2:g}" y="18" text-anchor="middle" font-weight="bold" fill="#374151">{escape(title)}</text>'


def _box(place: Place, node: "Node") -> str:
    left, right = _span(place.column)
    fill, colour = COLOURS[node.layer]
    label = node.label
    size = min(FONT, (right - left - 8) / (len(label) * CHARACTER))
    smaller = f' font-size="{size:.1f}"' if size < FONT else ""
    return (
        f"<g><title>{escape(node.name)}: {escape(node.description)}</title>"
        f'<rect x="{left:g}" y="{place.y - BOX / 2:g}" width="{right - left:g}" height="{BOX}" rx="4" fill="{fill}" stroke="{colour}"/>'
        f'<text x="{(left + right) / 2:g}" y="{place.y + 0.35 * FONT:g}" text-anchor="middle" fill="#111827"{smaller}>{escape(label)}</text></g>'
    )
