"""Copies of one article: the same link, and the wire story that forty publications bring under nearly the same title."""

import html
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from difflib import SequenceMatcher

from orchestration.sources.news.articles import TITLE_TAIL
from orchestration.sources.news.base import Article

# Share of words that two titles have in common, in order: 2 M / (words of both), as difflib counts it. Of 20,051 real headlines,
# 14 pairs each were read: from 0.85 up all told the same, from 0.80 to 0.85 one pair did not, and below more were other reports of one event.
NEAR_EQUAL = 0.85
# Of a shorter title each word is a large part: it is a copy only when all words are equal.
FEWEST_WORDS = 5
# A wire story is reprinted within the day. A column of every morning has the same title, a day later.
REPRINTED_WITHIN = timedelta(hours=24)
# A word that turns a sentence round: titles that differ in one are no copies, however much else is equal.
TURNING = frozenset({"no", "not", "never", "without", "denies", "denied", "false", "fake", "up", "down", "rises", "falls", "wins", "loses"})


def without_copies(articles: Iterable[Article]) -> list[Article]:
    """The earliest of each group of copies, with the number of articles in it (`copies`) and their publications (`source_names`); in order of time.

    Each copy resembles the one that is kept, not only another copy. One link twice is one article.
    """
    kept: list[Article] = []
    groups: list[dict[str, str | None]] = []
    ordered = list(_by_link(articles))
    titles = [title_words(article.title) for article in ordered]
    places = _Places(titles)
    for article, words in zip(ordered, titles):
        place = next(
            (place for place in places.candidates(words) if article.published_at - kept[place].published_at < REPRINTED_WITHIN),
            None,
        )
        if place is None:
            places.add(words)
            kept.append(article)
            groups.append({})
            place = len(kept) - 1
        groups[place][article.article_id] = article.source_name
    return [
        replace(article, copies=len(group), source_names=tuple(sorted({name for name in group.values() if name})))
        for article, group in zip(kept, groups)
    ]


def title_words(title: str) -> tuple[str, ...]:
    """Words in small letters, without the publication that NewsAPI writes behind a title, and whatever stands between words."""
    shorter = TITLE_TAIL.sub("", html.unescape(title))
    return tuple(re.findall(r"\w+", shorter.casefold().replace("’", "").replace("'", "")))


def are_near_equal(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether two titles tell the same in nearly the same words. A number, or a word that turns the sentence, must not differ."""
    if first == second:
        return bool(first)
    if min(len(first), len(second)) < FEWEST_WORDS:
        return False
    differing = (Counter(first) - Counter(second)) + (Counter(second) - Counter(first))
    if differing.total() > (1 - NEAR_EQUAL) * (len(first) + len(second)):
        return False
    if any(word in TURNING or any(letter.isdigit() for letter in word) for word in differing):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= NEAR_EQUAL


class _Places:
    """Places of kept titles by their rarest words, so that 3,000 titles are not compared each with each.

    Two titles of n and m words with M in common have 2M / (n + m) >= t only if M >= n t / (2 - t), since m >= M: so one
    of the n - M + 1 rarest words of each is in the other. (Prefix filter: Chaudhuri, Ganti, Kaushik 2006.)
    """

    def __init__(self, titles: Iterable[tuple[str, ...]]) -> None:
        self._seen = Counter(word for words in titles for word in set(words))
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._words: list[tuple[str, ...]] = []

    def add(self, words: tuple[str, ...]) -> None:
        for word in self._rarest(words):
            self._by_word[word].append(len(self._words))
        self._words.append(words)

    def candidates(self, words: tuple[str, ...]) -> list[int]:
        """Places of the titles that are near-equal to this one, the earliest first."""
        places = {place for word in self._rarest(words) for place in self._by_word.get(word, ())}
        return [place for place in sorted(places) if are_near_equal(words, self._words[place])]

    def _rarest(self, words: tuple[str, ...]) -> list[str]:
        ordered = sorted(set(words), key=lambda word: (self._seen[word], word))
        common = math.ceil(len(words) * NEAR_EQUAL / (2 - NEAR_EQUAL) - 1e-9)
        # A word that comes twice is once in the set: fewer words are left out than the formula says, never more.
        return ordered[: len(words) - common + 1]


def _by_link(articles: Iterable[Article]) -> Iterable[Article]:
    seen: set[str] = set()
    for article in sorted(articles, key=lambda each: (each.published_at, each.article_id)):
        if article.article_id not in seen:
            seen.add(article.article_id)
            yield article
