"""Capture: what a source answers for the campaigns of a window, as rows of the raw tables. No warehouse, no Dagster."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from orchestration.campaigns import Campaign
from orchestration.compliance.tombstones import keep_living_capture
from orchestration.sources.base import Capture, DeadLetter, HourCapture, Post, SourceError, TweetSource
from orchestration.windows import HOUR, Window

# Not `asdict`: it copies every value, 4 s for 30,000 posts.
POST_FIELDS = tuple(each.name for each in fields(Post))


class WouldShrink(SourceError):
    """A re-run brings fewer posts than are stored: the source has forgotten some. Refused unless forced."""


@dataclass(frozen=True)
class Captured:
    """`rows` of the hours of `window`; `stopped` says why hours after it are missing."""

    window: Window
    rows: "CapturedRows"
    stopped: SourceError | None


@dataclass
class CapturedRows:
    """Rows for `raw.tweets`, `raw.capture_ledger` and `raw.dead_letters`."""

    tweets: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    dead_letters: list[dict[str, Any]] = field(default_factory=list)
    skipped_files: list[str] = field(default_factory=list)

    def add(self, campaign_id: str, capture: Capture, cap: int, removed: Mapping[datetime, int] | None = None) -> None:
        """`removed` says how many posts of each hour were deleted by duty: they count as captured, and are not stored."""
        for hour in capture.hours:
            self.tweets += [tweet_row(campaign_id, capture.source, post) for post in hour.posts]
            self.ledger.append(ledger_row(campaign_id, capture, hour, cap, (removed or {}).get(hour.hour, 0)))
        self.dead_letters += letter_rows(campaign_id, "tweets", capture.source, capture.dead_letters)


def tweet_row(campaign_id: str, source: str, post: Post) -> dict[str, Any]:
    values = {name: getattr(post, name) for name in POST_FIELDS}
    return {"campaign_id": campaign_id, **values, "is_repost": post.is_repost, "source": source}


def ledger_row(campaign_id: str, capture: Capture, hour: HourCapture, cap: int, removed: int) -> dict[str, Any]:
    return {
        "campaign_id": campaign_id,
        "hour": hour.hour,
        "source": capture.source,
        "capture_mode": hour.capture_mode or capture.capture_mode,
        "source_ref": capture.source_ref,
        "captured": len(hour.posts) + removed,
        "counted": hour.counted,
        "capped": hour.capped,
        "capped_at": hour.capped_at,
        "hourly_cap": cap,
        "observations": hour.observations,
        "ids_exact": all(post.id_is_exact for post in hour.posts),
        "notes": "; ".join(hour.notes) or None,
        "requests": hour.requests,
        "cost_usd": hour.cost_usd,
        "removed": removed,
    }


def letter_rows(campaign_id: str, feed: str, source: str, letters: Iterable[DeadLetter]) -> list[dict[str, Any]]:
    """One row per distinct letter."""
    rows = {}
    for letter in letters:
        identity = "\x1f".join((feed, letter.source_ref, str(letter.line), letter.reason, letter.raw_record))
        letter_id = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:24]
        rows[letter_id] = {"campaign_id": campaign_id, "letter_id": letter_id, "feed": feed, "source": source, **asdict(letter)}
    return list(rows.values())


def refuse_to_shrink(campaign_id: str, capture: Capture, stored: Mapping[datetime, int]) -> None:
    """Raises WouldShrink when an hour of the capture has fewer posts than `stored` says, unless the cap was lowered."""
    smaller = [
        (hour.hour, stored[hour.hour], len(hour.posts))
        for hour in capture.hours
        if not hour.capped and len(hour.posts) < stored.get(hour.hour, 0)
    ]
    if smaller:
        hour, before, now = smaller[0]
        raise WouldShrink(
            f"{len(smaller)} hours of {campaign_id} would lose posts: {hour:%Y-%m-%dT%H:%MZ} holds {before}, "
            f"{capture.source_ref or capture.source} now brings {now}. Nothing was changed. To replace them all the same, add --force."
        )


def capture_campaign(
    campaign: Campaign,
    source: TweetSource,
    window: Window,
    cap: int,
    *,
    stored: Mapping[datetime, int],
    tombstones: Collection[str] = frozenset(),
    force: bool = False,
) -> Captured:
    """Rows of the hours that the source could answer, and the window that they fill from its start on.

    `stored` says how many posts each hour holds already, `tombstones` which posts and authors were deleted by duty and must
    not come back. Raises SourceError when no hour is complete.
    """
    capture, removed = keep_living_capture(source.fetch(window, campaign.as_query(), cap), tombstones)
    if not force:
        refuse_to_shrink(campaign.campaign_id, capture, stored)
    rows = CapturedRows(skipped_files=list(capture.skipped_files))
    rows.add(campaign.campaign_id, capture, cap, removed)
    answered = Window(window.start, capture.hours[-1].hour + HOUR) if capture.stopped else window
    return Captured(answered, rows, capture.stopped)


def capturable(campaigns: Iterable[Campaign], window: Window) -> list[Campaign]:
    """Campaigns that an hourly run without further word captures: active in the window, and no archive to be named first."""
    return [campaign for campaign in campaigns if campaign.source != "archive" and campaign.is_active_in(window)]
