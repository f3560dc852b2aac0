"""Engagement and volume over time."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from app.charts.style import HEIGHT, TRUSTED_COVERAGE, Palette, day_axis, layered, styled
from app.text import complete

KINDS = {"like_count": "likes", "repost_count": "reposts", "reply_count": "replies", "quote_count": "quotes"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def engagement_by_day(days: pd.DataFrame, peaks: Sequence[object], colours: Palette) -> alt.LayerChart:
    """Bars per day; days in `peaks` stand in the strong colour with their number above. A pale bar had little coverage, or still grows.

    Under the bars runs the band of coverage: one mark a day, strong where it is below TRUSTED_COVERAGE.
    """
    places = {pd.Timestamp(day): place for place, day in enumerate(peaks, 1)}
    stamps = pd.to_datetime(days["day"])
    data = days.assign(
        day=stamps,
        peak=[places.get(day, 0) for day in stamps],
        trusted=(days["coverage"].fillna(1.0) >= TRUSTED_COVERAGE) & complete(days),
        cover=["unknown" if pd.isna(share) else "enough" if share >= TRUSTED_COVERAGE else "little" for share in days["coverage"]],
        cover_said=["" if pd.isna(share) or share >= TRUSTED_COVERAGE else f"{share:.0%}" for share in days["coverage"]],
    )
    # Room above for the numbers of the peaks, below for the band: in the units of the axis, so that nothing lies outside of the plot.
    top = max(float(days["engagement"].max()), 1.0)
    data = data.assign(band_low=-0.055 * top, band_high=-0.025 * top)
    axis = alt.Axis(format="~s", tickCount=5, labelExpr="datum.value < 0 ? '' : datum.label")
    base = alt.Chart().encode(x=day_axis(), tooltip=_day_tooltip())
    height = alt.Y(
        "engagement:Q", title="Engagement", axis=axis, scale=alt.Scale(domain=[-0.07 * top, 1.24 * top if places else 1.04 * top], nice=False)
    )
    bars = base.mark_bar(cornerRadiusTopLeft=3, cornerRadiusTopRight=3).encode(
        y=height,
        color=alt.condition("datum.peak > 0", alt.value(colours.peak), alt.value(colours.bar)),
        opacity=alt.condition("datum.trusted", alt.value(1.0), alt.value(0.45)),
    )
    numbered = base.transform_filter("datum.peak > 0").encode(y=height)
    disc = numbered.mark_point(filled=True, shape="circle", size=330, opacity=1, color=colours.peak, yOffset=-15)
    digit = numbered.mark_text(dy=-15, fontWeight="bold", color=colours.ground).encode(text="peak:N")
    value = numbered.mark_text(dy=-34, fontWeight="bold", color=colours.text).encode(text=alt.Text("engagement:Q", format=","))
    band = base.mark_bar().encode(
        y=alt.Y("band_low:Q"),
        y2="band_high:Q",
        color=alt.Color(
            "cover:N", legend=None, scale=alt.Scale(domain=["enough", "little", "unknown"], range=[colours.bar, colours.doubt, colours.grid])
        ),
    )
    thin = base.transform_filter("datum.cover == 'little'").mark_text(fontSize=11, color=colours.doubt, dy=-12)
    return layered([bars, band, thin.encode(y="band_high:Q", text="cover_said:N"), disc, digit, value], data, colours)


def _day_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"),
        alt.Tooltip("engagement:Q", title="Engagement", format=","),
        alt.Tooltip("engagement_age:N", title="Measured"),
        alt.Tooltip("engagement_waiting:Q", title="Posts still to be measured", format=","),
        alt.Tooltip("originals:Q", title="Original posts", format=","),
        alt.Tooltip("reposts:Q", title="Reposts", format=","),
        alt.Tooltip("authors:Q", title="Authors", format=","),
        alt.Tooltip("coverage:Q", title="Coverage", format=".0%"),
    ]


def engagement_by_hour(hours: pd.DataFrame, colours: Palette) -> alt.LayerChart:
    """A line per hour; `hour` is the wall clock time of the zone that is shown. Hours of little coverage stand in the colour of doubt below."""
    data = hours.assign(little=hours["coverage"].fillna(1.0) < TRUSTED_COVERAGE)
    base = alt.Chart().encode(x=alt.X("hour:T", title=None, axis=alt.Axis(format="%-d %b", labelOverlap=True)))
    area = base.mark_area(line={"color": colours.peak, "strokeWidth": 1.5}, color=colours.bar, opacity=0.5, interpolate="step-after").encode(
        y=alt.Y("engagement:Q", title="Engagement", axis=alt.Axis(format="~s", tickCount=5)),
        tooltip=[
            alt.Tooltip("hour:T", title="Hour", format="%a %-d %b %H:%M"),
            alt.Tooltip("engagement:Q", title="Engagement", format=","),
            alt.Tooltip("engagement_age:N", title="Measured"),
            alt.Tooltip("posts:Q", title="Posts", format=","),
            alt.Tooltip("coverage:Q", title="Coverage", format=".0%"),
        ],
    )
    doubt = (
        base.transform_filter("datum.little").mark_tick(thickness=3, size=8, color=colours.doubt, orient="vertical").encode(y=alt.value(HEIGHT - 4))
    )
    return layered([area, doubt] if data["little"].any() else [area], data, colours)


def by_type(days: pd.DataFrame, colours: Palette) -> alt.Chart:
    """Engagement a day, stacked by what people did."""
    data = days.assign(day=pd.to_datetime(days["day"])).melt(id_vars=["day"], value_vars=list(KINDS), var_name="kind", value_name="count")
    data = data.assign(kind=data["kind"].map(KINDS), place=data["kind"].map(list(KINDS).index))
    chart = alt.Chart(data).mark_bar().encode(
        x=day_axis(),
        y=alt.Y("count:Q", title="Engagement", axis=alt.Axis(format="~s", tickCount=5)),
        color=alt.Color(
            "kind:N", scale=alt.Scale(domain=list(KINDS.values()), range=list(colours.kinds)),
            legend=alt.Legend(title=None, orient="top", direction="horizontal"),
        ),
        order=alt.Order("place:Q"),
        tooltip=[alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"), alt.Tooltip("kind:N", title="Kind"), alt.Tooltip("count:Q", title="Number", format=",")],
    )  # fmt: skip
    return styled(chart, colours)


def heat_map(cells: pd.DataFrame, value: str, title: str, colours: Palette) -> alt.Chart:
    """Rows are `weekday` (WEEKDAYS) and `hour` (0-23); `hours` says how many hours a cell is the mean of."""
    chart = alt.Chart(cells).mark_rect(cornerRadius=2, stroke=colours.ground, strokeWidth=1).encode(
        x=alt.X("hour:O", title="Hour of day", axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False, domain=False)),
        y=alt.Y("weekday:O", title=None, sort=list(WEEKDAYS), axis=alt.Axis(ticks=False, domain=False)),
        color=alt.Color(f"{value}:Q", title=title, scale=alt.Scale(type="sqrt", range=list(colours.heat)), legend=alt.Legend(orient="top", format="~s", gradientLength=160)),
        tooltip=[
            alt.Tooltip("weekday:N", title="Weekday"), alt.Tooltip("hour:O", title="Hour"),
            alt.Tooltip(f"{value}:Q", title=title, format=",.0f"), alt.Tooltip("hours:Q", title="Mean of hours"),
        ],
    )  # fmt: skip
    return styled(chart, colours, 230)


def one_beside_other(rows: pd.DataFrame, title: str, colours: Palette) -> alt.LayerChart:
    """Lines by campaign day: `campaign_day` (1 is the first), `value`, `who` (two campaigns' names), `day`."""
    names = list(dict.fromkeys(rows["who"]))
    base = alt.Chart().encode(
        x=alt.X("campaign_day:Q", title="Day of the campaign", axis=alt.Axis(tickMinStep=1, format="d", grid=False)),
        y=alt.Y("value:Q", title=title, axis=alt.Axis(format="~s", tickCount=5)),
        color=alt.Color(
            "who:N", scale=alt.Scale(domain=names, range=[colours.peak, colours.doubt]), legend=alt.Legend(title=None, orient="top", labelLimit=260)
        ),
        strokeDash=alt.StrokeDash("who:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 3]]), legend=None),
        tooltip=[
            alt.Tooltip("who:N", title="Campaign"), alt.Tooltip("campaign_day:Q", title="Day of the campaign"),
            alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"), alt.Tooltip("value:Q", title=title, format=","),
        ],
    )  # fmt: skip
    return layered([base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=30)], rows, colours)


def voices(rows: pd.DataFrame, colours: Palette) -> alt.Chart:
    """Share of voice a day: `day`, `name`, `share`, `volume`; the campaign's own name comes first."""
    names = list(dict.fromkeys(rows["name"]))
    ranges = [colours.peak, *colours.kinds[1:], colours.bar, colours.grid]
    chart = alt.Chart(rows.assign(day=pd.to_datetime(rows["day"]))).mark_bar().encode(
        x=day_axis(),
        y=alt.Y("share:Q", title="Share of posts", stack="zero", axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, 1])),
        color=alt.Color("name:N", scale=alt.Scale(domain=names, range=ranges[: len(names)]), legend=alt.Legend(title=None, orient="top", labelLimit=220)),
        tooltip=[
            alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"), alt.Tooltip("name:N", title="Campaign"),
            alt.Tooltip("share:Q", title="Share", format=".1%"), alt.Tooltip("volume:Q", title="Posts", format=","),
        ],
    )  # fmt: skip
    return styled(chart, colours)


def coverage_by_day(days: pd.DataFrame, colours: Palette) -> alt.LayerChart:
    """Bars of coverage, those below TRUSTED_COVERAGE in the colour of doubt; a line at that height."""
    data = days.assign(day=pd.to_datetime(days["day"]), little=days["coverage"] < TRUSTED_COVERAGE)
    bars = alt.Chart(data).mark_bar(cornerRadiusTopLeft=3, cornerRadiusTopRight=3).encode(
        x=day_axis(),
        y=alt.Y("coverage:Q", title="Coverage", axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, 1])),
        color=alt.condition("datum.little", alt.value(colours.doubt), alt.value(colours.bar)),
        tooltip=[
            alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"), alt.Tooltip("coverage:Q", title="Coverage", format=".1%"),
            alt.Tooltip("captured:Q", title="Captured", format=","), alt.Tooltip("counted:Q", title="Counted", format=","),
        ],
    )  # fmt: skip
    line = alt.Chart(pd.DataFrame({"least": [TRUSTED_COVERAGE]})).mark_rule(strokeDash=[4, 3], color=colours.muted).encode(y="least:Q")
    return styled(alt.LayerChart(layer=[bars, line]), colours, 220)
