"""Who is signed in, and the ways out; at the top of every page."""

import streamlit as st

from app.identity import Identity

# A constant: the visitor's name is text of its own.
LINKS = '<a href="/password" target="_self">Change password</a> · <a href="/logout" target="_self">Sign out</a>'


def show(visitor: Identity) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        st.text(f"{visitor.name} · {visitor.role.name.lower()}", width="content")
        st.html(LINKS, width="content")
