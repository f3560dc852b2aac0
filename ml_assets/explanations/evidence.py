"""What speaks for an article: names and words shared with the day's posts, likeness, time, publications. One score in [0, 1]."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from ml_assets.explanations.corpus import NAME, Article, Corpus
from ml_assets.explanations.stories import central, copies, groups, publications, vectors
from ml_assets.explanations.words import tokens


@dataclass(frozen=True)
class Weights:
    """Of each signal in an article's score; they sum to 1. Chosen by `make bench-explain`, whose table is in docs/method.md."""

    names: float = 0.30
    words: float = 0.30
    similarity: float = 0.20
    time: float = 0.10
    sources: float = 0.10

    def without(self, signal: str) -> "Weights":
        """The others in the same proportion."""
        rest = 1 - getattr(self, signal)
        return replace(self, **{name: 0.0 if name == signal else value / rest for name, value in vars(self).items()})


WEIGHTS = Weights()
SIGNALS = tuple(vars(WEIGHTS))
# Summed weight of shared names, or of words, at which that signal is a half: two strong ones, which weigh 7 each.
HALF = 12.0
# Hours in which an article loses half of its time signal: before the middle of the day's posts, and after it, where it may tell of the posts.
HALF_BEFORE, HALF_AFTER = 24.0, 8.0
# Publications at which a story's breadth is full, on a scale of doublings.
FULL_BREADTH = 8
# Of a story's score, for other reports than its best. As a share of what the best lacks to 1 it lifted weak stories most: two days before
# the sample's launch, three words shared by chance with three articles scored more than the launch.
SHARE_OF_OTHERS = 0.2
# Of the best article's score, for a headline: the report that comes a day later tells of the aftermath.
NEARLY_BEST = 0.75
# More articles than this are more than any source answers to one question; the nearest to the day are kept.
LARGEST_POOL = 1_000


@dataclass(frozen=True)
class Scores:
    """Signals of each article of a pool against one day, each (N,) in [0, 1], the score, and the score of each story (S,)."""

    parts: dict[str, np.ndarray]
    score: np.ndarray
    stories: np.ndarray

    @property
    def best(self) -> float:
        return float(self.stories.max(initial=0.0))


@dataclass(frozen=True)
class Mention:
    """A shared word or name where an article says it: text[start:end] of `field`, title or description."""

    field: str
    start: int
    end: int
    key: str = dataclasses.field(default="", compare=False)


