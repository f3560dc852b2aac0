"""Which fields of a post are returned, under which names: X's specification 2.167 has renamed some of them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.sources.values import parse_observed_at
from orchestration.x_stub.answers import invalid, not_seen
from orchestration.x_stub.store import Store, Stored, to_ms

ALWAYS = ("id", "text", "edit_history_tweet_ids")
POST_FIELDS = frozenset({
    *ALWAYS, "article", "attachments", "author_id", "card_uri", "community_id", "context_annotations", "conversation_id", "created_at",
    "display_text_range", "edit_controls", "entities", "geo", "in_reply_to_user_id", "lang", "media_metadata", "non_public_metrics",
    "note_tweet", "organic_metrics", "possibly_sensitive", "promoted_metrics", "public_metrics", "referenced_tweets", "reply_settings",
    "scopes", "source", "suggested_source_links", "withheld",
})  # fmt: skip
RENAMED = {"edit_history_tweet_ids": "edit_history_post_ids", "referenced_tweets": "referenced_posts", "note_tweet": "note_post"}
OLD_NAMES = {new: old for old, new in RENAMED.items()}
USER_FIELDS = frozenset({
    "affiliation", "confirmed_email", "connection_status", "created_at", "description", "entities", "id", "is_identity_verified", "location",
    "most_recent_tweet_id", "most_recent_post_id", "name", "parody", "pinned_tweet_id", "pinned_post_id", "profile_banner_url",
    "profile_image_url", "protected", "public_metrics", "receives_your_dm", "subscription", "subscription_type", "url", "username",
    "verified", "verified_followers_count", "verified_type", "withheld",
})  # fmt: skip
USER_ALWAYS = ("id", "name", "username")
EXPANSIONS = frozenset({
    "article.cover_media", "article.media_entities", "attachments.media_keys", "attachments.media_source_tweet", "attachments.poll_ids",
    "author_id", "author_screen_name", "edit_history_tweet_ids", "edit_history_post_ids", "entities.mentions.username",
    "entities.note.mentions.username", "geo.place_id", "in_reply_to_user_id", "referenced_tweets.id", "referenced_tweets.id.author_id",
    "referenced_posts.id", "referenced_posts.id.author_id",
})  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What a request asks to see of each post."""

    fields: tuple[str, ...]
    expansions: frozenset[str] = frozenset()
    user_fields: tuple[str, ...] = USER_ALWAYS
    vocabulary: str = "tweet"
    growth_hours: float | None = None

    @classmethod
    def asked(cls, parameters: Mapping[str, str], vocabulary: str, growth_hours: float | None) -> "Shape":
        """Raises Refused for names that X does not know."""
        parameter = f"{vocabulary}.fields"
        named = listed(parameters.get(parameter))
        fields = [OLD_NAMES.get(each, each) if vocabulary == "post" else each for each in named]
        _known(parameter, named, fields, POST_FIELDS)
        expansions = listed(parameters.get("expansions"))
        _known("expansions", expansions, expansions, EXPANSIONS)
        users = listed(parameters.get("user.fields"))
        _known("user.fields", users, users, USER_FIELDS)
        return cls(
            fields=tuple(dict.fromkeys((*ALWAYS, *fields))),
            expansions=frozenset(expansions),
            user_fields=tuple(dict.fromkeys((*USER_ALWAYS, *users))),
            vocabulary=vocabulary,
            growth_hours=growth_hours,
        )

    def post(self, stored: Stored, now_ms: int) -> dict[str, Any]:
        """The post with the asked fields only, as it is at `now_ms`."""
        return self._record(stored.record, (now_ms - stored.ms) / 3_600_000)

    def _record(self, record: Mapping[str, Any], age_hours: float) -> dict[str, Any]:
        made = {name: record[name] for name in self.fields if name in record}
        references = made.get("referenced_tweets")
        if references is not None:
            # Archives have the post itself inside; X answers with its kind and id.
            made["referenced_tweets"] = [{"type": each.get("type"), "id": str(each.get("id"))} for each in references if isinstance(each, dict)]
        metrics = made.get("public_metrics")
        if isinstance(metrics, dict):
            made["public_metrics"] = self._metrics(metrics, age_hours)
        if self.vocabulary == "post":
            made = {RENAMED.get(name, name): value for name, value in made.items()}
        return made

    def _metrics(self, final: Mapping[str, int], age_hours: float) -> dict[str, int]:
        share = 1.0 if self.growth_hours is None else 1 - math.exp(-max(0.0, age_hours) / self.growth_hours)
        renamed = {"retweet_count": "repost_count"} if self.vocabulary == "post" else {}
        return {renamed.get(name, name): math.floor(count * share) for name, count in final.items() if isinstance(count, int)}

    def includes(self, posts: Iterable[Stored], store: Store, now_ms: int) -> tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]:
        """Objects that the expansions ask for, each once, and errors for those that cannot be seen."""
        if not self.expansions:
            return {}, []
        users: dict[str, dict[str, Any]] = {}
        others: dict[str, dict[str, Any]] = {}
        errors: dict[str, dict[str, Any]] = {}
        wants_posts = not self.expansions.isdisjoint({"referenced_tweets.id", "referenced_posts.id"})
        for stored in posts:
            authors = [stored.record.get("author_id")] if "author_id" in self.expansions else []
            if "in_reply_to_user_id" in self.expansions:
                authors.append(stored.record.get("in_reply_to_user_id"))
            for each in authors:
                if each:
                    users.setdefault(str(each), self._user(str(each), store))
            for reference in (stored.record.get("referenced_tweets") or []) if wants_posts else []:
                referenced = str(reference.get("id"))
                seen = _referenced(referenced, reference, store)
                if seen is None:
                    errors[referenced] = not_seen(referenced, parameter="referenced_tweets.id")
                else:
                    others[referenced] = self._record(seen, math.inf if self.growth_hours is None else _age(seen, now_ms))
        found = {"users": list(users.values()), "posts" if self.vocabulary == "post" else "tweets": list(others.values())}
        return {name: each for name, each in found.items() if each}, list(errors.values())

    def _user(self, user_id: str, store: Store) -> dict[str, Any]:
        user = {"id": user_id, "name": f"user {user_id}", "username": f"user_{user_id}"[:15]} | store.users.get(user_id, {})
        return {name: user[name] for name in self.user_fields if name in user}


def listed(value: str | None) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()] if value else []


def _known(parameter: str, named: list[str], meant: list[str], known: frozenset[str]) -> None:
    for name, field in zip(named, meant):
        if field not in known:
            raise invalid(parameter, name, f"The `{parameter}` query parameter value [{name}] is not one of [{','.join(sorted(known))}]")


def _referenced(tweet_id: str, reference: Mapping[str, Any], store: Store) -> Mapping[str, Any] | None:
    known = store.by_id.get(tweet_id)
    if known is not None:
        return None if store.why_gone(known) else known.record
    if tweet_id in store.gone:
        return None
    if tweet_id in store.included:
        return store.included[tweet_id]
    return {name: value for name, value in reference.items() if name != "type"} if "text" in reference else None


def _age(record: Mapping[str, Any], now_ms: int) -> float:
    made = parse_observed_at(record.get("created_at"))
    return math.inf if made is None else (now_ms - to_ms(made)) / 3_600_000
