"""Which posts the model is made for: the reason why a post gets no score, or None."""

import re
from collections.abc import Collection

from ml_assets.english import looks_english
from ml_assets.sentiment.text import for_model, has_words

EMPTY_TEXT = "empty_text"
UNKNOWN = "language:unknown"

TAG = re.compile(r"[a-z]{2,3}")
PLACEHOLDER = re.compile(r"@user|\bhttp\b")


def reason_not_scored(text: str | None, lang: str | None, languages: Collection[str]) -> str | None:
    """`empty_text`, `language:xx`, `language:unknown`, or None when the model can read the post.

    `lang` is what the source says: BCP 47 (only its first part counts) or one of X's pseudo codes (und, qme, zxx, ...),
    which are languages no model is made for. A post without words is `empty_text` whatever its language. Where the
    source says nothing, the post is scored only if it looks English and English is one of `languages`. No text is an empty one.
    """
    if text is None or not has_words(text):
        return EMPTY_TEXT
    if lang is None or not lang.strip():
        return None if "en" in languages and looks_english(PLACEHOLDER.sub(" ", for_model(text))) else UNKNOWN
    tag = re.split(r"[-_]", lang.strip().lower())[0]
    if not TAG.fullmatch(tag):
        return UNKNOWN
    return None if tag in languages else f"language:{tag}"
