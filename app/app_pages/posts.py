"""The posts of most engagement."""

from typing import TYPE_CHECKING

import streamlit as st

from app import data, frame, post_table
from app.frame import View
from app.panels import Shown, panel
from app.states import Nothing, State
from app.text import counted, day_name, number, plain

if TYPE_CHECKING:
    import pandas as pd

MOST, PER_PAGE = 200, 20


def show(view: View) -> None:
    frame.header(view, "Top posts")
    panel(view, "Posts with most engagement", "posts", lambda: _posts(view), term="engagement")


def _posts(view: View) -> Shown:
    posts = data.load("top_posts", view.campaign_id, view.hashtag, None, view.start, view.end, MOST)
    if posts.empty:
        raise Nothing(
            "No original post of these days has known engagement.",
            "Choose more days.",
            State.NO_DATA if view.is_whole else State.FILTERED,
        )
    table = post_table.table(posts)
    first = posts.iloc[0]
    said = f"{counted(len(posts), 'post')}: the ten of most engagement of each day. The first, of {day_name(first['day'])}, has {number(first['engagement'])}."
    pages = -(-len(table) // PER_PAGE)
    page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    shown = table.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    _reader(shown)
    return Shown(shown, said, f"{said} A column's title sorts; the file has all {number(len(posts))}.", columns=post_table.columns(), raw=table,
                 table_height="content")  # fmt: skip


def _reader(shown: "pd.DataFrame") -> None:
    """One text in full, for a screen that is too narrow for the column."""
    with st.expander("Read one in full"):
        place = st.selectbox(
            "Post",
            list(shown.index),
            format_func=lambda each: f"{each + 1}: {plain(shown.loc[each, 'Text'], 60)}",
            key="read",
        )
        st.text(shown.loc[place, "Text"])


show(frame.current())
