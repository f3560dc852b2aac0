"""The six figures of the first screen as cards: value, change, why to trust it, and the way to the posts behind it."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from app import data, parts
from app.figures import Figures
from app.frame import View
from app.glossary import help_text
from app.tiles import Tile, tiles

# What else the small line of a card says.
TRACED = {
    "posts": ("posts", "originals", "reposts"),
    "engagement": ("engagement", "engagement_per_post"),
    "net_sentiment": ("net_sentiment", "negative_share", "neutral_share", "positive_share"),
}


def show(view: View, *, traced: bool = True) -> None:
    """Raises WarehouseError."""
    made = of(view)
    with st.grid(3, min_column_width=150, gap="small"):
        for tile in made:
            _card(view, tile, traced)
    reasons = dict.fromkeys(tile.not_compared for tile in made if tile.not_compared)
    if len(reasons) == 1:
        st.caption(f"No change against an earlier period is shown: {next(iter(reasons))}")


def of(view: View) -> list[Tile]:
    sentiment = data.load("sentiment", view.campaign_id, view.hashtag)
    sentiment = view.within(sentiment) if not sentiment.empty else sentiment
    authors = data.load("authors", view.campaign_id, view.hashtag, *view.period)
    figures = Figures.of(view.shown_days, sentiment, authors, data.settings().engagement_age_hours, datetime.now(UTC).date())
    voices = data.load("voices", view.campaign_id) if view.hashtag == "*" else pd.DataFrame()
    return tiles(
        figures,
        view.shown_days,
        0 if authors.empty else int(authors["known"].sum()),
        data.load("scorecard", view.campaign_id, view.hashtag),
        view.within(voices) if not voices.empty else voices,
        view.start,
        view.end,
    )


def _card(view: View, tile: Tile, traced: bool) -> None:
    with st.container(border=True, height="stretch", gap="xxsmall"):
        st.metric(
            tile.label,
            tile.value,
            help=help_text(tile.term, *tile.notes, *filter(None, [tile.not_compared])),
            delta=tile.change,
            delta_color="off",
            delta_arrow="auto" if tile.change else "off",
            delta_description=tile.against,
        )
        st.caption(tile.why)
        if traced:
            parts.trace(view, TRACED.get(tile.term, (tile.term,)))
