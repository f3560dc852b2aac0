"""Who looks at the page that is being drawn. The gate put the session id into `st.user`; everything else is looked up here, on the server."""

from datetime import UTC, datetime
from typing import NoReturn

import streamlit as st

from app.auth import sessions, store, visitors
from app.identity import Identity

# The gate's header, as `st.user` names it (server.trustedUserHeaders in app/server.py).
KEY = "sid"
# A constant: nothing from outside is ever in it. Streamlit cannot answer with a redirect once the page stands.
TO_LOGIN = '<script>location.replace("/login?next=" + encodeURIComponent(location.pathname + location.search))</script>'
NO_GATE = "This page is served by `pulse serve`, which asks for a login first. It shows nothing when it is started without it."


class NotSignedIn(Exception):
    """The session was ended or is too old; the page sends its reader to the login."""


def session_id() -> str:
    """Of the running page, as the gate says it. Raises NotSignedIn."""
    sid = st.user.get(KEY)
    if not isinstance(sid, str) or not sid:
        raise NotSignedIn
    return sid


def current_identity() -> Identity:
    """Whoever the running page is drawn for. Raises NotSignedIn. Being asked is activity: the session is not idle."""
    visitor = visitors.of_session(session_id())
    if visitor is None:
        raise NotSignedIn
    sessions.seen(store.opened(), visitor.session, datetime.now(UTC))
    return visitor.identity


def signed_in() -> Identity:
    """The first line of every page: the identity, or nothing of the page is drawn."""
    if not st.user.get(KEY):
        st.text(NO_GATE)
        st.stop()
    try:
        return current_identity()
    except NotSignedIn:
        leave()


def leave() -> NoReturn:
    """Sends the reader to the login and ends the run; what the page showed is gone with it."""
    st.html(TO_LOGIN, unsafe_allow_javascript=True)
    st.stop()
