"""The query language of GDELT's DOC 2.0 API: from terms and languages to a query that it takes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Measured by others on the live service: 288 characters were refused with 200 and one line of text; 250 is below every refusal we found.
LONGEST_QUERY = 250
# "One or more of your keywords were too short", "The specified phrase is too short": both answered with 200.
SHORTEST_WORD, SHORTEST_PHRASE = 3, 5
# X's codes -> the names by which GDELT knows a language, in questions (`sourcelang:german`) and in answers ("German").
LANGUAGES = {
    "ar": "arabic", "bg": "bulgarian", "bn": "bengali", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "fa": "persian", "fi": "finnish", "fr": "french", "he": "hebrew", "hi": "hindi", "hr": "croatian",
    "hu": "hungarian", "id": "indonesian", "it": "italian", "ja": "japanese", "ko": "korean", "lt": "lithuanian", "lv": "latvian", "nl": "dutch",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sk": "slovak", "sl": "slovenian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "th": "thai", "tr": "turkish", "uk": "ukrainian", "ur": "urdu", "vi": "vietnamese", "zh": "chinese",
}  # fmt: skip
CODES = {name: code for code, name in LANGUAGES.items()}
# X still writes Hebrew and Indonesian by their old codes, and GDELT has one Norwegian.
ALSO_WRITTEN = {"iw": "he", "in": "id", "nb": "no", "nn": "no"}


@dataclass(frozen=True)
class GdeltQuery:
    """`text` is empty when no term can be asked for; `left_out` are the terms that cannot."""

    text: str
    left_out: tuple[str, ...] = ()


def gdelt_query(terms: Iterable[str], languages: Iterable[str] = ()) -> GdeltQuery:
    """`("Aurora Trail", "halvenne"), ("en",)` -> `("Aurora Trail" OR halvenne) sourcelang:english`.

    Words stand bare and phrases in quotation marks: a short word in quotation marks is refused. An OR must stand in
    parentheses, and a single term must not.
    """
    spoken = [f"sourcelang:{LANGUAGES[code]}" for code in languages]
    tail = f" {_any_of(spoken)}" if spoken else ""
    asked: list[str] = []
    left_out: list[str] = []
    for term in terms:
        written = _written(term)
        if written is None or len(_any_of([*asked, written])) + len(tail) > LONGEST_QUERY:
            left_out.append(term)
        else:
            asked.append(written)
    return GdeltQuery(_any_of(asked) + tail if asked else "", tuple(left_out))


def supported(languages: Iterable[str]) -> tuple[str, ...]:
    """Those of `languages` that the service knows, without their region: `pt-BR` is `pt`."""
    plain = (language.split("-")[0].lower() for language in languages)
    return tuple(dict.fromkeys(code for each in plain if (code := ALSO_WRITTEN.get(each, each)) in LANGUAGES))


def _written(term: str) -> str | None:
    words = re.findall(r"[\w'’]+", term)
    if len(words) == 1 and re.fullmatch(r"\w+", words[0]):
        return words[0] if len(words[0]) >= SHORTEST_WORD else None
    phrase = " ".join(words)
    return f'"{phrase}"' if len(phrase) >= SHORTEST_PHRASE else None


def _any_of(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"
