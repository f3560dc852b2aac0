"""A campaign's posts and articles as numbers: which words and names each holds, which authors use them on a day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from ml_assets.explanations.words import Phrases, Token, features, phrase, tokens

WHOLE_CAMPAIGN = "*"
# A word that fewer posts of the whole campaign hold is no habit of theirs, and most of the vocabulary.
FEWEST_POSTS_OF_A_WORD = 3
NAME = "\x00"


@dataclass(frozen=True)
class Post:
    """An original post of the campaign, one for each text and day. `tags` are the hashtags it is counted for, `*` for the whole campaign.

    `author` None is an author of its own. Posts come in the order in which a sample takes them: by hash, not by time.
    """

    day: date
    text: str
    created_at: datetime
    author: str | None = None
    tags: frozenset[str] = frozenset({WHOLE_CAMPAIGN})
    language: str | None = None


@dataclass(frozen=True)
class Name:
    """A name found in an article and its spellings, as in ml.article_entities."""

    name: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Article:
    """An article as it was found. `sources` is how many publications carried it where that is known; a time without zone is UTC."""

    article_id: str
    title: str
    description: str | None = None
    content: str | None = None
    published_at: datetime | None = None
    source_name: str | None = None
    language: str | None = None
    sources: int = 1
    names: tuple[Name, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(part for part in (self.title, self.description, self.content) if part)

    @property
    def published(self) -> datetime | None:
        if self.published_at is None or self.published_at.tzinfo is not None:
            return self.published_at
        return self.published_at.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Day:
    """Posts of a hashtag's day: positions in the corpus, and the middle of their times in hours after local midnight."""

    posts: np.ndarray
    middle: float


class Corpus:
    """Posts of one campaign. `articles` are all that any of its days is compared with: their names are looked for in the posts.

    `question` are the terms that the news were asked by and the hashtags: they are in every article, and explain nothing.
    """

    def __init__(self, posts: Sequence[Post], articles: Iterable[Article], question: Iterable[str], zone: str = "UTC") -> None:
        self.zone = ZoneInfo(zone)
        self._asked = {keys for term in question for language in ("en", "xx") if (keys := phrase(term, language))}
        self._asked_words = {key for keys in self._asked for key in (*keys, "".join(keys))}
        self._is_asked: dict[str, bool] = {}
        self.names = Phrases(self._spellings(articles))
        self._posts = list(posts)
        held = [self._held(post) for post in posts]
        counted = Counter(key for keys in held for key in keys)
        kept = sorted(key for key, count in counted.items() if count >= FEWEST_POSTS_OF_A_WORD)
        self.ids = {key: number for number, key in enumerate(kept)}
        self.is_name = np.array([key.startswith(NAME) for key in kept], dtype=bool)
        self.is_pair = np.array([" " in key and not key.startswith(NAME) for key in kept], dtype=bool)
        self._features = [np.array(sorted(self.ids[key] for key in keys if key in self.ids), dtype=np.int32) for keys in held]
        authors: dict[str, int] = {}
        self._authors = np.array(
            [authors.setdefault(post.author or f"\x00{number}", len(authors)) for number, post in enumerate(posts)], dtype=np.int64
        )
        self._days = self._by_day(posts)
        self.languages: Mapping[tuple[str, date], Counter[str | None]] = self._by_language(posts)
        # Posts that hold a word, of all there are: what a word's rarity is known by.
        self.rarity = np.log((1 + len(posts)) / (1 + np.array([counted[key] for key in kept], dtype=float)))

    def __len__(self) -> int:
        return len(self.ids)

    def day(self, tag: str, day: date) -> Day | None:
        return self._days.get((tag, day))

    def size(self, tag: str, day: date) -> int:
        found = self._days.get((tag, day))
        return 0 if found is None else len(found.posts)

    def days_of(self, tag: str) -> list[date]:
        return sorted(day for of, day in self._days if of == tag)

    def counts(self, tag: str, day: date, most: int | None = None) -> np.ndarray:
        """Authors of the first `most` posts of the day who use each word or name; shape (features,), int64."""
        chosen = self._days[tag, day].posts[:most]
        words = [self._features[post] for post in chosen]
        lengths = np.array([len(each) for each in words])
        if not lengths.sum():
            return np.zeros(len(self), dtype=np.int64)
        pairs = np.unique(np.repeat(self._authors[chosen], lengths) * len(self) + np.concatenate(words))
        return np.bincount(pairs % len(self), minlength=len(self))

    def written(self, keys: Iterable[str], tag: str, day: date) -> dict[str, str]:
        """How the day's posts write these words most often, case folded; names as they are."""
        wanted = {key for key in keys if not key.startswith(NAME)}
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        for number in self._days[tag, day].posts:
            post = self._posts[number]
            for key, start, end in self.found(tokens(post.text, post.language)):
                if key in wanted:
                    forms[key][" ".join(post.text[start:end].casefold().split())] += 1
        most = {key: min(counted, key=lambda form: (-counted[form], form)) for key, counted in forms.items()}
        return {key: most.get(key, key.removeprefix(NAME)) for key in keys}

    def start_of(self, day: date) -> datetime:
        """Local midnight."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def is_asked(self, key: str) -> bool:
        """Whether a word or a pair is of the question itself."""
        known = self._is_asked.get(key)
        if known is None:
            words = key.split(" ")
            known = self._is_asked[key] = any(word in self._asked_words for word in words) or "".join(words) in self._asked_words
        return known

    def _spellings(self, articles: Iterable[Article]) -> Iterable[tuple[tuple[str, ...], str]]:
        for article in articles:
            for name in article.names:
                for spelling in {name.name, *name.spellings}:
                    keys = phrase(spelling, "en")
                    if keys and len("".join(keys)) > 1 and not self._is_of_question(keys):
                        yield keys, name.name

    def _is_of_question(self, keys: tuple[str, ...]) -> bool:
        return any(keys[at : at + len(asked)] == asked for asked in self._asked for at in range(len(keys) - len(asked) + 1))

    def _held(self, post: Post) -> set[str]:
        return {key for key, _, _ in self.found(tokens(post.text, post.language))}

    def found(self, words: list[Token]) -> list[tuple[str, int, int]]:
        """(key, start, end) of every word, pair and name; the words of a name that is one word are the name and no word besides."""
        named = [(NAME + name, start, end) for name, start, end in self.names.find(words)]
        places = {(start, end) for _, start, end in named}
        return named + [found for found in features(words) if found[1:] not in places and not self.is_asked(found[0])]

    def _by_day(self, posts: Sequence[Post]) -> dict[tuple[str, date], Day]:
        chosen, hours = defaultdict(list), defaultdict(list)
        for number, post in enumerate(posts):
            since = (post.created_at - self.start_of(post.day)) / timedelta(hours=1)
            for tag in post.tags:
                chosen[tag, post.day].append(number)
                hours[tag, post.day].append(since)
        return {key: Day(np.array(numbers), float(np.median(hours[key]))) for key, numbers in chosen.items()}

    @staticmethod
    def _by_language(posts: Sequence[Post]) -> dict[tuple[str, date], Counter[str | None]]:
        found: dict[tuple[str, date], Counter[str | None]] = defaultdict(Counter)
        for post in posts:
            for tag in post.tags:
                found[tag, post.day][post.language] += 1
        return dict(found)

    @cached_property
    def words(self) -> list[str]:
        """Keys by id."""
        return list(self.ids)
