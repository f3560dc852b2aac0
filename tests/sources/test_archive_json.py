"""JSON archives: the five shapes of twarc, v1.1 objects, both vocabularies, and broken lines."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from orchestration.settings import REPOSITORY
from orchestration.sources.archive.source import ArchiveSource
from orchestration.sources.base import CampaignQuery, SourceError
from orchestration.windows import Window

DAY = Window(datetime(2023, 4, 3, tzinfo=UTC), datetime(2023, 4, 4, tzinfo=UTC))
TWARC = REPOSITORY.parent / "shared" / "data" / "twarc_archives" / "test-data"
READ_AT = {"version": "2.14.1", "retrieved_at": "2023-04-05T06:00:00+00:00"}


def tweet(number=1, **fields):
    metrics = {"like_count": 3, "reply_count": 1, "quote_count": 0, "retweet_count": 2}
    made = {"id": str(number), "text": f"post {number}", "created_at": "2023-04-03T10:00:00.000Z", "author_id": "7"}
    return made | {"public_metrics": metrics} | fields


def fetch(tmp_path, *lines, window=DAY, cap=10_000):
    file = tmp_path / "posts.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return ArchiveSource(file).fetch(window, CampaignQuery("c"), cap)


def posts(capture):
    return {post.tweet_id: post for hour in capture.hours for post in hour.posts}


def test_every_shape_is_sniffed_line_by_line_in_one_file(tmp_path):
    v1 = {
        "id_str": "5",
        "full_text": "old #Tag",
        "created_at": "Mon Apr 03 10:00:00 +0000 2023",
        "favorite_count": 4,
        "retweet_count": 1,
        "user": {"id_str": "9", "screen_name": "ann"},
        "entities": {"hashtags": [{"text": "Tag"}], "user_mentions": []},
    }
    found = posts(
        fetch(
            tmp_path,
            {"data": [tweet(1)], "includes": {"users": [{"id": "7", "username": "ann"}]}, "meta": {}, "__twarc": READ_AT},
            tweet(2, __twarc=READ_AT),
            {"data": tweet(3), "matching_rules": [{"id": 1}], "__twarc": READ_AT},
            {"data": tweet(4), "includes": {}},
            v1,
            {"data": [tweet(6)], "meta": {"result_count": 1}},
            {"meta": {"result_count": 0}},
        )
    )
    assert set(found) == {"1", "2", "3", "4", "5", "6"}
    assert found["1"].observed_at == datetime(2023, 4, 5, 6, tzinfo=UTC) and found["4"].observed_at is None
    assert (found["5"].like_count, found["5"].hashtags, found["5"].reply_count) == (4, ("tag",), None)


def test_the_renamed_vocabulary_means_the_same(tmp_path):
    renamed = tweet(2, edit_history_post_ids=["1", "2"], referenced_posts=[{"type": "quoted", "id": "9"}])
    renamed["public_metrics"] = {"repost_count": 8}
    post = posts(fetch(tmp_path, renamed))["2"]
    assert (post.root_id, post.kind, post.referenced_id, post.repost_count) == ("1", "quote", "9", 8)


def test_a_repost_has_the_text_and_the_hashtags_of_its_original(tmp_path):
    original = tweet(9, text="A long story #Whole", note_tweet={"text": "A long story, all of it #Whole #Long"})
    repost = tweet(1, text="RT @ann: A long st…", referenced_tweets=[{"type": "retweeted", "id": "9"}])
    post = posts(fetch(tmp_path, {"data": [repost], "includes": {"tweets": [original]}}))["1"]
    assert post.is_repost and post.text == "A long story, all of it #Whole #Long"
    assert post.hashtags == ("whole", "long")


def test_a_quote_keeps_its_own_words_and_hashtags(tmp_path):
    quoted = {"type": "quoted", "id": "9", "text": "theirs #Theirs", "entities": {"hashtags": [{"tag": "Theirs"}]}}
    post = posts(fetch(tmp_path, tweet(1, text="mine #Mine", referenced_tweets=[quoted])))["1"]
    assert (post.text, post.hashtags, post.is_repost) == ("mine #Mine", ("mine",), False)


def test_hashtags_that_only_the_long_form_has_count(tmp_path):
    entities = {"hashtags": [{"start": 0, "end": 4, "tag": "Cut"}]}
    note = {"text": "#Cut and so on #Späť", "entities": {"hashtags": [{"tag": "Cut"}, {"tag": "Späť"}]}}
    assert posts(fetch(tmp_path, tweet(1, entities=entities, note_tweet=note)))["1"].hashtags == ("cut", "späť")


def test_entities_of_the_api_are_believed_before_the_text(tmp_path):
    assert posts(fetch(tmp_path, tweet(1, text="#no", entities={"mentions": [{"username": "Ann"}]})))["1"].hashtags == ()


def test_absent_metrics_are_null_and_never_zero(tmp_path):
    bare = tweet(1)
    del bare["public_metrics"]
    post = posts(fetch(tmp_path, bare))["1"]
    assert (post.like_count, post.reply_count, post.quote_count, post.repost_count, post.impression_count) == (None,) * 5


def test_unknown_fields_pass_through_in_the_kept_record(tmp_path):
    assert json.loads(posts(fetch(tmp_path, tweet(1, brand_new={"a": [1]})))["1"].raw_record)["brand_new"] == {"a": [1]}


def test_of_several_observations_the_latest_counts_whatever_their_order(tmp_path):
    early = tweet(1, __twarc=READ_AT | {"retrieved_at": "2023-04-04T06:00:00+00:00"}, public_metrics={"like_count": 1})
    late = tweet(1, __twarc=READ_AT, public_metrics={"like_count": 50})
    for lines in ((early, late), (late, early)):
        capture = fetch(tmp_path, *lines)
        assert posts(capture)["1"].like_count == 50
        assert capture.hours[10].observations == 2 and capture.hours[10].counted == 1


def test_bad_records_become_dead_letters_and_never_take_their_page_with_them(tmp_path):
    page = {"data": [tweet(1), tweet(2, created_at="yesterday"), tweet(3), tweet(1.642889622681432e18), tweet(5, id=None)]}
    capture = fetch(tmp_path, page, '{"id": "9", "text": "cut', tweet(7, public_metrics={"like_count": "lots"}), {"new": 1}, tweet(8))
    assert set(posts(capture)) == {"1", "3", "8"}
    assert sorted((letter.reason, letter.line) for letter in capture.dead_letters) == [
        ("bad_metric", 3),
        ("bad_timestamp", 1),
        ("float_id", 1),
        ("json_error", 2),
        ("missing_id", 1),
        ("unknown_shape", 4),
    ]


def test_a_post_without_time_has_the_time_of_its_id(tmp_path):
    bare = tweet(1642889622681432064)
    del bare["created_at"]
    post = posts(fetch(tmp_path, bare))["1642889622681432064"]
    assert post.created_at == datetime(2023, 4, 3, 13, 59, 44, 117000, tzinfo=UTC)


def test_a_gzipped_file_and_a_file_of_one_value_over_several_lines_are_read(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"data": [tweet(1)]}, indent=2))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(json.dumps(tweet(2)).encode()))
    (tmp_path / "c.json").write_text(json.dumps([tweet(3), tweet(4)], indent=1))
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(json.dumps(tweet(5)).encode())[:-9])
    capture = ArchiveSource(tmp_path).fetch(DAY, CampaignQuery("c"), 10)
    assert set(posts(capture)) >= {"1", "2", "3", "4"}
    assert any(skipped.startswith("cut.jsonl.gz") for skipped in capture.skipped_files)


def test_a_file_of_users_is_no_archive_and_says_what_it_is(tmp_path):
    with pytest.raises(SourceError, match="holds no posts.*users"):
        fetch(tmp_path, {"data": [{"id": "1", "username": "ann"}]})


def test_the_cap_keeps_the_first_posts_of_the_hour_not_the_last(tmp_path):
    lines = [tweet(n, created_at=f"2023-04-03T10:{59 - n:02}:00.000Z") for n in range(10, 30)]
    capture = fetch(tmp_path, *lines, cap=3)
    hour = capture.hours[10]
    assert [post.tweet_id for post in hour.posts] == ["29", "28", "27"]
    assert (hour.counted, hour.capped, hour.capped_at) == (20, True, datetime(2023, 4, 3, 10, 32, tzinfo=UTC))
    exact = fetch(tmp_path, *lines, cap=20).hours[10]
    assert (exact.capped, exact.capped_at, len(exact.posts)) == (False, None, 20)


def test_every_hour_of_the_window_is_answered_empty_ones_too(tmp_path):
    capture = fetch(tmp_path, tweet(1))
    assert len(capture.hours) == 24
    assert [hour.counted for hour in capture.hours] == [0] * 10 + [1] + [0] * 13


@pytest.mark.skipif(not TWARC.exists(), reason="the archives of twarc are not here")
def test_all_archives_of_twarc_are_read():
    years = Window(datetime(2010, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC))
    capture = ArchiveSource(TWARC).fetch(years, CampaignQuery("c"), 10_000)
    assert sum(hour.observations for hour in capture.hours) == 1509
    assert [(letter.reason, letter.source_ref) for letter in capture.dead_letters] == [("json_error", "streaming_output_with_error.jsonl")]
    assert all(post.tweet_id.isdigit() for hour in capture.hours for post in hour.posts)


@pytest.mark.parametrize(
    "line",
    [
        {"data": [tweet(1), None, 5, {"id": "2", "username": "ann"}, tweet(3)]},
        [tweet(1), 5, "x", [tweet(3)], {"new": 1}],
        {"statuses": [tweet(1), None, 7, tweet(3)]},
        {"data": [tweet(1), tweet(3)], "includes": {"tweets": 5, "users": {"id": "7"}}},
    ],
    ids=["page", "list", "statuses", "includes"],
)
def test_what_is_no_post_does_not_take_its_page_with_it(tmp_path, line):
    """A page with one record that was none was buried as a whole, and so was a list; `includes` of another form ended the import."""
    capture = fetch(tmp_path, line)
    assert set(posts(capture)) == {"1", "3"}
    assert {letter.reason for letter in capture.dead_letters} <= {"unknown_shape"}


@pytest.mark.parametrize(
    "odd",
    [
        {"referenced_tweets": 5},
        {"referenced_tweets": [{"type": [], "id": "9"}]},
        {"entities": {"hashtags": 5, "urls": True}},
        {"author": "bob"},
        {"user": "bob", "author": {"id": "9", "username": 7}},
        {"lang": {"code": "en"}},
        {"includes": 5},
    ],
    ids=lambda odd: next(iter(odd)),
)
def test_a_field_of_another_form_is_left_out_and_the_post_stays(tmp_path, odd):
    """Each of these ended the import with a TypeError or AttributeError, or handed the warehouse a value that it does not take."""
    post = posts(fetch(tmp_path, tweet(1, **odd)))["1"]
    assert (post.lang, post.hashtags, post.urls) == (None, (), ())


def test_the_digits_of_another_script_are_no_id(tmp_path):
    capture = fetch(tmp_path, tweet(1), tweet("٣٤٥"))
    assert set(posts(capture)) == {"1"} and [letter.reason for letter in capture.dead_letters] == ["missing_id"]


@pytest.mark.parametrize("depth", [250, 985, 1_020, 100_000])
@pytest.mark.parametrize("field", ["id", "created_at", "public_metrics", "new"])
def test_a_record_nested_too_deeply_is_a_dead_letter(tmp_path, field, depth):
    """Values of some 1,000 levels are read and cannot be shown: the import ended with a RecursionError."""
    deep = json.dumps(tweet(2) | {field: "deep"}).replace('"deep"', "[" * depth + "]" * depth)
    capture = fetch(tmp_path, tweet(1), deep, tweet(3))
    assert set(posts(capture)) == {"1", "3"}
    assert [letter.reason for letter in capture.dead_letters] == ["json_error"]


@pytest.mark.parametrize("name", ["posts.jsonl.gz", "posts.csv.gz"])
def test_a_compressed_file_with_a_wrong_byte_is_named(tmp_path, name):
    """zlib's error is neither an OSError nor an EOFError."""
    content = bytearray(gzip.compress(b"\n".join(json.dumps(tweet(n)).encode() for n in range(50))))
    content[len(content) // 2 :] = b"\x00" * 40
    (tmp_path / name).write_bytes(bytes(content))
    with pytest.raises(SourceError, match="cannot be read.*Fetch it again"):
        ArchiveSource(tmp_path / name).fetch(DAY, CampaignQuery("c"), 10)
