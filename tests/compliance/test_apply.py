"""`pulse compliance apply` of one edited post that was reposted, quoted and answered: what one run leaves in every layer."""

import json
import os
from dataclasses import dataclass

import pytest

from tests.compliance.conftest import EDITED, GONE, GONE_TEXT, LINE, OTHER, QUOTE, REPLY, REPOST, SECOND, Layers


@dataclass
class Applied:
    layers: Layers
    before: dict[str, str]
    said: str
    ledger: list[dict]
    untouched: os.stat_result

    def query(self, sql: str) -> list[dict]:
        return self.layers.warehouse.query(sql)


@pytest.fixture(scope="module")
def applied(home) -> Applied:
    home.fill()
    # As an archive leaves it that says what a post answers, and nothing more.
    home.warehouse.execute(f"UPDATE raw.tweets SET raw_record = '{{}}' WHERE tweet_id = '{REPLY}'")
    file, other = (home.spool / "2026-03-02" / name for name in ("05.jsonl", "06.jsonl"))
    os.utime(file, (1_700_000_000, 1_700_000_000))
    before, ledger = home.everything(), home.warehouse.query("select * from raw.capture_ledger order by hour")
    return Applied(home, before, untouched=other.stat(), ledger=ledger, said=home.run(LINE))


def test_an_id_disappears_from_every_layer_in_one_run(applied):
    tables = applied.layers.tables
    assert all(GONE in applied.before[table] for table in tables)
    for name, content in applied.layers.everything().items():
        assert GONE_TEXT not in content and GONE not in content, name


def test_versions_and_reposts_go_while_quotes_and_replies_stay(applied):
    for table in ("raw.tweets", "marts.tweets", "ml.tweet_sentiment", "ml.tweet_sentiment_candidates", "raw.tweet_metrics", "marts.top_posts"):
        assert applied.layers.ids(table) == {QUOTE, REPLY, OTHER, SECOND}, table


def test_what_stays_names_it_no_more_and_keeps_its_own_words(applied):
    rows = {row["tweet_id"]: row for row in applied.query("select * from raw.tweets")}
    assert [rows[each]["referenced_id"] for each in (QUOTE, REPLY)] == [None, None] and rows[QUOTE]["urls"] == []
    quote = json.loads(rows[QUOTE]["raw_record"])
    assert (quote["text"], quote["referenced_tweets"]) == ("look at this https://t.co/a", [{"type": "quoted"}])
    assert [row["urls"] for row in applied.query(f"select urls from marts.tweets where tweet_id = '{QUOTE}'")] == [[]]


def test_tables_that_a_killed_run_left_are_dropped(applied):
    found = applied.query("select table_name as name, table_type as type from staging.INFORMATION_SCHEMA.TABLES")
    assert [row["name"] for row in found if row["type"] == "BASE TABLE"] == [] and "left-over tables dropped" in applied.said


def test_only_counts_remain(applied):
    assert applied.layers.everything()["marts.engagement_hourly"] == applied.before["marts.engagement_hourly"]


def test_captured_minus_removed_is_what_is_stored_and_when_the_hour_was_loaded_stays(applied):
    rows = applied.query("select * from raw.capture_ledger order by hour")
    assert [(row["captured"], row["removed"]) for row in rows] == [(4, 3), (3, 0)]
    assert [row["loaded_at"] for row in rows] == [row["loaded_at"] for row in applied.ledger]
    assert [a["row_hash"] == b["row_hash"] for a, b in zip(rows, applied.ledger)] == [False, True]


def test_the_log_says_that_and_when_but_not_what(applied):
    rows = applied.query("select * from raw.compliance_log order by rows_deleted desc")
    # The post, its version and its repost: each is known by its own id if it comes again.
    assert [(row["subject"], row["reason"], f"{row['requested_at']:%Y-%m-%d}") for row in rows] == [("post", "deleted", "2026-03-03")] * 3
    assert rows[0]["rows_deleted"] > 5 and not any(each in str(rows) for each in (GONE, EDITED, REPOST))


def test_lines_of_others_keep_their_bytes_and_a_file_its_time(applied):
    layers = applied.layers
    file, other = (layers.spool / "2026-03-02" / name for name in ("05.jsonl", "06.jsonl"))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["post"]["data"]["id"] for line in lines] == [QUOTE] and lines[0]["post"]["includes"]["tweets"] == []
    assert file.stat().st_mtime == 1_700_000_000
    assert (other.stat().st_ino, other.stat().st_mtime_ns) == (applied.untouched.st_ino, applied.untouched.st_mtime_ns)
    page = json.loads(layers.pages.read_text())
    assert [each["id"] for each in page["body"]["data"]] == [QUOTE, REPLY, OTHER]


def test_counts_are_said_and_neither_text_nor_id(applied):
    assert "1 posts asked, 1 found; 3 posts go" in applied.said and "raw.tweets" in applied.said and "in 3 files" in applied.said
    assert GONE_TEXT not in applied.said and GONE not in applied.said


def test_the_second_run_has_nothing_to_do_and_changes_nothing(applied):
    before = applied.layers.everything()
    assert "0 found: nothing to do" in applied.layers.run(LINE)
    assert applied.layers.everything() == before
