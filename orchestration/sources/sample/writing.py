"""Makes the text of a post together with its entities, so that offsets are right by construction."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestration.sources.sample import phrases
from orchestration.sources.sample.campaign import NAME
from orchestration.sources.sample.people import Person
from orchestration.sources.sample.phrases_world import RECALL_QUESTIONS, WORLD, WORLD_SLOTS
from orchestration.sources.sample.plan import AURORA_TRAIL, STRAY_TAGS, Tag

SLOT = re.compile(r"\{(\w+)\}")
INLINE_TAG_PERCENT = 30
SHORT_LINK = "https://t.co/"
LINK_ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@dataclass
class Text:
    """Text under construction. Entity offsets count code points; `tags` are the keys of its hashtags, distinct, in order."""

    body: str = ""
    tags: list[str] = field(default_factory=list)
    entities: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, piece: str) -> None:
        self.body += piece

    def add_tag(self, key: str, spelling: str, sign: str = "#") -> None:
        self._entity("hashtags", sign + spelling, {"tag": spelling})
        if key not in self.tags:
            self.tags.append(key)

    def add_mention(self, person: Person) -> None:
        self._entity("mentions", "@" + person.username, {"username": person.username, "id": person.id})

    def add_cashtag(self, symbol: str) -> None:
        self._entity("cashtags", "$" + symbol, {"tag": symbol})

    def add_link(self, short: str, expanded: str) -> None:
        display = expanded.removeprefix("https://")
        self._entity("urls", short, {"url": short, "expanded_url": expanded, "display_url": display[:26]})

    def _entity(self, kind: str, shown: str, fields: dict[str, Any]) -> None:
        start = len(self.body)
        self.body += shown
        self.entities.setdefault(kind, []).append({"start": start, "end": len(self.body), **fields})

    def has(self, key: str) -> bool:
        return key in self.tags


def spelled(rng: random.Random, tag: Tag) -> tuple[str, str, str]:
    """(key, spelling, sign) of one use of the tag; one in twenty uses the full-width sign."""
    return tag.key, rng.choice(tag.spellings), "＃" if rng.randrange(20) == 0 else "#"


def short_link(rng: random.Random) -> str:
    return SHORT_LINK + "".join(rng.choice(LINK_ALPHABET) for _ in range(10))


def fill(rng: random.Random, text: Text, sentence: str, slots: dict[str, tuple[str, ...]], inline: Tag | None = None) -> None:
    """Add `sentence` with its slots filled; `{product}` is the name, or now and then the hashtag `inline`."""
    at = 0
    for match in SLOT.finditer(sentence):
        text.add(sentence[at : match.start()])
        at = match.end()
        if match[1] != "product":
            text.add(rng.choice(slots[match[1]]))
        elif inline and not text.has(inline.key) and rng.randrange(100) < INLINE_TAG_PERCENT:
            text.add_tag(*spelled(rng, inline))
        else:
            text.add(NAME)
    text.add(sentence[at:])


def typed(rng: random.Random, sentence: str, opener: str) -> str:
    """The sentence as people type it: a capital most of the time, sometimes in capitals, never inside a slot."""
    if not opener.endswith(", ") and not opener.endswith(": ") and rng.randrange(100) < 70 and sentence[0] != "{":
        sentence = sentence[0].upper() + sentence[1:]
    if rng.randrange(100) < 3:
        sentence = "".join(part if part.startswith("{") else part.upper() for part in re.split(r"(\{\w+\})", sentence))
    return sentence


def english(rng: random.Random, text: Text, topic: str, mood: str, inline: Tag | None) -> None:
    """Add an English sentence on the topic in the mood, with opener and closer."""
    opener = rng.choice(phrases.OPENERS)
    sentence = typed(rng, rng.choice(phrases.SENTENCES[topic][mood]), opener)
    text.add(opener)
    fill(rng, text, sentence, phrases.SLOTS, inline)
    closer = rng.choice(phrases.CLOSERS[mood])
    ending = rng.choice((".", ".", "!", "", "...")) if mood != "neutral" else rng.choice((".", ".", ""))
    if closer and not ending:
        ending = ","
    text.add(("" if text.body.endswith(("?", "!")) else ending) + (" " + closer if closer else ""))
    emoji(rng, text, mood)


def emoji(rng: random.Random, text: Text, mood: str) -> None:
    if rng.randrange(100) < phrases.EMOJI_PERCENT:
        text.add(" " + rng.choice(phrases.EMOJI[mood]))


def short_english(rng: random.Random, text: Text, bank: Mapping[str, tuple[str, ...]], mood: str) -> None:
    """Add a reply or a quote's comment: one short sentence, sometimes two."""
    fill(rng, text, typed(rng, rng.choice(bank[mood]), ""), phrases.SLOTS)
    closer = rng.choice(phrases.CLOSERS[mood])
    if closer:
        text.add(("" if text.body.endswith("?") else ".") + " " + closer)
    emoji(rng, text, mood)


def worldly(rng: random.Random, text: Text, lang: str, topic: str, mood: str) -> str:
    """Add a sentence in the language; returns its mood, which on the recall follows from the sentence."""
    if topic == "recall":
        sentence = rng.choice(WORLD[lang]["recall"])
        mood = "neutral" if any(mark in sentence for mark in RECALL_QUESTIONS) else "negative"
    else:
        sentence = rng.choice(WORLD[lang][mood])
    fill(rng, text, sentence, WORLD_SLOTS[lang])
    if rng.randrange(3) == 0:
        text.add("!" if mood != "neutral" else "")
    emoji(rng, text, mood)
    return mood


def tags_at_end(rng: random.Random, text: Text, tags: list[Tag], stray: bool) -> None:
    """Add the hashtags that the text does not have yet, and a stray one."""
    for tag in tags:
        if not text.has(tag.key):
            text.add(" ")
            text.add_tag(*spelled(rng, tag))
    if stray:
        spelling = rng.choice(STRAY_TAGS)
        text.add(" ")
        text.add_tag(spelling.lower(), spelling)


def long_post(rng: random.Random, topic: str, mood: str, tags: list[Tag]) -> Text:
    """A text of more than 280 characters whose hashtags stand at the end, where the short form is cut."""
    text = Text()
    sentences = phrases.SENTENCES[topic][mood]
    fill(rng, text, typed(rng, rng.choice(sentences), ""), phrases.SLOTS)
    for part in rng.sample(phrases.LONG_PARTS, 4):
        text.add(". " if text.body[-1] not in ".!?" else " ")
        fill(rng, text, part, phrases.SLOTS)
    text.add("\n\n" + phrases.LONG_ENDINGS[mood])
    tags_at_end(rng, text, tags or [AURORA_TRAIL], stray=False)
    return text


def cut(text: Text, length: int, tail: str) -> Text:
    """The first `length` code points and `tail`, with the entities that lie wholly inside."""
    if len(text.body) <= length + len(tail):
        return text
    kept = {
        kind: whole
        for kind, items in text.entities.items()
        if (whole := [item for item in items if item["end"] <= length])
    }
    return Text(text.body[:length] + tail, list(text.tags), kept)
