"""Posts as a table: texts stay text."""

from typing import Any

import pandas as pd
import streamlit as st

from app.glossary import help_text
from app.made import Ask
from app.text import plain

# Pixels of a row that holds two lines of a text: Streamlit breaks lines in rows of more than four times the font size.
TWO_LINES = 62
SHORT = ["Text", "Engagement", "Sentiment", "Day"]
LABELS = {"negative": "− negative", "neutral": "○ neutral", "positive": "+ positive", "not_scored": "not scored"}


def table(posts: pd.DataFrame) -> pd.DataFrame:
    """Takes rows of `Marts.top_posts` or `posts_with`."""
    return pd.DataFrame(
        {
            "Text": posts["text"].map(lambda text: plain(text, 400)),
            "Engagement": posts["engagement"],
            "Likes": posts["like_count"],
            "Reposts": posts["repost_count"],
            "Replies": posts["reply_count"],
            "Quotes": posts["quote_count"],
            "Sentiment": posts["sentiment_label"].map(lambda label: LABELS.get(label, label)),
            "Day": pd.to_datetime(posts["day"]),
            "Age": posts["engagement_age_hours"],
            "Language": posts["lang"],
            "Post id": posts["tweet_id"],
            "Run": posts["run_id"].str[:8],
        }
    )


def top(ask: Ask, *asked: Any) -> pd.DataFrame:
    """`table` of the answer of `Marts.top_posts`, which `ask` asks for; empty where there is none."""
    posts = ask("top_posts", *asked)
    return posts if posts.empty else table(posts)


def short(posts: pd.DataFrame) -> pd.DataFrame:
    """What a card has room for."""
    return table(posts)[SHORT]


def columns() -> dict[str, Any]:
    counted = {
        name: st.column_config.NumberColumn(format="localized", width="small", help=help_text(term))
        for name, term in (
            ("Engagement", "engagement"),
            ("Likes", "like_count"),
            ("Reposts", "repost_count"),
            ("Replies", "reply_count"),
            ("Quotes", "quote_count"),
        )
    }
    return counted | {
        "Text": st.column_config.TextColumn(width="large"),
        "Day": st.column_config.DateColumn(format="YYYY-MM-DD", width="small"),
        "Age": st.column_config.NumberColumn("At age", format="%.0f h", width="small", help="Age of the post when its engagement was measured."),
        "Run": st.column_config.TextColumn(width="small", help="Dagster run that last wrote the post."),
    }
