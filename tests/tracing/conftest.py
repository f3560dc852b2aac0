"""Two small campaigns of random posts through dbt: edits, reposts, snapshots, gaps, a day of 23 hours; each figure must be found again."""

import json
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from orchestration.cli.app import app
from orchestration.dbt.runner import MODELS_ALONE, run_command
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Pages, Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.warehouse.tables import (
    ARTICLE_ENTITIES,
    CAMPAIGNS,
    CAPTURE_LEDGER,
    NEWS_ARTICLES,
    NEWS_REQUESTS,
    TWEET_METRICS,
    TWEET_SENTIMENT,
    TWEETS,
)
from orchestration.windows import Window, floor_hour

SEED = 7
START = datetime(2026, 3, 6, 5, tzinfo=UTC)
SPAN = Window(START, START + timedelta(days=5))
ZONES = {"live": "America/New_York", "old": "UTC"}
# Hours that nobody captured, and hours that the source did not count, from START.
GAP, UNCOUNTED = range(24, 47), (50, 51)
WORDS = ["trail", "light", "night", "snow", "boots", "cold", "river", "north", "walk", "fire", "camp", "star", "cloud", "wolf"]


def _posts(campaign_id: str, chance: random.Random) -> list[dict]:
    live, rows = campaign_id == "live", []
    for number in range(300):
        hour = chance.choice([each for each in range(24 * 5) if each not in GAP])
        made = START + timedelta(hours=hour, minutes=chance.randrange(60), seconds=chance.randrange(60))
        repost = chance.random() < 0.3
        row = {
            "campaign_id": campaign_id, "tweet_id": f"{campaign_id}{number:04}", "root_id": f"{campaign_id}{number:04}", "created_at": made,
            "observed_at": chance.choice([None, made + timedelta(hours=chance.choice([0.5, 23.999, 24, 25, 40]))]),
            "author_key": chance.choice([None, *(f"author{each}" for each in range(40))]), "lang": "en",
            "text": "SECRET " + " ".join(chance.sample(WORDS, chance.choice([2, 5]))), "hashtags": chance.sample(["trail", "rare", "night"], chance.randrange(3)),
            "kind": "repost" if repost else "original", "is_repost": repost, "id_is_exact": True,
            "source": chance.choice(["x_search", "x_stream"]) if live else "archive", "source_ref": f"file:{number}",
            **{name: chance.choice([None, 0, chance.randrange(50)]) for name in ("like_count", "reply_count", "quote_count", "repost_count")},
            "impression_count": (None, 0, 400 + number)[number % 3],
        }  # fmt: skip
        rows.append(row)
        # In the span and not in the gap: within the hour where the later version would leave it.
        edited = made + timedelta(minutes=chance.randrange(1, 30))
        if chance.random() < 0.1 and edited < SPAN.end and int((edited - START) / timedelta(hours=1)) not in GAP:
            rows.append(row | {"tweet_id": f"{row['tweet_id']}e", "created_at": edited, "hashtags": ["trail"], "like_count": 1, "observed_at": None})
    return rows


def _readings(posts: list[dict], chance: random.Random) -> list[dict]:
    rows = []
    for post in posts:
        if post["source"] == "archive" or post["is_repost"]:
            continue
        nobody_asked = chance.random() < 0.2
        for age in (1, 24, 72, 168)[: chance.randrange(5)]:
            status = "missed" if nobody_asked else chance.choice(["measured", "measured", "measured", "missed", "deleted", "unavailable"])
            read_at = None if status == "missed" else age + chance.random()
            likes = chance.randrange(99) if status == "measured" else None
            rows.append({
                "campaign_id": post["campaign_id"], "tweet_id": post["tweet_id"], "created_at": post["created_at"], "age_hours": age, "status": status,
                "observed_at": None if read_at is None else post["created_at"] + timedelta(hours=read_at), "observed_age_hours": read_at, "like_count": likes, "impression_count": likes and 7 * likes,
            })  # fmt: skip
    return rows


def _labels(posts: list[dict], chance: random.Random) -> list[dict]:
    found = []
    for post in posts:
        label = "not_scored" if post["is_repost"] else chance.choice(["negative", "neutral", "positive", "positive", "not_scored"])
        scores = {} if label == "not_scored" else {"p_negative": 0.2, "p_neutral": 0.3, "p_positive": 0.5}
        found.append({name: post[name] for name in ("campaign_id", "tweet_id", "created_at")} | scores | {
            "sentiment_label": label, "model_id": "model", "model_revision": "7", "code_version": "3",
        })  # fmt: skip
    return found


def _ledger(campaign_id: str, posts: list[dict]) -> list[dict]:
    rows = []
    for number in range(24 * 5):
        hour = START + timedelta(hours=number)
        stored = sum(floor_hour(post["created_at"]) == hour for post in posts)
        counted = None if number in UNCOUNTED else stored + number % 3
        rows.append(
            {
                "campaign_id": campaign_id,
                "hour": hour,
                "source": posts[0]["source"],
                "captured": stored,
                "counted": counted,
                "removed": 0,
                "ids_exact": True,
            }
        )
    return [row for number, row in enumerate(rows) if number not in GAP]


