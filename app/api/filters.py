"""What is asked of: campaign, hashtag and days, as the page has them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator

from app.api.problems import unreadable

WHOLE_CAMPAIGN = "*"
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# No control characters: DuckDB ends a string at NUL, and none stands in an id.
NAME = r"^[^\x00-\x1f\x7f]*$"


def _only_iso(value: Any) -> Any:
    # Pydantic reads numbers as days since 1970.
    if isinstance(value, str) and not ISO_DAY.fullmatch(value):
        raise ValueError("This is no day. Write it like 2026-03-05.")
    return value


Day = Annotated[date, BeforeValidator(_only_iso)]
CampaignId = Annotated[
    str, Query(min_length=1, max_length=200, pattern=NAME, description="Id of a campaign, as /v1/campaigns has it.", examples=["sample"])
]
Hashtag = Annotated[
    str,
    Query(min_length=1, max_length=200, pattern=NAME, description="Hashtag, with or without its sign; `*` is the whole campaign.", examples=["*"]),
]
From = Annotated[Day | None, Query(alias="from", description="First day, in the campaign's zone.", examples=["2026-03-02"])]
To = Annotated[Day | None, Query(alias="to", description="Day after the last, in the campaign's zone.", examples=["2026-03-17"])]


@dataclass(frozen=True)
class Filters:
    """Days from `start` up to, not including, `end`; None is open."""

    campaign: str
    hashtag: str = WHOLE_CAMPAIGN
    start: date | None = None
    end: date | None = None

    def check(self) -> None:
        """Raises ApiError 422 for days that are swapped. After the campaign was found: whether days make sense is nobody's business before."""
        if self.start and self.end and self.end <= self.start:
            raise unreadable("query.to", f"The period ends ({self.end}) before it begins ({self.start}). `to` is the day after the last one.")

    def facts(self) -> dict[str, Any]:
        """All but the campaign, under the names of the address."""
        return {"hashtag": self.hashtag, "from": self.start, "to": self.end}

    @property
    def is_open(self) -> bool:
        return self.start is None and self.end is None

    def has(self, day: date | None) -> bool:
        return day is not None and (self.start is None or day >= self.start) and (self.end is None or day < self.end)


def filters(campaign: CampaignId, hashtag: Hashtag = WHOLE_CAMPAIGN, start: From = None, end: To = None) -> Filters:
    return Filters(campaign, hashtag_key(hashtag), start, end)


def hashtag_key(name: str) -> str:
    """As the marts write it: NFKC, case-folded, without its sign."""
    plain = unicodedata.normalize("NFKC", name).strip().lstrip("#@$").strip()
    return unicodedata.normalize("NFKC", plain.casefold()) or name
