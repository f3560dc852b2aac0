"""The `x_search` source: X's recent search, or its full archive, hour by hour."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from orchestration.sources.base import CampaignQuery, Capture, DeadLetter, HourCapture, SourceError
from orchestration.sources.hours import select_hours
from orchestration.sources.x.client import XClient
from orchestration.sources.x.counts import minute_counts
from orchestration.sources.x.errors import BadQuery, ContractChanged, OutOfRetention, TooEarly, Unavailable
from orchestration.sources.x.hour import HourReading
from orchestration.sources.x.metering import COUNTS, SEARCH
from orchestration.sources.x.page_store import PageStore
from orchestration.sources.x.pages import PageReader
from orchestration.windows import Window

log = logging.getLogger("pulse.x")

REACH = timedelta(days=7)
# The window's start is checked by X when the request arrives, not when we ask.
REACH_MARGIN = timedelta(minutes=2)
# X refuses an end less than 10 s ago; a second more for clocks that differ.
END_LAG = timedelta(seconds=11)
LONGEST_WAIT = timedelta(seconds=60)
# Posts can be edited for 30 minutes.
EDIT_WINDOW = timedelta(minutes=30)
PAGE_RECENT, PAGE_ALL = 100, 500


@dataclass
class XSearchSource:
    """`usd(kind, posts, requests)` is the listed price of calls; `now` is X's clock, in UTC."""

    client: XClient
    usd: Callable[[str, int, int], float]
    store: PageStore | None = None
    full_archive: bool = False
    vocabulary: str = "tweet"
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], None] = time.sleep
    name: str = "x_search"

    def fetch(self, window: Window, query: CampaignQuery, cap: int) -> Capture:
        """The first `cap` posts of each hour of `window` by (created_at, tweet_id).

        When X or a budget stops it on the way, the hours that are complete are answered and `stopped` says why; when
        there is none, that is raised. Raises OutOfRetention, TooEarly, BadQuery before any call.
        """
        if not query.query:
            raise BadQuery(f"Campaign {query.campaign_id} has no query. Give it one:  pulse campaigns add {query.campaign_id} --query '#tag'")
        archive = self._reach(window)
        reader = self._reader(query.campaign_id, query.query, archive)
        counts = self._counts(query.query, window, archive)
        # One request for the whole window, borne by its first hour.
        spent = (0, 0.0) if counts is None else (1, self.usd(COUNTS, 0, 1))
        hours: list[HourCapture] = []
        letters: list[DeadLetter] = []
        stopped: SourceError | None = None
        for hour in window.hours():
            try:
                reading = HourReading(reader, hour, cap, counts).read()
            except SourceError as error:
                if not hours:
                    raise
                stopped = error
                break
            letters += reading.dead_letters
            # What the hour needed, by this try or an earlier one that was stopped: twice is once.
            usd = self.usd(SEARCH, reading.observations, reading.pages)
            hours.append(self._captured(reading, cap, reading.pages + spent[0], usd + spent[1]))
            spent = (0, 0.0)
        return Capture(
            source=self.name,
            capture_mode="search",
            source_ref=query.query,
            hours=tuple(hours),
            dead_letters=tuple(letters),
            stopped=stopped,
        )

    def landed(self, window: Window, query: CampaignQuery) -> None:
        """The hours of `window` are in the warehouse: their pages need not be kept."""
        if self.store:
            self.store.forget(query.campaign_id, window)

    def _captured(self, reading: HourReading, cap: int, requests: int, usd: float) -> HourCapture:
        notes = list(reading.notes)
        age = self.now() - reading.window.end
        if age < EDIT_WINDOW:
            notes.append(f"captured {int(age.total_seconds() // 60)} minutes after its end, while posts could still be edited")
        counted = None if reading.counted is None else {reading.window.start: reading.counted}
        (hour,) = select_hours(reading.posts.values(), reading.window, cap, counted=counted or {}, notes=notes)
        return HourCapture(
            hour=hour.hour,
            posts=hour.posts,
            counted=hour.counted,
            observations=reading.observations,
            capped=hour.capped,
            capped_at=hour.capped_at,
            notes=hour.notes,
            requests=requests,
            cost_usd=round(usd, 6),
        )

    def _reader(self, campaign_id: str, query: str, archive: bool) -> PageReader:
        return PageReader(
            client=self.client,
            campaign_id=campaign_id,
            query=query,
            full_archive=archive,
            vocabulary=self.vocabulary,
            page_size=PAGE_ALL if archive else PAGE_RECENT,
            store=self.store,
            now=self.now,
        )

    def _reach(self, window: Window) -> bool:
        """Whether the full archive must be asked. Waits for the last seconds of a lag; raises TooEarly, OutOfRetention."""
        now = self.now()
        early = window.end + END_LAG - now
        if early > LONGEST_WAIT:
            raise TooEarly(
                f"{window} is not over: X answers for it from {window.end + END_LAG:%Y-%m-%dT%H:%M:%SZ} on. "
                "Ask for earlier hours, or wait.",
                early.total_seconds(),
            )
        if early > timedelta(0):
            self.sleep(early.total_seconds())
        earliest = now - REACH + REACH_MARGIN
        if window.start >= earliest:
            return False
        if self.full_archive:
            return True
        first = Window.hour_of(earliest).end
        raise OutOfRetention(
            f"X's recent search reaches back to {first:%Y-%m-%dT%H:%MZ}; {window} begins before that. Ask from that hour on, or "
            "set PULSE_X_FULL_ARCHIVE=true to use the full-archive search. Nothing was asked and nothing was changed."
        )

    def _counts(self, query: str, window: Window, archive: bool) -> Mapping[datetime, int] | None:
        try:
            return minute_counts(self.client, query, window, full_archive=archive)
        except (Unavailable, ContractChanged) as error:
            log.warning("X's counts of %s did not answer, reading goes on without them: %s", window, error)
            return None
