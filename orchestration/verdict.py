"""Did the campaign work, in sentences that say no more than the numbers do. Pure; takes rows of marts.campaign_effects.

A sentence names a direction only where the row's `direction` does and its interval excludes 0. Each figure in a sentence is also a
`Figure`, which says whose it is: the page and the API link it to its trace.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]
WHOLE_CAMPAIGN = "*"
PROVEN = "This is change, not proven effect: nothing that the campaign did not touch was compared with it."
AGAINST = "This takes the competitors as what would have been: that without the campaign both would have moved alike (parallel trends), and that it did not move theirs."
NO_START = "The campaigns file names no first day of this campaign, so there is no before to compare with. Set start_day."
NOTHING_YET = "No day of the campaign has been captured whole yet."

# In the order in which they are said.
NAMES = {
    "posts": ("Posts", "a day"),
    "engagement": ("Engagement", "a day"),
    "authors": ("Authors", "a day"),
    "share_of_voice": ("Share of voice", ""),
    "net_sentiment": ("Net sentiment", ""),
}
PHASES = {"during": "during the campaign", "after": "after the campaign"}


@dataclass(frozen=True)
class Figure:
    """A number of a sentence: `text` as it stands there, and which column of which row of marts.campaign_effects it is."""

    text: str
    column: str
    value: float
    unit: str
    measure: str
    hashtag: str
    phase: str
    control: str


@dataclass(frozen=True)
class Sentence:
    """`kind` is answer, change, not_clear, unknown, caution or note; only `change` and `answer` speak of a direction."""

    kind: str
    text: str
    figures: tuple[Figure, ...] = ()

    def as_fact(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text, "figures": [vars(figure) for figure in self.figures]}


def verdict(rows: Iterable[Row], *, has_start: bool, hashtag: str = WHOLE_CAMPAIGN) -> list[Sentence]:
    """Sentences on the campaign, or on one of its hashtags: the answer first, then each measure, then what it rests on."""
    mine = sorted((row for row in rows if row["hashtag"] == hashtag and row["measure"] in NAMES), key=_order)
    if not mine:
        return [Sentence("unknown", NOTHING_YET if has_start else NO_START)]
    said = []
    for phase in PHASES:
        of_phase = [row for row in mine if row["phase"] == phase]
        if of_phase:
            said += [_answer(of_phase, phase), *_measures(of_phase)]
    return [*said, *_cautions(mine)]


def direction(row: Row) -> str:
    """rose, fell, not_clear or unknown: the row's own word, but never one that its interval does not bear."""
    low, high = row["low"], row["high"]
    if low is None or high is None or row["not_comparable_because"] is not None:
        return "unknown"
    if (row["direction"] == "rose" and low > 0) or (row["direction"] == "fell" and high < 0):
        return row["direction"]
    return "not_clear"


def _order(row: Row) -> tuple[int, int, bool]:
    return list(PHASES).index(row["phase"]), list(NAMES).index(row["measure"]), row["control"] != "none"


def _answer(rows: Sequence[Row], phase: str) -> Sentence:
    """`During the campaign: posts and engagement rose, net sentiment fell, authors show no clear change.`"""
    found: dict[str, list[str]] = {"rose": [], "fell": [], "not_clear": [], "unknown": []}
    # What stands in the answer is held against the competitors where that is known: it is the stricter of the two questions.
    judged = {row["measure"]: row for row in rows if row["control"] == "none" or direction(row) != "unknown"}
    for row in judged.values():
        against = " (against the competitors)" if row["control"] == "competitors" else ""
        found[direction(row)].append(f"{NAMES[row['measure']][0].lower()}{against}")
    parts = [f"{_listed(found[way])} {way}" for way in ("rose", "fell") if found[way]]
    if found["not_clear"]:
        parts.append(f"no clear change of {_listed(found['not_clear'])}")
    if found["unknown"]:
        parts.append(f"whether {_listed(found['unknown'])} changed cannot be said")
    days = f"{PHASES[phase].capitalize()} ({_span(rows[0]['first_day'], rows[0]['last_day'])})"
    return Sentence("answer" if found["rose"] or found["fell"] else "not_clear" if found["not_clear"] else "unknown", f"{days}: {'; '.join(parts)}.")


def _measures(rows: Sequence[Row]) -> list[Sentence]:
    """One sentence for each row that has an expected value, and one for all rows that share a reason for having none."""
    said = []
    without: dict[str, list[Row]] = {}
    for row in rows:
        if row["baseline"] is None:
            without.setdefault(row["not_comparable_because"], []).append(row)
        else:
            said.append(_change(row))
    return [*said, *(_unknown(reason, group) for reason, group in without.items())]


