"""`pulse export`, `pulse checksums` and `pulse query` as an analyst uses them, on the sample."""

import io
import json
import os
import subprocess
import time

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from orchestration.checksums import checksums
from orchestration.cli.app import app
from orchestration.export import unguarded
from orchestration.marts import Part, marts_of
from orchestration.settings import REPOSITORY
from orchestration.sources.sample.source import TRUTH
from tests.integration.conftest import PULSE

HOSTILE = json.loads(TRUTH.read_text(encoding="utf-8"))["planted"]["hostile"]


@pytest.fixture(scope="module")
def stored(sample_home):
    rows = sample_home.query("select tweet_id, text, like_count, hashtags, created_at from marts.tweets where campaign_id = 'sample' order by tweet_id")
    return {row["tweet_id"]: row for row in rows}


@pytest.fixture
def refused(sample_home, monkeypatch):
    """What a command says that leaves with 1; in this process, which a refusal in words needs no new one for."""
    monkeypatch.setenv("PULSE_HOME", str(sample_home.folder))

    def run(*words):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 1, done.output
        return done.output

    return run


@pytest.fixture(scope="module")
def posts_csv(sample_home):
    return sample_home.pulse("export", "--mart", "tweets", "--campaign", "sample")


def test_csv_read_by_pandas_has_every_post_its_19_digits_and_its_text(posts_csv, stored):
    frame = pd.read_csv(io.StringIO(posts_csv, newline=""), dtype={"tweet_id": "string"}, keep_default_na=False, na_values=[""], low_memory=False)
    assert list(frame.tweet_id) == list(stored)
    # `capture_output` reads CR LF inside a text as LF, so the comparison does too.
    texts = {tweet_id: row["text"].replace("\r\n", "\n").replace("\r", "\n") for tweet_id, row in stored.items()}
    assert dict(zip(frame.tweet_id, map(unguarded, frame.text))) == texts
    assert frame.like_count.sum() == sum(row["like_count"] or 0 for row in stored.values())


def test_no_cell_of_the_planted_posts_is_a_formula(posts_csv, stored):
    formulas = [tweet_id for name, tweet_id in HOSTILE.items() if name.startswith("formula")]
    assert formulas and all(stored[tweet_id]["text"][0] in "=+-@" for tweet_id in formulas)
    frame = pd.read_csv(io.StringIO(posts_csv, newline=""), dtype="string", keep_default_na=False, low_memory=False)
    for column in ("text", "text_clean", "author_key", "hashtags"):
        assert not frame[column].str.match(r"[=+\-@\t\r＝＋－＠]").any(), column


@pytest.mark.full
def test_parquet_read_by_pyarrow_and_pandas_is_what_is_stored(sample_home, stored, tmp_path):
    file = tmp_path / "posts.parquet"
    sample_home.pulse("export", "--mart", "tweets", "--campaign", "sample", "--format", "parquet", "--out", str(file))
    table = pq.read_table(file)
    found = {row["tweet_id"]: row for row in table.select(["tweet_id", "text", "like_count", "hashtags", "created_at"]).to_pylist()}
    assert list(found) == list(stored)
    assert found == {tweet_id: dict(row) | {"hashtags": row["hashtags"] or []} for tweet_id, row in stored.items()}
    assert str(table.schema.field("created_at").type) == "timestamp[us, tz=UTC]" and str(table.schema.field("day").type) == "date32[day]"
    assert table.schema.field("author_key").metadata[b"description"].startswith(b"Pseudonym")
    said = table.schema.metadata
    assert (said[b"mart"], said[b"campaign"], said[b"period"]) == (b"tweets", b"sample", b"all") and said[b"product"].startswith(b"campaign-pulse ")
    assert pd.read_parquet(file).tweet_id.iloc[0] == next(iter(stored))
    assert os.listdir(tmp_path) == ["posts.parquet"]


@pytest.mark.slow
def test_a_period_is_days_of_the_campaign_and_its_last_is_not_included(sample_home, tmp_path):
    file = tmp_path / "days.csv"
    sample_home.pulse("export", "--mart", "tweets", "--campaign", "sample", "--from", "2026-03-05", "--to", "2026-03-06", "--out", str(file))
    frame = pd.read_csv(file, dtype={"tweet_id": "string"}, low_memory=False)
    assert set(frame.day) == {"2026-03-05"} and len(frame) == 12_204
    # A day of New York: it begins at 05:00 UTC.
    assert frame.created_at.min() >= "2026-03-05T05:00" and frame.created_at.max() < "2026-03-06T05:00"


