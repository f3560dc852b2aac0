"""A small campaign of made-up posts for the tests of explanations: 20 days, one of which is about a dam."""

import hashlib
import random
from datetime import UTC, date, datetime, timedelta

from ml_assets.explanations.corpus import Article, Corpus, Name, Post

FIRST, DAYS = date(2026, 5, 1), 20
PEAK = date(2026, 5, 10)
HABITS = "coffee garden music holiday kitchen window summer bicycle garden letter ticket dinner planet guitar market forest winter camera"
MATTER = ("dam", "breach", "valley", "evacuated", "flood", "sirens")
SEED = 11


def posts(matter=MATTER, *, peak=PEAK, first=FIRST, days=DAYS, language="en", per_day=40) -> list[Post]:
    """Each day `per_day` posts of habits; on the peak two in three of three times as many speak of the matter, from 10 to 12 o'clock."""
    rng, found = random.Random(SEED), []
    for number in range(days):
        day = first + timedelta(days=number)
        for _ in range(per_day * (3 if day == peak else 1)):
            words = rng.sample(HABITS.split(), 5)
            if day == peak and rng.random() < 2 / 3:
                words += rng.sample(matter, 3)
            found.append(post(day, " ".join(words), hour=10 + 2 * rng.random(), author=str(rng.random()), language=language))
    return found


def post(day: date, text: str, *, hour: float = 11, author: str | None = None, tags=("*",), language="en") -> Post:
    made = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)
    return Post(day, text, made, author, frozenset(tags), language)


def article(
    number: object, title: str, description: str | None = None, *, day=PEAK, hour=9.0, source="Courier", language="en", names=(), **more
) -> Article:
    published = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)
    given = {"published_at": published, "source_name": source, "language": language, "names": tuple(Name(name) for name in names)} | more
    return Article(f"a{number}", title, description, **given)


ABOUT_IT = (
    article(1, "Acme dam breach floods the valley", "Villages were evacuated when sirens sounded.", hour=8, source="Courier"),
    article(2, "Valley evacuated after breach of the Acme dam", "Sirens sounded at eight.", hour=9, source="Herald"),
)
ABOUT_OTHERS = (
    article(3, "Acme opens a bakery", "Bread and rolls from Monday.", hour=7, source="Ledger"),
    article(4, "Acme shares little changed", "Traders wait for figures.", hour=15, source="Post"),
)


def corpus(of: list[Post], articles=(*ABOUT_IT, *ABOUT_OTHERS), question=("Acme",), zone="UTC") -> Corpus:
    """In the order of a hash, as the posts come from the warehouse: a sample takes the first ones."""
    ordered = sorted(of, key=lambda each: hashlib.md5(f"{each.text}{each.author}".encode()).hexdigest())
    return Corpus(ordered, articles, question, zone)
