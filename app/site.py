"""The site's first screen: how a campaign is doing, and why. Served by app/server.py, behind the login."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

# Streamlit puts this file's folder on the path, not the repository.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import account, cards, data, states, trace_panel
from app.auth.current import signed_in
from app.glossary import help_text
from app.shares import Counted
from app.text import (
    day_name,
    headline,
    measured,
    number,
    peak_age,
    per_post,
    percent,
    plain,
    tag_name,
    total_engagement,
)
from orchestration.ages import Measured
from orchestration.settings import Settings

STALE_HOURS = 26


def main() -> None:
    st.set_page_config(page_title="Campaign Pulse", page_icon=str(Path(__file__).with_name("icon.png")), layout="wide")
    visitor = signed_in()
    account.show(visitor)
    with states.guarded("Campaigns"):
        campaigns = _campaigns()
        if campaigns.empty:
            _title()
            if visitor.campaigns is None:
                states.nothing_captured()
            else:
                states.nothing_granted()
            return
        campaign, hashtag, tags = _choose(campaigns)
        peak = _peak(tags, hashtag)
        days = data.load("days", campaign["campaign_id"], hashtag)
        known = measured(days, Settings().engagement_age_hours, datetime.now(UTC).date())
        st.text(headline(campaign["name"], hashtag, peak, known))
        _freshness(campaign)
        _numbers(campaign["campaign_id"], hashtag, peak, days, known)
        followed = frozenset(tags.loc[tags["followed"], "hashtag"]) if not tags.empty else frozenset()
        cards.show(campaign["campaign_id"], hashtag, campaign["zone"] or "UTC", peak, followed, campaign["start_day"])


def _campaigns() -> pd.DataFrame:
    from orchestration.warehouse.errors import TableMissing

    try:
        return data.load("campaigns")
    except TableMissing:
        return pd.DataFrame()


def _title() -> None:
    st.title("Campaign Pulse")
    st.caption("How a campaign is doing, and why.")


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


def _numbers(campaign_id: str, hashtag: str, peak: pd.Series | None, days: pd.DataFrame, age: Measured) -> None:
    sentiment = data.load("sentiment", campaign_id, hashtag)
    totals, engagement = days[["posts", "originals", "reposts"]].sum(), total_engagement(days)
    average = per_post(days)
    counted = days["counted"].dropna()
    coverage = min(1.0, days.loc[counted.index, "captured"].sum() / counted.sum()) if counted.sum() else None
    labels = Counted.of(sentiment, data.load("authors", campaign_id, hashtag))

    def card(label: str, value: str, delta: str | None, explained: str, offered: str, *measures: str) -> None:
        with st.container(gap=None):
            st.metric(label, value, delta, delta_color="off", delta_arrow="off", border=True, help=explained)
            trace_panel.offer(offered, measures, campaign_id, hashtag, days=list(days["day"]))

    with st.container(horizontal=True, gap="small"):
        card("Posts", number(totals["posts"]), f"{number(totals['originals'])} originals, {number(totals['reposts'])} reposts", help_text("posts"),
             "How posts are counted", "posts", "originals", "reposts", "authors")  # fmt: skip
        card("Engagement", number(engagement), f"{average} per original post, {age.in_brief()}" if average else None,
             help_text("engagement", *age.sentences()), "How engagement is summed", "engagement", "engagement_per_post")  # fmt: skip
        card("Peak day", day_name(peak["peak_day"]) if peak is not None else "–",
             ", ".join(filter(None, [f"{number(peak['engagement'])} engagement", peak_age(peak)])) if peak is not None else None,
             help_text("most_engagement_day"), "How the peak day is found", "peak_day")  # fmt: skip
        card("Net sentiment", labels.net(), labels.behind_net(), help_text("net_sentiment", "± is its 95 % interval, 1.96 standard errors on both sides."),
             "How sentiment is counted", "net_sentiment", "negative_share", "neutral_share", "positive_share")  # fmt: skip
        card("Coverage", percent(coverage), "of the posts counted" if coverage is not None else "nobody counted them",
             help_text("coverage", "Of the whole campaign."), "How coverage is counted", "coverage")  # fmt: skip


main()
