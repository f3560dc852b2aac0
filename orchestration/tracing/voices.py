"""Share of voice counted again: each member of the set by its own days, from its own posts or from what its source counted."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

from orchestration.tracing.figures import Figure, Part, Recount, by_day, in_words
from orchestration.tracing.received import Received
from orchestration.tracing.scope import WHOLE, Scope, hours_of
from orchestration.windows import Window

ALONE = "The campaign names no competitors, so there is no voice to share."


@dataclass(frozen=True)
class Member:
    """Posts by day; `counted` of the days whose every captured hour was counted. A day that is in neither was not captured."""

    posts: dict[date, int]
    counted: dict[date, int]


def share_of_voice(received: Received, scope: Scope) -> Recount:
    """Own posts by those of the set, on days on which every member was captured: as counted where everybody was counted that day, else as captured."""
    competitors = received.competitors(scope.campaign_id)
    if not competitors:
        return Recount(Figure(None), [], (ALONE,))
    days = [scope.day] if scope.day else _days_of(scope)
    members = {member: _member(received, scope, member, days) for member in (scope.campaign_id, *competitors)}
    own = members[scope.campaign_id]
    known = [day for day in days if all(day in each.posts for each in members.values())]
    parts = [part for day in known for part in _parts(scope.campaign_id, members, day)]
    left_out = sum(day in own.posts for day in days) - len(known)
    said = (f"{in_words(left_out, 'day is', 'days are')} left out: not every campaign of the set was captured.",) if left_out else ()
    figure = Figure.ratio(sum(part.contribution for part in parts), sum(part.of or 0 for part in parts), by_day(parts))
    return Recount(figure if known else Figure(None), sorted(parts, key=lambda part: (str(part.day), -part.contribution, part.id)), said)


def _parts(campaign_id: str, members: dict[str, Member], day: date) -> list[Part]:
    is_counted = all(day in each.counted for each in members.values())
    volumes = {member: (each.counted if is_counted else each.posts)[day] for member, each in members.items()}
    basis = "posts counted by the source" if is_counted else "posts captured"
    return [
        Part(member, volume if member == campaign_id else 0, volume, day, detail=basis if member == campaign_id else f"{basis}, of a competitor")
        for member, volume in volumes.items()
    ]


def _member(received: Received, scope: Scope, member: str, days: list[date]) -> Member:
    """Days of a member are days in its own zone."""
    zone = scope.zone if member == scope.campaign_id else received.zone(member) or "UTC"
    window = Window(hours_of(days[0], zone).start, hours_of(days[-1], zone).end)
    theirs = replace(scope, campaign_id=member, hashtag=WHOLE, zone=zone, window=window)
    hours = received.hours(theirs)
    posts: Counter[date] = Counter({theirs.day_of(hour["hour"]): 0 for hour in hours})
    posts.update(theirs.day_of(post.created_at) for post in received.posts(theirs))
    counted: Counter[date] = Counter()
    for hour in hours:
        counted[theirs.day_of(hour["hour"])] += hour["counted"] or 0
    unknown = {theirs.day_of(hour["hour"]) for hour in hours if hour["counted"] is None}
    return Member(dict(posts), {day: volume for day, volume in counted.items() if day not in unknown})


def _days_of(scope: Scope) -> list[date]:
    first, last = scope.days
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