def _change(row: Row) -> Sentence:
    figures: list[Figure] = []

    def figure(column: str) -> str:
        made = _figure(row, column)
        figures.append(made)
        return made.text

    name, per = NAMES[row["measure"]]
    subject = f"{name}{' against the competitors' if row['control'] == 'competitors' else ''}"
    found = direction(row)
    value, expected = f"{figure('value')}{_by(per)}", f"{figure('baseline')} expected from {_days(row['days_before'])} before"
    if found == "unknown":
        return Sentence("unknown", f"{subject}: {value}, {expected}. Whether that is a change cannot be said: {_lower(row['not_comparable_because'])}", tuple(figures))
    interval = f"{figure('change')} (95 % interval {figure('low')} to {figure('high')}"
    if row["relative_low"] is not None and row["relative_high"] is not None:
        interval += f"; {figure('relative_change')}, {figure('relative_low')} to {figure('relative_high')}"
    if found == "not_clear":
        alone = row["low"] > 0 or row["high"] < 0
        why = f"alone it would be clear, among {row['judged_at_once']} changes looked at together it is not" if alone else "days differ by as much without any campaign"
        return Sentence("not_clear", f"{subject}: no clear change. {value}, {expected}: {interval}); {why}.", tuple(figures))
    return Sentence("change", f"{subject} {found}: {value}, {expected}: {interval}).", tuple(figures))


def _unknown(reason: str, rows: Sequence[Row]) -> Sentence:
    """The value alone, where nothing could be expected; measures without even that are named only."""
    figures, parts = [], []
    for row in rows:
        name, per = NAMES[row["measure"]]
        against = " against the competitors" if row["control"] == "competitors" else ""
        if row["value"] is None:
            parts.append(f"{name}{against} unknown")
        elif not against:
            figures.append(_figure(row, "value"))
            parts.append(f"{name} {figures[-1].text}{_by(per)}")
    listed = ", ".join(parts)
    listed = f"{listed[0]}{listed[1:].lower()}. " if listed else ""
    return Sentence("unknown", f"{listed}There is nothing to compare {'this' if len(rows) == 1 else 'these'} with: {_lower(reason)}", tuple(figures))


def _cautions(rows: Sequence[Row]) -> list[Sentence]:
    said = []
    judged = [row for row in rows if direction(row) != "unknown"]
    if any(row["control"] == "competitors" for row in judged):
        said.append(Sentence("caution", f"{AGAINST} The other comparisons have no control: change, not proven effect."))
    elif judged:
        said.append(Sentence("caution", PROVEN))
    left_out = {(row["phase"], row["days_left_out"], row["left_out_because"]): None for row in rows if row["days_left_out"]}
    if left_out:
        most = max(left_out, key=lambda each: each[1])
        said.append(Sentence("note", f"{_days(most[1])} left out of the comparison ({most[2]})."))
    if any(row["basis"] == "labels" for row in judged):
        said.append(Sentence("note", "Net sentiment is as labelled, not corrected for the classifier's own errors."))
    elif any(row["basis"] == "corrected labels" for row in judged):
        said.append(Sentence("note", "Net sentiment is corrected for the classifier's own errors, as people's labels measured them; their own error is not in the interval."))
    return said


def _figure(row: Row, column: str) -> Figure:
    value = float(row[column])
    signed = column not in ("value", "baseline")
    text = shown(value, "percent" if column.startswith("relative") else row["unit"], row["measure"], signed=signed)
    return Figure(text, column, value, row["unit"], row["measure"], row["hashtag"], row["phase"], row["control"])


def shown(value: float, unit: str, measure: str, *, signed: bool) -> str:
    """As it stands in a sentence: numbers a day from 100 on whole, else to one decimal; shares in percent or points, to one decimal."""
    sign = "+" if signed else ""
    if unit == "percent":
        return f"{100 * value:{sign},.0f} %"
    if unit == "ratio":
        is_level = measure == "net_sentiment" or signed
        return f"{100 * value:{'+' if measure == 'net_sentiment' else sign}.1f}{' points' if is_level else ' %'}"
    return f"{value:{sign},.0f}" if abs(value) >= 100 else f"{value:{sign},.1f}"


def _by(per: str) -> str:
    return f" {per}" if per else ""


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _span(first: date, last: date) -> str:
    return f"{_day(first)} to {_day(last)}" if first != last else _day(first)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


def _lower(sentence: str) -> str:
    """The sentence as it goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]
