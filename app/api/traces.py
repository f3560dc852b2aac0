"""The trace of a figure, as `pulse trace` has it, for the API."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.api.filters import Filters
from orchestration.settings import Settings

# Of a figure of 30,000 posts: what a reader checks by eye. The whole list is a file of `pulse trace --all --format csv`.
MOST_PARTS = 1_000


def tracer(settings: Settings) -> Callable[[Filters, str, date | None], Mapping[str, Any]]:
    """Answers with the figure, the parts of it (at most 1,000; `parts_in_all` counts them) and the recount. Raises LookupError in words, WarehouseError."""

    def traced(asked: Filters, measure: str, day: date | None) -> Mapping[str, Any]:
        from orchestration.tracing.scope import Asked, TraceError
        from orchestration.tracing.trace import trace
        from orchestration.tracing.words import as_facts
        from orchestration.warehouse.client import Warehouse

        try:
            # A client of its own: clients are not shared between threads.
            found = trace(Warehouse(settings), Asked(asked.campaign, measure, asked.hashtag, day))
        except TraceError as error:
            raise LookupError(str(error)) from error
        return as_facts(found, found.recount.parts[:MOST_PARTS], settings.dagster_port)

    return traced
