"""A small world: one post that must go, in every layer that can hold it, and its neighbours that must stay."""

import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.capture import CapturedRows
from orchestration.cli.compliance import compliance_app
from orchestration.settings import Settings
from orchestration.sources.base import Capture, HourCapture
from orchestration.sources.envelopes import posts_in
from orchestration.sources.hours import select_hours
from orchestration.sources.records import parse_record
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import (
    CAPTURE_LEDGER,
    DEAD_LETTERS,
    POST_LABELS,
    TWEET_METRICS,
    TWEET_SENTIMENT,
    TWEET_SENTIMENT_CANDIDATES,
    TWEETS,
)
from orchestration.windows import HOUR, Window

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
WINDOW = Window(START, START + 2 * HOUR)
# Digits of X's ids; `n` tells them apart.
BASE = 2_028_000_000_000_000_000
GONE_TEXT = "the words that must go"
GONE, EDITED, REPOST, QUOTE, REPLY, OTHER, SECOND = (str(BASE + n) for n in range(1, 8))
AUTHOR, NEIGHBOUR = "900000000000000001", "900000000000000002"
CAMPAIGN = "duty"
LINE = json.dumps(
    {"id": GONE, "action": "delete", "created_at": "2026-03-02T05:01:00.000Z", "reason": "deleted", "redacted_at": "2026-03-03T00:00:00.000Z"}
)


def post(tweet_id: str, text: str, minutes: int, *, author: str = NEIGHBOUR, **more) -> dict:
    created = START + timedelta(minutes=minutes)
    return {
        "id": tweet_id,
        "text": text,
        "created_at": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "author_id": author,
        "lang": "en",
        "edit_history_tweet_ids": [tweet_id],
        "public_metrics": {"like_count": 1, "reply_count": 0, "quote_count": 0, "retweet_count": 0},
        **more,
    }


def world() -> list[dict]:
    """The edited post in both versions, a repost, a quote with the original inside, a reply, and one that has nothing to do with it."""
    first = post(GONE, GONE_TEXT, 1, author=AUTHOR, geo={"place_id": "abc"})
    edited = post(EDITED, GONE_TEXT + ", edited", 11, author=AUTHOR, edit_history_tweet_ids=[GONE, EDITED])
    repost = post(
        REPOST, f"RT @author: {GONE_TEXT}", 20, referenced_tweets=[{"type": "retweeted", "id": GONE}],
        entities={"mentions": [{"start": 3, "end": 10, "username": "author", "id": AUTHOR}]},
    )  # fmt: skip
    link = {"url": "https://t.co/a", "expanded_url": f"https://x.com/author/status/{GONE}"}
    quote = post(
        QUOTE, "look at this https://t.co/a", 30, entities={"urls": [link]},
        referenced_tweets=[{"type": "quoted", "id": GONE, "text": GONE_TEXT, "author_id": AUTHOR, "created_at": first["created_at"]}],
    )  # fmt: skip
    reply = post(REPLY, "no", 65, referenced_tweets=[{"type": "replied_to", "id": GONE}], conversation_id=GONE)
    return [first, edited, repost, quote, reply, post(OTHER, "sunny", 66), post(SECOND, "by the same author", 67, author=AUTHOR)]


def capture_of(records: list[dict], source: str = "x_search") -> Capture:
    posts = [parse_record(wrapped, source_ref="test") for wrapped in posts_in(records)]
    hours = tuple(
        HourCapture(hour=each.hour, posts=each.posts, counted=each.counted, observations=each.observations)
        for each in select_hours(posts, WINDOW, 1000)
    )
    return Capture(source, "search", "#duty", hours)


