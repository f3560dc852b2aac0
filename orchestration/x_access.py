"""X as this home reaches it: the client with its address and books, and the sources that stand on it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.settings import Settings
from orchestration.sources.base import TweetSource
from orchestration.sources.x.errors import BadQuery
from orchestration.sources.x.metering import Meter
from orchestration.sources.x.page_store import PageStore
from orchestration.sources.x.transport import bearer_token, checked_base_url, is_loopback
from orchestration.spending.prices import Prices

if TYPE_CHECKING:
    from orchestration.sources.x.client import XClient
    from orchestration.sources.x.search import XSearchSource
    from orchestration.warehouse.client import Warehouse

X_SOURCES = ("x_search", "x_stream")


def x_client(settings: Settings, meter: Meter) -> "XClient":
    """Raises AuthError without a token, BadQuery for an address that would show it: both before any call."""
    from orchestration.sources.x.client import XClient

    checked_base_url(settings.x_base_url)
    bearer_token()
    return XClient(settings.x_base_url, meter, clock=lambda: x_now(settings).timestamp())


def x_now(settings: Settings) -> datetime:
    """X's time, UTC: this machine's, or the one to which a stub's clock is set. Raises BadQuery when X itself is asked."""
    if settings.x_clock is None:
        return datetime.now(UTC)
    if not is_loopback(settings.x_base_url):
        raise BadQuery("PULSE_X_CLOCK is for a stub on this machine; X has its own clock. Unset it:  unset PULSE_X_CLOCK")
    return settings.x_clock.replace(tzinfo=settings.x_clock.tzinfo or UTC)


def search_source(settings: Settings, meter: Meter) -> "XSearchSource":
    from orchestration.sources.x.search import XSearchSource

    x_now(settings)
    return XSearchSource(
        client=x_client(settings, meter),
        usd=Prices.of_settings(settings).of,
        store=PageStore(settings.x_dir / "pages"),
        full_archive=settings.x_full_archive,
        vocabulary=settings.x_vocabulary,
        now=lambda: x_now(settings),
    )


def x_source(name: str, settings: Settings, meter: Meter, warehouse: "Warehouse") -> TweetSource:
    """`x_search` or `x_stream`."""
    if name == "x_stream":
        from orchestration.stream.wiring import stream_source

        return stream_source(settings, meter, warehouse)
    return search_source(settings, meter)
