"""The one style of all charts, and the plainest of them: ranked bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import altair as alt
import pandas as pd

# Orange and blue are told apart by every common kind of colour vision; each mark also says its word.
SENTIMENT = {"negative": "#d1752f", "neutral": "#8e99a5", "positive": "#3b78b5"}
TRUSTED_COVERAGE = 0.9
FONT = "Source Sans, Source Sans 3, sans-serif"
HEIGHT = 300

AnyChart = TypeVar("AnyChart", alt.Chart, alt.LayerChart)


@dataclass(frozen=True)
class Palette:
    """`kinds` are for parts of one whole; `doubt` marks what is not to be trusted; `ground` is the page behind the chart."""

    bar: str
    peak: str
    text: str
    muted: str
    grid: str
    doubt: str
    ground: str
    kinds: tuple[str, str, str, str]
    heat: tuple[str, str]


LIGHT = Palette(
    bar="#8fb1d3", peak="#1f4e79", text="#1c2733", muted="#56636f", grid="#e6e9ed", doubt="#c2621b", ground="#ffffff",
    kinds=("#1f4e79", "#5b93c7", "#d1752f", "#9aa5b1"), heat=("#eef3f8", "#1f4e79"),
)  # fmt: skip
DARK = Palette(
    bar="#47698c", peak="#9cc7f2", text="#e8edf2", muted="#a3b0bd", grid="#2a333d", doubt="#f0a35e", ground="#12171d",
    kinds=("#9cc7f2", "#5586b8", "#e08b45", "#7a8794"), heat=("#1b2530", "#9cc7f2"),
)  # fmt: skip


def palette(theme: str | None) -> Palette:
    return DARK if theme == "dark" else LIGHT


def day_axis(**more: Any) -> alt.X:
    """A place for each day. The zone is the data's: a day is a name here, no moment."""
    axis = alt.Axis(format="%-d %b", labelAngle=0, labelOverlap=True, tickSize=0, **more)
    return alt.X("yearmonthdate(day):O", title=None, axis=axis)


def ranked(rows: pd.DataFrame, name: str, value: str, title: str, colours: Palette) -> alt.LayerChart:
    """Horizontal bars with their values, the longest on top."""
    base = alt.Chart().encode(
        y=alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False)),
        x=alt.X(f"{value}:Q", title=title, axis=alt.Axis(tickMinStep=1, tickCount=4, format="~s")),
        tooltip=[alt.Tooltip(f"{column}:N") for column in rows.columns],
    )
    bars = base.mark_bar(color=colours.bar, cornerRadiusEnd=3, height={"band": 0.7})
    labels = base.mark_text(align="left", dx=4, color=colours.text).encode(text=alt.Text(f"{value}:Q", format=","))
    return layered([bars, labels], rows, colours, max(120, 26 * len(rows) + 40))


def layered(marks: Sequence[alt.Chart], data: pd.DataFrame, colours: Palette, height: int = HEIGHT) -> alt.LayerChart:
    """Marks without data of their own, over the same data. Altair finds out by itself that layers share theirs: 240 ms for six marks over 90 days, 128 this way."""
    return styled(alt.LayerChart(layer=marks, data=data), colours, height)


def styled(chart: AnyChart, colours: Palette, height: int = HEIGHT) -> AnyChart:
    config = alt.Config(
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            gridColor=colours.grid, domainColor=colours.grid, tickColor=colours.grid, labelColor=colours.muted, titleColor=colours.muted,
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
        ),
        legend=alt.LegendConfig(labelColor=colours.text, titleColor=colours.muted, labelFontSize=12, titleFontSize=12, titleFontWeight="normal"),
    )  # fmt: skip
    # In one step: each of Altair's copies the whole chart.
    return chart.properties(height=height, background="transparent", config=config)
