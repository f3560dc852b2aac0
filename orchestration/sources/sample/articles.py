"""Turns the invented stories into NewsAPI articles, and counts what is true of them."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from orchestration.sources.sample import campaign, stories
from orchestration.sources.sample.stories import Story

CUT_AT = 190
REMOVED = {
    "source": {"id": None, "name": "[Removed]"},
    "author": None,
    "title": "[Removed]",
    "description": "[Removed]",
    "url": "https://removed.com",
    "urlToImage": None,
    "publishedAt": "1970-01-01T00:00:00",
    "content": "[Removed]",
}
EMPTY = {"source": {"id": None, "name": None}} | dict.fromkeys(
    ("author", "title", "description", "url", "urlToImage", "publishedAt", "content")
)
AUTHORS = ("Mette Lund", "R. Castellan", None, "Ida Okoro", "Staff", None, "Jon Haldorsen")


@dataclass(frozen=True)
class Event:
    event_id: str
    name: str
    day: str
    mood: str
    hashtags: tuple[str, ...]
    told: tuple[Story, ...]


EVENTS = (
    Event("launch", "Launch of the Aurora Trail", campaign.LAUNCH_DAY.isoformat(), "positive", ("auroratrail", "trailrunning"), stories.LAUNCH),
    Event("recall", "Recall after cracked heel plates", campaign.RECALL_DAY.isoformat(), "negative", ("aurorarecall", "halvenne"), stories.RECALL),
)  # fmt: skip


def make_articles() -> list[dict[str, Any]]:
    """Every article in order of time, copies and damaged ones included."""
    told = [story for event in EVENTS for story in event.told]
    usable = [article(story, number) for number, story in enumerate((*told, *stories.QUIET, *stories.HOSTILE))]
    copies = [_copy(usable, *which) for which in stories.COPIES]
    bad_link = article(
        Story("11T17:30", "Citylight News", "Aurora Trail recall: a link that is none", "Halvenne answers.", None), 99
    ) | {"url": "javascript:alert(document.cookie)"}
    return sorted([*usable, *copies, bad_link], key=lambda each: (each["publishedAt"], each["url"])) + [REMOVED, EMPTY, REMOVED]


def article(story: Story, number: int) -> dict[str, Any]:
    """A NewsAPI article; its `language` field is ours, as the service itself only filters by language."""
    slug = re.sub(r"[^a-z0-9]+", "-", story.title.lower()).strip("-")[:60]
    published = datetime.fromisoformat(f"2026-03-{story.at}:00").replace(tzinfo=UTC)
    content = story.content
    if content is not None:
        content = f"{content[:CUT_AT]}… [+{1200 + 37 * number} chars]"
    return {
        "source": {"id": None, "name": story.publication},
        "author": AUTHORS[number % len(AUTHORS)],
        "title": story.title,
        "description": story.description,
        "url": f"https://{stories.PUBLICATIONS[story.publication]}/{published:%Y/%m/%d}/{slug}",
        "urlToImage": None,
        "publishedAt": f"{published:%Y-%m-%dT%H:%M:%SZ}",
        "content": content,
        "language": story.language,
    }


def _copy(usable: list[dict[str, Any]], publication: str, title: str, how: str) -> dict[str, Any]:
    first = next(each for each in usable if each["source"]["name"] == publication and each["title"] == title)
    if how == "tracking":
        scheme, rest = first["url"].split("://")
        host, path = rest.split("/", 1)
        return first | {"url": f"{scheme}://{host.upper()}/{path}?utm_source=feed&utm_medium=rss#top"}
    return first | {"url": first["url"].replace("/2026/", "/amp/2026/")}


def truth_of_articles(articles: list[dict[str, Any]]) -> dict[str, Any]:
    """Events with the organisations and places planted in their stories: the number of distinct stories that name each."""
    return {
        "events": [
            {
                "id": event.event_id,
                "name": event.name,
                "day": event.day,
                "mood": event.mood,
                "hashtags": list(event.hashtags),
                "stories": len(event.told),
                "stories_in_english": sum(story.language == "en" for story in event.told),
                "organizations": _named(event.told, "organizations"),
                "places": _named(event.told, "places"),
            }
            for event in EVENTS
        ],
        "articles": {
            "records": len(articles),
            "removed_or_empty": sum(each["title"] in (None, "[Removed]") for each in articles),
            "copies": len(stories.COPIES),
        },
    }


def _named(told: tuple[Story, ...], what: str) -> dict[str, int]:
    """Names in English stories, most stories first."""
    counter = Counter(name for story in told if story.language == "en" for name in getattr(story, what))
    return dict(sorted(counter.items(), key=lambda each: (-each[1], each[0])))
