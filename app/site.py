"""The site: who is asking, what is looked at, and the pages. Served by app/server.py, behind the login."""

import sys
from pathlib import Path

import pandas as pd
import streamlit as st

# Streamlit puts this file's folder on the path, not the repository.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import account, data, frame, states
from app.auth.current import signed_in
from app.identity import Identity, Role
from orchestration.warehouse.errors import TableMissing

HERE = Path(__file__).resolve().parent
# One list: with headings between, Streamlit's menu is a list of which some items are none, and a screen reader loses count.
PAGES = [
    ("overview", "Overview", "dashboard"),
    ("engagement", "Engagement", "bar_chart"),
    ("sentiment", "Sentiment", "thumbs_up_down"),
    ("topics", "Topics", "tag"),
    ("news", "News", "newspaper"),
    ("posts", "Top posts", "forum"),
    ("compare", "Compare", "compare_arrows"),
    ("report", "Report", "print"),
    ("method", "Data & method", "account_tree"),
]
# Only where PULSE_EMBED_URL is set.
DASHBOARD = ("dashboard", "Dashboard", "monitoring")
ADMIN = ("admin", "Users & audit", "admin_panel_settings")


def main() -> None:
    icon = str(HERE / "icon.png")
    st.set_page_config(page_title="Campaign Pulse", page_icon=icon, layout="wide")
    st.html(HERE / "look.css")
    st.logo(str(HERE / "logo.svg"), size="large", icon_image=icon)
    identity = signed_in()
    with states.guarded("Campaigns"):
        page = _navigation(identity)
        # Navigation gives the tab the icon of the page, which the browser would fetch from a server of Google's.
        st.set_page_config(page_title=f"{page.title} · Campaign Pulse", page_icon=icon)
        campaigns = _campaigns()
        if campaigns.empty:
            st.title("Campaign Pulse", anchor=False)
            account.show(identity)
            if identity.campaigns is None:
                states.nothing_captured()
            else:
                states.nothing_granted()
            return
        try:
            with st.sidebar:
                try:
                    st.session_state["_view"] = frame.choose(identity, campaigns)
                finally:
                    # Whatever the filters leave, there is a way out.
                    account.show(identity)
        except states.Nothing:
            st.title(page.title, anchor=False)
            raise
        page.run()


def _navigation(identity: Identity) -> st.Page:
    listed = [*PAGES, *([DASHBOARD] if data.settings().embed_url else []), *([ADMIN] if identity.is_at_least(Role.ADMIN) else [])]
    made = [
        st.Page(HERE / "app_pages" / f"{name}.py", title=title, icon=f":material/{icon}:", url_path=name, default=name == "overview")
        for name, title, icon in listed
    ]
    return st.navigation(made, expanded=True)


def _campaigns() -> pd.DataFrame:
    """Those that the reader may see."""
    try:
        return data.load("campaigns")
    except TableMissing:
        return pd.DataFrame()


main()
