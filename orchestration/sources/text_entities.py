"""Hashtags, mentions, cashtags and links of a text by X's own rules, for sources that do not name them.

The rules and the names of the character classes are those of twitter-text 3.1 (github.com/twitter/twitter-text); its
conformance cases are the test. Python has no well-kept port that finds hashtags.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import regex

SPACES = r"\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
DIRECTIONAL_MARKERS = r"\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
INVALID = r"\ufffe\ufeff\uffff"
PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$"
LATIN_ACCENTS = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u02bb"
    r"\u0300-\u036f\u1e00-\u1eff"
)
CYRILLIC = r"\u0400-\u04ff"

HASH_SIGNS = "#＃"
HASHTAG_CHARACTER = (
    r"[\p{L}\p{M}\p{Nd}_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7]"
)
HASHTAG = regex.compile(
    rf"(?:^|\ufe0e|\ufe0f|(?!{HASHTAG_CHARACTER}|&)(?s:.))"
    rf"(?P<tag>[{HASH_SIGNS}](?!\ufe0f|\u20e3)(?P<name>{HASHTAG_CHARACTER}*[\p{{L}}\p{{M}}]{HASHTAG_CHARACTER}*))"
)
AFTER_HASHTAG = regex.compile(rf"[{HASH_SIGNS}]|://")

MENTION = regex.compile(
    r"(?:^|[^a-zA-Z0-9_!#$%&*@＠]|(?:^|[^a-zA-Z0-9_+~.-])[rR][tT]:?)[@＠](?P<name>[a-zA-Z0-9_]{1,20})"
    r"(?P<list>/[a-zA-Z][a-zA-Z0-9_\-]{0,24})?"
)
AFTER_MENTION = regex.compile(rf"[@＠{LATIN_ACCENTS}]|://")

CASHTAG = regex.compile(
    rf"(?:^|[{SPACES}{DIRECTIONAL_MARKERS}])\$(?P<name>[a-zA-Z]{{1,6}}(?:[._][a-zA-Z]{{1,2}})?)(?=$|\s|[{PUNCTUATION}])"
)

WITH_POINT = re.compile(rf"[^{SPACES}.]*\.[^{SPACES}.][^{SPACES}]*")

LONGEST_SHORT_LINK = 40
LONGEST_LABEL = 63


def hashtags(text: str) -> list[str]:
    """Hashtags without the sign, as typed, in order. None inside a link."""
    if not any(sign in text for sign in HASH_SIGNS):
        return []
    linked = [(start, end) for _, start, end in links_with_positions(text)]
    return [
        found["name"]
        for found in HASHTAG.finditer(text, overlapped=False)
        if not AFTER_HASHTAG.match(text, found.end())
        and not any(start < found.end("tag") and found.start("tag") < end for start, end in linked)
    ]


def mentions(text: str) -> list[str]:
    """Handles without the sign, as typed, in order."""
    return [found["name"] for found in MENTION.finditer(text) if not _goes_on(text, found)]


def cashtags(text: str) -> list[str]:
    """Cashtags without the sign, as typed, in order."""
    return [found["name"] for found in CASHTAG.finditer(text)]


def links(text: str) -> list[str]:
    """Links as typed, in order, with and without protocol."""
    return [link for link, _, _ in links_with_positions(text)]


def links_with_positions(text: str) -> list[tuple[str, int, int]]:
    """(link, start, end) with positions in code points."""
    if "." not in text:
        return []
    found = []
    # No link holds a space: looking only at the words with a point inside is several times as fast.
    for word in WITH_POINT.finditer(text):
        for match in _link_pattern().finditer(text, max(0, word.start() - 1), word.end() + 1):
            if match["protocol"]:
                found += _with_protocol(match)
            elif not match["before"].endswith(("-", "_", ".", "/")):
                found += _without_protocol(match)
    return found


def normalised(names: Iterable[str], *, upper: bool = False) -> tuple[str, ...]:
    """Names as keys: NFKC, case-folded (or upper case), distinct, in order of first use."""
    keys = [key for name in names if (key := key_of(name, upper=upper))]
    return tuple(dict.fromkeys(keys)) if keys else ()


def key_of(name: str, *, upper: bool = False) -> str:
    """`＃ＡｕｒｏｒａＴｒａｉｌ` -> `auroratrail`. Folding can leave a form that is not NFKC, so it is normalised twice."""
    if name.isascii():
        plain = name.strip().lstrip("#@$").strip()
        return plain.upper() if upper else plain.lower()
    plain = unicodedata.normalize("NFKC", name).strip().lstrip("#@$").strip()
    return plain.upper() if upper else unicodedata.normalize("NFKC", plain.casefold())


def _goes_on(text: str, found: "regex.Match") -> bool:
    return AFTER_MENTION.match(text, found.end()) is not None


def _with_protocol(match: "regex.Match") -> list[tuple[str, int, int]]:
    if not _is_encodable(match["domain"]):
        return []
    link, start = match["link"], match.start("link")
    short = _short_link_pattern().match(link)
    if short:
        if len(short["slug"]) > LONGEST_SHORT_LINK:
            return []
        link = short[0]
    return [(link, start, start + len(link))]


def _without_protocol(match: "regex.Match") -> list[tuple[str, int, int]]:
    """Of a domain without protocol only the ASCII parts are links; a path belongs to the last of them."""
    if not _is_encodable(match["domain"]):
        return []
    start = match.start("domain")
    found = [(each[0], start + each.start(), start + each.end()) for each in _ascii_domain_pattern().finditer(match["domain"])]
    if found and match["path"]:
        _, begin, _ = found[-1]
        found[-1] = (match.string[begin : match.end("link")], begin, match.end("link"))
    return found


def _is_encodable(domain: str) -> bool:
    """Whether the domain has a form that can be looked up: no label over 63 bytes, no `xn--` with other scripts behind it."""
    try:
        return all(
            len(label.encode("idna") if not label.isascii() else label) <= LONGEST_LABEL
            and not (label.lower().startswith("xn--") and not label.isascii())
            for label in domain.split(".")
        )
    except UnicodeError:
        return False


@cache
def _top_level_domains() -> list[str]:
    import tldextract

    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    # Some domains stand in the list only with a second level, as `co.za`.
    return sorted({suffix.rsplit(".", 1)[-1] for suffix in extract.tlds})


@cache
def _link_pattern() -> "regex.Pattern":
    domain_character = rf"[^{PUNCTUATION}{SPACES}{INVALID}{DIRECTIONAL_MARKERS}]"
    top = r"(?:(?:\L<tld>)(?=[^0-9a-zA-Z@+\-]|$)|xn--[-0-9a-z]+)"
    subdomain = rf"(?:(?:{domain_character}(?:[_-]|{domain_character})*)?{domain_character}\.)"
    name = rf"(?:(?:{domain_character}(?:-|{domain_character})*)?{domain_character}\.)"
    general = rf"[a-z{CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{LATIN_ACCENTS}]"
    parens = rf"\((?:{general}+|(?:{general}*\({general}+\){general}*))\)"
    ending = rf"(?:[+\-a-z{CYRILLIC}0-9=_#/{LATIN_ACCENTS}]|(?:{parens}))"
    path = rf"(?:(?:{general}*(?:{parens}{general}*)*{ending})|(?:@{general}+/))"
    return regex.compile(
        rf"(?P<before>[^A-Za-z0-9@＠${HASH_SIGNS}{INVALID}]|[{DIRECTIONAL_MARKERS}]|^)"
        rf"(?P<link>(?P<protocol>https?://)?(?P<domain>{subdomain}*{name}{top})(?::[0-9]+)?"
        rf"(?P<path>/{path}*)?(?:\?{_QUERY}*[a-z0-9\-_&=#/])?)",
        regex.IGNORECASE,
        tld=_top_level_domains(),
    )


@cache
def _ascii_domain_pattern() -> "regex.Pattern":
    top = r"(?:(?:\L<tld>)(?=[^0-9a-zA-Z@+\-]|$)|xn--[-0-9a-z]+)"
    return regex.compile(rf"(?:[\-a-z0-9{LATIN_ACCENTS}]+\.)+{top}", regex.IGNORECASE, tld=_top_level_domains())


@cache
def _short_link_pattern() -> "regex.Pattern":
    return regex.compile(rf"https?://t\.co/(?P<slug>[a-z0-9]+)(?:\?{_QUERY}*[a-z0-9\-_&=#/])?", regex.IGNORECASE)


_QUERY = r"[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]"