@dataclass
class Layers:
    """Every layer of a home, filled with `world`."""

    warehouse: Warehouse
    settings: Settings
    compliance_file: Path
    marts: tuple[str, ...] = ("marts.tweets", "marts.top_posts", "intermediate.int_tweets_cleaned", "intermediate.int_tweet_hashtags")
    # Of a run that was killed now: one of yesterday is swept away by any command.
    leftover: str = f"staging.tweets__{datetime.now(UTC):%Y%m%dT%H%M%S}__abc"
    tables: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        of_models = ("ml.tweet_sentiment", "ml.tweet_sentiment_candidates", "ml.post_labels")
        self.tables = ("raw.tweets", "raw.tweet_metrics", "raw.dead_letters", *of_models, *self.marts)

    def fill(self) -> None:
        for folder in (self.settings.spool_dir, self.settings.x_dir):
            shutil.rmtree(folder, ignore_errors=True)
        self.warehouse.execute("DELETE FROM raw.compliance_log WHERE TRUE")
        rows, capture = CapturedRows(), capture_of(world())
        rows.add(CAMPAIGN, capture, 1000)
        execute = self.warehouse.execute
        self.warehouse.replace_window(TWEETS, WINDOW, rows.tweets, run_id="first")
        self.warehouse.replace_window(CAPTURE_LEDGER, WINDOW, rows.ledger, run_id="first")
        metrics, scores, labels, letters = [], [], [], []
        for row in rows.tweets:
            key = {name: row[name] for name in ("campaign_id", "tweet_id", "created_at")}
            metrics += [key | {"age_hours": age, "status": "measured", "like_count": 5} for age in (1, 24)]
            scores.append(key | {"text_hash": "h", "sentiment_label": "neutral", "model_id": "m", "model_revision": "1"})
            labels.append({"campaign_id": CAMPAIGN, "tweet_id": row["tweet_id"], "label": "neutral", "labelled_at": START, "labelled_by": "ann"})
        for number, record in enumerate((f'{{"id": "{GONE}", "text": "{GONE_TEXT}", "created_at": "soon"', '{"id": "5", "text": "other"')):
            common = {"campaign_id": CAMPAIGN, "letter_id": f"letter{number}", "feed": "tweets", "source": "x_search", "line": None}
            letters.append(common | {"source_ref": "test", "reason": "json_error", "detail": "no JSON", "raw_record": record})
        self.warehouse.replace_window(TWEET_METRICS, WINDOW, metrics, run_id="first")
        self.warehouse.replace_window(TWEET_SENTIMENT, WINDOW, scores, run_id="first")
        self.warehouse.replace_all(POST_LABELS, labels, run_id="first")
        self.warehouse.replace_window(TWEET_SENTIMENT_CANDIDATES, WINDOW, scores, run_id="first")
        self.warehouse.replace_all(DEAD_LETTERS, letters, run_id="first")
        for dataset in ("intermediate", "marts"):
            execute(f"CREATE SCHEMA IF NOT EXISTS {dataset}")
        common = "campaign_id, tweet_id, root_id, created_at, author_key, text, referenced_id, urls"
        for table in ("marts.tweets", "intermediate.int_tweets_cleaned"):
            execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {common} FROM raw.tweets")
        execute("CREATE OR REPLACE TABLE marts.top_posts AS SELECT campaign_id, DATE(created_at) AS day, tweet_id, text, 1 AS rank FROM raw.tweets")
        execute("CREATE OR REPLACE TABLE intermediate.int_tweet_hashtags AS SELECT campaign_id, tweet_id, created_at, 'a' AS hashtag FROM raw.tweets")
        execute("CREATE OR REPLACE TABLE marts.engagement_hourly AS SELECT campaign_id, COUNT(*) AS posts, SUM(like_count) AS likes FROM raw.tweets GROUP BY campaign_id")
        execute("CREATE OR REPLACE VIEW staging.stg_x__tweets AS SELECT tweet_id, text FROM raw.tweets")
        execute(f"CREATE OR REPLACE TABLE {self.leftover} AS SELECT tweet_id, text FROM raw.tweets WHERE tweet_id = '{GONE}'")
        self.write_files()

    def write_files(self) -> None:
        spooled = [{"received_at": "2026-03-02T05:00:00+00:00", "session": "s", "rules": [{"id": "1"}], "post": {"data": each}} for each in world()]
        spooled[3]["post"]["includes"] = {"tweets": [world()[0]], "users": [{"id": AUTHOR, "username": "author"}]}
        write(self.spool / "2026-03-02" / "05.jsonl", spooled[:4])
        write(self.spool / "2026-03-02" / "06.jsonl", spooled[5:6])
        (self.spool / "unread").mkdir(parents=True, exist_ok=True)
        (self.spool / "unread" / "2026-03-02T05.jsonl").write_text(f'{{"data":{{"id":"{GONE}","text":"{GONE_TEXT}"\n{{"torn\n')
        page = {"received_at": "2026-03-02T06:00:00+00:00", "body": {"data": world()[:6], "includes": {"tweets": [world()[0]]}, "meta": {"result_count": 6}}}
        write(self.pages, [page])

    @property
    def spool(self) -> Path:
        return self.settings.spool_dir / "x_stream"

    @property
    def pages(self) -> Path:
        return self.settings.x_dir / "pages" / CAMPAIGN / "20260302T05" / "page.jsonl"

    def everything(self) -> dict[str, str]:
        """The content of every table and file, as text."""
        layers = {}
        for table in (*self.tables, "staging.stg_x__tweets", "raw.compliance_log", "raw.capture_ledger", "marts.engagement_hourly"):
            rows = self.warehouse.query(f"select to_json_string(t) as content from {table} as t order by content")
            layers[table] = "\n".join(row["content"] for row in rows)
        for folder in (self.settings.spool_dir, self.settings.x_dir):
            layers |= {str(file): file.read_text() for file in sorted(folder.rglob("*")) if file.is_file()}
        return layers

    def ids(self, table: str) -> set[str]:
        return {row["tweet_id"] for row in self.warehouse.query(f"select distinct tweet_id from {table}")}

    def run(self, *lines: str, subject: str = "posts", code: int = 0) -> str:
        """What `pulse compliance apply` says of a file with these lines."""
        self.compliance_file.write_text("".join(f"{line}\n" for line in lines))
        words = ["apply", str(self.compliance_file), "--subject", subject]
        answer = CliRunner().invoke(compliance_app, words, env={"PULSE_HOME": str(self.settings.home)})
        assert answer.exit_code == code, (answer.output, answer.exception)
        return answer.output


def write(file: Path, values: list[dict]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(value) + "\n" for value in values))


@pytest.fixture(scope="module")
def home(warehouse, home_settings, tmp_path_factory):
    """The layers, empty; whatever a test leaves is cleared away after the module."""
    made = Layers(warehouse, home_settings, tmp_path_factory.mktemp("asked") / "tweets_compliance.jsonl")
    yield made
    of_models = ("ml.tweet_sentiment", "ml.tweet_sentiment_candidates", "ml.post_labels")
    for table in ("raw.tweets", "raw.tweet_metrics", "raw.dead_letters", *of_models, "raw.compliance_log", "raw.capture_ledger"):
        warehouse.execute(f"DELETE FROM {table} WHERE TRUE")
    warehouse.execute("DROP VIEW IF EXISTS staging.stg_x__tweets")
    for table in (*made.marts, "marts.engagement_hourly", made.leftover):
        warehouse.execute(f"DROP TABLE IF EXISTS {table}")
    for folder in (home_settings.spool_dir, home_settings.x_dir):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def layers(home):
    """Every layer filled anew."""
    home.fill()
    return home
