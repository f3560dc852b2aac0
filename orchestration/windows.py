"""Half-open UTC windows `[start, end)`: the only way this platform speaks of a span of time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

# Day of the first post on X: a bound that leaves nothing out.
FIRST_DAY = date(2006, 3, 21)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, order=True)
class Window:
    """`[start, end)` in UTC. Raises ValueError for naive times, or an end before the start."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for edge in (self.start, self.end):
            if edge.tzinfo is None:
                raise ValueError(f"a window needs times with a zone, got {edge.isoformat()}")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end < self.start:
            raise ValueError(f"a window ends after it starts, got {self}")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def __str__(self) -> str:
        return f"[{self.start:%Y-%m-%dT%H:%M:%SZ}, {self.end:%Y-%m-%dT%H:%M:%SZ})"

    @classmethod
    def hour_of(cls, moment: datetime) -> "Window":
        """The whole UTC hour that holds `moment`."""
        start = floor_hour(moment)
        return cls(start, start + HOUR)

    def hours(self) -> Iterator["Window"]:
        """Each whole UTC hour that the window touches, in order."""
        start = floor_hour(self.start)
        while start < self.end:
            yield Window(start, start + HOUR)
            start += HOUR

    def to_whole_hours(self) -> "Window":
        """The smallest window of whole hours that holds this one."""
        end = floor_hour(self.end)
        return Window(floor_hour(self.start), end if end == self.end else end + HOUR)

    def padded(self, before: timedelta = timedelta(0), after: timedelta = timedelta(0)) -> "Window":
        return Window(self.start - before, self.end + after)

    def utc_days(self) -> list[date]:
        """Each UTC day that the window touches, in order."""
        if self.start == self.end:
            return []
        last = (self.end - timedelta(microseconds=1)).date()
        return [self.start.date() + timedelta(days=n) for n in range((last - self.start.date()).days + 1)]


def floor_hour(moment: datetime) -> datetime:
    """The start of the UTC hour of an aware `moment`."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def parse_time(text: str) -> datetime:
    """An ISO date or time as an aware UTC time; without a zone it is read as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text.strip()!r} is before the year 1 or after 9999 in UTC") from None


def contiguous(hours: Iterable[Window]) -> list[Window]:
    """Neighbouring hours joined to windows, in order."""
    joined: list[Window] = []
    for hour in sorted(hours):
        if joined and joined[-1].end == hour.start:
            joined[-1] = Window(joined[-1].start, hour.end)
        else:
            joined.append(hour)
    return joined
