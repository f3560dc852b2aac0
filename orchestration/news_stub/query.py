"""NewsAPI's query language: words, "phrases", AND, OR, NOT, + and -, parentheses. Words side by side must all be there."""

import re
from collections.abc import Callable
from dataclasses import dataclass

TOKEN = re.compile(r'\s*(?:([()])|([+-])|"([^"]*)"|([^\s()"]+))')
Test = Callable[[str], bool]


class QueryError(Exception):
    """A query that is not well formed; the message says why."""


@dataclass(frozen=True)
class NewsQuery:
    """`test` takes a text as `plain` writes it; `terms` are those that are not excluded, written so too."""

    test: Test
    terms: tuple[str, ...]


def plain(*texts: str | None) -> str:
    """Words in small letters between single spaces, with a space at both ends: so that a phrase is a part of it."""
    # The bar between two texts keeps a phrase from beginning in one and ending in the other.
    return " " + " | ".join(" ".join(re.findall(r"\w+", text.casefold())) for text in texts if text) + " "


def parse(text: str) -> NewsQuery:
    """Raises QueryError."""
    if text.count('"') % 2:
        raise QueryError("a quotation mark is not closed")
    parser = _Parser(_tokens(text))
    test = parser.either()
    if parser.at < len(parser.tokens):
        raise QueryError(f"{parser.tokens[parser.at][1]!r} stands where nothing may stand")
    return NewsQuery(test, tuple(parser.terms))


def _tokens(text: str) -> list[tuple[str, str]]:
    """(kind, value): kind is the operator itself, or `term`."""
    tokens, position = [], 0
    while position < len(text.rstrip()):
        found = TOKEN.match(text, position)
        if found is None:
            raise QueryError(f"{text[position:].strip()[:20]!r} cannot be read")
        parenthesis, sign, phrase, word = found.groups()
        if parenthesis or sign:
            tokens.append((parenthesis or sign, parenthesis or sign))
        elif word in {"AND", "OR", "NOT"}:
            tokens.append((word, word))
        else:
            tokens.append(("term", word if phrase is None else phrase))
        position = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self._excluded = tokens, 0, 0
        self.terms: list[str] = []

    def either(self) -> Test:
        tests = [self._all()]
        while self._take("OR"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda text: any(test(text) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._take("AND") or self._next() not in {"OR", ")", None}:
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda text: all(test(text) for test in tests)

    def _one(self) -> Test:
        if self._take("NOT") or self._take("-"):
            self._excluded += 1
            test = self._one()
            self._excluded -= 1
            return lambda text: not test(text)
        if self._take("+"):
            return self._one()
        if self._take("("):
            test = self.either()
            if not self._take(")"):
                raise QueryError("a parenthesis is not closed")
            return test
        if self._next() != "term":
            raise QueryError(f"a word is missing {'before ' + repr(self._next()) if self._next() else 'at the end'}")
        phrase = plain(self.tokens[self.at][1])
        self.at += 1
        if not self._excluded and phrase.strip():
            self.terms.append(phrase)
        return lambda text: bool(phrase.strip()) and phrase in text

    def _next(self) -> str | None:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    def _take(self, kind: str) -> bool:
        if self._next() != kind:
            return False
        self.at += 1
        return True
