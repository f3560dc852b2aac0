"""What the posts feel like, how sure that is, and which posts say so."""

import pandas as pd
import streamlit as st

from app import charts, data, frame, parts
from app.frame import View
from app.panels import Shown, draw, number_column, palette, panel, share_column
from app.post_table import TWO_LINES
from app.shaping import sentiment_table, shares_of
from app.shares import FEWEST_FOR_A_VERDICT, Counted, correction_sentence
from app.states import Nothing, State
from app.text import describe_sentiment, number, plain

HUMAN = "About three labels in ten differ from a human's: read shares of many posts, not single labels."


def show(view: View) -> None:
    view.ahead(("sentiment",), ("authors", *view.period), *(("extreme_posts", label, *view.period) for label in ("negative", "positive")))
    data.ahead(("confusions", view.campaign_id))
    frame.header(view, "Sentiment")
    panel(view, "Sentiment over time", "sentiment", lambda: _over_time(view), term="net_sentiment")
    panel(view, "All these days together", "shares", lambda: _together(view), term="share_low")
    left, right = st.columns(2)
    with left:
        panel(
            view,
            "Most negative posts",
            "negative",
            lambda: _posts(view, "negative"),
            help_more="Posts of which the model is surest; equal texts once.",
        )
    with right:
        panel(
            view,
            "Most positive posts",
            "positive",
            lambda: _posts(view, "positive"),
            help_more="Posts of which the model is surest; equal texts once.",
        )


def _scored(view: View) -> pd.DataFrame:
    sentiment = data.load("sentiment", view.campaign_id, view.hashtag)
    shown = view.within(sentiment) if not sentiment.empty else sentiment
    if shown.empty or shown["scored"].sum() == 0:
        elsewhere = not sentiment.empty and sentiment["scored"].sum() > 0
        raise Nothing(
            "No post of these days could be scored." if elsewhere else "No post could be scored.",
            "Choose more days." if elsewhere else "The model reads English; posts of other languages are kept but not scored.",
            State.FILTERED if elsewhere else State.NO_DATA,
        )
    return shown


def _over_time(view: View) -> Shown:
    sentiment = _scored(view)
    said = describe_sentiment(sentiment)
    shares = shares_of(sentiment)
    thin = sentiment[(sentiment["scored"] > 0) & (sentiment["scored"] < FEWEST_FOR_A_VERDICT)]
    notes = "Bands are 95 % intervals (Wilson), of sampling alone."
    if not thin.empty:
        notes += f" {len(thin)} {'day is' if len(thin) == 1 else 'days are'} grey: fewer than {FEWEST_FOR_A_VERDICT} scored posts are too few for a verdict."
    forms = {
        "Shares": lambda: draw(charts.shares_by_day, shares, palette(), said=said),
        "Stacked": lambda: draw(
            charts.sentiment_by_day,
            sentiment[["day", "scored", "negative", "neutral", "positive"]],
            palette(),
            said=said,
        ),
    }
    table = sentiment_table(sentiment)
    columns = {"day": st.column_config.DateColumn("Day", format="YYYY-MM-DD"), "scored": number_column("Scored", "scored"),
               "has_verdict": st.column_config.CheckboxColumn("Enough posts")}  # fmt: skip
    for label in charts.SENTIMENT:
        columns |= {label: number_column(f"{label.capitalize()}, posts"), **{
            f"{label}_{part}": share_column(f"{label.capitalize()}, {word}") for part, word in (("share", "share"), ("low", "at least"), ("high", "at most"))
        }}  # fmt: skip
    return Shown(table, said, f"{notes} {HUMAN}", forms, columns)


def _together(view: View) -> Shown:
    sentiment = _scored(view)
    labels = Counted.of(sentiment, data.load("authors", view.campaign_id, view.hashtag, *view.period))
    rows = []
    if labels.has_verdict:
        rows = [
            (label.capitalize(), count, count / labels.scored, interval.low, interval.high)
            for label, count, interval in zip(charts.SENTIMENT, labels.counts, labels.shares(), strict=True)
        ]
        net = labels.net_interval()
        rows.append(
            (
                "Net sentiment (+ less −)",
                labels.scored,
                (labels.counts[2] - labels.counts[0]) / labels.scored,
                net.low / 100,
                net.high / 100,
            )
        )
    else:
        raise Nothing(labels.sentence(), "Choose more days or the whole campaign.", State.FILTERED)
    table = pd.DataFrame(rows, columns=["Label", "Posts", "Share", "At least", "At most"])
    notes = [
        f"{number(sentiment['scored'].sum())} original posts scored, {number(sentiment['not_scored'].sum())} not (another language, or no words).",
        f"Intervals are of 95 %; {labels.loud.said}." if labels.loud else "Intervals are of 95 %.",
        correction_sentence(sentiment, data.load("confusions", view.campaign_id), plain(view.campaign_id, 60)),
    ]
    columns = {
        "Posts": number_column("Posts", "scored"),
        **{name: share_column(name) for name in ("Share", "At least", "At most")},
    }
    return Shown(
        table,
        labels.sentence(),
        " ".join(notes),
        columns=columns,
        after=lambda: parts.trace(view, ["negative_share", "neutral_share", "positive_share"], "How the shares come about"),
    )


def _posts(view: View, label: str) -> Shown:
    posts = data.load("extreme_posts", view.campaign_id, view.hashtag, label, *view.period)
    if posts.empty:
        raise Nothing(
            f"No post of these days was labelled {label}.",
            "Choose more days.",
            State.NO_DATA if view.is_whole else State.FILTERED,
        )
    table = pd.DataFrame(
        {
            "Text": posts["text"].map(lambda text: plain(text, 400)),
            "Sure": posts["probability"],
            "Engagement": posts["engagement"],
            "Day": pd.to_datetime(posts["day"]),
            "Post id": posts["tweet_id"],
        }
    )
    columns = {
        "Text": st.column_config.TextColumn(width=300), "Engagement": number_column("Engagement", "engagement"),
        "Sure": share_column("Model is sure"), "Day": st.column_config.DateColumn(format="YYYY-MM-DD", width="small"),
    }  # fmt: skip
    said = f"{len(table)} posts that the model is surest are {label}."
    return Shown(table[["Text", "Sure"]], said, columns=columns, raw=table, row_height=TWO_LINES, asked={"label": label})


show(frame.current())
