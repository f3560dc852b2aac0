"""Sentiment over time: always with its label in words, and with how sure it is."""

import altair as alt
import pandas as pd

from app.charts.style import SENTIMENT, Palette, day_axis, layered, styled

SIGNS = {"negative": "− negative", "neutral": "○ neutral", "positive": "+ positive"}
# Of full strength, also where the mark is a pale band.
LEGEND = alt.Legend(title=None, orient="top", direction="horizontal", symbolOpacity=1)
MARKS = ["triangle-down", "circle", "triangle-up"]


def sentiment_by_day(sentiment: pd.DataFrame, colours: Palette) -> alt.Chart:
    """Shares of the scored posts of each day, stacked to 100 %."""
    data = sentiment.assign(day=pd.to_datetime(sentiment["day"])).melt(
        id_vars=["day", "scored"], value_vars=list(SENTIMENT), var_name="label", value_name="posts"
    )
    data = data[data["scored"] > 0].assign(
        share=lambda rows: rows["posts"] / rows["scored"], place=lambda rows: rows["label"].map(list(SENTIMENT).index)
    )
    data["sign"] = data["label"].map(SIGNS)
    chart = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=day_axis(),
            y=alt.Y("posts:Q", stack="normalize", title="Share of original posts", axis=alt.Axis(format="%", tickCount=5)),
            color=_by_label(),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"),
                alt.Tooltip("label:N", title="Sentiment"),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
                alt.Tooltip("posts:Q", title="Posts", format=","),
                alt.Tooltip("scored:Q", title="Scored that day", format=","),
            ],
        )
    )
    return styled(chart, colours)


def shares_by_day(shares: pd.DataFrame, colours: Palette) -> alt.LayerChart:
    """Positive and negative share of each day in its 95 % interval: `day`, `label`, `share`, `low`, `high`, `scored`, `thin`.

    Thin days, of too few posts, are grey and without a line: they have no verdict.
    """
    data = shares.assign(day=pd.to_datetime(shares["day"]), sign=shares["label"].map(SIGNS))
    base = alt.Chart().encode(x=day_axis())
    firm, thin = base.transform_filter("!datum.thin"), base.transform_filter("datum.thin")
    share = alt.Y("share:Q", title="Share of scored posts", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5))
    told = [
        alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"), alt.Tooltip("label:N", title="Sentiment"), alt.Tooltip("share:Q", title="Share", format=".1%"),
        alt.Tooltip("low:Q", title="At least (95 %)", format=".1%"), alt.Tooltip("high:Q", title="At most", format=".1%"),
        alt.Tooltip("scored:Q", title="Posts scored", format=","),
    ]  # fmt: skip
    band = firm.mark_area(opacity=0.2).encode(y=alt.Y("low:Q"), y2="high:Q", color=_by_label())
    line = firm.mark_line(strokeWidth=2).encode(y=share, color=_by_label())
    dots = firm.mark_point(filled=True, size=55, opacity=1).encode(y=share, color=_by_label(), shape=_shape(), tooltip=told)
    doubt = thin.mark_point(filled=False, size=45, color=colours.muted, opacity=0.8).encode(y=share, shape=_shape(), tooltip=told)
    spread = thin.mark_rule(color=colours.muted, opacity=0.5).encode(y="low:Q", y2="high:Q")
    # A layer without marks is a picture without words to a screen reader: only those that have any.
    layers = [*([band, line, dots] if not data["thin"].all() else []), *([spread, doubt] if data["thin"].any() else [])]
    return layered(layers, data, colours)


def _by_label() -> alt.Color:
    scale = alt.Scale(domain=list(SIGNS.values()), range=list(SENTIMENT.values()))
    return alt.Color("sign:N", scale=scale, legend=LEGEND)


def _shape() -> alt.Shape:
    return alt.Shape("sign:N", scale=alt.Scale(domain=list(SIGNS.values()), range=MARKS), legend=LEGEND)
