"""Charts: data frame in, Altair chart out, one style for all."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

from app.text import complete

# Orange and blue are told apart by every common kind of colour vision; each bar also says its word.
SENTIMENT = {"negative": "#d1752f", "neutral": "#a9b2bc", "positive": "#3b78b5"}
TRUSTED_COVERAGE = 0.9


@dataclass(frozen=True)
class Palette:
    bar: str
    peak: str
    text: str
    grid: str


LIGHT = Palette(bar="#8fb1d3", peak="#1f4e79", text="#1c2733", grid="#e6e9ed")
DARK = Palette(bar="#47698c", peak="#9cc7f2", text="#e8edf2", grid="#2a333d")


def palette(theme: str | None) -> Palette:
    return DARK if theme == "dark" else LIGHT


def engagement_by_day(days: pd.DataFrame, peak_day: object, colours: Palette) -> alt.Chart:
    """Bars per day, the peak in the strong colour with its value above it; a pale bar had little coverage, or still grows."""
    data = days.assign(
        day=pd.to_datetime(days["day"]),
        is_peak=pd.to_datetime(days["day"]) == pd.Timestamp(peak_day) if peak_day is not None else False,
        trusted=(days["coverage"].fillna(1.0) >= TRUSTED_COVERAGE) & complete(days),
    )
    base = alt.Chart(data).encode(
        x=alt.X("yearmonthdate(day):O", title=None, axis=alt.Axis(format="%-d %b", labelAngle=0, labelOverlap=True, tickSize=0)),
        y=alt.Y("engagement:Q", title="Engagement", axis=alt.Axis(format="~s", tickCount=5)),
        tooltip=[
            alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"),
            alt.Tooltip("engagement:Q", title="Engagement", format=","),
            alt.Tooltip("engagement_age:N", title="Measured"),
            alt.Tooltip("engagement_waiting:Q", title="Posts still to be measured", format=","),
            alt.Tooltip("originals:Q", title="Original posts", format=","),
            alt.Tooltip("reposts:Q", title="Reposts", format=","),
            alt.Tooltip("authors:Q", title="Authors", format=","),
            alt.Tooltip("coverage:Q", title="Coverage", format=".0%"),
        ],
    )
    bars = base.mark_bar(cornerRadiusTopLeft=3, cornerRadiusTopRight=3).encode(
        color=alt.condition("datum.is_peak", alt.value(colours.peak), alt.value(colours.bar)),
        opacity=alt.condition("datum.trusted", alt.value(1.0), alt.value(0.45)),
    )
    label = base.transform_filter("datum.is_peak").mark_text(dy=-9, fontWeight="bold", color=colours.text)
    return _styled(bars + label.encode(text=alt.Text("engagement:Q", format=",")), colours, 300)


def engagement_by_hour(hours: pd.DataFrame, zone: str, colours: Palette) -> alt.Chart:
    """A line per hour, in the campaign's zone."""
    local = pd.to_datetime(hours["hour"], utc=True).dt.tz_convert(zone).dt.tz_localize(None)
    data = hours.assign(hour=local)
    area = alt.Chart(data).mark_area(line={"color": colours.peak, "strokeWidth": 1.5}, color=colours.bar, opacity=0.5, interpolate="step-after")
    chart = area.encode(
        x=alt.X("hour:T", title=None, axis=alt.Axis(format="%-d %b", labelOverlap=True)),
        y=alt.Y("engagement:Q", title="Engagement", axis=alt.Axis(format="~s", tickCount=5)),
        tooltip=[
            alt.Tooltip("hour:T", title="Hour", format="%a %-d %b %H:%M"),
            alt.Tooltip("engagement:Q", title="Engagement", format=","),
            alt.Tooltip("engagement_age:N", title="Measured"),
            alt.Tooltip("posts:Q", title="Posts", format=","),
            alt.Tooltip("coverage:Q", title="Coverage", format=".0%"),
        ],
    )
    return _styled(chart, colours, 300)


def sentiment_by_day(sentiment: pd.DataFrame, colours: Palette) -> alt.Chart:
    """Shares of the scored posts of each day, stacked to 100 %."""
    data = sentiment.assign(day=pd.to_datetime(sentiment["day"])).melt(
        id_vars=["day", "scored"], value_vars=list(SENTIMENT), var_name="label", value_name="posts"
    )
    data = data[data["scored"] > 0].assign(share=lambda rows: rows["posts"] / rows["scored"], place=lambda rows: rows["label"].map(list(SENTIMENT).index))
    chart = alt.Chart(data).mark_bar().encode(
        x=alt.X("yearmonthdate(day):O", title=None, axis=alt.Axis(format="%-d %b", labelAngle=0, labelOverlap=True, tickSize=0)),
        y=alt.Y("posts:Q", stack="normalize", title="Share of original posts", axis=alt.Axis(format="%", tickCount=5)),
        color=alt.Color(
            "label:N",
            scale=alt.Scale(domain=list(SENTIMENT), range=list(SENTIMENT.values())),
            legend=alt.Legend(title=None, orient="top", direction="horizontal"),
        ),
        order=alt.Order("place:Q"),
        tooltip=[
            alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"),
            alt.Tooltip("label:N", title="Sentiment"),
            alt.Tooltip("share:Q", title="Share", format=".1%"),
            alt.Tooltip("posts:Q", title="Posts", format=","),
            alt.Tooltip("scored:Q", title="Scored that day", format=","),
        ],
    )
    return _styled(chart, colours, 300)


def ranked(rows: pd.DataFrame, name: str, value: str, title: str, colours: Palette) -> alt.Chart:
    """Horizontal bars with their values, the longest on top."""
    base = alt.Chart(rows).encode(
        y=alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False)),
        x=alt.X(f"{value}:Q", title=title, axis=alt.Axis(tickMinStep=1, tickCount=4)),
        tooltip=[alt.Tooltip(f"{column}:N") for column in rows.columns],
    )
    bars = base.mark_bar(color=colours.bar, cornerRadiusEnd=3, height={"band": 0.7})
    labels = base.mark_text(align="left", dx=4, color=colours.text).encode(text=alt.Text(f"{value}:Q", format=","))
    return _styled(bars + labels, colours, max(120, 28 * len(rows) + 40))


def _styled(chart: alt.Chart | alt.LayerChart, colours: Palette, height: int) -> alt.Chart:
    return (
        chart.properties(height=height, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(gridColor=colours.grid, domainColor=colours.grid, labelColor=colours.text, titleColor=colours.text, labelFontSize=12)
        .configure_legend(labelColor=colours.text, labelFontSize=12)
    )
