"""What is traced: a measure's campaign, hashtag, day and name, and the hours that belong to it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orchestration.nearest import nearest
from orchestration.warehouse.errors import WarehouseError
from orchestration.windows import Window

WHOLE = "*"


class TraceError(WarehouseError):
    """There is no such figure; the message says what there is."""


class Asked(NamedTuple):
    """A figure as somebody names it. `day` None is all captured days; `name` is a word, an organisation or a place."""

    campaign_id: str
    measure: str
    hashtag: str = WHOLE
    day: date | None = None
    name: str | None = None


@dataclass(frozen=True)
class Scope:
    """A figure that exists. `window` holds the hours of the day in `zone`, or every captured hour; `name` is as the mart writes it."""

    campaign_id: str
    hashtag: str
    day: date | None
    zone: str
    window: Window
    name: str | None = None
    removed: int = 0

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of the window in the zone."""
        zone = ZoneInfo(self.zone)
        last = self.window.end - timedelta(microseconds=1)
        return self.window.start.astimezone(zone).date(), last.astimezone(zone).date()

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()


def hours_of(day: date, zone: str) -> Window:
    """From midnight to midnight in the zone: 23 or 25 hours where the clocks change."""
    here = ZoneInfo(zone)
    start, end = (datetime.combine(each, time(), here).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return Window(start, end)


def one_of(name: str, known: list[str], what: str, *, of: str = "") -> TraceError:
    """The error for a name that is not among `known`; names the nearest, and some of those there are."""
    some = ", ".join(known[:10]) + (f" and {len(known) - 10:,} more" if len(known) > 10 else "")
    return TraceError(f"There is no {what} {name!r}{of}.{nearest(name, known)} There {'is' if len(known) == 1 else 'are'}: {some or 'none'}.")
