"""The spool as it lands in BigQuery: the table to which the Pub/Sub subscription writes, read as the files are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from orchestration.sources.x.coverage import Event, events_in
from orchestration.sources.x.spool import Numbered
from orchestration.stream.lines import stamp
from orchestration.stream.pubsub import EVENT, POST, UNREAD
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window, literal
from orchestration.windows import Window

TABLE = "raw.x_stream_landing"
# Clocks differ by seconds; a post can arrive late, but not before it was made.
EARLY, LATE = timedelta(minutes=5), timedelta(days=3)
# What happened before that cannot be repaired by search. Each sign of life names session and campaigns, so no older event is needed.
KEPT_EVENTS = timedelta(days=8)


@dataclass(frozen=True)
class LandingSpool:
    """`now` is UTC, for how far back the manifest is read. Redelivered messages are rows of their own; readers keep one of an id."""

    warehouse: Warehouse
    now: datetime
    table: str = TABLE

    def lines(self, hour: Window) -> Iterator[Numbered]:
        yield from self._rows(hour.padded(EARLY, LATE), POST, "created_at", hour)

    def unread(self, hour: Window) -> Iterator[Numbered]:
        yield from self._rows(hour.padded(EARLY, EARLY), UNREAD, "received_at", hour)

    def events(self) -> Sequence[Event]:
        span = Window(self.now - KEPT_EVENTS, self.now + EARLY)
        return list(events_in(row.text for row in self._rows(span, EVENT, "received_at", span)))

    def written_at(self, hour: Window) -> datetime | None:
        sql = f"select max(publish_time) as written from {self._from(hour.padded(EARLY, LATE), POST, 'created_at', hour)}"
        return self.warehouse.query(sql)[0]["written"]

    def _rows(self, published: Window, kind: str, time: str, window: Window) -> Iterator[Numbered]:
        sql = f"select data from {self._from(published, kind, time, window)} order by publish_time, message_id"
        for number, row in enumerate(self.warehouse.query(sql), start=1):
            data = row["data"]
            yield Numbered(number, data if isinstance(data, bytes) else str(data).encode())

    def _from(self, published: Window, kind: str, time: str, window: Window) -> str:
        """Bounds are literals, so that BigQuery prunes partitions; times among the attributes sort as texts."""
        said = f"json_value(attributes, '$.{time}')"
        bounds = (
            *in_window("publish_time", published),
            f"json_value(attributes, '$.kind') = {literal(kind)}",
            f"{said} >= {literal(stamp(window.start))}",
            f"{said} < {literal(stamp(window.end))}",
        )
        return f"{self.warehouse.qualified(self.table)} where {' and '.join(bounds)}"
