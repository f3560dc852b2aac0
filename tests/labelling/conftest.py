"""A campaign of 60 scored posts, a repost, one in another language and a copy, in a warehouse; and `pulse label` on it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import POST_LABELS, SENTIMENT_CONFUSION, TWEET_SENTIMENT
from orchestration.windows import HOUR, Window

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
WINDOW = Window(START, START + HOUR)
BASE = 2_028_000_000_000_000_000
CAMPAIGN = "sample"
LABELS = ("negative", "neutral", "positive")
IDS = [str(BASE + n) for n in range(60)]
REPOST, FOREIGN, COPY = (str(BASE + n) for n in (100, 101, 102))
HOSTILE = "\x1b[2Jgone\x07 \u202eevil [red]x[/red]"


def scores() -> list[dict]:
    """The model calls the first 20 posts negative, the next 20 neutral, the last 20 positive."""
    rows = [row(each, LABELS[number // 20]) for number, each in enumerate(IDS)]
    return [*rows, row(REPOST, "not_scored"), row(FOREIGN, "not_scored"), row(COPY, "negative")]


def row(tweet_id: str, label: str, revision: str = "1") -> dict:
    return {
        "campaign_id": CAMPAIGN, "tweet_id": tweet_id, "created_at": START, "text_hash": "h", "sentiment_label": label, "model_id": "m",
        "model_revision": revision, "code_version": "1",
    }  # fmt: skip


@dataclass
class Desk:
    """The warehouse with the campaign, and the command."""

    warehouse: Warehouse
    settings: Settings

    def pulse(self, *words: str, keys: str = "", code: int = 0) -> str:
        """What `pulse label sample ...` says; `keys` are typed one a line."""
        from orchestration.cli.app import app

        answer = CliRunner().invoke(app, ["label", CAMPAIGN, *words], input="".join(f"{key}\n" for key in keys), env={"PULSE_HOME": str(self.settings.home)})
        assert answer.exit_code == code, (answer.output, answer.exception)
        return answer.output

    def labels(self) -> dict[tuple[str, str], str]:
        rows = self.warehouse.query("select tweet_id, labelled_by, label from ml.post_labels")
        return {(row["labelled_by"], row["tweet_id"]): row["label"] for row in rows}


@pytest.fixture(scope="module")
def campaign(warehouse, home_settings):
    warehouse.replace_window(TWEET_SENTIMENT, WINDOW, scores(), run_id="test")
    warehouse.execute("CREATE SCHEMA IF NOT EXISTS marts")
    warehouse.execute(f"""
        CREATE OR REPLACE TABLE marts.tweets AS
        SELECT campaign_id, tweet_id, created_at, CONCAT('post ', tweet_id) AS text,
            IF(tweet_id = '{IDS[0]}', 'gone \\x07 evil', CONCAT('post ', tweet_id)) AS text_shown,
            IF(tweet_id = '{COPY}', '{IDS[0]}', tweet_id) AS text_hash, tweet_id = '{REPOST}' AS is_repost, sentiment_label, model_id, model_revision
        FROM ml.tweet_sentiment
    """)
    yield Desk(warehouse, home_settings)
    for table in ("ml.tweet_sentiment", "ml.post_labels", "ml.sentiment_confusion"):
        warehouse.execute(f"DELETE FROM {table} WHERE TRUE")
    warehouse.execute("DROP TABLE marts.tweets")


@pytest.fixture
def desk(campaign):
    """Nobody has labelled anything, and the model has said what `scores` says."""
    for table in (POST_LABELS, SENTIMENT_CONFUSION):
        campaign.warehouse.execute(f"DELETE FROM {table.dataset}.{table.name} WHERE TRUE")
    return campaign
