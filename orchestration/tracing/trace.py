"""A figure with everything behind it, or why there is none."""

from dataclasses import dataclass, replace
from datetime import date

from orchestration.tracing import measures
from orchestration.tracing.figures import Figure, Recount
from orchestration.tracing.measures import Given, Measure
from orchestration.tracing.received import Received
from orchestration.tracing.reported import Reported
from orchestration.tracing.scope import WHOLE, Asked, Scope, TraceError, hours_of, one_of
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import TableMissing
from orchestration.windows import HOUR, Window

DAYS_NAMED = 5


@dataclass(frozen=True)
class Trace:
    """`reported` is the mart's figure, `recount` the same counted again. `scope` says of which hours and of which day's news."""

    asked: Asked
    scope: Scope
    reported: Figure
    recount: Recount

    @property
    def measure(self) -> Measure:
        return measures.MEASURES[self.asked.measure]

    @property
    def is_equal(self) -> bool:
        """Value, and of a ratio both its parts."""
        return self.reported == self.recount.figure

    def days_apart(self) -> list[tuple[date, int, int]]:
        """Days on which mart and recount differ: day, the mart's, the recount's. Empty for what is not added up over days."""
        said, counted = self.reported.by_day, self.recount.figure.by_day
        if not said and not counted:
            return []
        days = sorted(said.keys() | counted.keys())
        return [(day, said.get(day, 0), counted.get(day, 0)) for day in days if said.get(day, 0) != counted.get(day, 0)]


def trace(warehouse: Warehouse, asked: Asked) -> Trace:
    """Raises TraceError for a campaign, measure, hashtag, day or name that is not there; WarehouseError."""
    try:
        return _trace(warehouse, asked)
    except TableMissing as error:
        raise TraceError(_nothing(asked.campaign_id)) from error


def _trace(warehouse: Warehouse, asked: Asked) -> Trace:
    measure = measures.find(asked.measure)
    if not measure.has_hashtags:
        asked = asked._replace(hashtag=WHOLE)
    reported, received = Reported(warehouse, asked.campaign_id, asked.hashtag), Received(warehouse)
    scope = _news_scope(asked, reported, received) if measure.is_of_news else _scope(asked, measure, reported, received)
    if measure.names:
        scope = replace(scope, name=_name(asked, measure, scope, reported))
    said = measure.report(reported, scope)
    return Trace(asked, scope, said, measure.recount(Given(received, scope, warehouse.settings, said)))


def _scope(asked: Asked, measure: Measure, reported: Reported, received: Received) -> Scope:
    """The hours that the figure is of, by the ledger and not by the mart: a day that the mart has lost shows."""
    if asked.day and not measure.has_days:
        raise TraceError(f"{measure.name} is of all days together. Leave --day out.")
    if asked.name and not measure.names:
        raise TraceError(f"{measure.name} is of posts and has no names. Leave --name out.")
    zone = _zone(asked, reported, received)
    span = received.span(asked.campaign_id)
    if span["first_hour"] is None:
        raise TraceError(_nothing(asked.campaign_id))
    captured = Window(span["first_hour"], span["last_hour"] + HOUR)
    scope = Scope(asked.campaign_id, asked.hashtag, asked.day, zone, hours_of(asked.day, zone) if asked.day else captured)
    found = received.captured(scope)
    if not found["hours"]:
        first, last = replace(scope, window=captured).days
        raise TraceError(f"Nothing was captured on {asked.day} (days in {zone}). Captured hours are of {first} to {last}.")
    return replace(scope, removed=found["removed"] or 0)


def _news_scope(asked: Asked, reported: Reported, received: Received) -> Scope:
    """The peak whose news were asked for: the one of the day, or of most engagement."""
    zone = _zone(asked, reported, received)
    days = reported.news_days()
    day = asked.day or next((day for day, is_most in days.items() if is_most), None)
    if not days:
        raise TraceError(
            f"{_named(asked.hashtag)} is not followed or has no peak, so nobody looked for its news. Followed hashtags:  pulse summary --campaign {asked.campaign_id}"
        )
    if day not in days:
        raise TraceError(
            f"Nobody looked for the news of {_named(asked.hashtag)} on {day}. Days whose news were looked for: {', '.join(map(str, days))}."
        )
    if asked.name and not measures.find(asked.measure).names:
        raise TraceError(f"{asked.measure} has no names. Leave --name out.")
    return Scope(asked.campaign_id, asked.hashtag, day, zone, hours_of(day, zone))


def _zone(asked: Asked, reported: Reported, received: Received) -> str:
    """The zone in which the mart's days are days; raises TraceError for a campaign or hashtag that has none."""
    rows = reported.days()
    if not rows:
        known = reported.campaigns()
        raise one_of(asked.campaign_id, known, "campaign with figures") if known else TraceError(_nothing(asked.campaign_id))
    if all(row["hashtag"] != asked.hashtag for row in rows):
        raise one_of(asked.hashtag, [each for each in reported.hashtags() if each != WHOLE], "hashtag", of=f" in the posts of {asked.campaign_id}")
    of_day = [row["zone"] for row in rows if row["zone"] and asked.day in (None, row["day"])]
    return of_day[-1] if of_day else received.zone(asked.campaign_id) or "UTC"


def _name(asked: Asked, measure: Measure, scope: Scope, reported: Reported) -> str:
    """The name as the mart writes it. Raises TraceError that names the nearest."""
    what = measure.names or ""
    known = reported.names(what, scope.day)
    if not asked.name:
        some = f", for example {known[0]!r}" if known else ""
        raise TraceError(f"{measure.name} needs a name: say which with --name{some}.")
    found = {each.casefold(): each for each in reversed(known)} | {asked.name.casefold(): each for each in known if each == asked.name}
    if asked.name.casefold() not in found:
        raise one_of(asked.name, known, what, of=f" among those kept for {_named(scope.hashtag)}")
    return found[asked.name.casefold()]


def _named(hashtag: str) -> str:
    return "The whole campaign" if hashtag == WHOLE else f"#{hashtag}"


def _nothing(campaign_id: str) -> str:
    return f"There are no figures of {campaign_id} yet. Run it:  pulse run --campaign {campaign_id} --from DAY --to DAY"
