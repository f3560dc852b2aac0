"""`pulse compliance apply` in less common cases: other ids, authors, places, kills, bad files."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from orchestration.cli.compliance import compliance_app
from orchestration.compliance import apply as applying
from orchestration.compliance.id_tables import delete_rows
from orchestration.lock import alone
from tests.compliance.conftest import AUTHOR, EDITED, GONE, GONE_TEXT, LINE, OTHER, QUOTE, REPLY, REPOST, SECOND


@pytest.mark.full
def test_asked_for_the_later_version_the_earlier_one_and_its_reposts_go_too(layers):
    layers.run(EDITED)
    assert layers.ids("raw.tweets") == {QUOTE, REPLY, OTHER, SECOND}
    assert all(GONE_TEXT not in content for content in layers.everything().values())


def test_a_repost_that_goes_takes_nothing_else_with_it(layers):
    layers.run(REPOST)
    assert layers.ids("raw.tweets") == {GONE, EDITED, QUOTE, REPLY, OTHER, SECOND}


@pytest.mark.full
def test_the_ids_of_an_author_take_all_posts_of_the_author_and_reposts_of_posts_that_were_never_captured(layers):
    unseen = "2027999999999999999"
    layers.warehouse.execute(
        f"UPDATE raw.tweets SET raw_record = REPLACE(raw_record, '{GONE}', '{unseen}'), referenced_id = '{unseen}' WHERE tweet_id = '{REPOST}'"
    )
    layers.run(json.dumps({"id": AUTHOR, "action": "delete", "reason": "suspended"}), subject="users")
    assert layers.ids("raw.tweets") == {QUOTE, REPLY, OTHER}
    layers_after = layers.everything()
    assert all(GONE_TEXT not in content and AUTHOR not in content for content in layers_after.values())


@pytest.mark.full
def test_a_repost_whose_record_alone_tells_the_author_goes_too(layers):
    shutil.rmtree(layers.settings.spool_dir)
    shutil.rmtree(layers.settings.x_dir)
    layers.warehouse.execute(f"UPDATE raw.tweets SET referenced_id = '7' WHERE tweet_id = '{REPOST}'")
    layers.warehouse.execute(f"DELETE FROM raw.tweets WHERE author_id = '{AUTHOR}'")
    layers.run(AUTHOR, subject="users")
    assert layers.ids("raw.tweets") == layers.ids("marts.tweets") - {GONE, EDITED, SECOND} == {QUOTE, REPLY, OTHER}


def test_scrub_geo_takes_the_place_and_nothing_else(layers):
    layers.run(json.dumps({"id": GONE, "action": "delete", "reason": "scrub_geo"}))
    assert layers.ids("raw.tweets") >= {GONE, EDITED, REPOST}
    (row,) = layers.warehouse.query(f"select text, raw_record from raw.tweets where tweet_id = '{GONE}'")
    assert row["text"] == GONE_TEXT and "geo" not in json.loads(row["raw_record"])
    assert not any('"place_id"' in content for content in layers.everything().values())
    assert "nothing to do" in layers.run(json.dumps({"id": GONE, "action": "delete", "reason": "scrub_geo"}))


def test_a_version_that_only_the_spool_holds_goes_too(layers):
    layers.warehouse.execute("DELETE FROM raw.tweets WHERE TRUE")
    layers.run(EDITED)
    assert all(GONE_TEXT not in content for name, content in layers.everything().items() if "spool" in name)


def test_what_was_killed_before_the_end_is_finished_by_the_same_command(layers, monkeypatch):
    def killed_at_the_end(warehouse, table, ids, span):
        if table.name == "raw.tweets":
            raise KeyboardInterrupt
        return delete_rows(warehouse, table, ids, span)

    with monkeypatch.context() as patch:
        patch.setattr(applying, "delete_rows", killed_at_the_end)
        layers.run(LINE, code=130)
    assert GONE in layers.ids("raw.tweets")
    layers.run(LINE)
    assert layers.ids("raw.tweets") == {QUOTE, REPLY, OTHER, SECOND}
    assert [row["removed"] for row in layers.warehouse.query("select removed from raw.capture_ledger order by hour")] == [3, 0]


@pytest.mark.full
def test_a_table_of_tomorrow_is_found_by_its_columns(layers):
    layers.warehouse.execute("CREATE OR REPLACE TABLE marts.tomorrow AS SELECT 'a' AS name, tweet_id AS best_tweet_id FROM raw.tweets")
    layers.warehouse.execute("CREATE OR REPLACE TABLE ml.other_scores AS SELECT root_id, 1 AS score FROM raw.tweets")
    try:
        layers.run(LINE)
        assert layers.warehouse.query("select count(*) as n, countif(best_tweet_id is null) as empty from marts.tomorrow") == [{"n": 7, "empty": 3}]
        assert layers.warehouse.query("select count(*) as n from ml.other_scores") == [{"n": 4}]
    finally:
        for table in ("marts.tomorrow", "ml.other_scores"):
            layers.warehouse.execute(f"DROP TABLE {table}")


@pytest.mark.parametrize("kind", ["STRING", "BYTES"])
def test_lines_of_a_production_stream_in_bigquery_go_as_the_spool_does(layers, kind):
    columns = f"subscription_name STRING, message_id STRING, publish_time TIMESTAMP, data {kind}, attributes STRING"
    layers.warehouse.execute(f"CREATE TABLE raw.x_stream_landing ({columns})")
    try:
        lines = (layers.spool / "2026-03-02" / "05.jsonl").read_text().splitlines()
        for number, line in enumerate(lines):
            layers.warehouse.execute(f"INSERT INTO raw.x_stream_landing VALUES ('s', '{number}', CURRENT_TIMESTAMP(), CAST({json.dumps(line)} AS {kind}), '')")
        layers.run(LINE)
        rows = layers.warehouse.query("select message_id, cast(data as string) as data from raw.x_stream_landing")
        assert [row["message_id"] for row in rows] == ["3"] and GONE not in rows[0]["data"] and GONE_TEXT not in rows[0]["data"]
    finally:
        layers.warehouse.execute("DROP TABLE raw.x_stream_landing")


def test_bad_lines_are_named_by_number_and_do_not_stop_the_rest(layers):
    said = layers.run('{"id": 1.5e18}', '{"id": "abc", "secret": "words"}', LINE, '{"broken', '{"id": "7", "action": "dance"}', "", GONE, code=1)
    assert all(f"line {number}:" in said for number in (1, 2, 4, 5)) and "line 3:" not in said and "line 6:" not in said
    assert "4 lines of tweets_compliance.jsonl could not be used" in said and "words" not in said
    assert GONE not in layers.ids("raw.tweets")


@pytest.mark.parametrize("lines", [(), ("",)])
def test_a_file_without_ids_is_nothing_to_do(home, lines):
    assert "0 posts asked, 0 found: nothing to do" in home.run(*lines)


def test_a_file_that_is_not_there_is_said_in_one_line(home):
    answer = CliRunner().invoke(compliance_app, ["apply", str(home.compliance_file.with_name("none"))])
    assert answer.exit_code == 1 and len(answer.output.splitlines()) == 1 and "cannot be read" in answer.output


def test_while_a_run_is_at_work_it_does_not_begin(home):
    with alone(home.settings):
        assert "at work in this home" in home.run(LINE, code=1)


@pytest.mark.full
def test_thousands_of_ids_cost_no_statement_for_each(layers, monkeypatch):
    sent = []
    execute = type(layers.warehouse).execute
    monkeypatch.setattr(type(layers.warehouse), "execute", lambda self, sql: sent.append(sql) or execute(self, sql))
    layers.run(*(str(10**18 + n) for n in range(3000)), GONE)
    assert len(sent) < 60 and all(len(sql) < 1_000_000 for sql in sent)
    assert layers.ids("raw.tweets") == {QUOTE, REPLY, OTHER, SECOND}


def test_with_a_salt_that_can_be_guessed_it_does_not_begin(home, monkeypatch):
    monkeypatch.setenv("PULSE_AUTHOR_SALT", "short")
    assert "could be guessed" in home.run(LINE, code=1)


def test_no_log_holds_the_text(layers, caplog):
    with caplog.at_level("DEBUG"):
        layers.run(GONE)
    assert GONE_TEXT not in caplog.text
