"""What pages say in the same way of any figure: the way to the posts behind it."""

from collections.abc import Sequence

from app import trace_panel
from app.frame import View
from orchestration.tracing.measures import MEASURES


def trace(view: View, measures: Sequence[str], label: str = "Where it comes from", names: Sequence[str] = ()) -> None:
    """A way to the posts behind a figure; `label` is our own words. Nothing where no trace counts it."""
    traced = [measure for measure in measures if measure in MEASURES]
    if traced:
        trace_panel.offer(label, traced, view.campaign_id, view.hashtag, days=list(view.shown_days["day"]), names=list(names))
