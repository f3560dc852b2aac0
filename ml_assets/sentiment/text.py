"""What the sentiment model reads of a post; training and scoring share it."""

import html
import re
import unicodedata

LINK = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)
HANDLE = re.compile(r"(?<![\w@＠])[@＠]\w{1,20}")
# With halves of surrogate pairs, which no tokenizer takes.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")

# Unicode calls this emoji a letter.
EMOJI_LETTERS = "ℹ"
# A post longer than this many characters is cut before tokenising: 64 tokens never need more.
LONGEST = 1_000


def for_model(text: str) -> str:
    """The text with handles as `@user`, links as `http` (as in TweetEval), entities and control characters resolved.

    Barbieri et al. (2020), TweetEval, section 3: the same two replacements.
    """
    text = html.unescape(unicodedata.normalize("NFC", text[: 4 * LONGEST]))
    text = CONTROL.sub(" ", text)
    text = HANDLE.sub("@user", LINK.sub("http", text))
    return " ".join(text.split())[:LONGEST]


def has_words(text: str) -> bool:
    """Whether anything but links, handles, emoji, digits and signs is left."""
    bare = HANDLE.sub(" ", LINK.sub(" ", html.unescape(text)))
    return any(character.isalpha() and character not in EMOJI_LETTERS for character in CONTROL.sub("", bare))