def _news(warehouse: Warehouse, chance: random.Random) -> None:
    peaks = warehouse.query("select campaign_id, hashtag, peak_day from marts.peak_days order by campaign_id, hashtag")
    articles = [
        {**peak, "article_id": f"article{number}", "title": "SECRET", "source_name": f"Paper {number % 3}", "source": "archive",
         "url": f"https://example.org/{number}", "published_at": START + timedelta(hours=number), "matched_terms": ["x"]}
        for peak in peaks for number in chance.sample(range(20), 8)
    ]  # fmt: skip
    entities = [
        {"article_id": f"article{number}", "entity_label": label, "entity_name": name, "surface_forms": [name], "mentions": number + 1,
         "model_id": "entities", "model_revision": "2", "code_version": "5"}
        for number in range(20) for label, name in (("ORG", "Halvenne"), ("LOC", "Oslo"), ("ORG", "Oslo")) if chance.random() < 0.7
    ]  # fmt: skip
    requests = [{**peak, "source": "archive", "query": "q", "status": "ok", "reason": "Found.", "articles": 8} for peak in peaks]
    for table, rows in ((NEWS_ARTICLES, articles), (ARTICLE_ENTITIES, entities), (NEWS_REQUESTS, requests)):
        warehouse.replace_all(table, rows, run_id="run-of-news")


@pytest.fixture(scope="session")
def traced_settings(new_home):
    """A home with every lane built once; dbt runs in this process, so the environment that it reads is put back."""
    print(f"random posts of seed {SEED}")
    before, chance = dict(os.environ), random.Random(SEED)
    settings = Settings(home=new_home("traced"))
    server_control.start(settings)
    warehouse = Warehouse(settings)
    warehouse.ensure_tables()
    warehouse.replace_all(
        CAMPAIGNS, [
            {"campaign_id": each, "name": each, "zone": zone, "hashtags": ["trail"], "competitors": [other for other in ZONES if other != each]}
            for each, zone in ZONES.items()
        ], run_id="c"
    )
    posts = {each: _posts(each, chance) for each in ZONES}
    every = [post for made in posts.values() for post in made]
    warehouse.replace_window(TWEETS, SPAN, every, run_id="run-of-capture")
    warehouse.replace_window(TWEET_METRICS, SPAN, _readings(every, chance), run_id="run-of-reading")
    warehouse.replace_window(TWEET_SENTIMENT, SPAN, _labels(every, chance), run_id="run-of-scoring")
    warehouse.replace_window(CAPTURE_LEDGER, SPAN, [row for each, made in posts.items() for row in _ledger(each, made)], run_id="run-of-capture")
    build_lanes(settings, "posts", "hourly_marts", "peaks")
    _news(warehouse, chance)
    build_lanes(settings, "news_marts")
    yield settings
    server_control.halt(ServerFiles(settings.warehouse_dir))
    os.environ.clear()
    os.environ.update(before)


def build_lanes(settings: Settings, *lanes: str) -> None:
    """Models alone: dbt's own tests of the data are not what is tested here."""
    for lane in lanes:
        run_command(settings, lane, SPAN if lane in {"posts", "hourly_marts"} else None, MODELS_ALONE, ["--select", f"tag:{lane}"]).raise_failures()


class Remembering(Warehouse):
    """Asks each question once: for tests that change nothing, several hundred traces of the same few days."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.answers: dict[tuple, Any] = {}

    def query(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        return self._once(("query", sql, *sorted(parameters.items())), lambda: super(Remembering, self).query(sql, **parameters))

    def pages(self, sql: str, **parameters: Any) -> Pages:
        def whole() -> tuple:
            found = super(Remembering, self).pages(sql, **parameters)
            return found.columns, list(found.rows)

        columns, rows = self._once(("pages", sql, *sorted(parameters.items())), whole)
        return Pages(columns, iter(rows))

    def _once(self, key: tuple, ask: Callable[[], Any]) -> Any:
        if key not in self.answers:
            self.answers[key] = ask()
        return self.answers[key]


@pytest.fixture(scope="session")
def unchanged(traced_settings) -> Warehouse:
    """The warehouse as it was built; what a test changes later it does not see."""
    return Remembering(traced_settings)


@pytest.fixture
def traced(traced_settings) -> Warehouse:
    return Warehouse(traced_settings)


@pytest.fixture
def pulse_trace(traced_settings, monkeypatch):
    """`pulse trace ...` in this process: its exit code, and all that it says."""
    monkeypatch.setenv("PULSE_HOME", str(traced_settings.home))

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["trace", *words])
        assert done.exit_code == code, done.output
        return done.output

    run.facts = lambda *words, code=0: json.loads(run(*words, "--format", "json", code=code))
    return run
