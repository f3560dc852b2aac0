"""One page to print: what is known now, or what was reported on a day."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from app import cards, charts, data, frame, states
from app.figures import peak_of
from app.frame import View
from app.glossary import definition
from app.panels import draw, number_column, palette
from app.shares import Counted
from app.states import Nothing
from app.text import (
    day_name,
    describe_series,
    headline,
    measured,
    named_in,
    number,
    peak_facts,
    percent,
    period_name,
    plain,
    spellings,
    tag_name,
)

NOW = "now"
LISTED, WORDS = 5, 15


def show(view: View) -> None:
    with st.container(key="report"):
        published = data.load("publications", view.campaign_id)
        moments = [] if published.empty else list(pd.to_datetime(published["published_at"], utc=True))[::-1]
        with st.container(key="only-screen", horizontal=True, vertical_alignment="bottom"):
            names = [NOW, *(f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in moments)]
            chosen = st.selectbox("As reported on", names, format_func=_moment_name, key="as_of", bind="query-params", width=320)
            st.caption("Print this page, or save it as PDF, with Ctrl+P (on a Mac ⌘P): menus and buttons are left out.")
        if chosen == NOW:
            _now(view)
        else:
            place = names.index(chosen) - 1
            _then(view, moments[place].to_pydatetime(), json.loads(published.iloc[len(moments) - 1 - place]["summary"]))
        _definitions()


def _moment_name(name: str) -> str:
    return "Now" if name == NOW else f"{datetime.fromisoformat(name):%-d %b %Y, %H:%M} UTC"


def _now(view: View) -> None:
    cards.ahead(view)
    view.ahead(("words", WORDS, *view.period), ("articles",), ("organizations",), ("locations",), ("top_posts", None, *view.period, LISTED))
    frame.header(view, "Campaign report")
    days = view.shown_days
    settings, today = data.settings(), datetime.now(UTC).date()
    known = measured(days, settings.engagement_age_hours, today)
    with st.container(key="lead"):
        st.text(headline(view.name, view.hashtag, peak_facts(days, view.shown_peak), known))
    with states.guarded("The figures"):
        cards.show(view, traced=False)
        st.text(" ".join(known.sentences()))
        _chart(days, view.hashtag)
    with states.guarded("Sentiment"):
        sentiment = data.load("sentiment", view.campaign_id, view.hashtag)
        sentiment = view.within(sentiment) if not sentiment.empty else sentiment
        authors = data.load("authors", view.campaign_id, view.hashtag, *view.period)
        labels = Counted.of(sentiment, authors)
        st.text(labels.sentence() if labels.scored else "No post could be scored.")
    with states.guarded("Words"):
        words = data.load("words", view.campaign_id, view.hashtag, WORDS, *view.period)
        words = words[~words["word"].isin(view.followed)] if not words.empty else words
        if not words.empty:
            st.text("Words of most posts: " + ", ".join(plain(word, 40) for word in words["word"].head(12)) + ".")
    st.header("News around the day of most engagement", anchor=False)
    with states.guarded("News"):
        _news(view)
    st.header("Posts with most engagement", anchor=False)
    with states.guarded("Posts"):
        posts = data.load("top_posts", view.campaign_id, view.hashtag, None, *view.period, LISTED)
        for post in posts.itertuples():
            st.text(f"{number(post.engagement)}  ·  {day_name(post.day)}  ·  {plain(post.text, 220)}")
        if posts.empty:
            raise Nothing("No original post with known engagement.")
    st.caption(f"Made {datetime.now(UTC):%Y-%m-%d %H:%M} UTC from {period_name(view.start, view.end)}; last run {plain(view.capture['a_run'])[:8]}.")


def _chart(days: pd.DataFrame, hashtag: str) -> None:
    if days["engagement"].notna().any():
        most = peak_of(days)
        peaks = () if most is None else (pd.Timestamp(most["day"]).date(),)
        draw(charts.engagement_by_day, days, peaks, palette(), said=describe_series(days, hashtag))


def _news(view: View) -> None:
    articles = data.load("articles", view.campaign_id, view.hashtag)
    if articles.empty:
        status = data.load("news_status", view.campaign_id, view.hashtag)
        raise Nothing(plain(status.iloc[0]["reason"]) if not status.empty else "Nobody looked for news: this hashtag is not followed.")
    for article in articles.head(LISTED).itertuples():
        st.text(f"{pd.Timestamp(article.published_at):%-d %b, %H:%M} UTC  ·  {plain(article.source_name, 60)}  ·  {plain(article.title, 200)}")
    for what, label in (("organizations", "Organisations"), ("locations", "Places")):
        names = data.load(what, view.campaign_id, view.hashtag)
        if not names.empty:
            listed = "; ".join(f"{plain(row.name, 60)}, {named_in(row.articles, row.sources)}" for row in names.head(LISTED).itertuples())
            st.text(f"{label} named most: {listed}.")


def _then(view: View, moment: datetime, facts: Mapping[str, Any]) -> None:
    """The publication as it stands in the warehouse; fields that it does not have were not known to that version."""
    st.title("Campaign report")
    st.text(f"{plain(facts.get('name') or view.campaign_id, 80)} · as reported on {moment:%-d %b %Y, %H:%M} UTC · whole campaign")
    st.text(f"Days {facts.get('first_day')} to {facts.get('last_day')} in {plain(facts.get('zone'), 60)}. These figures do not change.")
    per = facts.get("sentiment") or {}
    labels = Counted(tuple(int(per.get(label) or 0) for label in ("negative", "neutral", "positive")))
    with st.grid(3, min_column_width=200, gap="small"):
        _fixed(
            "Posts",
            number(facts.get("posts")),
            f"{number(facts.get('originals'))} originals, {number(facts.get('reposts'))} reposts",
        )
        _fixed(
            "Engagement",
            number(facts.get("engagement")),
            (facts.get("engagement_measured") or {}).get("at") or "age not noted",
        )
        _fixed("Net sentiment", labels.net(), labels.behind_net())
        _fixed(
            "Coverage",
            percent(facts.get("coverage")),
            "of the posts counted" if facts.get("coverage") is not None else "nobody counted them",
        )
    with states.guarded("Days"):
        _published_days(view, moment)
    st.text(labels.sentence())
    peaks = pd.DataFrame(facts.get("peaks") or [])
    if not peaks.empty:
        st.header("Days of most engagement", anchor=False)
        shown = pd.DataFrame(
            {
                "Hashtag": peaks["hashtag"].map(tag_name),
                "Day": pd.to_datetime(peaks["peak_day"]),
                "Engagement": peaks["engagement"],
            }
        )
        st.dataframe(shown, hide_index=True, alt=f"Days of most engagement of {len(shown)} hashtags.",
                     column_config={"Day": st.column_config.DateColumn(format="YYYY-MM-DD"), "Engagement": number_column("Engagement", "engagement")})  # fmt: skip
    _published_news(facts)


def _published_days(view: View, moment: datetime) -> None:
    rows = data.load("published_days", view.campaign_id, "*", moment)
    if rows.empty:
        raise Nothing("This publication holds no figures by day.")
    wide = rows.pivot(index="day", columns="figure", values="value").reset_index()
    days = pd.DataFrame({name: wide.get(name) for name in ("day", "posts", "originals", "reposts", "authors", "engagement", "coverage")})
    days = days.assign(engagement_age=None, engagement_waiting=0)
    _chart(days, "*")


def _published_news(facts: Mapping[str, Any]) -> None:
    articles = facts.get("articles") or []
    st.header("News around the day of most engagement", anchor=False)
    for article in articles:
        st.text(f"{plain(article.get('published_at'), 16)}  ·  {plain(article.get('source_name'), 60)}  ·  {plain(article.get('title'), 200)}")
    if not articles:
        st.text("No article was known.")
    for key, label in (("organizations", "Organisations"), ("locations", "Places")):
        names = spellings(each.get("name") for each in facts.get(key) or [])
        if names:
            st.text(f"{label} named most: {names}.")


def _fixed(label: str, value: str, why: str) -> None:
    st.metric(label, value, delta=why, delta_color="off", delta_arrow="off", border=True)


def _definitions() -> None:
    st.header("What the figures mean", anchor=False)
    for name in ("posts", "engagement", "coverage", "net_sentiment"):
        label = f"{name.replace('_', ' ').capitalize()}: "
        st.text(label + definition(name).removeprefix(label))


show(frame.current())
