"""Turns drafts into records shaped like flattened X API v2 posts, as twarc writes them: one JSON object a line."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from orchestration.sources.sample.posts import Draft
from orchestration.sources.sample.writing import Text, cut
from orchestration.windows import HOUR, floor_hour

REPOST_LENGTH = 139
METRICS = ("retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count")
REFERENCE_TYPES = {"repost": "retweeted", "quote": "quoted", "reply": "replied_to"}


def lines_of_day(drafts: list[Draft]) -> bytes:
    """The day's records as JSON lines, in order of time; of a post seen twice, every other has the later one first."""
    lines, turned = [], False
    for draft in drafts:
        observations = [record(draft, observed_at(draft.created_at), share=1)]
        if draft.repeated:
            early = record(draft, floor_hour(draft.created_at) + HOUR + timedelta(minutes=35), share=3)
            observations = [*observations, early] if turned else [early, *observations]
            turned = not turned
        lines += [json.dumps(each, separators=(",", ":"), ensure_ascii=True) for each in observations]
    return "".join(line + "\n" for line in lines).encode("ascii")


def observed_at(created_at: datetime) -> datetime:
    """06:00Z, one day after the UTC day of the post: its metrics are 30 to 54 hours old."""
    day: date = created_at.date() + timedelta(days=2)
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


def record(draft: Draft, observed: datetime, share: int) -> dict[str, Any]:
    """One observation; `share` 3 is an early one, with a third of the final metrics."""
    shown = _repost_text(draft) if draft.kind == "repost" else draft.text
    made: dict[str, Any] = {
        "id": draft.id,
        "text": shown.body,
        "created_at": stamp(draft.created_at),
        "author_id": draft.author.id,
        "conversation_id": draft.referenced.id if draft.kind == "reply" else draft.id,
    }
    if draft.lang is not None:
        made["lang"] = draft.lang
    metrics = _metrics(draft, share)
    if metrics is not None:
        made["public_metrics"] = metrics
    if shown.entities:
        made["entities"] = shown.entities
    if draft.target is not None:
        made["referenced_tweets"] = [_reference(draft)]
    if draft.kind == "reply":
        made["in_reply_to_user_id"] = draft.referenced.author.id
    if draft.note is not None:
        made["note_tweet"] = _note(draft.note)
    made["edit_history_tweet_ids"] = draft.versions
    made["__twarc"] = {"version": "2.14.1", "retrieved_at": observed.isoformat()}
    return made


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def _metrics(draft: Draft, share: int) -> dict[str, int] | None:
    """As X gives them: a repost repeats its original's repost count, and has no likes of its own."""
    if draft.kind == "repost":
        original = draft.referenced.metrics
        if original is None:
            return None
        return dict.fromkeys(METRICS, 0) | {"retweet_count": original["retweet_count"] + draft.referenced.reposted}
    if draft.metrics is None:
        return None
    final = draft.metrics | {"retweet_count": draft.metrics["retweet_count"] + draft.reposted}
    return {name: final[name] // share for name in METRICS if name in final}


def _repost_text(draft: Draft) -> Text:
    """`RT @handle: ` and the beginning of the original; the full text is in the reference."""
    original = draft.referenced.text
    text = Text()
    text.add("RT ")
    text.add_mention(draft.referenced.author)
    text.add(": ")
    shift = len(text.body)
    text.add(original.body)
    for kind, items in original.entities.items():
        moved = [item | {"start": item["start"] + shift, "end": item["end"] + shift} for item in items]
        text.entities[kind] = text.entities.get(kind, []) + moved
    return cut(text, REPOST_LENGTH, "…")


def _reference(draft: Draft) -> dict[str, Any]:
    """The reference; the referenced post itself is inside for reposts and quotes, as flattened archives have it."""
    target = draft.referenced
    reference: dict[str, Any] = {"type": REFERENCE_TYPES[draft.kind], "id": target.id}
    if draft.kind == "reply":
        return reference
    reference |= {"text": target.text.body, "created_at": stamp(target.created_at), "author_id": target.author.id}
    if target.text.entities:
        reference["entities"] = target.text.entities
    if target.note is not None:
        reference["note_tweet"] = _note(target.note)
    return reference


def _note(note: Text) -> dict[str, Any]:
    return {"text": note.body, "entities": note.entities} if note.entities else {"text": note.body}
