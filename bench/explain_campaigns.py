"""Simulated campaigns for the trial of explanations: posts of 40 days, news of each day that mention the campaign, one event.

Everything is drawn from one seed. Words are made of syllables, so none is a stop word or has an English ending. What makes it hard on
purpose: ordinary days have topics of their own that come and go; each day has news about other matters that mention the campaign, and
some posts take up words of those; around the event another matter has as many reports as the event.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from ml_assets.explanations.corpus import Article, Name, Post

FIRST = date(2026, 1, 5)
DAYS = 40
PRODUCT = "Vexora"
SYLLABLES = [f"{a}{b}" for a in "bdfgklmnprtvz" for b in "aeiou"]
# Share of the posts that an event brings, and that use its words: of a plain event, and of one that few of them name.
LOUD, FAINT = (0.10, 0.50), (0.03, 0.10)
# Share of the posts of an ordinary day that take up words of one of its news.
ECHO = 0.02


@dataclass(frozen=True)
class Campaign:
    """`news` are the articles of each day; those of the event are told by their ids, which begin with `event`."""

    posts: list[Post]
    news: list[Article]
    event: date

    def pool(self, day: date) -> list[Article]:
        """Articles of the day and the days beside it, as a source answers."""
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return [article for article in self.news if start - timedelta(days=1) <= article.published_at < start + timedelta(days=2)]


class Language:
    """A vocabulary with Zipf's frequencies, topics that use a part of it more often, and names."""

    def __init__(self, rng: np.random.Generator, words: int = 3_000, topics: int = 8) -> None:
        made: dict[str, None] = {}
        while len(made) < words + 60:
            made["".join(rng.choice(SYLLABLES, size=rng.integers(2, 5)))] = None
        known = list(made)
        self.words, self.names = np.array(known[:words]), [name.capitalize() for name in known[words:]]
        ranks = 1 / np.arange(10, words + 10)
        self._up_to = np.cumsum(ranks / ranks.sum())
        self.topics = [self.words[rng.choice(words, size=60, replace=False)] for _ in range(topics)]

    def text(self, rng: np.random.Generator, length: int, topic: int | None = None) -> list[str]:
        common = self.words[np.minimum(np.searchsorted(self._up_to, rng.random(length)), len(self.words) - 1)].tolist()
        if topic is None:
            return common
        of_topic = self.topics[topic][rng.integers(0, 60, length)].tolist()
        return [one if heads else other for one, other, heads in zip(of_topic, common, (rng.random(length) < 0.5).tolist(), strict=True)]


def campaign(seed: int, loudness: tuple[float, float] = LOUD, *, with_news: bool = True) -> Campaign:
    """A campaign with one event, of which a share of the day's additional posts between the two of `loudness` speaks.

    `with_news` False leaves out the event's articles: a peak that no news explains.
    """
    rng = np.random.default_rng(seed)
    language = Language(rng)
    event = FIRST + timedelta(days=int(rng.integers(3, DAYS - 3)))
    # Half of the event's words are new to the campaign, half are known to it and become frequent.
    matter = [*("".join(rng.choice(SYLLABLES, size=4)) for _ in range(6)), *rng.choice(language.words[200:2_000], size=6, replace=False)]
    people = list(rng.choice(language.names, size=2, replace=False))
    news, share = [], float(rng.uniform(*loudness))
    for day in _days():
        news += _ordinary_news(rng, language, day)
    if with_news:
        news += _reports(rng, language, event, matter, people, "event", int(rng.integers(4, 9)))
    other = list(rng.choice(language.words[200:2_000], size=12, replace=False))
    news += _reports(rng, language, event, other, list(rng.choice(language.names, size=2, replace=False)), "other", int(rng.integers(4, 9)))
    posts: list[Post] = []
    for day in _days():
        posts += _posts_of(rng, language, day, [article for article in news if article.published_at.date() == day])
    posts += _posts_of_event(rng, language, event, matter, people, share, sum(post.day == event for post in posts))
    return Campaign([posts[each] for each in rng.permutation(len(posts))], news, event)


def _days() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(DAYS)]


def _at(rng: np.random.Generator, day: date, first: float = 7, last: float = 23) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=float(rng.uniform(first, last)))


