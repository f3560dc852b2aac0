"""The site's first screen: how a campaign is doing, and why.  streamlit run app/site.py"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

# Streamlit puts this file's folder on the path, not the repository.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import cards, data, states
from app.figures import Card, Figures
from app.glossary import escaped, help_text
from app.text import headline, measured, number, plain, tag_name
from orchestration.settings import Settings

STALE_HOURS = 26


def main() -> None:
    st.set_page_config(page_title="Campaign Pulse", page_icon=str(Path(__file__).with_name("icon.png")), layout="wide")
    with states.guarded("Campaigns"):
        campaigns = _campaigns()
        if campaigns.empty:
            _title()
            states.nothing_captured()
            return
        campaign, hashtag, tags = _choose(campaigns)
        peak = _peak(tags, hashtag)
        days = data.load("days", campaign["campaign_id"], hashtag)
        known = measured(days, Settings().engagement_age_hours, datetime.now(UTC).date())
        st.text(headline(campaign["name"], hashtag, peak, known))
        _freshness(campaign)
        _numbers(campaign["campaign_id"], hashtag, days)
        followed = frozenset(tags.loc[tags["followed"], "hashtag"]) if not tags.empty else frozenset()
        cards.show(campaign["campaign_id"], hashtag, campaign["zone"] or "UTC", peak, followed)


def _campaigns() -> pd.DataFrame:
    from orchestration.warehouse.errors import TableMissing

    try:
        return data.load("campaigns")
    except TableMissing:
        return pd.DataFrame()


def _title() -> None:
    st.title("Campaign Pulse")
    st.caption("How a campaign is doing, and why. This page runs on this machine only (127.0.0.1) and has no login.")


def _choose(campaigns: pd.DataFrame) -> tuple[pd.Series, str, pd.DataFrame]:
    """The campaign and the hashtag; both stand in the address, so that a view can be sent to somebody."""
    left, middle, right = st.columns([2, 1, 1], vertical_alignment="bottom")
    with left:
        _title()
    known = campaigns.set_index("campaign_id", drop=False)
    with middle:
        ids = list(known.index)
        campaign_id = st.selectbox(
            "Campaign", ids, format_func=lambda each: plain(known.loc[each, "name"], 60), key="campaign", bind="query-params"
        )
    tags = data.load("hashtags", campaign_id)
    names = list(tags["hashtag"]) if not tags.empty else ["*"]
    with right:
        hashtag = st.selectbox("Hashtag", names, format_func=tag_name, key="hashtag", bind="query-params")
    return known.loc[campaign_id], hashtag, tags


def _peak(tags: pd.DataFrame, hashtag: str) -> pd.Series | None:
    found = tags[tags["hashtag"] == hashtag] if not tags.empty else tags
    return None if found.empty else found.iloc[0]


def _freshness(campaign: pd.Series) -> None:
    capture = data.load("capture", campaign["campaign_id"]).iloc[0]
    newest = pd.Timestamp(capture["newest_hour"]) + pd.Timedelta(hours=1)
    age = datetime.now(UTC) - newest.to_pydatetime()
    is_over = pd.notna(campaign["end_day"]) and pd.Timestamp(campaign["end_day"]).date() < datetime.now(UTC).date()
    parts = [f"Data to {newest:%Y-%m-%d %H:%M} UTC"]
    if is_over:
        parts.append("the campaign is over")
    elif age.total_seconds() > STALE_HOURS * 3600:
        parts.append(f"STALE: the newest captured hour is {age.days} days old" if age.days > 1 else "STALE: more than a day old")
    parts.append(f"days are days in {campaign['zone'] or 'UTC'}")
    parts.append(f"{number(capture['hours'])} hours captured, {number(capture['capped_hours'])} capped")
    if capture["inexact_hours"]:
        parts.append("ids of this source are not exact")
    st.caption(" · ".join(parts))


def _numbers(campaign_id: str, hashtag: str, days: pd.DataFrame) -> None:
    sentiment, authors = data.load("sentiment", campaign_id, hashtag), data.load("authors", campaign_id, hashtag)
    with st.container(horizontal=True, gap="small"):
        for card in Figures.of(days, sentiment, authors, Settings().engagement_age_hours, datetime.now(UTC).date()).cards():
            st.metric(card.label, card.shown, border=True, help=_help(card), delta=card.behind, delta_color="off", delta_arrow="off")


def _help(card: Card) -> str:
    """What the figure is, and what else a reader must know of it."""
    return escaped(" ".join(card.notes)) if card.measure == "peak_day" else help_text(card.measure, *card.notes)


main()
