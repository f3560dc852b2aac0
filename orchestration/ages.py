"""At which age engagement was measured, in words. Pure; the site and the command line say the same."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

OBSERVED = "observed"


@dataclass(frozen=True)
class Measured:
    """What is known of the engagement of a span of days.

    `ages` are values of `engagement_age` of its days, None among them. The counts are original posts: `young` are to be measured
    at `hours`, `overdue` should have been by now, `deleted` and `missed` have no figure and never will.
    """

    hours: int
    ages: tuple[str | None, ...]
    young: int = 0
    overdue: int = 0
    deleted: int = 0
    missed: int = 0

    @classmethod
    def of(cls, days: Iterable[Mapping[str, Any]], hours: int, today: date) -> "Measured":
        """From rows of `marts.engagement_daily`; `today` (UTC) tells what is young from what is overdue."""
        days = list(days)

        def count(name: str, rows: Iterable[Mapping[str, Any]] = days) -> int:
            return sum(int(day[f"engagement_{name}"] or 0) for day in rows)

        limit = overdue_before(today, hours)
        overdue = count("waiting", (day for day in days if day["day"] < limit))
        return cls(
            hours,
            tuple(dict.fromkeys(day["engagement_age"] for day in days if day["engagement_measured"])),
            young=count("waiting") - overdue,
            overdue=overdue,
            deleted=count("deleted"),
            missed=count("missed"),
        )

    @property
    def is_provisional(self) -> bool:
        return self.young + self.overdue > 0

    def at(self) -> str:
        """`measured at 24 h`, `measured at 24 to 96 h`, `as last observed`, or both; empty when nothing is known."""
        return measured_at(self.ages)

    def in_brief(self) -> str:
        """As `at`, and whether the figure still grows."""
        return ", ".join(filter(None, [self.at(), "provisional" if self.is_provisional else ""]))

    def sentences(self) -> list[str]:
        """Whole sentences: the age, what is still to come, what will never come."""
        said = [f"Engagement {self.at()}."] if self.at() else []
        if self.young:
            said.append(f"{_posts(self.young, 'is', 'are')} not yet {self.hours} h old: the figure is provisional.")
        if self.overdue:
            said.append(f"{_posts(self.overdue, 'is', 'are')} more than {self.hours} h old and not measured yet: the figure is provisional.")
        if self.deleted:
            said.append(f"{_posts(self.deleted, 'was', 'were')} deleted or withheld since, without a figure.")
        if self.missed:
            said.append(f"{_posts(self.missed, 'was', 'were')} not measured in time, without a figure.")
        return said


def measured_at(ages: Iterable[object]) -> str:
    """The span over all `ages` that stand for figures; see `Measured.at`."""
    parts = [part for age in ages if isinstance(age, str) for part in age.split(" and ")]
    hours = [int(number) for part in parts if re.match(r"at \d|\d", part) for number in re.findall(r"\d+", part)]
    said = ["as last observed"] if OBSERVED in parts else []
    if hours:
        said.append(f"measured at {min(hours)} h" if min(hours) == max(hours) else f"measured at {min(hours)} to {max(hours)} h")
    return " and ".join(said)


def overdue_before(today: date, hours: int) -> date:
    """Posts of days before this one have reached the age of `hours` and its tolerance, whatever the campaign's zone."""
    return today - timedelta(days=ceil(hours * 1.25 / 24) + 1)


def _posts(number: int, one: str, many: str) -> str:
    return f"{number:,} {'post ' + one if number == 1 else 'posts ' + many}"
