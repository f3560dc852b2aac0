"""Parts that other modules bring, as far as they are there. The seam of the pieces that are built beside the pages."""

import importlib
from collections.abc import Sequence
from types import ModuleType

import pandas as pd

from app import data
from app.frame import View
from app.queries import Marts


def part(name: str) -> ModuleType | None:
    """`app.<name>`, or None where it is not there."""
    try:
        return importlib.import_module(f"app.{name}")
    except ModuleNotFoundError as error:
        if error.name and f"app.{name}".startswith(error.name):
            return None
        raise


def trace(view: View, measures: Sequence[str], label: str = "How this number comes about", names: Sequence[str] = ()) -> None:
    """A way to the posts behind a figure; `label` is our own words."""
    found = part("trace_panel")
    traced = [measure for measure in measures if measure in found.MEASURES] if found else []
    if traced:
        found.offer(label, traced, view.campaign_id, view.hashtag, days=list(view.shown_days["day"]), names=list(names))


def peaks(campaign_id: str, hashtag: str) -> pd.DataFrame:
    """Notable hours and days of marts.peaks; empty where nothing of that kind is built."""
    return data.load("peaks", campaign_id, hashtag) if hasattr(Marts, "peaks") else pd.DataFrame()
