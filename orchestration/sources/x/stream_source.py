"""The `x_stream` source: hours from the spool of the stream, their gaps filled by search."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from orchestration.sources.base import CampaignQuery, Capture, DeadLetter, HourCapture, Post, SourceError
from orchestration.sources.envelopes import Wrapped, included_in, is_post
from orchestration.sources.hours import select_hours
from orchestration.sources.records import parse_record
from orchestration.sources.values import BadRecord, time_of_id
from orchestration.sources.x.coverage import Event, covered_since, gaps, in_words, to_repair
from orchestration.sources.x.errors import TooEarly
from orchestration.sources.x.spool import SpoolLine, SpoolReader, UnreadLine, written_note
from orchestration.windows import Window

log = logging.getLogger("pulse.x")

LONGEST_KEPT = 8_192
LARGEST_SKEW = timedelta(seconds=2)
STREAM, STREAM_AND_SEARCH = "stream", "stream+search"
REPAIRED = "the stream was off {gaps}; filled by search, which has no reposts"
EDGE = "the stream was cut close to this hour; its edge was read by search as well"
UNREPAIRED = "the stream was off {gaps}; search cannot fill it{why}, so posts may be missing"


@dataclass(frozen=True)
class Repaired:
    """What search brought for a gap; `cost_usd` at listed prices."""

    posts: tuple[Post, ...]
    requests: int = 0
    cost_usd: float = 0.0
    dead_letters: tuple[DeadLetter, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class Unrepaired:
    """Search does not reach the gap; `why` in words."""

    why: str


Repair = Callable[[Window, CampaignQuery], Repaired | Unrepaired]


@dataclass
class XStreamSource:
    """`repair` reads a gap by search. `counts` gives posts by hour where somebody knows; without it an hour that was
    covered whole has the posts that arrived, and one with a gap an unknown number. `now` is X's clock, UTC."""

    spool: SpoolReader
    grace: timedelta
    repair: Repair | None = None
    counts: Callable[[Window], Mapping[datetime, int] | None] | None = None
    usd_of_post: float = 0.0
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    name: str = "x_stream"

    def fetch(self, window: Window, query: CampaignQuery, cap: int) -> Capture:
        """The first `cap` posts of each hour of `window` by (created_at, tweet_id).

        When a repair is stopped on the way, the hours that are complete are answered and `stopped` says why. Raises
        TooEarly before the grace of the last hour is over, SourceError for hours of which nothing is known.
        """
        self._check_time(window)
        events = self.spool.events()
        self._check_covered(events, window, query.campaign_id)
        counted = self.counts(window) if self.counts else None
        hours: list[HourCapture] = []
        letters: list[DeadLetter] = []
        stopped: SourceError | None = None
        for hour in window.hours():
            try:
                captured, bad = self._hour(hour, events, query, cap, counted)
            except SourceError as error:
                if not hours:
                    raise
                stopped = error
                break
            hours.append(captured)
            letters += bad
        return Capture(
            source=self.name,
            capture_mode=STREAM,
            source_ref=f"stream rules of {query.campaign_id}",
            hours=tuple(hours),
            dead_letters=tuple(letters),
            stopped=stopped,
        )

    def _check_time(self, window: Window) -> None:
        early = (window.end + self.grace - self.now()).total_seconds()
        if early > 0:
            raise TooEarly(
                f"{window} is not over for {self.grace.total_seconds() / 60:g} minutes, in which late posts arrive. Ask again in {early:.0f} s.", early
            )

    def _check_covered(self, events: Sequence[Event], window: Window, campaign_id: str) -> None:
        since = covered_since(events, campaign_id)
        if since is None:
            raise SourceError(f"No stream has brought posts of {campaign_id} yet. Start it and leave it running:  pulse stream run")
        if Window.hour_of(window.start).end <= since:
            raise SourceError(
                f"The stream brings posts of {campaign_id} since {since:%Y-%m-%dT%H:%MZ}; {window} begins before that. "
                "Ask from that hour on, or read earlier hours by search:  pulse run ... --source x_search"
            )

    def _hour(
        self, hour: Window, events: Sequence[Event], query: CampaignQuery, cap: int, counted: Mapping[datetime, int] | None
    ) -> tuple[HourCapture, list[DeadLetter]]:
        # Before the lines: what is written in between makes the hour late, and it is read again.
        written = self.spool.written_at(hour)
        posts, letters, lines = self._spooled(hour, query.campaign_id)
        off, parts = gaps(events, hour, query.campaign_id), to_repair(events, hour, query.campaign_id)
        notes, mode, requests, usd = [written_note(written)], None, 0, lines * self.usd_of_post
        reasons: list[str] = []
        for part in parts:
            outcome = self.repair(part, query) if self.repair else Unrepaired("it is not set up")
            if isinstance(outcome, Unrepaired):
                reasons.append(outcome.why)
                continue
            mode = STREAM_AND_SEARCH
            posts += [replace(post, source_ref=f"search repair {part}") for post in outcome.posts]
            letters += outcome.dead_letters
            requests, usd = requests + outcome.requests, usd + outcome.cost_usd
            notes += [outcome.note] if outcome.note else []
        if reasons and off == [hour]:
            raise SourceError(
                f"The stream was off in the whole of {hour}, and search cannot fill it ({reasons[0]}). Nothing of the hour is known. "
                "Keep it running:  pulse stream run"
            )
        if off:
            notes.append(
                UNREPAIRED.format(gaps=in_words(off), why=f" ({reasons[0]})") if reasons else REPAIRED.format(gaps=in_words(off))
            )
            counted = counted if counted is not None else {}
        elif mode:
            notes.append(EDGE)
        (selected,) = select_hours(posts, hour, cap, counted=counted, notes=notes)
        return replace(selected, capture_mode=mode, requests=requests, cost_usd=round(usd, 6)), letters

    def _spooled(self, hour: Window, campaign_id: str) -> tuple[list[Post], list[DeadLetter], int]:
        """Posts of the campaign, what could not be used, and how many posts arrived for it."""
        posts: list[Post] = []
        letters: list[DeadLetter] = []
        place = f"spool {hour.start:%Y-%m-%dT%H}Z"
        lines = 0
        for number, text in self.spool.lines(hour):
            try:
                line = SpoolLine.of(text)
                if campaign_id not in line.campaigns:
                    continue
                lines += 1
                posts.append(_post(line, hour, f"{place} line {number}"))
            except BadRecord as bad:
                letters.append(DeadLetter(bad.reason, bad.detail, place, number, _kept(text)))
        for number, text in self.spool.unread(hour):
            try:
                unread = UnreadLine.of(text)
            except BadRecord as bad:
                unread = UnreadLine("", bad.reason, bad.detail, _kept(text))
            letters.append(DeadLetter(unread.reason, unread.detail, f"{place} unread", number, unread.line[:LONGEST_KEPT]))
        return posts, letters, lines


def _post(line: SpoolLine, hour: Window, source_ref: str) -> Post:
    """Raises BadRecord."""
    record = line.post.get("data")
    if not isinstance(record, dict) or not is_post(record):
        raise BadRecord("unknown_shape", "the line holds no post")
    post = parse_record(Wrapped(record, *included_in(dict(line.post)), line.received_at.isoformat()), source_ref=source_ref)
    if post.created_at not in hour:
        raise BadRecord("out_of_window", f"the post of {post.created_at:%Y-%m-%dT%H:%M:%S.%fZ} is not in {hour}")
    carried = time_of_id(post.tweet_id)
    if carried is not None and abs(carried - post.created_at) > LARGEST_SKEW:
        raise BadRecord("id_time_mismatch", f"created_at says {post.created_at:%Y-%m-%dT%H:%M:%SZ}, the id {carried:%Y-%m-%dT%H:%M:%SZ}")
    return post


def _kept(text: bytes) -> str:
    return text.decode("utf-8", "replace").rstrip("\n")[:LONGEST_KEPT]
