"""Made-up archives of known shape."""

import csv
import random
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench.sentiment import generated_posts

HEADER = ("id", "created_at", "text", "user_id", "likes", "retweets", "lang")


def write_hour(folder: Path, posts: int = 1_000) -> tuple[Path, str, str]:
    """(file, first hour, hour after the last): one hour with so many posts."""
    start = datetime(2024, 5, 1, 12, tzinfo=UTC)
    times = [start + timedelta(seconds=3600 * number / posts) for number in range(posts)]
    return _write(folder / "hour.csv", times), _hour(start), _hour(start + timedelta(hours=1))


def posts_in(file: Path, start: datetime, posts: int, hours: int) -> tuple[Path, str, str]:
    """(file, first hour, hour after the last): so many posts in each of so many hours."""
    times = [start + timedelta(hours=hour, seconds=3600 * number / posts) for hour in range(hours) for number in range(posts)]
    return _write(file, times), _hour(start), _hour(start + timedelta(hours=hours))


def write_sparse(folder: Path, hours: int = 5_277, filled: int = 3_053, posts: int = 9_000) -> tuple[Path, str, str]:
    """(file, first hour, hour after the last): most of a year with a few posts in some hours."""
    rng = random.Random(5)
    start = datetime(2020, 12, 12, 11, tzinfo=UTC)
    chosen = rng.sample(range(hours), filled)
    times = [start + timedelta(hours=chosen[number % filled], seconds=rng.randrange(3600)) for number in range(posts)]
    return _write(folder / "sparse.csv", times), _hour(start), _hour(start + timedelta(hours=hours))


def _write(file: Path, times: list[datetime]) -> Path:
    rng = random.Random(9)
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADER)
        for number, (moment, text) in enumerate(zip(times, islice(generated_posts(), len(times)))):
            tag = rng.choice(("pulse", "news", "health", "launch"))
            row = (1_500_000_000_000_000_000 + number, moment.isoformat(), f"{text} #{tag}", rng.randrange(900), rng.randrange(40), rng.randrange(9), "en")
            writer.writerow(row)
    return file


def _hour(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"
