"""Cached answers. Keys are arguments only: what one visitor loads, every visitor may see."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from app.queries import Marts
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import WarehouseUnreachable

# A run takes longer than this; a page is never older than a minute.
SECONDS = 60


@st.cache_resource(show_spinner=False)
def _marts() -> Marts:
    return Marts(Warehouse(Settings()))


@st.cache_data(ttl=SECONDS, show_spinner="Asking the warehouse …", max_entries=1_000)
def load(question: str, *arguments: Any) -> pd.DataFrame:
    """The answer of `Marts.<question>`. Raises WarehouseError; a lost connection is opened anew once."""
    try:
        return getattr(_marts(), question)(*arguments)
    except WarehouseUnreachable:
        # The server may have been restarted on another port.
        _marts.clear()
        return getattr(_marts(), question)(*arguments)


def specification(chart: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """The chart of `app.charts` with these arguments, as Vega-Lite."""
    return _specification(chart.__name__, *arguments)


@st.cache_data(ttl=3600, show_spinner=False, max_entries=256)
def _specification(name: str, *arguments: Any) -> dict[str, Any]:
    from app import charts

    return getattr(charts, name)(*arguments).to_dict()


@st.cache_data(ttl=3600, show_spinner=False, max_entries=64)
def cloud(words: tuple[tuple[str, int], ...], dark: bool) -> bytes | None:
    """The word cloud of these words."""
    from app.charts import palette
    from app.words import word_cloud

    return word_cloud(dict(words), palette("dark" if dark else "light"))


def forget() -> None:
    load.clear()
