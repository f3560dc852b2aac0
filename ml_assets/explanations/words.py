"""Words of posts and articles, made alike so that they can be compared, with the places where they stand."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

STOP_WORDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "stop_words.csv"
# Scripts written without spaces between words: pairs of their characters stand for words, as in int_tweet_terms.
SPACELESS = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f"
PIECES = re.compile(
    rf"(?P<skip>https?://\S+|www\.\S+|(?<!\w)[@＠]\w+)|(?P<initials>(?<!\w)(?:[^\W\d_]\.){{2,}})"
    rf"|(?P<run>[{SPACELESS}]+)|(?P<word>[^\W{SPACELESS}](?:[^\W{SPACELESS}]|['’](?=\w))*)"
)
# Between two words of a pair may stand blanks, a hyphen and the sign of a hashtag.
BETWEEN = re.compile(r"[\s#＃\-‐‑–]{1,3}")
LONGEST = 40
# The spelling of names as short as this is kept: `US` is a country and `us` is not.
SHORT = 3


class Token(NamedTuple):
    """`key` is what is compared; the token stands at text[start:end]. `follows` says that it and the one before are a pair."""

    key: str
    start: int
    end: int
    telling: bool
    follows: bool


def tokens(text: str | None, language: str | None = None) -> list[Token]:
    """Words of a text in order, links and handles left out. `language` (ISO 639, None is English) chooses stop words and endings."""
    found: list[Token] = []
    text = text or ""
    end, broken = 0, True
    for match in PIECES.finditer(text):
        if match.lastgroup == "skip":
            broken = True
            continue
        near = not broken and bool(BETWEEN.fullmatch(text, end, match.start()))
        broken, end = False, match.end()
        if match.lastgroup == "run":
            found += _pairs_of_characters(match)
            continue
        key, telling = _normal(match[0], language or "en")
        found.append(Token(key, match.start(), match.end(), telling, near and telling and bool(found) and found[-1].telling))
    return found


def _pairs_of_characters(match: re.Match[str]) -> Iterator[Token]:
    run, start = match[0], match.start()
    for at in range(max(1, len(run) - 1)):
        key = unicodedata.normalize("NFKC", run[at : at + 2])
        # Hiragana alone is grammar, as in the words of the dashboard.
        telling = len(run) > 1 and not all("\u3040" <= character <= "\u309f" for character in key)
        yield Token(key, start + at, start + min(at + 2, len(run)), telling, False)


@lru_cache(maxsize=200_000)
def _normal(word: str, language: str) -> tuple[str, bool]:
    bare = unicodedata.normalize("NFKC", word).replace("’", "'").replace(".", "")
    if len(bare) <= SHORT and bare.isupper():
        return bare, bare.casefold() not in _stop_words(language) and any(map(str.isalpha, bare)) and len(bare) > 1
    folded = bare.casefold().removesuffix("'s").strip("_")
    telling = 1 < len(folded) <= LONGEST and any(map(str.isalpha, folded)) and not {folded, bare.casefold()} & _stop_words(language)
    return (stem(folded) if language == "en" else folded), telling


def stem(word: str) -> str:
    """An English word without the commonest endings: `plates` and `plate`, `cracked` and `crack` are one. No dictionary, case folded."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3 and re.search(r"[aeiouy]", base):
            word = base[:-1] if base[-1] == base[-2] and base[-1] not in "lsz" else base
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def features(found: list[Token]) -> Iterator[tuple[str, int, int]]:
    """(key, start, end) of each telling word and of each pair of telling neighbours. A pair's key holds a blank."""
    before = None
    for token in found:
        if token.telling:
            yield token.key, token.start, token.end
            if token.follows and before is not None:
                yield f"{before.key} {token.key}", before.start, token.end
        before = token


def phrase(text: str, language: str | None = None) -> tuple[str, ...]:
    """Keys of a name's or search term's words, in order, stop words too."""
    return tuple(token.key for token in tokens(text, language))


class Phrases:
    """Finds known phrases in token lists: the longest at each place, each also written as one word (`consumersafetyboard`)."""

    def __init__(self, known: Iterable[tuple[tuple[str, ...], str]]) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], str]] = {}
        for keys, name in sorted(known):
            for written in {keys, ("".join(keys),)} if keys else ():
                self._by_first.setdefault(written[0], {}).setdefault(written, name)
        self._lengths = {first: sorted({len(keys) for keys in of}, reverse=True) for first, of in self._by_first.items()}

    def find(self, found: list[Token]) -> Iterator[tuple[str, int, int]]:
        """(name, start, end) of each place."""
        keys, at = [token.key for token in found], 0
        while at < len(keys):
            for length in self._lengths.get(keys[at], ()):
                name = self._by_first[keys[at]].get(tuple(keys[at : at + length]))
                # At the end of a text fewer words are left, which may be a shorter name: its own length finds it.
                if name is not None and at + length <= len(keys):
                    yield name, found[at].start, found[at + length - 1].end
                    at += length - 1
                    break
            at += 1


@cache
def _stop_words(language: str) -> frozenset[str]:
    return _all_stop_words().get("en", frozenset()) | _all_stop_words().get(language, frozenset())


@cache
def _all_stop_words() -> dict[str, frozenset[str]]:
    """The seed that dbt counts words without, by language."""
    words: dict[str, set[str]] = {}
    with STOP_WORDS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            words.setdefault(row["language"], set()).add(row["word"])
    return {language: frozenset(of) for language, of in words.items()}
