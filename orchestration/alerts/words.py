"""An alert in words: the sentence with its figure, coverage and link. Text from outside stays one line of text."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from orchestration.alerts.events import FAILURE, NOBODY, Event
from orchestration.redaction import redact

TRUSTED_COVERAGE = 0.9
# Slack's own limit of a message is 40,000 characters; nobody reads more than this.
LONGEST_NAME, LONGEST_DETAIL = 80, 300
UNITS = {"volume": "posts", "engagement": "likes, replies, quotes and reposts"}
NEGATIVE_SHARE = "negative_share"


@dataclass(frozen=True)
class Message:
    """What a channel is given. `alert_id` is the same at every try: a receiver that has seen it may drop the second one."""

    alert_id: str
    subject: str
    text: str
    link: str | None = None

    @property
    def whole(self) -> str:
        return f"{self.text}\n{self.link}" if self.link else self.text


def message(alert_id: str, event: Event, name: str, zone: str, site_url: str) -> Message:
    """`name` and `zone` are the campaign's."""
    if event.kind == FAILURE:
        return Message(alert_id, f"Campaign Pulse: {one_line(event.hashtag)} failed", _failure(event))
    return Message(alert_id, f"Campaign Pulse: {_subject(event, name)} stands out", _peak(event, name, zone), page_link(event, name, zone, site_url))


def page_link(event: Event, name: str, zone: str, site_url: str) -> str:
    """The page, with campaign, hashtag and day of the event in the address: as its lists show them, which is how Streamlit keeps them there."""
    day = event.top_at.astimezone(ZoneInfo(zone)).date()
    hashtag = "Whole campaign" if event.hashtag == "*" else f"#{one_line(event.hashtag, 100)}"
    return f"{site_url.rstrip('/')}/?campaign={quote(one_line(name, 60), safe='')}&hashtag={quote(hashtag, safe='')}&day={day}"


def one_line(text: object, longest: int = LONGEST_NAME) -> str:
    """Text from outside in one line, without secrets and without characters that are not seen: a receiver may act on them."""
    words = " ".join(redact(str(text)).split())
    seen = "".join(each for each in words if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return seen if len(seen) <= longest else seen[: longest - 1] + "…"


def _subject(event: Event, name: str) -> str:
    return one_line(name) if event.hashtag == "*" else f"#{one_line(event.hashtag)} ({one_line(name)})"


def _peak(event: Event, name: str, zone: str) -> str:
    share = event.series == NEGATIVE_SHARE
    unit = "of the scored posts negative" if share else UNITS.get(event.series, one_line(event.series))
    value, expected = (_figure(each, share) for each in (event.value, event.expected))
    compared = f"{event.times_expected:.1f} times the {expected} expected" if event.times_expected is not None else f"{expected} were expected"
    said = [f"{_subject(event, name)}: {value} {unit} {_when(event, zone)}, {compared}."]
    said += [_span(event, zone), _coverage(event.coverage)]
    return " ".join(filter(None, said))


def _when(event: Event, zone: str) -> str:
    top = event.top_at.astimezone(ZoneInfo(zone))
    if event.grain == "day":
        return f"on {_day(top)}"
    return f"in the hour from {_day(top)}, {top:%H:%M} ({zone})"


def _span(event: Event, zone: str) -> str:
    longest = timedelta(hours=25) if event.grain == "day" else timedelta(hours=1)
    if event.end_at - event.start_at <= longest:
        return ""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (event.start_at, event.end_at))
    return f"The event lasts from {_day(start)}, {start:%H:%M} to {_day(end)}, {end:%H:%M}."


def _coverage(coverage: float | None) -> str:
    if coverage is None:
        return "Coverage is unknown: nobody counted the posts."
    said = f"Coverage {coverage:.0%}."
    return said if coverage >= TRUSTED_COVERAGE else f"{said} What was not captured is not in the figure unless it was counted."


def _failure(event: Event) -> str:
    campaign = "" if event.campaign_id == NOBODY else f" of campaign {one_line(event.campaign_id)}"
    detail = f" {one_line(event.detail, LONGEST_DETAIL)}" if event.detail else ""
    run = (event.run_id or "")[:8]
    return f"The job {one_line(event.hashtag)}{campaign} failed on {_day(event.top_at)}, {event.top_at:%H:%M} UTC (run {run}).{detail}"


def _figure(value: float | None, share: bool) -> str:
    if value is None:
        return "an unknown number"
    if share:
        return f"{value:.0%}"
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _day(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y}"