def test_rows_come_in_the_order_of_the_key(sample_home):
    content = sample_home.pulse("export", "--mart", "engagement_daily", "--campaign", "sample")
    frame = pd.read_csv(io.StringIO(content))
    assert list(zip(frame.hashtag, frame.day)) == sorted(zip(frame.hashtag, frame.day)) and len(frame) == 322


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--mart", "engagement_dayly"), "Did you mean engagement_daily"),
        (("--mart", "tweets", "--campaign", "nobody"), "There is no campaign 'nobody'"),
        (("--mart", "tweets", "--from", "yesterday"), "is no day. Write it like 2026-03-02"),
        (("--mart", "tweets", "--from", "2026-03-03", "--to", "2026-03-03"), "ends (2026-03-03) before it begins"),
        (("--mart", "hashtag_peaks", "--from", "2026-03-03"), "no days. Leave --from and --to out"),
        (("--mart", "tweets", "--format", "xlsx"), "Choose csv or parquet"),
        (("--mart", "tweets", "--out", "/dev/null"), "is no file that can be replaced"),
        (("--mart", "tweets", "--out", "no/such/folder/x.csv"), "There is no folder no/such/folder"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(refused, words, said):
    output = refused("export", *words)
    assert said in output and output.count("\n") == 1


@pytest.mark.full
def test_an_export_that_is_stopped_leaves_neither_file_nor_part(sample_home, tmp_path):
    command = [PULSE, "export", "--mart", "tweets", "--out", str(tmp_path / "posts.csv")]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=sample_home.environment(), stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while not os.listdir(tmp_path) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    begun = os.listdir(tmp_path)
    process.terminate()
    process.communicate(timeout=60)
    assert begun and begun != ["posts.csv"], "the export was over before it could be stopped"
    assert process.returncode == 128 + 15 and os.listdir(tmp_path) == []


@pytest.mark.full
def test_a_reader_that_has_seen_enough_is_no_error(sample_home):
    line = f"{PULSE} export --mart tweets | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=REPOSITORY, env=sample_home.environment(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0 and done.stdout.startswith("tweet_id,") and "Traceback" not in done.stderr


@pytest.mark.slow
def test_checksums_are_equal_after_the_same_hours_ran_again_in_another_order(sample_home):
    before = json.loads(sample_home.pulse("checksums", "--campaign", "sample", "--format", "json"))
    assert before["total"]["rows"] > 50_000 and all(mart["checksum"] for mart in before["marts"])
    for hour in ("08", "07", "06"):
        sample_home.pulse("run", "--campaign", "sample", "--from", f"2026-03-08T{hour}:00Z", "--to", f"2026-03-08T{int(hour) + 1:02}:00Z")
    after = json.loads(sample_home.pulse("checksums", "--campaign", "sample", "--format", "json"))
    assert [mart for mart in after["marts"] if mart not in before["marts"]] == [] and after["total"] == before["total"]


@pytest.mark.full
def test_the_table_of_checksums_has_a_line_per_mart_and_their_total(sample_home):
    lines = sample_home.pulse("checksums").splitlines()
    assert lines[-1].split()[0] == "total" and any(line.split()[0] == "tweets" for line in lines)


@pytest.mark.slow
def test_one_changed_row_changes_the_checksum_of_its_mart_alone(sample_home):
    marts = marts_of(sample_home.settings).values()

    def found():
        return {each.mart: each.checksum for each in checksums(sample_home.warehouse, marts, Part())}

    before, where = found(), "where campaign_id = 'sample' and hashtag = 'auroratrail' and day = date '2026-03-09'"
    sample_home.warehouse.execute(f"update marts.engagement_daily set reposts = reposts + 1 {where}")
    changed = found()
    sample_home.warehouse.execute(f"update marts.engagement_daily set reposts = reposts - 1 {where}")
    assert {mart for mart in before if before[mart] != changed[mart]} == {"engagement_daily"} and found() == before


@pytest.mark.full
def test_a_query_is_read_from_a_file_or_from_standard_input(sample_home, refused, tmp_path):
    file = tmp_path / "days.sql"
    file.write_text("-- days\nselect count(*) as days from marts.engagement_daily where campaign_id = 'sample' and hashtag = '*'\n", encoding="utf-8")
    assert sample_home.pulse("query", f"@{file}", "--format", "csv") == "days\n15\n"
    with file.open() as stream:
        done = subprocess.run([PULSE, "query", "-", "--format", "csv"], cwd=REPOSITORY, env=sample_home.environment(), stdin=stream, capture_output=True, timeout=120, check=False)
    assert done.stdout == b"days\r\n15\r\n"
    assert "cannot be read" in refused("query", f"@{tmp_path / 'absent.sql'}")
    assert "no query" in refused("query", " ")


@pytest.mark.full
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from marts.engagement_dayly", "There is no table marts.engagement_dayly. Did you mean marts.engagement_daily"),
        ("select * from tweets", "There is no table tweets. Did you mean marts.tweets or raw.tweets?"),
        ("select * from mart.tweets", "There is no table mart.tweets. Did you mean marts.tweets"),
        ("select engagment from marts.hashtag_peaks", "marts.hashtag_peaks has no column engagment. Did you mean engagement"),
        ("select p.engagment from marts.hashtag_peaks as p", "marts.hashtag_peaks has no column engagment. Did you mean engagement"),
        ("with tweets as (select 1 as a) select * from tweets join marts.tweetz on true", "There is no table marts.tweetz. Did you mean marts.tweets"),
    ],
)
def test_an_unknown_table_or_column_is_answered_with_the_nearest(refused, sql, said):
    assert said in refused("query", sql)


def test_a_query_as_csv_is_as_safe_as_an_export(sample_home):
    done = sample_home.pulse("query", "select '=1+1' as a, '' as b, cast(null as string) as c, [1, 2] as d", "--format", "csv")
    assert done == """a,b,c,d\n'=1+1,"",,"[1,2]"\n"""
