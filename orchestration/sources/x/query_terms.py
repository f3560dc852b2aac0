"""The single terms of X's search language, and what of a post each of them looks at."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from zlib import crc32

import regex

from orchestration.sources import text_entities

IS = frozenset({"retweet", "reply", "quote", "verified", "nullcast"})
HAS = frozenset({"hashtags", "cashtags", "links", "mentions", "media", "images", "video_link", "videos", "geo"})
METRICS = {"min_likes": ("like_count",), "min_replies": ("reply_count",), "min_reposts": ("retweet_count", "repost_count")}
# Known to X; nothing in a post of API v2 says whether they hold, so here they find nothing.
UNSEEN = frozenset({"context", "entity", "list", "point_radius", "bounding_box", "bio", "bio_name", "bio_location", "followers_count",
                    "tweets_count", "following_count", "listed_count", "url_title", "url_description", "url_contains", "source"})  # fmt: skip
STREAM_ONLY = frozenset({"sample", "bio", "bio_name", "bio_location", "followers_count", "tweets_count", "following_count",
                         "listed_count", "url_title", "url_description", "url_contains", "source"})  # fmt: skip
CONJUNCTION_REQUIRED = frozenset({"is", "has", "lang", "sample", *METRICS})
IDS = {"conversation_id": None, "retweets_of_tweet_id": "retweeted", "in_reply_to_tweet_id": "replied_to", "quotes_of_tweet_id": "quoted"}
OPERATORS = frozenset({"from", "to", "url", "retweets_of", "place", "place_country", *IDS, *CONJUNCTION_REQUIRED, *UNSEEN})

HANDLE = regex.compile(r"@?[A-Za-z0-9_]{1,20}")
LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
# Scripts without spaces between words: a word is found inside a run of them.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
UNSPACED = regex.compile(f"[{_UNSPACED}]")
WORD = regex.compile(rf"[[\p{{L}}\p{{M}}\p{{N}}_]--[{_UNSPACED}]]+|[{_UNSPACED}]+", regex.VERSION1)
ASCII_WORD = re.compile(r"\w+", re.ASCII)
# Marks of Latin, Greek and Cyrillic letters; those of other scripts make another letter, not another spelling.
DIACRITICS = re.compile("[\u0300-\u036f]+")
LONG_FORMS = ("note_tweet", "note_post")
REFERENCES = ("referenced_tweets", "referenced_posts")


@dataclass(frozen=True)
class Term:
    """`name` is an operator, or one of words, hashtag, mention, cashtag."""

    name: str
    value: str

    @property
    def shown(self) -> str:
        return f"{self.name}:{self.value}"

    def holds(self, view: "PostView") -> bool:
        return _LOOKS[self.name](view, self.value)

    def stands_alone(self) -> bool:
        return self.name not in CONJUNCTION_REQUIRED


class PostView:
    """A post as the terms look at it; each part is made when it is first asked for."""

    def __init__(self, record: Mapping[str, Any], *, fold: bool = True, handle: str | None = None) -> None:
        self.record, self._fold, self._handle = record, fold, handle

    def folded(self, text: str) -> str:
        """Without differences of case, and of diacritics where search folds them."""
        if text.isascii():
            return text.lower()
        plain = unicodedata.normalize("NFKC", text).casefold()
        if self._fold:
            plain = DIACRITICS.sub("", unicodedata.normalize("NFD", plain))
        return unicodedata.normalize("NFKC", plain)

    @cached_property
    def parts(self) -> list[Mapping[str, Any]]:
        """The post, its long form, and for a repost the original where it is at hand: a repost's own text is cut."""
        found = [self.record, *(part for name in LONG_FORMS if isinstance(part := self.record.get(name), dict))]
        original = self.references.get("retweeted")
        if original is not None and isinstance(original.get("text"), str):
            found += [original, *(part for name in LONG_FORMS if isinstance(part := original.get(name), dict))]
        return found

    @cached_property
    def references(self) -> dict[str, Mapping[str, Any]]:
        """What the post refers to, by type."""
        listed = next((held for name in REFERENCES if isinstance(held := self.record.get(name), list)), [])
        return {"retweeted" if each.get("type") == "reposted" else str(each.get("type")): each for each in listed if isinstance(each, dict)}

    @cached_property
    def texts(self) -> list[str]:
        return [self.folded(text) for part in self.parts if isinstance(text := part.get("text"), str)]

    @cached_property
    def words(self) -> list[str]:
        """Each text as its words, parted and surrounded by blanks."""
        return [_phrase(text) for text in self.texts]

    def marked(self, kind: str, *fields: str) -> list[str]:
        """Names of one kind of entity that the API marked."""
        found = []
        for part in self.parts:
            entities = part.get("entities")
            named = entities.get(kind) if isinstance(entities, dict) else None
            for each in named if isinstance(named, list) else []:
                found += [value for name in fields if isinstance(each, dict) and isinstance(value := each.get(name), str)]
        return found

    @cached_property
    def has_entities(self) -> bool:
        return any(isinstance(part.get("entities"), dict) for part in self.parts)

    @cached_property
    def hashtags(self) -> set[str]:
        return self._names("hashtags", ("tag",), text_entities.hashtags)

    @cached_property
    def mentions(self) -> set[str]:
        return self._names("mentions", ("username", "id"), text_entities.mentions)

    @cached_property
    def cashtags(self) -> set[str]:
        return self._names("cashtags", ("tag",), text_entities.cashtags)

    @cached_property
    def links(self) -> list[str]:
        marked = self.marked("urls", "expanded_url", "unwound_url", "display_url", "url")
        return marked if self.has_entities else [link for part in self.parts for link in text_entities.links(str(part.get("text") or ""))]

    def _names(self, kind: str, fields: tuple[str, ...], find: Callable[[str], list[str]]) -> set[str]:
        names = self.marked(kind, *fields) if self.has_entities else [name for part in self.parts for name in find(str(part.get("text") or ""))]
        return {self.folded(text_entities.key_of(name)) for name in names}

    @cached_property
    def author(self) -> set[str]:
        return _account(self.record, self.record.get("author"), self._handle)


