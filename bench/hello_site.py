"""The peer of bench/site.py: a Streamlit app of two pages with one filter, one table and one chart, and nothing behind it."""

import pandas as pd
import streamlit as st

ROWS = pd.DataFrame({"day": range(30), "posts": [day * day % 17 for day in range(30)]})


def hello() -> None:
    chosen = st.selectbox("Hashtag", ["*", "trail"])
    st.title("Hello", anchor=False)
    st.text(chosen)
    st.metric("Posts", int(ROWS["posts"].sum()))
    st.line_chart(ROWS, x="day", y="posts")


def table() -> None:
    st.title("Table", anchor=False)
    st.dataframe(ROWS)


st.navigation([st.Page(hello, title="Hello", url_path="hello", default=True), st.Page(table, title="Table", url_path="table")]).run()
