"""What the entity model reads of an article: its sentences, each once, without marks that are no text."""

import html
import re
from collections.abc import Collection
from dataclasses import dataclass

from ml_assets.english import looks_english

EMPTY_TEXT = "empty_text"
UNKNOWN = "language:unknown"

# NewsAPI ends `content` near 200 characters with "… [+1234 chars]"; a removed article has "[Removed]" in every field.
# The mark itself may be cut by whoever handed the article on.
CUT_MARK = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+\s?\d[\d,]*\s*[a-z]*\s*(?:\]|$)", re.IGNORECASE)
CUT_END = re.compile(r"\s*(?:…|\.\.\.)\s*$")
REMOVED = re.compile(r"^\s*\[Removed\]\s*$", re.IGNORECASE)
TAGS = re.compile(r"<[^<>]{0,300}>")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")
# A full stop after a single capital or a short title ends no sentence: "U.S. President", "J. Smith", "Mr. Smith".
SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-Z]\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bDr\.)(?<!\bSt\.)[\"'”’)]*\s+"
)
TAG = re.compile(r"[a-z]{2,3}")
# A word that ends so was not cut, and no name goes on behind it.
ENDS = ".!?,;:)]\"'”’"
# What may stand within a name, whole or cut: `University o…`.
WITHIN_NAMES = ("of", "and", "the", "for", "de", "&")
# In a text all in capitals every word looks like a name's.
LONGEST_NAME = 5
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
    text = " ".join(CONTROL.sub(" ", TAGS.sub(" ", html.unescape(part[:LONGEST]))).split())
    *cut, last = CUT_MARK.split(text)
    if CUT_END.search(last):
        cut, last = [*cut, CUT_END.sub("", last)], ""
    return " ".join(filter(None, [*map(without_cut_name, cut), last.strip()]))


def without_cut_name(text: str) -> str:
    """`text` that goes on in a part nobody has, without its last word and the name that this word may belong to.

    "the mayor of United Sta" -> "the mayor of": a part of a name is another name, and a missing mention only a smaller count.
    A last word with a full stop, a comma or a closing mark behind it is whole.
    """
    words = text.split()
    if not words or words[-1].endswith(tuple(ENDS)):
        return text
    last = words.pop()
    if not (_may_begin_a_name(last) or any(word.startswith(last) for word in WITHIN_NAMES)):
        return " ".join(words)
    for _ in range(LONGEST_NAME - 1):
        if not words or words[-1].endswith(tuple(ENDS)):
            break
        within = words[-1] in WITHIN_NAMES and len(words) > 1 and _may_begin_a_name(words[-2])
        if not (within or _may_begin_a_name(words[-1])):
            break
        words.pop()
    return " ".join(words)


def _may_begin_a_name(word: str) -> bool:
    return word.lstrip("\"'“‘(")[:1].isupper()


def without_source(title: str | None, source_name: str | None) -> str | None:
    """`Rain in Rome - The Daily` -> `Rain in Rome` for the source `The Daily`: the publication is not in the news."""
    if not title or not source_name:
        return title
    return re.sub(rf"\s+[-–—|]\s+{re.escape(source_name.strip())}\s*$", "", title, flags=re.IGNORECASE)
