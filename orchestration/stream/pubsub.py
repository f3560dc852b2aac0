"""The spool as messages of Google Cloud Pub/Sub, whose subscription lands them in BigQuery: see docs/stream.md.

A message is a line of the spool, with attributes by which the table can be asked. It counts as stored when Pub/Sub has
acknowledged it, which it does after a durable write; redelivery is harmless, since readers keep one post of an id.
"""

import threading
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

from orchestration.sources.x.coverage import Event
from orchestration.stream.lines import BadLine, PostLine, stamp
from orchestration.stream.manifest import write_life
from orchestration.stream.sink import SinkError

POST, UNREAD, EVENT = "post", "unread", "event"
# Posts that may wait for their acknowledgement at once: what a kill can cost, and search repairs.
MOST_WAITING = 1_000
ACKNOWLEDGED_SECONDS = 60.0
# A sign of life is a message as well; one each half minute is 86,400 a month.
LIFE_SECONDS = 30.0
# Pub/Sub's own limit of an attribute's value is 1,024 bytes.
LONGEST_ATTRIBUTE = 1_000


class Publisher(Protocol):
    def publish(self, topic: str, data: bytes, **attributes: str) -> "Future[str]": ...


def google_publisher() -> Publisher:
    """Batches of up to 50 ms. Raises SinkError when the extra is not installed."""
    try:
        import google.cloud.pubsub_v1 as pubsub_v1
    except ImportError:
        raise SinkError('The sink pubsub needs google-cloud-pubsub. Install it:  pip install "campaign-pulse[pubsub]"') from None
    return pubsub_v1.PublisherClient(pubsub_v1.types.BatchSettings(max_messages=500, max_bytes=1_000_000, max_latency=0.05))


def attributes_of(line: PostLine) -> dict[str, str]:
    """What the landing table is asked by. Times are UTC to the millisecond, of one length."""
    return {
        "kind": POST,
        "tweet_id": line.tweet_id,
        "created_at": stamp(line.created_at),
        "campaigns": ",".join(line.campaigns)[:LONGEST_ATTRIBUTE],
        "received_at": stamp(line.received_at),
    }


class PubSubSink:
    """`folder` holds the lock and the sign of life for `pulse stream status`; posts and the manifest go to the topic."""

    def __init__(self, publisher: Publisher, topic: str, folder: Path, *, seconds: float = ACKNOWLEDGED_SECONDS) -> None:
        self.folder, self._publisher, self._topic, self._seconds = folder, publisher, topic, seconds
        self._waiting: deque[Future[str]] = deque()
        self._lock = threading.Lock()
        self._told: Event | None = None

    def post(self, line: PostLine) -> None:
        self._publish(line.text, attributes_of(line))

    def unread(self, line: BadLine) -> None:
        self._publish(line.text, {"kind": UNREAD, "received_at": stamp(line.received_at), "reason": line.reason})

    def event(self, event: Event) -> None:
        self._publish(event.as_line(), {"kind": EVENT, "received_at": stamp(event.at)})
        self.sync()

    def alive(self, event: Event, figures: dict[str, Any]) -> None:
        self.sync()
        told = self._told
        if told is None or told.session != event.session or (event.at - told.at).total_seconds() >= LIFE_SECONDS:
            self.event(event)
            self._told = event
        write_life(self.folder, event, figures)

    def sync(self) -> None:
        """Waits for the acknowledgement of everything published so far. Raises SinkError when one fails."""
        with self._lock:
            waiting = list(self._waiting)
        for future in waiting:
            self._acknowledged(future)

    def close(self) -> None:
        self.sync()

    def _publish(self, data: bytes, attributes: Mapping[str, str]) -> None:
        try:
            future = self._publisher.publish(self._topic, data, **attributes)
        except Exception as error:
            raise self._failed(error) from error
        with self._lock:
            self._waiting.append(future)
            oldest = self._waiting[0] if len(self._waiting) > MOST_WAITING else None
        if oldest is not None:
            self._acknowledged(oldest)

    def _acknowledged(self, future: "Future[str]") -> None:
        try:
            future.result(timeout=self._seconds)
        except Exception as error:
            # Kept among the waiting: nothing after it counts as stored either.
            raise self._failed(error) from error
        with self._lock:
            if future in self._waiting:
                self._waiting.remove(future)

    def _failed(self, error: Exception) -> SinkError:
        return SinkError(
            f"Pub/Sub did not take a post ({type(error).__name__}: {str(error)[:200]}). The stream stops here, and what it missed is a gap. "
            f"Look at the topic {self._topic} and the rights of this account, then start it again."
        )


