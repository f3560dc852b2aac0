"""What a page says when there is nothing to show: each state with its reason and what to do. A card fails alone."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Literal, NamedTuple

import streamlit as st

from app import data
from app.auth.current import NotSignedIn, leave
from app.identity import NotAllowed
from orchestration.warehouse.errors import (
    ColumnMissing,
    TableMissing,
    WarehouseError,
    WarehouseStopped,
    WarehouseUnreachable,
)

log = logging.getLogger("pulse.site")

OUTDATED = "the marts are of an earlier version. Run the pipeline once, then reload."


class Badge(NamedTuple):
    name: str
    colour: Literal["gray", "blue", "violet", "orange", "red"]


class State(Enum):
    """Why a card is empty; a reader does something else about each."""

    NO_DATA = Badge("No data", "gray")
    NOT_RUN = Badge("Not run yet", "blue")
    FILTERED = Badge("Filtered out", "violet")
    REFUSED = Badge("Source refused", "orange")
    FAILED = Badge("Failed", "red")


class Nothing(Exception):
    """Raised by a card that has nothing to show. `reason` may hold text from outside."""

    def __init__(self, reason: str, what_to_do: str | None = None, state: State = State.NO_DATA) -> None:
        super().__init__(reason)
        self.reason, self.what_to_do, self.state = reason, what_to_do, state


def nothing_captured() -> None:
    with st.container(border=True):
        st.badge("No data", color="gray")
        st.subheader("No campaign has data yet")
        st.text("Nothing has been captured into this warehouse. Materialise the sample campaign, or run one of your own:")
        st.code("make demo\npulse run --campaign ID --from DAY --to DAY", language=None)


def nothing_granted() -> None:
    with st.container(border=True):
        st.subheader("You may not see a campaign yet")
        st.text("None is granted to your account, or those that are have no data. Ask an admin of Campaign Pulse for:")
        st.code("pulse users grant YOUR-ADDRESS CAMPAIGN", language=None)


def nothing_here(reason: str, what_to_do: str | None = None, state: State = State.NO_DATA) -> None:
    """An empty card. `reason` may hold text from outside."""
    name, colour = state.value
    st.badge(name, color=colour)
    st.text(reason)
    if what_to_do:
        st.caption(what_to_do)


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Whatever goes wrong inside is said in this place, and the rest of the page goes on. `what` is our own words."""
    try:
        yield
    except Nothing as empty:
        nothing_here(empty.reason, empty.what_to_do, empty.state)
    except NotSignedIn:
        leave()
    except NotAllowed as refused:
        nothing_here(str(refused), state=State.REFUSED)
    except WarehouseError as error:
        _explain(error, what)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("card %s failed, reference %s", what, reference)
        nothing_here(
            f"This part could not be shown ({what}). Reference {reference}: it stands in the site's log.",
            state=State.FAILED,
        )


def _explain(error: WarehouseError, what: str) -> None:
    if isinstance(error, WarehouseStopped):
        nothing_here(
            "The warehouse is stopped. Somebody stopped it on purpose, so the page does not start it. Start it and reload:",
            state=State.FAILED,
        )
        st.code("pulse warehouse start", language=None)
    elif isinstance(error, WarehouseUnreachable):
        nothing_here("The warehouse does not answer. It may be busy with a long run. Look, then reload:", state=State.FAILED)
        st.code("pulse warehouse status", language=None)
    elif isinstance(error, TableMissing):
        nothing_here(f"{what}: not built yet. Run the pipeline, then reload.", state=State.NOT_RUN)
    elif isinstance(error, ColumnMissing):
        nothing_here(f"{what}: {OUTDATED}", state=State.NOT_RUN)
    else:
        nothing_here(f"{what}: {error}", state=State.FAILED)
    _retry(what)


def _retry(what: str) -> None:
    if st.button("Try again", key=f"retry-{what}"):
        data.forget()
        st.rerun()
