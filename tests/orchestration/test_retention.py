"""Words go by age and figures stay; what is a second too young keeps everything."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration import retention
from orchestration.retention import keep_no_longer, older_than
from orchestration.settings import Settings
from orchestration.warehouse.tables import DEAD_LETTERS, TWEETS
from orchestration.windows import Window

NOW = datetime(2026, 4, 20, 15, 30, tzinfo=UTC)
EDGE = datetime(2026, 3, 21, tzinfo=UTC)
SETTINGS = Settings(post_text_days=30, dead_letter_days=30)
SPAN = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))


def test_an_age_counts_whole_utc_days_and_its_end_is_not_in_it():
    window = older_than(30, NOW)
    assert EDGE not in window and EDGE - timedelta(microseconds=1) in window
    assert older_than(0, NOW) is None


def test_words_are_not_taken_while_their_hour_may_be_built_anew():
    with pytest.raises(ValueError, match="30 or more"):
        Settings(post_text_days=7)


def row(tweet_id: str, created_at: datetime) -> dict:
    known = {"campaign_id": "aged", "tweet_id": tweet_id, "created_at": created_at, "text": "words @ann", "mentions": ["ann"], "hashtags": ["duty"]}
    more = {"raw_record": '{"text": "words"}', "like_count": 3, "is_repost": False, "id_is_exact": True, "source": "archive"}
    return {column.name: [] if column.repeated else None for column in TWEETS.columns} | known | more


@pytest.fixture
def aged(warehouse):
    """Two posts, one of the last microsecond that is too old and one of the next; two letters, one of them old; and a mart's copy of the posts."""
    old, young = row("1", EDGE - timedelta(microseconds=1)), row("2", EDGE)
    warehouse.replace_window(TWEETS, SPAN, [old, young], run_id="first")
    letter = {column.name: None for column in DEAD_LETTERS.columns} | {"campaign_id": "aged", "feed": "tweets", "reason": "json_error", "raw_record": "{"}
    warehouse.replace_all(DEAD_LETTERS, [letter | {"letter_id": each} for each in ("old", "young")], run_id="first")
    for name, loaded in (("old", EDGE - timedelta(microseconds=1)), ("young", EDGE)):
        warehouse.execute(f"UPDATE raw.dead_letters SET loaded_at = TIMESTAMP '{loaded:%Y-%m-%d %H:%M:%S.%f}+00' WHERE letter_id = '{name}'")
    warehouse.execute("""
        create or replace table marts.aged as
        select tweet_id, created_at, text, text as text_clean, ['a'] as words, like_count from raw.tweets where created_at < timestamp '2027-01-01 00:00:00+00'
    """)
    yield warehouse
    warehouse.execute("DROP TABLE marts.aged")
    warehouse.replace_window(TWEETS, SPAN, [], run_id="last")
    warehouse.replace_all(DEAD_LETTERS, [], run_id="last")


def test_words_of_old_posts_go_from_every_table_and_nothing_else_changes_and_twice_is_once(aged):
    before = aged.query("select * from raw.tweets where created_at >= timestamp '2006-01-01 00:00:00+00' order by tweet_id")
    done = keep_no_longer(aged, SETTINGS, NOW)
    assert done.blanked == {"raw.tweets": 1, "marts.aged": 1} and done.letters == 1
    old, young = aged.query("select * from raw.tweets where created_at >= timestamp '2006-01-01 00:00:00+00' order by tweet_id")
    assert young == before[1]
    assert old == before[0] | {"text": "", "raw_record": "{}", "mentions": []}
    assert [row["letter_id"] for row in aged.query("select letter_id from raw.dead_letters")] == ["young"]
    assert [(row["text"], row["text_clean"], row["words"], row["like_count"]) for row in aged.query("select * from marts.aged order by tweet_id")] == [
        ("", None, [], 3), ("words @ann", "words @ann", ["a"], 3)
    ]  # fmt: skip
    again = keep_no_longer(aged, SETTINGS, NOW)
    assert not again.blanked and not again.letters


def test_an_old_hour_that_is_captured_again_does_not_bring_the_words_back(aged):
    keep_no_longer(aged, SETTINGS, NOW)
    aged.replace_window(TWEETS, SPAN, [row("1", EDGE - timedelta(microseconds=1)), row("2", EDGE)], run_id="second")
    assert aged.query("select text from raw.tweets where tweet_id = '1' and created_at < timestamp '2027-01-01 00:00:00+00'") == [{"text": ""}]


def test_both_are_off_until_a_person_sets_them(aged):
    done = keep_no_longer(aged, Settings(), NOW)
    assert not done.blanked and not done.letters


def test_every_column_of_words_of_the_tables_that_python_writes_is_known():
    """A new column with words must be named in BLANKS; what is listed here was looked at and is none."""
    no_words = {"campaign_id", "tweet_id", "root_id", "author_id", "author_key", "lang", "hashtags", "cashtags", "urls", "kind", "referenced_id", "source", "source_ref"}
    assert {column.name for column in TWEETS.columns if column.type == "STRING"} - no_words == retention.BLANKS.keys() & {column.name for column in TWEETS.columns}
