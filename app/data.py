"""Cached answers. The cache is shared by all visitors, so that each question is allowed, or not, before it is asked."""

import inspect
import pickle
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from app.asking import Desk
from app.auth.current import current_identity
from app.identity import Identity, NotAllowed
from app.made import Made, marked
from app.queries import Marts
from orchestration.settings import Settings
from orchestration.tracing.scope import Asked
from orchestration.tracing.trace import Trace
from orchestration.tracing.trace import trace as traced
from orchestration.warehouse.client import Warehouse

# A run takes longer than this; a page is never older than a minute.
SECONDS = 60
# Some seven for each choice of campaign, hashtag and days.
MADE = 500
NOT_YOURS = "You may not see this campaign, or there is none. An admin can grant it:  pulse users grant EMAIL CAMPAIGN"

T = TypeVar("T")


@cache
def settings() -> Settings:
    """Those that the server was started with: to read them anew cost a tenth of a page's run."""
    return Settings()


@st.cache_resource(show_spinner=False)
def _desk() -> Desk:
    return Desk(lambda: Marts(Warehouse(Settings())), SECONDS)


def load(question: str, *arguments: Any) -> pd.DataFrame:
    """The answer of `Marts.<question>` to the visitor of this page. Raises NotAllowed, NotSignedIn, WarehouseError."""
    return _load(current_identity(), question, *arguments)


def _load(visitor: Identity, question: str, *arguments: Any) -> pd.DataFrame:
    allow(visitor, question, arguments)
    return seen_by(visitor, _answer(question, *arguments))


def made(make: Callable[..., T], *arguments: Any) -> T:
    """`make(load, *arguments)` of a pure function, for the visitor of this page; kept while its answers are the same. Nobody writes into it. Raises as `load`."""
    visitor = current_identity()
    return _made().get(make, partial(_load, visitor), visitor.campaigns, *arguments)


@cache
def _made() -> Made:
    return Made(MADE)


def ahead(*questions: tuple[Any, ...]) -> None:
    """Asks what the page is going to `load`, all at the same time: each a question with its arguments. One that is refused, or fails, says so when it is loaded."""
    visitor = current_identity()
    for question, *arguments in questions:
        with suppress(NotAllowed):
            allow(visitor, question, tuple(arguments))
            _desk().ahead(question, tuple(arguments))


def allow(visitor: Identity, question: str, arguments: tuple[Any, ...]) -> None:
    """Raises NotAllowed for a campaign that the visitor may not see, and for a question that nobody has thought about."""
    if question in OF_A_CAMPAIGN:
        if not arguments or not visitor.may_see(arguments[0]):
            raise NotAllowed(NOT_YOURS)
    elif question not in OF_ALL_CAMPAIGNS:
        raise NotAllowed(f"{question} is no question of the site.")


def seen_by(visitor: Identity, answer: pd.DataFrame) -> pd.DataFrame:
    """The rows of campaigns that the visitor may see; an answer that names no campaign is about one that was allowed."""
    if visitor.campaigns is None or "campaign_id" not in answer.columns:
        return answer
    return answer[answer["campaign_id"].isin(visitor.campaigns)].reset_index(drop=True)


def _of_a_campaign(method: Any) -> bool:
    return inspect.isfunction(method) and list(inspect.signature(method).parameters)[1:2] == ["campaign_id"]


# By their signatures, once: a question whose first argument is no campaign must be named below, or nobody gets an answer.
OF_A_CAMPAIGN = frozenset(name for name, method in inspect.getmembers(Marts) if not name.startswith("_") and _of_a_campaign(method))
# Each row of their answers names its campaign.
OF_ALL_CAMPAIGNS = frozenset({"campaigns", "spend"})


@st.cache_data(ttl=SECONDS, show_spinner="Asking the warehouse …", max_entries=1_000)
def _answer(question: str, *arguments: Any) -> pd.DataFrame:
    return marked(_desk().answer(question, arguments))


def trace(asked: Asked) -> Trace:
    """The figure with everything behind it, for the visitor of this page. Raises NotAllowed, NotSignedIn, TraceError, WarehouseError."""
    if not current_identity().may_see(asked.campaign_id):
        raise NotAllowed(NOT_YOURS)
    return _trace(asked)


@st.cache_data(ttl=SECONDS, show_spinner=False, max_entries=8)
def _trace(asked: Asked) -> Trace:
    """A client of its own: a recount is long, and clients are not shared."""
    return traced(Warehouse(Settings()), asked)


def specification(chart: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """The chart of `app.charts` with these arguments, as Vega-Lite."""
    return _specification(chart.__name__, *arguments)


def _content(frame: pd.DataFrame) -> bytes:
    """Streamlit's own hash of a frame takes thirty times as long. Two ways to hold the same rows may differ: then a chart is made twice."""
    rows = frame.copy(deep=False)
    rows.attrs = {}
    return pickle.dumps(rows)


@st.cache_data(ttl=3600, show_spinner=False, max_entries=256, hash_funcs={pd.DataFrame: _content})
def _specification(name: str, *arguments: Any) -> dict[str, Any]:
    from app import charts

    # Charts are checked against their schema in the tests: it was a third of making one.
    return getattr(charts, name)(*arguments).to_dict(validate=False)


@st.cache_data(ttl=3600, show_spinner=False, max_entries=64)
def cloud(words: tuple[tuple[str, int], ...], dark: bool) -> bytes | None:
    """The word cloud of these words."""
    from app.charts import palette
    from app.words import word_cloud

    return word_cloud(dict(words), palette("dark" if dark else "light"))


def forget() -> None:
    """Of all visitors: the next run asks anew."""
    _answer.clear()
    _desk.clear()
    _trace.clear()
