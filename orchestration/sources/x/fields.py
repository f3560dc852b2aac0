"""What is asked of X for each post. Fields cost nothing; expansions bring further resources, each with its price."""

from collections.abc import Mapping
from datetime import UTC, datetime

POST_FIELDS = (
    "created_at", "author_id", "lang", "public_metrics", "entities", "referenced_tweets", "note_tweet", "edit_controls",
    "conversation_id", "in_reply_to_user_id", "possibly_sensitive", "withheld",
)  # fmt: skip
METRIC_FIELDS = ("created_at", "public_metrics")
# Specification 2.167 renames these; X has not said whether the old names still work.
RENAMED = {"referenced_tweets": "referenced_posts", "note_tweet": "note_post"}


def fields_parameter(fields: tuple[str, ...], vocabulary: str) -> Mapping[str, str]:
    """The parameter that asks for `fields`, named as `vocabulary` (tweet or post) names it."""
    if vocabulary == "post":
        return {"post.fields": ",".join(RENAMED.get(field, field) for field in fields)}
    return {"tweet.fields": ",".join(fields)}


def as_time(moment: datetime) -> str:
    """RFC 3339 in UTC with seconds, as X takes it. Raises ValueError for a time without a zone: X would read it as UTC."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no zone")
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
