"""Quiet hours: when people are not told. Alerts wait for their end; none is dropped."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class QuietHours:
    """From `start` up to `end` of each day in `zone`, over midnight where the end is the earlier; without both there are none."""

    start: time | None = None
    end: time | None = None
    zone: str = "UTC"

    @classmethod
    def parse(cls, text: str, zone: str) -> "QuietHours":
        """`22:00-07:00`; empty is none. Raises ValueError for anything else, and for hours without a break."""
        if not text.strip():
            return cls(zone=zone)
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        if start == end:
            raise ValueError(f"{text!r} would be quiet for ever")
        return cls(start, end, zone)

    def covers(self, moment: datetime) -> bool:
        if self.start is None or self.end is None:
            return False
        local = moment.astimezone(ZoneInfo(self.zone)).time().replace(tzinfo=None)
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def first_allowed(self, moment: datetime) -> datetime:
        """`moment`, or the end of the quiet hours that hold it; UTC."""
        if not self.covers(moment) or self.end is None:
            return moment
        zone = ZoneInfo(self.zone)
        local = moment.astimezone(zone)
        # By the clock on the wall: a night in which it is changed is an hour longer or shorter.
        end = datetime.combine(local.date(), self.end, zone)
        if end <= local:
            end = datetime.combine(local.date() + timedelta(days=1), self.end, zone)
        return end.astimezone(UTC)
