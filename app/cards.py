"""The cards below the numbers: engagement, sentiment, words, news, names, posts, and where it all comes from."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from app import charts, data, peak_card, spend, trace_panel, verdict_card
from app.glossary import help_text
from app.news_text import news_sentence
from app.shares import Counted, correction_sentence
from app.states import card, guarded, nothing_here
from app.text import (
    describe_sentiment,
    describe_series,
    engagement_caption,
    measured,
    named_in,
    number,
    plain,
    safe_url,
    spellings,
    tag_name,
)
from orchestration.settings import Settings


def show(campaign_id: str, hashtag: str, zone: str, peak: pd.Series | None, followed: frozenset[str], start_day: date | None = None) -> None:
    """Every card of the page, each on its own."""
    colours = charts.palette(st.context.theme.type)

    def bound(body: Callable, *arguments) -> Callable[[], None]:
        return lambda: body(campaign_id, hashtag, *arguments)

    card("Engagement over time", bound(_engagement, zone, peak, colours))
    card("Did the campaign work?", bound(verdict_card.show, start_day))
    left, right = st.columns(2)
    with left:
        card("Sentiment", bound(_sentiment, colours))
    with right:
        card("Words", bound(_words, followed, colours))
    card("What explains the peak", bound(peak_card.show, peak))
    card("News around the peak", bound(_news, peak))
    left, right = st.columns(2)
    with left:
        card("Top organisations in the news", bound(_names, "organizations", colours))
    with right:
        card("Top places in the news", bound(_names, "locations", colours))
    card("Posts with most engagement", bound(_posts, peak))
    with guarded("What the reading cost"):
        spend.show(campaign_id)
    with st.expander("Where these numbers come from"):
        _lineage(campaign_id)


def _engagement(campaign_id: str, hashtag: str, zone: str, peak: pd.Series | None, colours: charts.Palette) -> None:
    grain = st.segmented_control("Grain", ["Days", "Hours", "Table"], default="Days", key="grain", label_visibility="collapsed")
    days = data.load("days", campaign_id, hashtag)
    known = measured(days, Settings().engagement_age_hours, datetime.now(UTC).date())
    if days["engagement"].dropna().empty:
        nothing_here(" ".join(["No engagement is known.", *(known.sentences() or ["The source has no likes, replies, quotes or reposts."])]))
        return
    if grain == "Hours":
        st.altair_chart(charts.engagement_by_hour(data.load("hours", campaign_id, hashtag), zone, colours), alt=describe_series(days, hashtag), theme=None)
    elif grain == "Table":
        st.dataframe(days, hide_index=True, column_config=_day_columns(), alt=describe_series(days, hashtag))
    else:
        peak_day = None if peak is None else peak["peak_day"]
        st.altair_chart(charts.engagement_by_day(days, peak_day, colours), alt=describe_series(days, hashtag), theme=None)
    st.caption(engagement_caption(days, known, charts.TRUSTED_COVERAGE))


def _day_columns() -> dict:
    return {
        "day": st.column_config.DateColumn("Day", format="YYYY-MM-DD"),
        "coverage": st.column_config.NumberColumn("Coverage", format="percent", help=help_text("coverage")),
        "engagement_age": st.column_config.TextColumn("Measured", help=help_text("engagement_age")),
        **{f"engagement_{name}": st.column_config.NumberColumn(f"Posts {name}", format="localized", help=help_text(f"engagement_{name}")) for name in
           ("measured", "waiting", "deleted", "missed")},
        **{name: st.column_config.NumberColumn(name.capitalize(), format="localized", help=help_text(name)) for name in
           ("posts", "originals", "reposts", "authors", "engagement", "captured", "counted")},
    }  # fmt: skip


def _sentiment(campaign_id: str, hashtag: str, colours: charts.Palette) -> None:
    sentiment = data.load("sentiment", campaign_id, hashtag)
    if sentiment.empty or sentiment["scored"].sum() == 0:
        nothing_here("No post could be scored.", "The model reads English; posts of other languages are kept but not scored.")
        return
    st.altair_chart(charts.sentiment_by_day(sentiment, colours), alt=describe_sentiment(sentiment), theme=None)
    said = [
        f"{number(sentiment['scored'].sum())} original posts scored, {number(sentiment['not_scored'].sum())} not (another language, or no words).",
        Counted.of(sentiment, data.load("authors", campaign_id, hashtag)).sentence(),
        correction_sentence(sentiment, data.load("confusions", campaign_id), campaign_id),
        "About three labels in ten differ from a human's; read shares of many posts, not single labels.",
    ]
    st.caption(" ".join(filter(None, said)))


def _words(campaign_id: str, hashtag: str, followed: frozenset[str], colours: charts.Palette) -> None:
    words = data.load("words", campaign_id, hashtag)
    # The followed hashtags are the question, not the answer.
    words = words[~words["word"].isin(followed)] if not words.empty else words
    if words.empty:
        nothing_here(f"Too few posts carry {tag_name(hashtag)} for words of its own.", "A hashtag's day needs ten original posts.")
        return
    form = st.segmented_control("Form", ["Cloud", "Bars"], default="Cloud", key="words", label_visibility="collapsed")
    trace_panel.offer("How posts with a word are counted", ["word"], campaign_id, hashtag, names=list(words["word"]))
    top = words.head(10).assign(word=lambda rows: rows["word"].map(lambda word: plain(word, 40)))
    said = "Words of most posts: " + ", ".join(f"{row.word} {row.posts}" for row in top.itertuples()) + "."
    if form == "Bars":
        bars = words.head(15).assign(word=lambda rows: rows["word"].map(lambda word: plain(word, 40)))
        st.altair_chart(charts.ranked(bars, "word", "posts", "Original posts", colours), alt=said, theme=None)
        return
    image = data.cloud(tuple((row.word, int(row.posts)) for row in words.itertuples()), colours is charts.DARK)
    if image is None:
        nothing_here("These words need a font that this machine lacks.", "The bars show them.")
        return
    st.image(image, width="stretch", alt=said)
    st.caption("Size by the number of original posts with the word; function words, links, handles and the followed hashtags left out.")


def _news(campaign_id: str, hashtag: str, peak: pd.Series | None) -> None:
    status = data.load("news_status", campaign_id, hashtag)
    articles = data.load("articles", campaign_id, hashtag)
    if articles.empty:
        if status.empty:
            nothing_here(f"{tag_name(hashtag)} is not followed, so nobody looked for its news.", "Followed hashtags stand first in the list above.")
        else:
            nothing_here(f"{news_sentence(status.iloc[0])} {plain(status.iloc[0]['reason'])}")
        return
    shown = pd.DataFrame(
        {
            "Published": pd.to_datetime(articles["published_at"], utc=True),
            "Headline": articles["title"].map(lambda title: plain(title, 200)),
            "Source": articles["source_name"].map(lambda name: plain(name, 60)),
            "Link": articles["url"].map(safe_url),
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        height=min(38 * (len(shown) + 1), 320),
        column_config={
            "Published": st.column_config.DatetimeColumn(format="D MMM, HH:mm", timezone="UTC", width="small"),
            "Headline": st.column_config.TextColumn(width="large"),
            "Link": st.column_config.LinkColumn(display_text="open", width="small"),
        },
        alt=f"{len(shown)} articles around the peak.",
    )
    st.caption("Articles of the peak day and the days beside it that mention the campaign or the hashtag. Times are UTC.")
    trace_panel.offer("How articles are counted", ["articles"], campaign_id, hashtag)


def _names(campaign_id: str, hashtag: str, what: str, colours: charts.Palette) -> None:
    names = data.load(what, campaign_id, hashtag)
    if names.empty:
        nothing_here("No article names any." if what == "organizations" else "No article names a place.")
        return
    shown = pd.DataFrame(
        {
            "Name": names["name"].map(lambda name: plain(name, 60)),
            "Articles": names["articles"],
            "Sources": names["sources"],
            "Named in": [named_in(row.articles, row.sources) for row in names.itertuples()],
            "Written": names["surface_forms"].map(spellings),
        }
    )
    said = f"By articles: {'; '.join(f'{row[0]}, {row[3]}' for row in shown.itertuples(index=False))}."
    form = st.segmented_control("Form", ["Bars", "Table"], default="Bars", key=f"names_{what}", label_visibility="collapsed")
    measure, named = ("organization", "an organisation") if what == "organizations" else ("location", "a place")
    trace_panel.offer(f"How articles with {named} are counted", [measure], campaign_id, hashtag, names=list(names["name"]))
    if form == "Table":
        st.dataframe(
            shown[["Name", "Articles", "Sources", "Written"]],
            hide_index=True,
            column_config={
                "Articles": st.column_config.NumberColumn(format="localized", width="small", help=help_text("entity_articles")),
                "Sources": st.column_config.NumberColumn(format="localized", width="small", help=help_text("entity_sources")),
                "Written": st.column_config.TextColumn(width="large", help=help_text("surface_forms")),
            },
            alt=said,
        )
        return
    st.altair_chart(charts.ranked(shown, "Name", "Articles", "Articles", colours), alt=said, theme=None)
    first = shown.iloc[0]
    st.text(f"{first['Name']}: {first['Named in']}; written {first['Written']}.")


def _posts(campaign_id: str, hashtag: str, peak: pd.Series | None) -> None:
    options = ["Peak day", "All days"] if peak is not None else ["All days"]
    scope = st.segmented_control("Days", options, default=options[0], key="post_days", label_visibility="collapsed")
    day = peak["peak_day"] if scope == "Peak day" and peak is not None else None
    posts = data.load("top_posts", campaign_id, hashtag, day)
    if posts.empty:
        nothing_here("No original post with known engagement.")
        return
    shown = pd.DataFrame(
        {
            "Engagement": posts["engagement"],
            "At age": posts["engagement_age_hours"],
            "Text": posts["text"].map(lambda text: plain(text, 400)),
            "Sentiment": posts["sentiment_label"].map(lambda label: {"not_scored": "not scored"}.get(label, label)),
            "Language": posts["lang"],
            "Day": pd.to_datetime(posts["day"]),
            "Post id": posts["tweet_id"],
            "Run": posts["run_id"].str[:8],
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        column_config={
            "Engagement": st.column_config.NumberColumn(format="localized", width="small"),
            "At age": st.column_config.NumberColumn(format="%.0f h", width="small", help="Age of the post when its engagement was measured."),
            "Text": st.column_config.TextColumn(width="large"),
            "Day": st.column_config.DateColumn(format="YYYY-MM-DD", width="small"),
        },
        alt=f"{len(shown)} posts with most engagement.",
    )


def _lineage(campaign_id: str) -> None:
    capture = data.load("capture", campaign_id).iloc[0]
    st.text(
        f"{number(capture['captured'])} posts captured of {number(capture['counted'])} counted, source {plain(capture['sources'])}, "
        f"by {number(capture['runs'])} Dagster runs (one of them {plain(capture['a_run'])[:8]}), last change {pd.Timestamp(capture['loaded_at']):%Y-%m-%d %H:%M} UTC."
    )
    if isinstance(capture["notes"], str):
        st.text(plain(capture["notes"]))
    for row in data.load("models", campaign_id).itertuples():
        st.text(f"Sentiment of {number(row.posts)} posts: model {plain(row.model_id)}, revision {plain(row.model_revision)}.")
    st.text("Each post's row in marts.tweets names the run that wrote it and the model that scored it.")
