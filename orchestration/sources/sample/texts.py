"""Chooses what an ordinary post says: language, hashtags, mentions, links, and now and then a long text."""

import random
from dataclasses import dataclass

from orchestration.sources.sample import phrases, plan
from orchestration.sources.sample.people import OFFICIAL, SUPPORT, Person
from orchestration.sources.sample.writing import (
    Text,
    cut,
    emoji,
    english,
    long_post,
    short_english,
    short_link,
    tags_at_end,
    worldly,
)

LONG_PER_THOUSAND = 6
SHORT_FORM = 256
PAGES = ("aurora-trail", "stores", "sizes", "repair", "community-run", "colours")
REVIEW_PAGES = ("aurora-trail-review", "week-one", "long-run-notes", "shoe-diary", "wet-rock-test")


@dataclass(frozen=True)
class Written:
    """`note` is the full text when `text` is only its beginning; `mood` is what the words say."""

    text: Text
    mood: str
    note: Text | None = None


def write_post(rng: random.Random, kind: str, topic: str, mood: str, lang: str | None, to: Person | None) -> Written:
    """The text of an original, reply or quote. `lang` None is English that the source did not recognise."""
    tags = tags_for(rng, topic, lang)
    text = Text()
    if lang == "und":
        emoji(rng, text, mood)
        text.body = text.body.lstrip() or rng.choice(phrases.EMOJI[mood])
        tags_at_end(rng, text, tags or [plan.AURORA_TRAIL], stray=False)
        return Written(text, "neutral")
    if lang == "qme":
        text.add_link(short_link(rng), f"https://halvenne.example/{rng.choice(PAGES)}")
        return Written(text, "neutral")
    if kind == "reply":
        assert to is not None, "a reply is to someone"
        text.add_mention(to)
        text.add(" ")
    if lang is not None and lang != "en":
        mood = worldly(rng, text, lang, topic, mood)
        tags_at_end(rng, text, [tag for tag in tags if tag is not plan.RUN_THE_AURORA], stray=False)
        return Written(text, mood)
    if kind == "reply":
        short_english(rng, text, phrases.REPLIES, mood)
        tags_at_end(rng, text, tags if rng.randrange(4) == 0 else [], stray=False)
        return Written(text, mood)
    if kind == "quote":
        short_english(rng, text, phrases.QUOTES, mood)
        tags_at_end(rng, text, tags[:1], stray=False)
        return Written(text, mood)
    if rng.randrange(1000) < LONG_PER_THOUSAND:
        note = long_post(rng, topic, mood, tags)
        return Written(_short_form(rng, note), mood, note)
    english(rng, text, topic, mood, tags[0] if tags else None)
    tags_at_end(rng, text, tags, stray=rng.randrange(100) < plan.STRAY_PERCENT)
    _extras(rng, text, topic)
    return Written(text, mood)


def tags_for(rng: random.Random, topic: str, lang: str | None) -> list[plan.Tag]:
    """Hashtags of a post on the topic; other languages put their own first."""
    tags = [tag for tag, percent in plan.TAGS_OF_TOPIC[topic] if rng.randrange(100) < percent]
    own = plan.TAG_OF_LANGUAGE.get(lang) if lang else None
    if own and rng.randrange(100) < plan.TAG_OF_LANGUAGE_PERCENT:
        tags.insert(0, own)
    return tags[:3]


def _extras(rng: random.Random, text: Text, topic: str) -> None:
    luck = rng.randrange(100)
    if luck < 8:
        text.add(" ")
        text.add_mention(SUPPORT if topic == "recall" else OFFICIAL)
    elif luck < 14:
        text.add(" ")
        page = rng.choice(REVIEW_PAGES if topic == "review" else PAGES)
        site = "shoenotes.example/posts" if topic == "review" else "halvenne.example"
        text.add_link(short_link(rng), f"https://{site}/{page}")
    elif luck < 15 and topic in ("launch", "recall"):
        text.add(" ")
        text.add_cashtag("HLVN")


def _short_form(rng: random.Random, note: Text) -> Text:
    """What the source shows of a long text: its beginning and a link; hashtags further down are not in its entities."""
    short = cut(note, SHORT_FORM, "… ")
    short.tags = []
    link = short_link(rng)
    short.add_link(link, "https://x.example/i/status/long")
    return short
