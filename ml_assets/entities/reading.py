"""What the entity model reads of an article: its sentences, each once, without marks that are no text."""

import html
import re
from collections.abc import Collection
from dataclasses import dataclass

from ml_assets.english import looks_english

EMPTY_TEXT = "empty_text"
UNKNOWN = "language:unknown"

# NewsAPI ends `content` near 200 characters with "… [+1234 chars]"; a removed article has "[Removed]" in every field.
CUT_MARK = re.compile(r"(…|\.\.\.)?\s*\[\+\d+\s+chars?\]")
REMOVED = re.compile(r"^\s*\[Removed\]\s*$", re.IGNORECASE)
TAGS = re.compile(r"<[^<>]{0,300}>")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")
# A full stop after a single capital or a short title ends no sentence: "U.S. President", "J. Smith", "Mr. Smith".
SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-Z]\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bDr\.)(?<!\bSt\.)[\"'”’)]*\s+"
)
TAG = re.compile(r"[a-z]{2,3}")
# Shorter beginnings are too common to prove that one sentence is the other, cut.
SHORTEST_CUT = 20
# Articles arrive cut near 200 characters; a whole one is read up to here, in characters per field.
LONGEST = 20_000


@dataclass(frozen=True)
class ArticleText:
    """`language` as the source says it, None when it does not. `source_name`, if given, is taken off a title's end."""

    article_id: str
    title: str | None
    description: str | None
    content: str | None
    language: str | None
    source_name: str | None = None


def reason_not_read(article: ArticleText, languages: Collection[str]) -> str | None:
    """`empty_text`, `language:xx`, `language:unknown`, or None when the article is read."""
    text = " ".join(sentences(article))
    if not any(map(str.isalpha, text)):
        return EMPTY_TEXT
    if article.language is None or not article.language.strip():
        return None if "en" in languages and looks_english(text) else UNKNOWN
    tag = re.split(r"[-_]", article.language.strip().lower())[0]
    if not TAG.fullmatch(tag):
        return UNKNOWN
    return None if tag in languages else f"language:{tag}"


def sentences(article: ArticleText) -> list[str]:
    """Sentences of title, description and content in order. One that returns, whole or cut short, is there once, whole."""
    found = [
        sentence
        for part in (without_source(article.title, article.source_name), article.description, article.content)
        for sentence in SENTENCE_END.split(cleaned(part))
        if sentence
    ]
    keys = [re.sub(r"[\W_]+", " ", sentence).strip().casefold() for sentence in found]
    return [found[n] for n in range(len(found)) if not said_elsewhere(n, keys)]


def said_elsewhere(n: int, keys: list[str]) -> bool:
    """Whether sentence `n` was said before, or is the beginning of another one."""
    key = keys[n]
    return any(
        (other == key and m < n) or (other != key and len(key) >= SHORTEST_CUT and other.startswith(key))
        for m, other in enumerate(keys)
        if m != n
    )


def cleaned(part: str | None) -> str:
    if not part or REMOVED.match(part):
        return ""
    text = TAGS.sub(" ", html.unescape(part[:LONGEST]))
    text = CUT_MARK.sub(" ", CONTROL.sub(" ", text))
    return " ".join(text.split())


def without_source(title: str | None, source_name: str | None) -> str | None:
    """`Rain in Rome - The Daily` -> `Rain in Rome` for the source `The Daily`: the publication is not in the news."""
    if not title or not source_name:
        return title
    return re.sub(rf"\s+[-–—|]\s+{re.escape(source_name.strip())}\s*$", "", title, flags=re.IGNORECASE)
