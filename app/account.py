"""Who is signed in, and the ways out; at the top of every page."""

import streamlit as st

from app.identity import Identity

# Constants: the visitor's name is text of its own.
LINK = '<a href="{}" target="_self" style="color: inherit">{}</a>'
LINKS = f"{LINK.format('/password', 'Change password')} · {LINK.format('/logout', 'Sign out')}"


def show(visitor: Identity) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(f"{visitor.name} · {visitor.role.name.lower()}", width="content")
        st.html(LINKS, width="content")