def _ordinary_news(rng: np.random.Generator, language: Language, day: date) -> list[Article]:
    """Two to five articles about this and that, which mention the campaign: half of them from one of its topics."""
    found = []
    for number in range(int(rng.integers(2, 6))):
        topic = int(rng.integers(len(language.topics))) if rng.random() < 0.5 else None
        name = str(rng.choice(language.names))
        found.append(_article(rng, language, f"day-{day}-{number}", day, language.text(rng, 14, topic), [name]))
    return found


def _reports(rng, language: Language, day: date, matter: list[str], people: list[str], what: str, number: int) -> list[Article]:
    """Reports of one matter: each uses 4 to 8 of its words and one or both of its names, from the evening before to a day after."""
    found = []
    for each in range(number):
        words = [*rng.choice(matter, size=rng.integers(4, 9), replace=False), *language.text(rng, 8)]
        made = _article(rng, language, f"{what}-{each}", day, words, people[: int(rng.integers(1, 3))])
        hours = float(rng.uniform(-6, 36))
        found.append(Article(**{**vars(made), "published_at": datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(hours=hours)}))
    return found


def _article(rng, language: Language, article_id: str, day: date, words: list[str], names: list[str]) -> Article:
    mixed = [*rng.permutation(words), *language.text(rng, 10)]
    title, rest = [PRODUCT, names[0], *mixed[:6]], [*names[1:], *mixed[6:]]
    publication = f"Publication {int(rng.integers(40))}"
    return Article(article_id, " ".join(title), " ".join(rest), None, _at(rng, day), publication, "en", names=tuple(Name(name) for name in names))


def _posts_of(rng, language: Language, day: date, news: list[Article]) -> list[Post]:
    """60 to 200 posts on the day's mixture of topics; weekends are quieter."""
    number = int(rng.integers(60, 201) * (0.7 if day.weekday() > 4 else 1.0))
    mixture = rng.dirichlet(np.full(len(language.topics), 0.7))
    found = []
    for topic in rng.choice(len(mixture), size=number, p=mixture).tolist():
        words = language.text(rng, int(rng.integers(6, 15)), topic)
        if news and rng.random() < ECHO:
            words += list(rng.choice(news[int(rng.integers(len(news)))].title.split(), size=3))
        if rng.random() < 0.1:
            words.append(str(rng.choice(language.names)))
        found.append(Post(day, _sentence(rng, words), _at(rng, day), str(rng.integers(5_000)), language="en"))
    return found


def _sentence(rng: np.random.Generator, words: list[str]) -> str:
    said = [PRODUCT, *map(str, words)]
    return " ".join(said[each] for each in rng.permutation(len(said)).tolist())


def _posts_of_event(rng, language: Language, day: date, matter: list[str], people: list[str], loudness: float, ordinary: int) -> list[Post]:
    """Two to four times the ordinary posts more; `loudness` of them use two or three of the event's words, a third of those name somebody."""
    found = []
    for _ in range(int(ordinary * rng.uniform(2, 4))):
        words = language.text(rng, int(rng.integers(6, 15)))
        if rng.random() < loudness:
            words += [*rng.choice(matter, size=rng.integers(2, 4), replace=False)]
            words += [str(rng.choice(people))] if rng.random() < 1 / 3 else []
        found.append(Post(day, _sentence(rng, words), _at(rng, day, 10), str(rng.integers(5_000)), language="en"))
    return found


def large_campaign(seed: int, *, days: int, posts: int, articles: int) -> tuple[Campaign, list[str]]:
    """Posts and articles without an event, for speed: spread evenly over the days; each post carries up to two of five hashtags."""
    rng = np.random.default_rng(seed)
    language = Language(rng, words=20_000)
    tags = ["*", *(f"tag{number}" for number in range(5))]
    made = []
    for number in range(posts):
        day = FIRST + timedelta(days=number % days)
        carried = frozenset({"*", *(tags[1 + each] for each in rng.integers(0, 5, 2).tolist())})
        made.append(Post(day, _sentence(rng, language.text(rng, 14)), _at(rng, day), str(number % 60_000), carried, "en"))
    news = []
    for number in range(articles):
        day = FIRST + timedelta(days=number % days)
        news.append(_article(rng, language, f"day-{number}", day, language.text(rng, 30), [str(rng.choice(language.names))]))
    return Campaign(made, news, FIRST), tags
