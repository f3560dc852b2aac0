"""A day explained: its best story, and how many ordinary days of the same campaign fit the same articles less well."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from ml_assets.explanations.corpus import NAME, WHOLE_CAMPAIGN, Article, Corpus
from ml_assets.explanations.distinctive import weights as day_weights
from ml_assets.explanations.evidence import SIGNALS, WEIGHTS, Pool, Scores, Weights
from ml_assets.explanations.rules import (
    FEWEST_PLACEBO_DAYS,
    FEWEST_POSTS,
    NO_ARTICLES,
    NO_TEXT,
    OTHER_LANGUAGE,
    REACH,
    UNEXPLAINED,
    verdict_of,
)

# A language of fewer of the day's posts than this is not theirs.
SHARE_OF_A_LANGUAGE = 0.05


@dataclass(frozen=True)
class Evidence:
    """One article against the day: a row of ml.article_evidence. Spans are places in title and description, JSON text."""

    article_id: str
    score: float
    names_score: float
    words_score: float
    similarity: float
    time_proximity: float
    source_breadth: float
    shared_entities: tuple[str, ...]
    shared_terms: tuple[str, ...]
    spans: str
    story_id: str
    copy_of: str | None


@dataclass(frozen=True)
class Explanation:
    """What the page says of a day: a row of ml.peak_explanations, and the evidence behind it.

    `confidence` is the share of `placebo_days` whose best story scores lower, ties half; None with fewer than FEWEST_PLACEBO_DAYS.
    It is no probability of a cause. `basis` says whose ordinary days were compared: hashtag or campaign.
    """

    verdict: str
    basis: str
    posts_compared: int
    articles: int
    story_id: str | None = None
    headline_article_id: str | None = None
    headline: str | None = None
    story_articles: int = 0
    story_sources: int = 0
    score: float | None = None
    confidence: float | None = None
    placebo_days: int = 0
    placebo_lower: float | None = None
    shared_terms: tuple[str, ...] = ()
    shared_entities: tuple[str, ...] = ()
    day_terms: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def ordinary_days(days: Iterable[date], peaks: Collection[date]) -> list[date]:
    """Days that are no peak of the campaign, and not beside one."""
    taken = {peak + timedelta(days=step) for peak in peaks for step in (-1, 0, 1)}
    return sorted(set(days) - taken)


def explain(
    corpus: Corpus, hashtag: str, peak: date, articles: Sequence[Article], peaks: Collection[date], *, weights: Weights = WEIGHTS
) -> Explanation:
    """Explains the hashtag's day by the articles found for it. `peaks` are all days of the campaign that want an explanation.

    Ordinary days are those of the hashtag itself where at least FEWEST_PLACEBO_DAYS of them have FEWEST_POSTS texts, else those of
    the whole campaign: a hashtag made by its event has no day before it.
    """
    candidates = [day for day in ordinary_days(corpus.days_of(WHOLE_CAMPAIGN), {*peaks, peak}) if abs(day - peak) <= REACH]
    own = [day for day in candidates if corpus.size(hashtag, day) >= FEWEST_POSTS]
    tag = hashtag if hashtag == WHOLE_CAMPAIGN or len(own) >= FEWEST_PLACEBO_DAYS else WHOLE_CAMPAIGN
    placebos = [day for day in candidates if corpus.size(tag, day) >= FEWEST_POSTS]
    size = corpus.size(hashtag, peak)
    nothing = Explanation(NO_TEXT, "campaign" if tag == WHOLE_CAMPAIGN else "hashtag", size, len(articles), placebo_days=len(placebos))
    if not size:
        return nothing
    trial = Trial(corpus, hashtag, tag, peak, placebos)
    pool = Pool(corpus, articles, peak)
    whole = trial.peak_weights()
    nothing = replace(nothing, verdict=NO_ARTICLES, day_terms=_words(corpus, whole, hashtag, peak))
    if not len(pool):
        return nothing
    scores = pool.score(whole, trial.middle_of(hashtag, peak), weights)
    found = _best_story(corpus, pool, scores, whole, nothing)
    if found.story_id is None and not _comparable(corpus, hashtag, peak, articles):
        return replace(found, verdict=OTHER_LANGUAGE)
    lower = [trial.compare(pool, day, weights) for day in placebos]
    confidence = sum(lower) / len(lower) if len(lower) >= FEWEST_PLACEBO_DAYS else None
    shared = len(found.shared_terms) + len(found.shared_entities)
    return replace(
        found,
        verdict=verdict_of(confidence, shared),
        confidence=confidence,
        placebo_lower=float(sum(lower)),
    )


class Trial:
    """The peak against each ordinary day, both with the same number of posts, the same articles and the same background.

    The background are the other ordinary days: neither the peak nor the day it is compared with, so that if nothing happened the two
    could be exchanged, and the peak would be the higher one in half of the pairs.
    """

    def __init__(self, corpus: Corpus, hashtag: str, tag: str, peak: date, placebos: Sequence[date]) -> None:
        self._corpus, self._hashtag, self._tag, self._peak = corpus, hashtag, tag, peak
        self._placebos = list(placebos)
        self._counts = {day: corpus.counts(tag, day) for day in self._placebos}
        self._sizes = {day: corpus.size(tag, day) for day in self._placebos}
        self._all = sum(self._counts.values(), np.zeros(len(corpus), dtype=np.int64))
        self._posts = sum(self._sizes.values())
        self._of_peak: dict[int, np.ndarray] = {}

    def peak_weights(self) -> np.ndarray:
        """With all posts of the day, against all ordinary days: what is shown. Without ordinary days, all other days of the campaign."""
        corpus, size = self._corpus, self._corpus.size(self._hashtag, self._peak)
        others, posts = self._all, self._posts
        if not self._placebos:
            rest = [day for day in corpus.days_of(WHOLE_CAMPAIGN) if day != self._peak]
            others = sum((corpus.counts(WHOLE_CAMPAIGN, day) for day in rest), np.zeros(len(corpus), dtype=np.int64))
            posts = sum(corpus.size(WHOLE_CAMPAIGN, day) for day in rest)
        return day_weights(corpus.counts(self._hashtag, self._peak), size, others, posts, corpus.is_pair)

    def compare(self, pool: Pool, day: date, weights: Weights) -> float:
        """1 where the ordinary day's best story scores lower than the peak's, 0.5 where they are equal, 0 where it is higher."""
        peak, placebo = (round(pool.score(weight, middle, weights).best, 9) for weight, middle in self.pair(day))
        return 1.0 if placebo < peak else 0.5 if placebo == peak else 0.0

    def pair(self, day: date) -> list[tuple[np.ndarray, float]]:
        """(weights of words, middle of the posts) of the peak and of an ordinary day, of equally many posts."""
        corpus = self._corpus
        size = min(corpus.size(self._hashtag, self._peak), self._sizes[day])
        others, posts = self._all - self._counts[day], self._posts - self._sizes[day]
        if size not in self._of_peak:
            self._of_peak[size] = corpus.counts(self._hashtag, self._peak, size)
        both = ((self._hashtag, self._peak, self._of_peak[size]), (self._tag, day, corpus.counts(self._tag, day, size)))
        return [(day_weights(counts, size, others, posts, corpus.is_pair), self.middle_of(tag, of)) for tag, of, counts in both]

    def middle_of(self, tag: str, day: date) -> float:
        found = self._corpus.day(tag, day)
        return 12.0 if found is None else found.middle


def _best_story(corpus: Corpus, pool: Pool, scores: Scores, weight: np.ndarray, nothing: Explanation) -> Explanation:
    """The evidence of each article, and the story of the highest score; the earliest of equals. No story where nothing is shared."""
    names = [_story_id(pool, story) for story in range(len(scores.stories))]
    evidence = tuple(_evidence(pool, scores, weight, article, names) for article in range(len(pool)))
    found = replace(nothing, verdict=UNEXPLAINED, evidence=evidence)
    if scores.best <= 0:
        return replace(found, score=0.0)
    story = int(np.argmax(np.round(scores.stories, 9)))
    headline = pool.articles[pool.headline(story, scores.score)]
    members = pool.members(story)
    shared: dict[str, str] = {}
    for article in members:
        for key, written in pool.shared(article, weight):
            shared.setdefault(key, written)
    ranked = sorted(shared.items(), key=lambda each: (-float(weight[corpus.ids[each[0]]]) if each[0] in corpus.ids else 0.0, each[1]))
    return replace(
        found,
        story_id=names[story],
        headline_article_id=headline.article_id,
        headline=headline.title,
        story_articles=len({int(pool.first[each]) for each in members}),
        story_sources=pool.publications[story],
        score=float(scores.stories[story]),
        shared_terms=tuple(dict.fromkeys(written for key, written in ranked if not key.startswith(NAME))),
        shared_entities=tuple(dict.fromkeys(written for key, written in ranked if key.startswith(NAME))),
    )


def _evidence(pool: Pool, scores: Scores, weight: np.ndarray, article: int, stories: list[str]) -> Evidence:
    shared = pool.shared(article, weight)
    first = int(pool.first[article])
    parts = {signal: round(float(scores.parts[signal][article]), 6) for signal in SIGNALS}
    return Evidence(
        article_id=pool.articles[article].article_id,
        score=round(float(scores.score[article]), 6),
        names_score=parts["names"],
        words_score=parts["words"],
        similarity=parts["similarity"],
        time_proximity=parts["time"],
        source_breadth=parts["sources"],
        shared_entities=tuple(dict.fromkeys(written for key, written in shared if key.startswith(NAME))),
        shared_terms=tuple(dict.fromkeys(written for key, written in shared if not key.startswith(NAME))),
        spans=json.dumps([{"field": each.field, "start": each.start, "end": each.end} for each in pool.mentions(article, weight)]),
        story_id=stories[int(pool.story[article])],
        copy_of=None if first == article else pool.articles[first].article_id,
    )


def _story_id(pool: Pool, story: int) -> str:
    """The id of the story's earliest article: it stays the same when later ones come."""
    return pool.articles[pool.members(story)[0]].article_id


def _comparable(corpus: Corpus, hashtag: str, peak: date, articles: Sequence[Article]) -> bool:
    """Whether an article is in a language of the day's posts, or one of the two does not say its language."""
    counted: Mapping[str | None, int] = corpus.languages.get((hashtag, peak), {})
    known = {language: posts for language, posts in counted.items() if language is not None}
    theirs = {language for language, posts in known.items() if posts >= SHARE_OF_A_LANGUAGE * sum(known.values())}
    return not theirs or any(article.language is None or article.language in theirs for article in articles)


def _words(corpus: Corpus, weight: np.ndarray, hashtag: str, peak: date, most: int = 15) -> tuple[str, ...]:
    """The day's own words, the weightiest first: what the posts talked about, whether or not an article says it."""
    keys = [corpus.words[each] for each in np.argsort(-weight, kind="stable")[:most] if weight[each] > 0]
    return tuple(dict.fromkeys(corpus.written(keys, hashtag, peak).values()))


def as_row(explanation: Explanation) -> dict[str, Any]:
    """Fields of the explanation without its evidence, arrays as lists."""
    row = {name: value for name, value in asdict(explanation).items() if name != "evidence"}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
