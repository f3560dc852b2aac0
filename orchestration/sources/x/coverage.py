"""When the stream was connected, and for whom: the events of its manifest, and the times that they do not cover. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from orchestration.windows import Window, parse_time

# `rules` says of which campaigns the rules at X bring posts from then on; `alive` that all received until then is stored.
CONNECTED, DISCONNECTED, ALIVE, RULES = "connected", "disconnected", "alive", "rules"
KINDS = frozenset({CONNECTED, DISCONNECTED, ALIVE, RULES})
# X delivers within 7 s (p99): what was made shortly before a cut may never have come, nor what the socket still held.
LEAD = timedelta(seconds=30)
# Clocks differ by some seconds, and what is made just before a connection is not sent on it.
TAIL = timedelta(seconds=5)


@dataclass(frozen=True)
class Event:
    """One line of the manifest. `at` is X's time, UTC; `session` names one connection."""

    at: datetime
    kind: str
    session: str
    reason: str | None = None
    campaigns: tuple[str, ...] = ()

    def as_line(self) -> bytes:
        fields = {name: value for name, value in asdict(self).items() if value or name in {"kind", "session"}}
        return json.dumps(fields | {"at": self.at.isoformat()}).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes | str) -> "Event":
        """Raises ValueError for a line that is none."""
        try:
            fields = json.loads(line)
            at, kind, campaigns = parse_time(fields["at"]), fields["kind"], fields.get("campaigns", ())
            if kind not in KINDS:
                raise ValueError(f"{kind!r} is no kind of event")
            return cls(at, kind, str(fields["session"]), fields.get("reason"), tuple(map(str, campaigns)))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no event of the stream's manifest: {str(line)[:80]}") from error


def events_in(lines: Iterable[bytes]) -> Iterator[Event]:
    """The events of a manifest. A line torn by a crash is left out: what it would have said is then a gap."""
    for line in lines:
        try:
            yield Event.of_line(line)
        except ValueError:
            continue


def connections(events: Iterable[Event], campaign_id: str | None = None) -> list[Window]:
    """Times at which posts of the campaign arrived, in order; without a campaign, times of any connection.

    A session without an end, because its process was killed, ends with its last sign of life.
    """
    state = _Reading(campaign_id)
    for event in sorted(events, key=lambda event: event.at):
        state.take(event)
    state.close()
    return state.covered


@dataclass
class _Reading:
    """What is known after some events: the open session, since when posts of the campaign come, and the last sign of life."""

    campaign_id: str | None
    covered: list[Window] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    session: str | None = None
    since: datetime | None = None
    sign: datetime | None = None
    ruled: bool = False

    def take(self, event: Event) -> None:
        if event.kind == RULES:
            self._rule(event)
        elif event.kind == CONNECTED:
            self.ruled = self.campaign_id in event.campaigns if event.campaigns else self.ruled
            self._open(event)
        elif event.session == self.session:
            self.sign = event.at
            if event.kind == DISCONNECTED:
                self.close()
        # Where older events are not at hand, a sign of life says that there was a connection, and for whom.
        elif event.kind == ALIVE and event.campaigns and event.session not in self.ended:
            self.ruled = self.campaign_id in event.campaigns
            self._open(event)

    def close(self) -> None:
        """The session is over since its last sign of life."""
        if self.since is not None and self.sign is not None and self.sign > self.since:
            self.covered.append(Window(self.since, self.sign))
        if self.session is not None:
            self.ended.add(self.session)
        self.session = self.since = self.sign = None

    def _open(self, event: Event) -> None:
        self.close()
        self.session, self.sign = event.session, event.at
        self.since = event.at if self.ruled or self.campaign_id is None else None

    def _rule(self, event: Event) -> None:
        before, self.ruled = self.ruled, self.campaign_id in event.campaigns
        if self.session is None or self.ruled == before or self.campaign_id is None:
            return
        session, self.sign = self.session, event.at
        self.close()
        self.ended.discard(session)
        self.session, self.sign = session, event.at
        self.since = event.at if self.ruled else None


def gaps(events: Iterable[Event], window: Window, campaign_id: str | None = None) -> list[Window]:
    """Times of `window` at which no posts of the campaign could arrive, in order."""
    found: list[Window] = []
    position = window.start
    for covered in connections(events, campaign_id):
        if covered.end <= position or covered.start >= window.end:
            continue
        if covered.start > position:
            found.append(Window(position, covered.start))
        position = min(max(position, covered.end), window.end)
    if position < window.end:
        found.append(Window(position, window.end))
    return found


def covered_since(events: Iterable[Event], campaign_id: str | None = None) -> datetime | None:
    """The first moment at which posts of the campaign could arrive; None when there was none."""
    covered = connections(events, campaign_id)
    return covered[0].start if covered else None


def to_repair(events: Sequence[Event], window: Window, campaign_id: str | None = None) -> list[Window]:
    """The parts of `window` that must be read in another way: the gaps with their edges, in whole seconds, joined where they meet."""
    parts: list[Window] = []
    for gap in gaps(events, window.padded(TAIL, LEAD), campaign_id):
        start = max(window.start, (gap.start - LEAD).replace(microsecond=0))
        end = min(window.end, (gap.end + TAIL + timedelta(microseconds=999_999)).replace(microsecond=0))
        if start >= end:
            continue
        if parts and start <= parts[-1].end:
            parts[-1] = Window(parts[-1].start, max(end, parts[-1].end))
        else:
            parts.append(Window(start, end))
    return parts


def in_words(windows: Iterable[Window]) -> str:
    """`12:03:10-12:11:45 and 12:40:00-13:00:00 UTC`"""
    return " and ".join(f"{window.start:%H:%M:%S}-{window.end:%H:%M:%S}" for window in windows) + " UTC"
