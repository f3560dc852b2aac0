"""A managed dashboard in a frame, where one is set. It asks the warehouse itself, and decides itself who may see it."""

import streamlit as st

from app.embed import embedded
from app.states import Nothing, guarded
from orchestration.settings import Settings

# Pixels: a screen of a laptop below the title.
HEIGHT = 820


def show() -> None:
    st.title("Dashboard")
    with guarded("Dashboard"):
        shown = embedded(Settings())
        if shown is None:
            raise Nothing("No dashboard is set.", "Set PULSE_EMBED_URL and start the site anew.")
        with st.container(gap="xxsmall"):
            st.text(f"From {shown.host}, which decides itself who may see it and when it is fresh. The filters beside it are for the other pages.")
            st.link_button("Open it in a tab of its own", shown.url, icon=":material/open_in_new:", type="tertiary")
        st.iframe(shown.url, height=HEIGHT, alt=f"Dashboard of {shown.host}")


show()
