"""What `pulse stream status` says. Pure: signs in, lines out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from orchestration.sources.x.coverage import Event, covered_since, gaps
from orchestration.windows import Window, parse_time

# Of reconnects that took no time to speak of.
SHORTEST_GAP = timedelta(seconds=1)
MOST_GAPS = 20


@dataclass(frozen=True)
class Status:
    """`off` are today's gaps (UTC) since the stream first began."""

    running: bool
    connected: bool
    life: Mapping[str, Any]
    since: datetime | None
    off: tuple[Window, ...]

    @classmethod
    def of(cls, running: bool, life: Mapping[str, Any], events: Sequence[Event], now: datetime) -> "Status":
        since = covered_since(events)
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        heard = _time(life.get("at"))
        # What came after the last sign is not known yet; while it runs, that is no gap.
        end = heard if running and life.get("connected") and heard else now
        start = max(today, since) if since else None
        off = gaps(events, Window(start, end)) if start and start < end else []
        return cls(running, running and bool(life.get("connected")), life, since, tuple(gap for gap in off if gap.end - gap.start >= SHORTEST_GAP))

    def lines(self) -> list[str]:
        return [self._state(), *self._counts(), *self._gaps()]

    def _state(self) -> str:
        if self.connected:
            return f"connected (process {self.life.get('pid')}), last heard of {_shown(self.life.get('at'))}"
        if self.running:
            return "running, but not connected: it waits before it tries again, or is about to begin"
        return "not running. Start it:  pulse stream run"

    def _counts(self) -> list[str]:
        if not self.life:
            return ["No post has ever been received here."]
        more = [f"{self.life.get(name, 0):,} {words}" for name, words in (("unread", "unread lines"), ("foreign", "of others' rules")) if self.life.get(name)]
        counts = f"posts: {self.life.get('posts', 0):,} since the consumer began" + (f" ({', '.join(more)})" if more else "")
        rate = f"{self.life.get('posts_per_minute', 0):g} a minute" if self.connected else "none now"
        return [counts, f"last post: {_shown(self.life.get('last_post')) or 'none'}, rate: {rate}"]

    def _gaps(self) -> list[str]:
        if self.since is None:
            return []
        if not self.off:
            return ["gaps of today (UTC): none"]
        shown = [f"  {gap.start:%H:%M:%S}-{gap.end:%H:%M:%S}  {(gap.end - gap.start).total_seconds():,.0f} s" for gap in self.off[-MOST_GAPS:]]
        left = len(self.off) - len(shown)
        return [f"gaps of today (UTC): {len(self.off)}", *([f"  {left} earlier ones are left out"] if left else []), *shown]


def _time(text: Any) -> datetime | None:
    try:
        return parse_time(str(text)) if text else None
    except ValueError:
        return None


def _shown(text: Any) -> str:
    moment = _time(text)
    return f"{moment:%Y-%m-%d %H:%M:%S}Z" if moment else ""