def value_problem(name: str, value: str) -> str | None:
    """Why the operator does not take the value, or None."""
    if not value:
        return f"{name}: has no value. Write it directly after the colon, without a blank."
    plain = value.lower()
    if name == "is" and plain not in IS:
        return f"There is no is:{value}. There are {', '.join(f'is:{each}' for each in sorted(IS))}."
    if name == "has" and plain not in HAS:
        return f"There is no has:{value}. There are {', '.join(f'has:{each}' for each in sorted(HAS))}."
    if name in {"from", "to", "retweets_of"} and not HANDLE.fullmatch(value):
        return f"{name}:{value} names no account. Write its handle without blanks, e.g. {name}:nasa."
    if name == "lang" and not LANGUAGE.fullmatch(value):
        return f"lang:{value} is no language. Write its code, e.g. lang:en."
    if name in {*METRICS, *IDS} and not (value.isascii() and value.isdigit()):
        return f"{name}:{value} needs a whole number, e.g. {name}:10."
    if name == "sample" and not (value.isascii() and value.isdigit() and 1 <= int(value) <= 100):
        return f"sample:{value} needs a percentage from 1 to 100, e.g. sample:10."
    return None


def _account(record: Mapping[str, Any], inlined: Any, handle: str | None = None) -> set[str]:
    inlined = inlined if isinstance(inlined, dict) else {}
    return {str(name).lower() for name in (record.get("author_id"), inlined.get("id"), inlined.get("username"), handle) if name}


def _phrase(text: str) -> str:
    """The words of a text, parted and surrounded by blanks."""
    return f" {' '.join((ASCII_WORD if text.isascii() else WORD).findall(text))} "


