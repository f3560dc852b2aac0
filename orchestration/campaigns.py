"""Campaigns: what is captured, for whom, in which zone. One CSV file that people edit, or `pulse campaigns add`."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orchestration.settings import Settings
from orchestration.sources.base import CampaignQuery
from orchestration.sources.sample import campaign as sample
from orchestration.sources.text_entities import normalised
from orchestration.windows import Window

CAMPAIGN_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
LISTS = ("hashtags", "competitors", "languages")
SOURCES = ("sample", "archive", "x_search", "x_stream")
NEWS_SOURCES = ("sample", "archive", "newsapi")


class CampaignError(Exception):
    """A campaign is unknown or wrongly described; the message says what to do."""


@dataclass(frozen=True)
class Campaign:
    """One row of the campaigns file. Days are days in `zone`, `end_day` included; None is open."""

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

    def __post_init__(self) -> None:
        if not CAMPAIGN_ID.fullmatch(self.campaign_id):
            raise CampaignError(f"{self.campaign_id!r} is no campaign id. Use lower case letters, digits, _ and -.")
        if not self.name.strip():
            raise CampaignError(f"Campaign {self.campaign_id} has no name. Give one with --name.")
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise CampaignError(f"{self.zone!r} is no time zone. Use a name like Europe/Berlin or UTC.") from error
        if self.start_day and self.end_day and self.end_day < self.start_day:
            raise CampaignError(f"Campaign {self.campaign_id} ends on {self.end_day}, before it starts on {self.start_day}.")
        if self.source not in SOURCES:
            raise CampaignError(f"{self.source!r} is no tweet source. Choose {', '.join(SOURCES)}.")
        if self.news_source not in NEWS_SOURCES:
            raise CampaignError(f"{self.news_source!r} is no news source. Choose {', '.join(NEWS_SOURCES)}.")

    def is_active_in(self, window: Window) -> bool:
        """Whether a day of the campaign, in its zone, touches the window."""
        zone = ZoneInfo(self.zone)
        first, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
        return (self.start_day is None or self.start_day <= last) and (self.end_day is None or self.end_day >= first)

    def as_query(self) -> CampaignQuery:
        return CampaignQuery(self.campaign_id, self.query, self.hashtags, self.languages)

    def as_row(self) -> dict[str, Any]:
        """The row of `raw.campaigns`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


SAMPLE = Campaign(
    campaign_id=sample.CAMPAIGN_ID,
    name=sample.NAME,
    query=sample.QUERY,
    hashtags=sample.HASHTAGS,
    zone=sample.ZONE,
    start_day=sample.FIRST_DAY,
    end_day=sample.LAST_DAY,
    news_query=sample.NEWS_QUERY,
    source="sample",
    news_source="sample",
)


def load(settings: Settings) -> list[Campaign]:
    """Campaigns of the home's file, which is made with the sample in it when absent. Raises CampaignError."""
    file = settings.campaigns_file
    if not file.exists():
        save(settings, [SAMPLE])
    return parse(file.read_text(encoding="utf-8-sig"), file.name)


def find(campaigns: Iterable[Campaign], campaign_id: str) -> Campaign:
    """Raises CampaignError that names the campaigns there are."""
    known = {campaign.campaign_id: campaign for campaign in campaigns}
    if campaign_id not in known:
        raise CampaignError(
            f"There is no campaign {campaign_id!r}. Known: {', '.join(known) or 'none'}. "
            f"Add it:  pulse campaigns add {campaign_id} --name NAME"
        )
    return known[campaign_id]


def parse(text: str, name: str = "campaigns.csv") -> list[Campaign]:
    """Campaigns of a CSV text; lists are parted by blanks. Raises CampaignError with the line."""
    rows = csv.DictReader(io.StringIO(text))
    known = {field.name for field in fields(Campaign)}
    if unknown := set(rows.fieldnames or ()) - known:
        raise CampaignError(f"{name} has the unknown columns {', '.join(sorted(map(str, unknown)))}. Known: {', '.join(sorted(known))}.")
    campaigns: dict[str, Campaign] = {}
    for row in rows:
        try:
            values = {field: value.strip() for field, value in row.items() if isinstance(value, str) and value.strip()}
            campaign = from_values(values)
        except (CampaignError, ValueError, TypeError) as error:
            raise CampaignError(f"{name}, line {rows.line_num}: {error}") from error
        if campaign.campaign_id in campaigns:
            raise CampaignError(f"{name}, line {rows.line_num}: the campaign {campaign.campaign_id} stands there twice.")
        campaigns[campaign.campaign_id] = campaign
    return list(campaigns.values())


def from_values(values: dict[str, str]) -> Campaign:
    """A campaign from text values as they stand in the file. Raises CampaignError, ValueError for a wrong date."""
    made: dict[str, Any] = dict(values)
    for name in LISTS:
        parts = re.split(r"[\s,]+", made.get(name, ""))
        made[name] = normalised(parts) if name == "hashtags" else tuple(part for part in parts if part)
    for name in ("start_day", "end_day"):
        if name in made:
            made[name] = date.fromisoformat(made[name])
    if "campaign_id" not in made or "name" not in made:
        raise CampaignError("campaign_id and name are needed")
    return Campaign(**made)


def save(settings: Settings, campaigns: Iterable[Campaign]) -> Path:
    """Writes the file, whole or not at all."""
    text = io.StringIO()
    names = [field.name for field in fields(Campaign)]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for campaign in campaigns:
        row = campaign.as_row()
        writer.writerow({name: " ".join(row[name]) if name in LISTS else row[name] for name in names})
    file = settings.campaigns_file
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(text.getvalue(), encoding="utf-8")
    part.replace(file)
    return file
