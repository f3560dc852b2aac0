"""What the page says when there is nothing to show: each state with its reason and what to do. A card fails alone."""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from app import data
from app.auth.current import NotSignedIn, leave
from app.identity import NotAllowed
from orchestration.warehouse.errors import TableMissing, WarehouseError, WarehouseStopped, WarehouseUnreachable

log = logging.getLogger("pulse.site")


def nothing_captured() -> None:
    with st.container(border=True):
        st.subheader("No campaign has data yet")
        st.text("Nothing has been captured into this warehouse. Materialise the sample campaign, or run one of your own:")
        st.code("make demo\npulse run --campaign ID --from DAY --to DAY", language=None)


def nothing_granted() -> None:
    with st.container(border=True):
        st.subheader("You may not see a campaign yet")
        st.text("None is granted to your account, or those that are have no data. Ask an admin of Campaign Pulse for:")
        st.code("pulse users grant YOUR-ADDRESS CAMPAIGN", language=None)


def nothing_here(reason: str, what_to_do: str | None = None) -> None:
    """An empty card. `reason` may hold text from outside."""
    with st.container(border=True):
        st.text(reason)
        if what_to_do:
            st.caption(what_to_do)


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Whatever goes wrong inside is said in this place, and the rest of the page goes on."""
    try:
        yield
    except WarehouseError as error:
        _explain(error, what)
    except NotSignedIn:
        leave()
    except NotAllowed as error:
        nothing_here(str(error))
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("card %s failed, reference %s", what, reference)
        with st.container(border=True):
            st.text(f"This part could not be shown ({what}). Reference {reference}: it stands in the site's log.")


def _explain(error: WarehouseError, what: str) -> None:
    with st.container(border=True):
        if isinstance(error, WarehouseStopped):
            st.subheader("The warehouse is stopped")
            st.text("Somebody stopped it on purpose, so the page does not start it. Start it and reload:")
            st.code("pulse warehouse start", language=None)
        elif isinstance(error, WarehouseUnreachable):
            st.subheader("The warehouse does not answer")
            st.text("It may be busy with a long run. Look, then reload:")
            st.code("pulse warehouse status", language=None)
        elif isinstance(error, TableMissing):
            st.text(f"{what}: not built yet. Run the pipeline, then reload.")
        else:
            st.text(f"{what}: {error}")
        _retry(what)


def _retry(what: str) -> None:
    if st.button("Try again", key=f"retry-{what}"):
        data.forget()
        st.rerun()


def card(title: str, body: Callable[[], None]) -> None:
    """A bordered card with a heading; `title` is our own words."""
    with st.container(border=True):
        st.subheader(title)
        with guarded(title):
            body()
