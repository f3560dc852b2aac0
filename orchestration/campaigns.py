"""Campaigns: what is captured, for whom, in which zone. One CSV file that people edit, or `pulse campaigns add`."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.campaign_checks import (
    COLUMNS,
    DAYS,
    LISTS,
    parts_of,
    problems_of,
    query_of_hashtags,
    rows_of,
    values_of,
    wrong_values,
)
from orchestration.settings import Settings
from orchestration.sources.base import CampaignQuery
from orchestration.sources.sample import campaign as sample
from orchestration.sources.text_entities import normalised
from orchestration.windows import Window


class CampaignError(Exception):
    """A campaign is unknown or wrongly described; the message says what to do."""


@dataclass(frozen=True)
class Campaign:
    """One row of the campaigns file. Days are days in `zone`, the last ones included; None is open.

    Posts are captured on the campaign's own days, and on those before and after that `capture_from` and `capture_until` add: without days
    before there is nothing to compare a campaign with.
    """

    campaign_id: str
    name: str
    query: str | None = None
    hashtags: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    zone: str = "UTC"
    start_day: date | None = None
    end_day: date | None = None
    languages: tuple[str, ...] = ()
    news_query: str | None = None
    source: str = "archive"
    news_source: str = "newsapi"
    capture_from: date | None = None
    capture_until: date | None = None

    def __post_init__(self) -> None:
        for _, reason in wrong_values(self.as_row()):
            raise CampaignError(reason)

    def is_active_in(self, window: Window) -> bool:
        """Whether a day on which the campaign is captured, in its zone, touches the window."""
        zone = ZoneInfo(self.zone)
        first, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
        start, end = self.capture_from or self.start_day, self.capture_until or self.end_day
        return (start is None or start <= last) and (end is None or end >= first)

    @property
    def x_query(self) -> str | None:
        """The campaign's query, else one that finds its hashtags, in its language where it names exactly one."""
        if self.query or not self.hashtags:
            return self.query
        return query_of_hashtags(self.hashtags, self.languages)

    def as_query(self) -> CampaignQuery:
        return CampaignQuery(self.campaign_id, self.x_query, self.hashtags, self.languages)

    def as_row(self) -> dict[str, Any]:
        """The row of `raw.campaigns`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


SAMPLE = Campaign(
    campaign_id=sample.CAMPAIGN_ID,
    name=sample.NAME,
    query=sample.QUERY,
    hashtags=sample.HASHTAGS,
    zone=sample.ZONE,
    start_day=sample.LAUNCH_DAY,
    end_day=sample.LAST_DAY,
    news_query=sample.NEWS_QUERY,
    source="sample",
    news_source="sample",
    capture_from=sample.FIRST_DAY,
)


def load(settings: Settings) -> list[Campaign]:
    """Campaigns of the home's file, which is made with the sample in it when absent. Raises CampaignError."""
    file = ensure_file(settings)
    return parse(read_file(file), file.name, full_archive=settings.x_full_archive)


def ensure_file(settings: Settings) -> Path:
    """The home's campaigns file; a new home knows the sample."""
    return settings.campaigns_file if settings.campaigns_file.exists() else save(settings, [SAMPLE])


def read_file(file: Path) -> str:
    """Text of a campaigns file. Raises CampaignError when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CampaignError(f"{file.name} is not written in UTF-8. Save it as `CSV UTF-8` and try again.") from error
    except OSError as error:
        raise CampaignError(f"{file} cannot be read ({error.strerror}). Give a file like campaigns.csv.") from error


def find(campaigns: Iterable[Campaign], campaign_id: str) -> Campaign:
    """Raises CampaignError that names the campaigns there are."""
    known = {campaign.campaign_id: campaign for campaign in campaigns}
    if campaign_id not in known:
        raise CampaignError(
            f"There is no campaign {campaign_id!r}. Known: {', '.join(known) or 'none'}. "
            f"Add it:  pulse campaigns add {campaign_id} --name NAME"
        )
    return known[campaign_id]


def parse(text: str, name: str = "campaigns.csv", *, full_archive: bool = False) -> list[Campaign]:
    """Campaigns of a CSV text; lists are parted by blanks. Raises CampaignError with the first problem and its line."""
    if found := problems_of(text, full_archive=full_archive):
        first, more = found[0], len(found) - 1
        others = f" {more} more problems are listed by:  pulse campaigns check" if more else ""
        raise CampaignError(f"{name}, line {first.line}: {first.reason}{others}")
    (_, header), *rows = rows_of(text)
    return [from_values(values_of(header, row)) for _, row in rows]


def from_values(values: dict[str, str]) -> Campaign:
    """A campaign from text values as they stand in the file. Raises CampaignError, ValueError for a wrong date."""
    made: dict[str, Any] = dict(values)
    for name in LISTS:
        parts = parts_of(made.get(name, ""))
        made[name] = normalised(parts) if name == "hashtags" else parts
    for name in DAYS:
        if name in made:
            made[name] = date.fromisoformat(made[name])
    if "campaign_id" not in made or "name" not in made:
        raise CampaignError("campaign_id and name are needed")
    return Campaign(**made)


def as_csv(campaigns: Iterable[Campaign]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for campaign in campaigns:
        row = campaign.as_row()
        # A lone CR: the writer puts no quotes around it, and the reader takes it for the end of the line.
        plain = {name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in row.items() if isinstance(value, str)}
        writer.writerow({name: " ".join(row[name]) if name in LISTS else plain.get(name, row[name]) for name in COLUMNS})
    return text.getvalue()


def save(settings: Settings, campaigns: Iterable[Campaign]) -> Path:
    """Writes the file, whole or not at all."""
    file = settings.campaigns_file
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(as_csv(campaigns), encoding="utf-8")
    part.replace(file)
    return file