class Pool:
    """The articles found for one day, read once; scored against that day and against ordinary days as if they were of those.

    Stories do not depend on the day: they are made of the articles alone.
    """

    def __init__(self, corpus: Corpus, articles: Sequence[Article], day: date) -> None:
        start = corpus.start_of(day)
        ordered = sorted(articles, key=lambda article: (article.published is None, article.published or start, article.article_id))
        self.articles = _nearest(ordered, start + timedelta(hours=12))
        self._corpus = corpus
        found = [corpus.found(tokens(article.text, article.language or "en")) for article in self.articles]
        counts = [Counter(key for key, _, _ in places) for places in found]
        self._lay_out(counts)
        self.hours = np.array(
            [np.nan if article.published is None else (article.published - start) / timedelta(hours=1) for article in self.articles]
        )
        self._group(counts)

    def __len__(self) -> int:
        return len(self.articles)

    def score(self, weight: np.ndarray, middle: float, weights: Weights = WEIGHTS) -> Scores:
        """`weight` (features,) is the day's, `middle` the middle of its posts in hours after local midnight.

        The signals are summed by `weights`. An article that shares nothing with the posts has no evidence: its score is 0.
        """
        corpus = self._corpus
        if not len(self) or not len(corpus):
            none = np.zeros(len(self))
            return Scores(dict.fromkeys(SIGNALS, none), none, np.zeros(len(self.publications)))
        shared = weight[self._ids] * (self._ids >= 0)
        is_name = corpus.is_name[self._ids]
        names, words = (np.add.reduceat(np.where(chosen, shared, 0.0), self._starts) for chosen in (is_name, ~is_name))
        # The day's words by weight and rarity, an article's by TF-IDF: a long article that holds everything is like nothing.
        rare = weight * corpus.rarity
        likeness = np.add.reduceat(rare[self._ids] * self._tfidf, self._starts) / max(float(np.sqrt(rare @ rare)), 1e-9)
        parts = {
            "names": names / (names + HALF),
            "words": words / (words + HALF),
            "similarity": np.clip(likeness, 0.0, 1.0),
            "time": nearness(self.hours - middle),
            "sources": self._breadth,
        }
        total = sum(getattr(weights, signal) * values for signal, values in parts.items())
        total = np.where(names + words > 0, total, 0.0)
        return Scores(parts, total, self._of_stories(total))

    def _lay_out(self, counts: list[Counter[str]]) -> None:
        """Features of all articles in one row, an article after the other; each begins with a place that holds nothing."""
        ids: list[np.ndarray] = []
        values: list[np.ndarray] = []
        starts: list[int] = []
        corpus = self._corpus
        for of_article in counts:
            known = [(corpus.ids[key], count) for key, count in _with_compact_pairs(of_article, corpus).items() if key in corpus.ids]
            numbers = np.array([number for number, _ in known], dtype=np.int64)
            tfidf = np.array([1 + np.log(count) for _, count in known]) * corpus.rarity[numbers] if known else np.empty(0)
            unknown = sum((1 + np.log(count)) ** 2 for key, count in of_article.items() if key not in corpus.ids) * _rarest(corpus) ** 2
            starts.append(sum(len(each) for each in ids))
            ids.append(np.concatenate([[-1], numbers]))
            values.append(np.concatenate([[0.0], tfidf / max(np.sqrt(unknown + tfidf @ tfidf), 1e-9)]))
        self._ids = np.concatenate(ids).astype(np.int64) if ids else np.empty(0, dtype=np.int64)
        self._tfidf = np.concatenate(values) if values else np.empty(0)
        self._starts = np.array(starts, dtype=np.int64)

    def _group(self, counts: list[Counter[str]]) -> None:
        rows = vectors(counts, lambda key: key.startswith(NAME))
        self.similarity = rows @ rows.T
        self.first = copies(self.similarity, [" ".join(article.title.casefold().split()) for article in self.articles])
        distinct = sorted(set(self.first.tolist()))
        stories = groups(self.similarity[np.ix_(distinct, distinct)])
        position = {article: number for number, found in enumerate(stories) for article in (distinct[each] for each in found)}
        self.story = np.array([position[first] for first in self.first.tolist()], dtype=np.int64)
        self.publications = [
            publications([(a.source_name, a.sources) for a, s in zip(self.articles, self.story) if s == story]) for story in range(len(stories))
        ]
        breadth = np.minimum(1.0, np.log2(np.maximum(1, self.publications)) / np.log2(FULL_BREADTH)) if stories else np.empty(0)
        self._breadth = breadth[self.story] if len(self) else np.empty(0)

    def _of_stories(self, score: np.ndarray) -> np.ndarray:
        """best * (1 - best / (5 * sum)): a text alone gets four fifths of its score, other texts add the rest, copies of a text do not."""
        number = len(self.publications)
        best, total = np.zeros(number), np.zeros(number)
        by_text = np.zeros(len(self))
        np.maximum.at(by_text, self.first, score)
        np.maximum.at(best, self.story, by_text)
        np.add.at(total, self.story, by_text)
        return best * (1 - SHARE_OF_OTHERS * best / np.maximum(total, 1e-9))

    def members(self, story: int) -> list[int]:
        return np.flatnonzero(self.story == story).tolist()

    def headline(self, story: int, score: np.ndarray) -> int:
        """The article most like the others of the story, of those that score nearly as well as its best one; the earliest of equals."""
        members = self.members(story)
        best = max(float(score[each]) for each in members)
        return central(self.similarity, members, [each for each in members if score[each] >= NEARLY_BEST * best])

    def mentions(self, article: int, weight: np.ndarray) -> list[Mention]:
        """Where title and description say what the day has more of, in order of place."""
        corpus, found = self._corpus, []
        for name in ("title", "description"):
            text, language = getattr(self.articles[article], name), self.articles[article].language or "en"
            found += [Mention(name, start, end, key) for key, start, end in corpus.found(tokens(text, language)) if _weight_of(key, weight, corpus)]
        return found

    def shared(self, article: int, weight: np.ndarray) -> list[tuple[str, str]]:
        """(key, as the article writes it) of what is shared in title, description and content, the weightiest first."""
        of, corpus = self.articles[article], self._corpus
        written: dict[str, str] = {}
        for key, start, end in corpus.found(tokens(of.text, of.language or "en")):
            if _weight_of(key, weight, corpus):
                written.setdefault(key, key.removeprefix(NAME) if key.startswith(NAME) else " ".join(of.text[start:end].casefold().split()))
        return sorted(written.items(), key=lambda each: (-_weight_of(each[0], weight, corpus), each[1]))


def nearness(hours: np.ndarray) -> np.ndarray:
    """Time signal by hours from the middle of the day's posts to the article: 1 there, halved each 24 h before and each 8 h after; 0 without a time."""
    signal = np.where(hours <= 0, 0.5 ** (-np.minimum(hours, 0) / HALF_BEFORE), 0.5 ** (np.maximum(hours, 0) / HALF_AFTER))
    return np.where(np.isnan(hours), 0.0, signal)


def _nearest(articles: list[Article], middle: datetime) -> list[Article]:
    if len(articles) <= LARGEST_POOL:
        return articles
    far = timedelta(days=10_000)
    near = sorted(articles, key=lambda article: abs(article.published - middle) if article.published else far)[:LARGEST_POOL]
    kept = {id(article) for article in near}
    return [article for article in articles if id(article) in kept]


def _with_compact_pairs(counts: Counter[str], corpus: Corpus) -> Counter[str]:
    """With `heelplate` for the pair `heel plate`, where the posts write it so: as a hashtag."""
    found = Counter(counts)
    for key, count in counts.items():
        if " " in key and not key.startswith(NAME) and (compact := key.replace(" ", "")) in corpus.ids:
            found[compact] += count
    return found


def _weight_of(key: str, weight: np.ndarray, corpus: Corpus) -> float:
    keys = (key, key.replace(" ", "")) if not key.startswith(NAME) else (key,)
    return max((float(weight[corpus.ids[each]]) for each in keys if each in corpus.ids), default=0.0)


def _rarest(corpus: Corpus) -> float:
    return float(corpus.rarity.max(initial=1.0))
