"""A stream on both sides: the stub that sends, the consumer that stores, one clock for both, and the source that reads it back."""

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from orchestration.campaigns import Campaign
from orchestration.settings import Settings
from orchestration.sources.x.client import XClient
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.spool import UNREAD, FileSpool, SpoolLine
from orchestration.sources.x.stream_source import XStreamSource
from orchestration.stream.backoff import Backoff
from orchestration.stream.consumer import Consumer
from orchestration.stream.file_spool import FileSpoolWriter
from orchestration.stream.manifest import end_of_killed
from orchestration.stream.rules import Rule, synchronise
from orchestration.stream.wiring import search_repair
from orchestration.windows import Window
from tests.contract.conftest import END, START, TOKEN

CAMPAIGN = Campaign("contract", "Contract", query="#tag", source="x_stream")
RULE = Rule("#tag", "pulse:contract")
HOUR = Window(START, END)
BEFORE = START - timedelta(minutes=1)


def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits until something holds, and fails when it does not in time."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.01)


class Unhurried(Backoff):
    """Remembers how long it would wait, and does not."""

    def __init__(self, released: Callable[[], bool]) -> None:
        super().__init__()
        self.asked: list[tuple[str, float]] = []
        self._released = released

    def after(self, ending, lived):
        self.asked.append((ending.value, super().after(ending, lived)))
        # The stub must have seen the end, or it refuses the next connection as a second one.
        until(self._released)
        return 0.0


class StreamDesk:
    def __init__(self, folder: Path) -> None:
        self.folder, self.stub, self.consumer, self.error = folder, None, None, None
        self.meter, self.backoff, self._thread = Unlimited(), Unhurried(lambda: self.stub.desk.streams == 0), None

    def holds(self, posts, *, now=BEFORE, keep_alive_seconds=0.1, **stub) -> None:
        from orchestration.x_stub.running import RunningStub

        self.stub = RunningStub(posts, now=now, limits=False, keep_alive_seconds=keep_alive_seconds, **stub)
        self.stub.__enter__()

    def close(self) -> None:
        if self.consumer is not None:
            self.stop()
        if self.stub is not None:
            self.stub.__exit__(None, None, None)

    def start(self, *, rules=(RULE,), connected=True, meter_of=None, **consumer) -> None:
        """As `open_consumer` does, on the stub's clock."""
        sink = FileSpoolWriter(self.folder)
        sink.mend(self.stub.clock.now())
        if end := end_of_killed(self.folder):
            sink.event(end)
        self._sent_before = len(self.stub.streamed)
        self.consumer = Consumer(
            self.stub.url,
            sink,
            lambda: synchronise(XClient(self.stub.url, Unlimited()), rules)[1],
            meter_of or (lambda _: self.meter),
            backoff=self.backoff,
            **{"now": self.stub.clock.now, "read_seconds": 5.0, "life_seconds": 0.05, **consumer},
        )
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if connected:
            until(lambda: self.stub.desk.streams == 1 and self.consumer.figures.connections >= 1)

    def _run(self) -> None:
        try:
            self.consumer.run()
        except BaseException as error:
            self.error = error

    def ended(self) -> BaseException | None:
        """The error with which the consumer ended; waits for it."""
        self._thread.join(10)
        assert not self._thread.is_alive()
        return self.error

    def stop(self) -> None:
        self.consumer.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()
        until(lambda: self.stub.desk.streams == 0)

    def pass_to(self, moment) -> None:
        """The clock moves on, and what is due has arrived."""
        self.stub.clock.set(moment)
        time.sleep(0.1)
        until(lambda: len(self.stub.streamed) - self._sent_before == self.consumer.figures.posts + self.consumer.figures.foreign)

    def spooled(self, hour=HOUR) -> list[str]:
        return [SpoolLine.of(line.text).post["data"]["id"] for line in FileSpool(self.folder).lines(hour)]

    def unread(self) -> list[dict]:
        return [json.loads(line) for file in sorted((self.folder / UNREAD).glob("*")) for line in file.read_text().splitlines()]

    def events(self, kind=None) -> list:
        return [event for event in FileSpool(self.folder).events() if kind in {None, event.kind}]

    def source(self, *, repaired=True, grace=5, counts=None) -> XStreamSource:
        settings = Settings(x_base_url=self.stub.url, x_clock=self.stub.clock.now())
        repair = search_repair(settings, self.meter) if repaired else None
        return XStreamSource(FileSpool(self.folder), timedelta(minutes=grace), repair, counts=counts, usd_of_post=0.005, now=self.stub.clock.now)

    def fetch(self, window=HOUR, *, cap=10_000, **source):
        return self.source(**source).fetch(window, CAMPAIGN.as_query(), cap)


@pytest.fixture
def stream(monkeypatch, tmp_path):
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    desk = StreamDesk(tmp_path / "x_stream")
    yield desk
    desk.close()
