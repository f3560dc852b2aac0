"""X's search language: reading a query, saying what is wrong with it, and asking whether a post matches it.

Words side by side are all wanted, `OR` binds less, `-` negates, parentheses group: docs.x.com, /x-api/posts/search/integrate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import regex

from orchestration.sources.x.query_terms import (
    CONJUNCTION_REQUIRED,
    OPERATORS,
    STREAM_ONLY,
    PostView,
    Term,
    value_problem,
)

LONGEST_RECENT, LONGEST_ARCHIVE = 512, 1_024
# Far more than anybody writes, and far less than the interpreter's stack.
DEEPEST = 50
TOKEN = regex.compile(r'\s+|(?P<mark>[()])|(?P<minus>-)(?=[^\s-])|(?P<phrase>"[^"]*")|(?P<word>(?:"[^"]*"|[^\s()"])+)')
OPERATOR = regex.compile(r"(?P<name>[A-Za-z0-9_.]+):(?P<value>.*)", regex.DOTALL)
MINUS = "A minus - does not stand directly before a word. Write  -word  to leave out posts with the word."
SIGNS = {"#": "hashtag", "＃": "hashtag", "@": "mention", "＠": "mention", "$": "cashtag"}
SIGNED = regex.compile(r"[#＃@＠][\p{L}\p{M}\p{N}_·]+|\$[A-Za-z][A-Za-z._]*")


class QueryError(ValueError):
    """X would not take the query; the message says why, and what to write instead."""


@dataclass(frozen=True)
class Both:
    parts: tuple["Node", ...]

    def holds(self, view: PostView) -> bool:
        return all(part.holds(view) for part in self.parts)

    def stands_alone(self) -> bool:
        return any(part.stands_alone() for part in self.parts)


@dataclass(frozen=True)
class Either:
    parts: tuple["Node", ...]

    def holds(self, view: PostView) -> bool:
        return any(part.holds(view) for part in self.parts)

    def stands_alone(self) -> bool:
        return all(part.stands_alone() for part in self.parts)


@dataclass(frozen=True)
class Without:
    part: "Node"

    def holds(self, view: PostView) -> bool:
        return not self.part.holds(view)

    def stands_alone(self) -> bool:
        return False


Node = Term | Both | Either | Without


@dataclass(frozen=True)
class Query:
    text: str
    root: Node

    def matches(self, record: Mapping[str, Any], *, fold: bool = True) -> bool:
        """Whether the post, as API v2 writes it, is found. `fold`: without diacritics, as search does and the stream does not."""
        return self.root.holds(PostView(record, fold=fold))

    def finds(self, view: PostView) -> bool:
        """As `matches`, for a post that is asked for several queries."""
        return self.root.holds(view)


def parse(text: str) -> Query:
    """Raises QueryError with the first thing that is wrong, lengths apart."""
    found = _found(text, stream=True)
    if isinstance(found, list):
        raise QueryError(found[0])
    return Query(text, found)


def problems(text: str, longest: int = LONGEST_RECENT, *, stream: bool = False) -> list[str]:
    """Why X would refuse the query, in words for people; empty when it would not. `stream` allows what only its rules may hold."""
    found = _found(text, stream=stream)
    said = found if isinstance(found, list) else []
    if len(text) > longest:
        said = [*said, f"The query has {len(text):,} characters and X takes {longest:,}. Leave out the words that find least, or make two campaigns of it."]
    return said


def _found(text: str, *, stream: bool) -> Node | list[str]:
    """The query, or everything that is wrong with it."""
    if not text.strip():
        return ['The query is empty. Write words, "phrases" or #tags to search for.']
    if text.count('"') % 2:
        return ['A quotation mark " is missing its partner. Write "phrases like this".']
    reader = _Reader(text, stream)
    tree = reader.whole()
    if reader.problems or tree is None:
        return reader.problems
    if not tree.stands_alone():
        return [_lonely(branch) for branch in _branches(tree) if not branch.stands_alone()]
    return tree


class _Reader:
    """Recursive descent over the tokens; goes on after a problem, so that all of them are named at once."""

    def __init__(self, text: str, stream: bool) -> None:
        self.problems: list[str] = []
        self._stream = stream
        self._tokens = list(_tokens(text))
        self._at = self._depth = 0

    def whole(self) -> Node | None:
        tree = self._either()
        while self._at < len(self._tokens):
            self._say("A parenthesis ) closes nothing. Take it out, or open it before with (.")
            self._at += 1
            tree = self._either() or tree
        return tree

    def _either(self) -> Node | None:
        parts: list[Node] = []
        wants_more = False
        while True:
            part = self._both()
            if part is not None:
                parts.append(part)
            elif wants_more or self._next() == "OR":
                self._say("An OR needs something on both sides of it. Write  this OR that.")
            if self._next() != "OR":
                break
            self._at += 1
            wants_more = True
        return parts[0] if len(parts) == 1 else Either(tuple(parts)) if parts else None

    def _both(self) -> Node | None:
        parts: list[Node] = []
        while (token := self._next()) is not None and token not in {"OR", ")"}:
            self._at += 1
            part = self._one(token)
            if part is not None:
                parts.append(part)
        return parts[0] if len(parts) == 1 else Both(tuple(parts)) if parts else None

    def _one(self, token: str) -> Node | None:
        if self._depth >= DEEPEST:
            self._say(f"Parentheses and minus signs are nested more than {DEEPEST} deep. Write it flatter.")
            self._at = len(self._tokens)
            return None
        self._depth += 1
        part = self._nested(token)
        self._depth -= 1
        return part

    def _nested(self, token: str) -> Node | None:
        if token == "-":
            following = self._next()
            if following is None or following in {"OR", ")"}:
                self._say(MINUS)
                return None
            self._at += 1
            part = self._one(following)
            return None if part is None else Without(part)
        if token == "(":
            part = self._either()
            if self._next() != ")":
                self._say("A parenthesis ( is never closed. Write ) where the group ends.")
                return part
            self._at += 1
            if part is None:
                self._say("A pair of parentheses () is empty. Take it out.")
            return part
        return self._term(token)

    def _term(self, token: str) -> Term | None:
        if token.startswith('"'):
            phrase = token.strip('"').strip()
            if not phrase:
                self._say('A phrase "" is empty. Take it out.')
                return None
            return Term("words", phrase)
        if token.startswith("-"):
            self._say(MINUS)
            return None
        if token.lower() in {"and", "or"}:
            self._say(
                f'"{token}" is ambiguous: X joins words by a space, and alternatives by OR in capitals. '
                f'To find the word itself write it in quotes: "{token.lower()}".'
            )
            return None
        if SIGNED.fullmatch(token):
            return Term(SIGNS[token[0]], token[1:])
        operator = OPERATOR.fullmatch(token)
        if operator is None:
            return Term("words", token)
        return self._operator(operator["name"], operator["value"].strip('"'), token)

    def _operator(self, name: str, value: str, token: str) -> Term | None:
        name = name.lower()
        if name not in OPERATORS:
            self._say(f'There is no operator {name}: in X\'s search. To search for these characters write them in quotes: "{token.replace(chr(34), "")}".')
            return None
        if name in STREAM_ONLY and not self._stream:
            self._say(f"{name}: works in rules of the stream only, not in search. Take it out.")
            return None
        if (problem := value_problem(name, value)) is not None:
            self._say(problem)
            return None
        negated = self._at >= 2 and self._tokens[self._at - 2] == "-"
        if name == "is" and value.lower() == "nullcast" and not negated:
            self._say("is:nullcast can only be negated. Write  -is:nullcast.")
            return None
        return Term(name, value)

    def _next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _say(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        at = found.end()
        token = found["mark"] or found["minus"] or found["phrase"] or found["word"]
        if token:
            # A minus with a blank behind it negates nothing.
            yield "--" if token == found["word"] == "-" else token


def _branches(tree: Node) -> tuple[Node, ...]:
    return tree.parts if isinstance(tree, Either) else (tree,)


def _lonely(branch: Node) -> str:
    """Why X refuses a branch of which nothing can stand alone."""
    names = sorted({term.shown for term in _terms(branch) if term.name in CONJUNCTION_REQUIRED})
    if names:
        return (
            f"{', '.join(names)} cannot stand alone: each side of an OR needs a word, a phrase, a #tag, an @account or from: beside it. "
            f"Write e.g.  #tag {names[0]}."
        )
    return "The query only says what to leave out. Each side of an OR needs something to search for: a word, a phrase, a #tag or an @account."


def _terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Without):
        yield from _terms(node.part)
    else:
        for part in node.parts:
            yield from _terms(part)
