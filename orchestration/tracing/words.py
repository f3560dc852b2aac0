"""A trace in words and as facts: what the command line prints, what the page shows, what a program reads. Pure."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from orchestration.tracing.figures import Figure, Part, in_words
from orchestration.tracing.scope import WHOLE
from orchestration.tracing.trace import DAYS_NAMED, Trace

FACTS = ("Formula", "Unit", "Denominator", "NULL", "Source")


def shown(figure: Figure) -> str:
    """`158,741`; a ratio with its parts: `1,203 / 4,000 = 0.30075`; a day with its engagement; `unknown`."""
    value = figure.value
    if isinstance(value, float):
        return f"{figure.top:,} / {figure.bottom:,} = {value:.6g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return f"{value} ({figure.top:,} engagement)" if figure.top is not None else str(value)
    return "unknown (NULL)"


def subject(found: Trace) -> str:
    """`Engagement of #chatgpt on 2023-04-04`, and which name of which peak."""
    scope, named = found.scope, f" {found.scope.name!r}" if found.scope.name else ""
    of = f"campaign {scope.campaign_id}" if scope.hashtag == WHOLE else f"#{scope.hashtag} in campaign {scope.campaign_id}"
    when = f"around the peak of {scope.day}" if found.measure.is_of_news else f"on {scope.day}" if scope.day else "on all captured days"
    return f"{found.measure.title}{named} of {of}, {when}"


def about(found: Trace) -> list[str]:
    """The figure as the mart has it, its definition and facts; days and hours that it is of."""
    measure, scope = found.measure, found.scope
    return [
        f"{subject(found)}: {shown(found.reported)}",
        measure.definition,
        *(f"{name}: {measure.facts[name]}" for name in FACTS if name in measure.facts),
        f"Stands in: marts.{measure.mart}. Counted again from: {', '.join(measure.raw)}.",
        f"Peak: {scope.day} in {scope.zone}." if measure.is_of_news else _hours(found),
    ]


def _hours(found: Trace) -> str:
    window, (first, last) = found.scope.window, found.scope.days
    days = f"day {first}" if first == last else f"days {first} to {last}"
    return f"Hours: {window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M} UTC ({days} in {found.scope.zone})."


def lines_of(found: Trace) -> list[str]:
    """The verdict first; then what adds nothing, what was deleted, and where the two part."""
    said = [verdict(found), *found.recount.said]
    if found.scope.removed:
        was = in_words(found.scope.removed, "post of these hours was", "posts of these hours were")
        said.append(f"{was} deleted since by duty: neither the mart nor the recount has {'it' if found.scope.removed == 1 else 'them'}.")
    if not found.is_equal:
        apart = found.days_apart()
        said.extend(f"They part on {day}: the mart has {mart:,}, the recount {counted:,}." for day, mart, counted in apart[:DAYS_NAMED])
        if len(apart) > DAYS_NAMED:
            said.append(f"And on {in_words(len(apart) - DAYS_NAMED, 'more day', 'more days')}.")
        said.append("A run that has not finished leaves such a difference. If none is running, build the days anew:  pulse run --help")
    return said


def verdict(found: Trace) -> str:
    """`recomputed: 158,741, equal (...)`, or both figures and their difference."""
    counted, parts = found.recount.figure, found.recount.parts
    if not found.is_equal:
        return f"recomputed: {shown(counted)}, DIFFERENT from the mart's {shown(found.reported)}{_difference(found.reported, counted)}"
    base = f"from {in_words(len(parts), *found.measure.parts)}; {found.measure.shared}"
    if counted.value is None:
        return f"recomputed: unknown too, equal: nobody knows this figure ({base})"
    return f"recomputed: {shown(counted)}, equal ({base})"


def _difference(said: Figure, counted: Figure) -> str:
    if isinstance(said.value, date) or isinstance(counted.value, date) or said.value is None or counted.value is None:
        return "."
    return (
        f": a difference of {counted.value - said.value:,.6g}."
        if isinstance(said.value, float)
        else f": a difference of {counted.value - said.value:,}."
    )


def as_facts(found: Trace, parts: Sequence[Part], dagster_port: int) -> dict[str, Any]:
    """Everything, for a program; `parts` are those to be listed."""
    measure, scope = found.measure, found.scope
    return {
        "measure": measure.name,
        "campaign_id": scope.campaign_id,
        "hashtag": scope.hashtag,
        "day": scope.day,
        "name": scope.name,
        "zone": scope.zone,
        "window": {"start": scope.window.start, "end": scope.window.end},
        "definition": measure.definition,
        **{name.lower(): measure.facts.get(name) for name in FACTS},
        "mart": f"marts.{measure.mart}",
        "recounted_from": list(measure.raw),
        "shared": measure.shared,
        "reported": _figure(found.reported),
        "recomputed": _figure(found.recount.figure),
        "equal": found.is_equal,
        "said": lines_of(found),
        "parts_in_all": len(found.recount.parts),
        "runs_at": f"http://127.0.0.1:{dagster_port}/runs/",
        "parts": [asdict(part) for part in parts],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"value": figure.value, "top": figure.top, "bottom": figure.bottom}
