"""The stream as this home has it: the consumer with its spool, rules and books, and the source that reads it back."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import campaigns as campaign_file
from orchestration.settings import Settings
from orchestration.sources.base import CampaignQuery
from orchestration.sources.x.errors import BadQuery, NoRules
from orchestration.sources.x.metering import SEARCH, Meter, Unlimited
from orchestration.sources.x.spool import FOLDER, FileSpool, SpoolReader
from orchestration.sources.x.stream_source import Repair, Repaired, Unrepaired, XStreamSource
from orchestration.spending.prices import Prices
from orchestration.windows import Window
from orchestration.x_access import x_client, x_now

if TYPE_CHECKING:
    from orchestration.spending.books import Books
    from orchestration.stream.consumer import Consumer, Limits
    from orchestration.stream.rules import Rule, RuleBook
    from orchestration.stream.sink import Sink
    from orchestration.warehouse.client import Warehouse

log = logging.getLogger("pulse.stream")


def stream_folder(settings: Settings) -> Path:
    return settings.spool_dir / FOLDER


def spool_reader(settings: Settings, warehouse: "Warehouse") -> SpoolReader:
    """Files of this machine, or with the sink `pubsub` the table in which its subscription lands."""
    if settings.stream_sink == "pubsub":
        from orchestration.stream.landing import LandingSpool

        return LandingSpool(warehouse, x_now(settings))
    return FileSpool(stream_folder(settings))


def stream_source(settings: Settings, meter: Meter, warehouse: "Warehouse") -> XStreamSource:
    """No call is made before a gap is to be filled, and none needs a token before."""
    return XStreamSource(
        spool=spool_reader(settings, warehouse),
        grace=timedelta(minutes=settings.stream_grace_minutes),
        repair=search_repair(settings, meter),
        usd_of_post=settings.x_price_post_usd,
        now=lambda: x_now(settings),
    )


def search_repair(settings: Settings, meter: Meter) -> Repair:
    """Reads a gap by search, to its end. X's counts are not asked: they leave out reposts, which a stream has."""
    usd = Prices.of_settings(settings).of

    def repair(gap: Window, query: CampaignQuery) -> Repaired | Unrepaired:
        from orchestration.sources.x.hour import HourReading
        from orchestration.sources.x.pages import PageReader
        from orchestration.sources.x.search import REACH, REACH_MARGIN

        old = gap.start < x_now(settings) - REACH + REACH_MARGIN
        if old and not settings.x_full_archive:
            return Unrepaired("it is older than 7 days")
        if not query.query:
            return Unrepaired("the campaign has no query")
        reader = PageReader(
            client=x_client(settings, meter),
            campaign_id=query.campaign_id,
            query=query.query,
            full_archive=old,
            vocabulary=settings.x_vocabulary,
            page_size=500 if old else 100,
            now=lambda: x_now(settings),
        )
        try:
            reading = HourReading(reader, gap, settings.hourly_cap, None).read()
        except BadQuery as error:
            # A rule may be longer than a query of recent search, or use what only streams know.
            return Unrepaired(str(error))
        return Repaired(
            posts=tuple(reading.posts.values()),
            requests=reading.pages,
            cost_usd=usd(SEARCH, reading.observations, reading.pages),
            dead_letters=tuple(reading.dead_letters),
        )

    return repair


@dataclass
class HourBooks:
    """The books of the stream: each UTC hour is a run of its own, with a run's budget, as a captured hour is."""

    settings: Settings
    warehouse: "Warehouse"
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    _books: "Books | None" = None
    _until: datetime | None = None

    def meter(self, campaign_id: str | None) -> Meter:
        """Raises WarehouseError at the first call when nobody can say what is spent."""
        from orchestration.spending.books import Books

        now = self.now()
        if self._books is None or self._until is None or now >= self._until:
            self.flush()
            hour = Window.hour_of(now)
            self._books, self._until = Books(self.settings, self.warehouse, f"stream-{hour.start:%Y-%m-%dT%H}Z"), hour.end
        return self._books.meter(campaign_id)

    def flush(self) -> None:
        """The journals stay where the warehouse does not answer; whoever comes next takes them over."""
        from orchestration.warehouse.errors import WarehouseError

        if self._books is None:
            return
        try:
            self._books.flush()
        except WarehouseError as error:
            log.warning("What the stream has cost is not in the warehouse yet: %s", error)


def wanted_rules(settings: Settings) -> "list[Rule]":
    """Rules of the campaigns that stream now. Raises CampaignError, BadQuery that names the campaign."""
    from orchestration.stream.rules import wanted

    return wanted(campaign_file.load(settings), x_now(settings))


def synchronised(settings: Settings) -> "RuleBook":
    """Makes X's rules those wanted. Raises NoRules when no campaign streams now, XError, CampaignError."""
    from orchestration.stream.rules import synchronise

    rules = wanted_rules(settings)
    _, book = synchronise(x_client(settings, Unlimited()), rules)
    if not rules:
        raise NoRules(
            "No campaign streams now: none has the source x_stream and days that include today. "
            "Add one:  pulse campaigns add ID --name NAME --source x_stream --query '#tag'"
        )
    return book


def sink_of(settings: Settings) -> "Sink":
    """Raises SinkError when Pub/Sub is not set up."""
    folder = stream_folder(settings)
    if settings.stream_sink == "pubsub":
        from orchestration.stream.pubsub import PubSubSink, google_publisher
        from orchestration.stream.sink import SinkError

        if not settings.stream_topic:
            raise SinkError("The sink pubsub needs a topic. Set it:  export PULSE_STREAM_TOPIC=projects/PROJECT/topics/TOPIC")
        return PubSubSink(google_publisher(), settings.stream_topic, folder)
    from orchestration.stream.file_spool import FileSpoolWriter

    return FileSpoolWriter(folder)


@contextmanager
def open_consumer(settings: Settings, limits: "Limits") -> "Iterator[Consumer]":
    """The consumer of this home, after what an earlier one left behind is mended. Raises Busy while another runs."""
    from orchestration.stream.consumer import Consumer
    from orchestration.stream.file_spool import FileSpoolWriter
    from orchestration.stream.manifest import end_of_killed, only_one
    from orchestration.warehouse.client import Warehouse

    folder = stream_folder(settings)
    with only_one(folder):
        sink = sink_of(settings)
        if isinstance(sink, FileSpoolWriter):
            sink.mend(x_now(settings))
            if (end := end_of_killed(folder)) is not None:
                sink.event(end)
        warehouse = Warehouse(settings)
        warehouse.ensure_tables()
        books = HourBooks(settings, warehouse)
        try:
            yield Consumer(settings.x_base_url, sink, lambda: synchronised(settings), books.meter, limits)
        finally:
            books.flush()