def _words(view: PostView, value: str) -> bool:
    wanted = view.folded(value)
    phrase = _phrase(wanted)
    if phrase.isspace() or UNSPACED.search(wanted):
        return any(wanted in text for text in view.texts)
    return any(phrase in words for words in view.words)


def _is(view: PostView, value: str) -> bool:
    match value.lower():
        case "retweet":
            return "retweeted" in view.references
        case "reply":
            return "replied_to" in view.references
        case "quote":
            return "quoted" in view.references
        case "verified":
            author = view.record.get("author")
            return bool(isinstance(author, dict) and author.get("verified"))
        case _:
            return False


def _has(view: PostView, value: str) -> bool:
    match value.lower():
        case "hashtags":
            return bool(view.hashtags)
        case "mentions":
            return bool(view.mentions)
        case "cashtags":
            return bool(view.cashtags)
        case "links":
            return bool(view.links)
        case "geo":
            return bool(view.record.get("geo"))
        case _:
            attachments = view.record.get("attachments")
            return bool(isinstance(attachments, dict) and attachments.get("media_keys"))


def _url(view: PostView, value: str) -> bool:
    phrase = _phrase(view.folded(value))
    return any(phrase in _phrase(view.folded(link)) for link in view.links)


def _to(view: PostView, value: str) -> bool:
    wanted = value.lstrip("@").lower()
    if "replied_to" not in view.references and not view.record.get("in_reply_to_user_id"):
        return False
    if str(view.record.get("in_reply_to_user_id")) == wanted:
        return True
    # The account that is answered is the first one mentioned.
    text = str(view.record.get("text") or "")
    return text.lower().startswith(f"@{wanted}") and wanted in view.mentions


def _place(view: PostView, value: str, *fields: str) -> bool:
    geo = view.record.get("geo")
    geo = geo if isinstance(geo, dict) else {}
    held = [geo.get("place_id"), *(geo.get(field) for field in fields)]
    return view.folded(value) in {view.folded(str(each)) for each in held if each}


def _least(view: PostView, value: str, fields: tuple[str, ...]) -> bool:
    metrics = view.record.get("public_metrics")
    held = next((metrics[field] for field in fields if field in metrics), None) if isinstance(metrics, dict) else None
    return isinstance(held, int) and held >= int(value)


def _reference(view: PostView, value: str, kind: str | None) -> bool:
    if kind is None:
        return str(view.record.get("conversation_id")) == value
    return str(view.references.get(kind, {}).get("id")) == value


def _retweets_of(view: PostView, value: str) -> bool:
    original = view.references.get("retweeted")
    wanted = value.lstrip("@").lower()
    if original is None:
        return False
    return wanted in _account(original, original.get("author")) or any(text.startswith(f"rt @{wanted}:") for text in view.texts[:1])


_LOOKS: dict[str, Callable[[PostView, str], bool]] = {
    "words": _words,
    "hashtag": lambda view, value: view.folded(text_entities.key_of(value)) in view.hashtags,
    "mention": lambda view, value: value.lower() in view.mentions,
    "cashtag": lambda view, value: value.lower() in view.cashtags,
    "from": lambda view, value: value.lstrip("@").lower() in view.author,
    "to": _to,
    "url": _url,
    "retweets_of": _retweets_of,
    "lang": lambda view, value: str(view.record.get("lang") or "und").lower() == value.lower(),
    "is": _is,
    "has": _has,
    "place": lambda view, value: _place(view, value, "full_name", "name"),
    "place_country": lambda view, value: _place(view, value, "country_code"),
    # The same post is always in the same share.
    "sample": lambda view, value: crc32(str(view.record.get("id")).encode("utf-8", "replace")) % 100 < int(value),
    **{name: partial(_least, fields=fields) for name, fields in METRICS.items()},
    **{name: partial(_reference, kind=kind) for name, kind in IDS.items()},
    **{name: lambda view, value: False for name in UNSEEN},
}
