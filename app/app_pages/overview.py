"""How the campaign is doing, and why, on one screen."""

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from app import cards, charts, data, frame, parts, peak_card, post_table, states, verdict_card
from app.frame import View
from app.glossary import help_text
from app.panels import Shown, card, draw, number_column, palette, panel, share_column
from app.shaping import hours_shown
from app.states import Nothing
from app.text import (
    describe_series,
    engagement_caption,
    headline,
    measured,
    number,
    peak_facts,
)
from orchestration.ages import Measured

NUMBERED, TOP = 5, 5


def show(view: View) -> None:
    _ahead(view)
    frame.header(view, "Overview")
    days = view.shown_days
    known = measured(days, data.settings().engagement_age_hours, datetime.now(UTC).date())
    with st.container(key="lead"):
        st.text(headline(view.name, view.hashtag, peak_facts(days, view.shown_peak), known))
    with states.guarded("The figures"):
        cards.show(view)
    peaks = _peaks(view)
    panel(view, "Engagement over time", "series", lambda: _series(view, peaks, known), term="engagement")
    _story(view)
    _verdict(view)
    panel(view, "Posts with most engagement", "top", lambda: _posts(view), term="engagement")


def _ahead(view: View) -> None:
    cards.ahead(view)
    view.ahead(("peaks",), ("hours",), ("top_posts", None, *view.period, TOP))
    data.ahead(*((question, view.campaign_id) for question in ("peak_days", "explanations", "effects")))


def _peaks(view: View) -> list[date]:
    """Days that are numbered on the chart, the greatest first."""
    try:
        found = data.load("peaks", view.campaign_id, view.hashtag)
    except Exception:
        # The chart does without; the card of the story says what is wrong.
        found = pd.DataFrame()
    days = view.shown_days
    most = view.shown_peak
    chosen = [] if most is None else [pd.Timestamp(most["day"]).date()]
    if not found.empty:
        found = found[found["series"] == "engagement"].sort_values("score", ascending=False) if "series" in found else found
        chosen += [pd.Timestamp(day).date() for day in found["top_day"]]
    shown = set(days["day"])
    return [day for day in dict.fromkeys(chosen) if day in shown][:NUMBERED]


def _series(view: View, peaks: list[date], known: Measured) -> Shown:
    days = view.shown_days
    if days["engagement"].dropna().empty:
        why = known.sentences() or ["The source has no likes, replies, quotes or reposts."]
        raise Nothing(
            " ".join(["No engagement is known.", *why]),
            state=states.State.REFUSED if not known.is_provisional else states.State.NO_DATA,
        )
    said = describe_series(days, view.hashtag)
    forms = {"Days": lambda: draw(charts.engagement_by_day, days, tuple(peaks), palette(), said=said)}
    hours = data.made(hours_shown, view.campaign_id, view.hashtag, view.shown_zone, view.zone, *view.period)
    if not hours.empty:
        forms["Hours"] = lambda: draw(charts.engagement_by_hour, hours, palette(), said=said)
    if len(days) < 7 and "Hours" in forms:
        forms = dict(reversed(forms.items()))
    notes = engagement_caption(days, known, charts.TRUSTED_COVERAGE) + " The band under the bars is the coverage of each day: orange is below 90 %."
    return Shown(days, said, notes, forms, day_columns(), after=lambda: parts.trace(view, ["peak_day"], "How the peak day comes about"))


def day_columns() -> dict[str, Any]:
    return {
        "day": st.column_config.DateColumn("Day", format="YYYY-MM-DD"),
        "coverage": share_column("Coverage", "coverage"),
        "engagement_age": st.column_config.TextColumn("Measured", help=help_text("engagement_age")),
        **{f"engagement_{name}": number_column(f"Posts {name}", f"engagement_{name}") for name in ("measured", "waiting", "deleted", "missed")},
        **{name: number_column(name.replace("_count", "s").replace("_", " ").replace("replys", "replies").capitalize(), name) for name in (
            "posts", "originals", "reposts", "authors", "engagement", "captured", "counted", "like_count", "reply_count", "repost_count", "quote_count",
            "posts_with_impressions", "impressions",
        )},
        "engagement_with_impressions": None,
    }  # fmt: skip


def _story(view: View) -> None:
    with card("What explains the peak", "story"):
        peak_card.show(view.campaign_id, view.hashtag, view.peak())


def _verdict(view: View) -> None:
    with card("Did the campaign work?", "verdict"):
        verdict_card.show(view.campaign_id, view.hashtag, view.campaign_start)


def _posts(view: View) -> Shown:
    table = data.made(post_table.top, view.campaign_id, view.hashtag, None, *view.period, TOP)
    if table.empty:
        raise Nothing(
            "No original post with known engagement.",
            "Choose more days.",
            states.State.FILTERED if not view.is_whole else states.State.NO_DATA,
        )
    return Shown(
        table[post_table.SHORT],
        f"{len(table)} posts with most engagement; the first has {number(table.iloc[0]['Engagement'])}.",
        columns=post_table.columns(),
        raw=table,
        row_height=post_table.TWO_LINES,
    )


show(frame.current())
