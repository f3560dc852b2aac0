"""The six figures of the first screen as cards: value, change, why to trust it, and the way to the posts behind it."""

from datetime import UTC, datetime

import streamlit as st

from app import data, parts
from app.figures import Card
from app.frame import View
from app.glossary import help_text
from app.tiles import first_screen

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
        for card in made:
            _card(view, card, traced)
    reasons = dict.fromkeys(card.not_compared for card in made if card.not_compared)
    if len(reasons) == 1:
        st.caption(f"No change against an earlier period is shown: {next(iter(reasons))}")


def of(view: View) -> list[Card]:
    today = datetime.now(UTC).date()
    return data.made(first_screen, view.campaign_id, view.hashtag, *view.period, data.settings().engagement_age_hours, today)[1]


def ahead(view: View) -> None:
    """Asks what the cards are made of, all at the same time."""
    view.ahead(("sentiment",), ("authors", *view.period), ("scorecard",))
    if view.hashtag == "*":
        data.ahead(("voices", view.campaign_id))


def _card(view: View, card: Card, traced: bool) -> None:
    with st.container(border=True, height="stretch", gap="xxsmall"):
        st.metric(
            card.label,
            card.shown,
            help=help_text(card.measure, *card.notes, *filter(None, [card.not_compared])),
            delta=card.change,
            delta_color="off",
            delta_arrow="auto" if card.change else "off",
            delta_description=card.against,
        )
        st.caption(card.behind or "")
        if traced:
            parts.trace(view, TRACED.get(card.measure, (card.measure,)))
