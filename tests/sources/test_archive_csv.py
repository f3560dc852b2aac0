"""CSV archives: aliases, damaged ids, bad rows, mappings."""

from datetime import UTC, datetime

import pytest

from orchestration.sources.archive.source import ArchiveSource
from orchestration.sources.base import CampaignQuery, NothingInWindow, SourceError
from orchestration.windows import Window

DAY = Window(datetime(2023, 4, 3, tzinfo=UTC), datetime(2023, 4, 4, tzinfo=UTC))
QUERY = CampaignQuery("c")


def fetch(tmp_path, text, *, columns=None, name="posts.csv", window=DAY, cap=10_000):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return ArchiveSource(file, columns or {}).fetch(window, QUERY, cap)


def posts(capture):
    return [post for hour in capture.hours for post in hour.posts]


@pytest.mark.parametrize(
    "header",
    [
        "tweet_id,tweet_created,text,like_count,user_id",
        "id,created_at,tweet,likes_count,user_id",
        "Tweet Id,Datetime,Text,LikeCount,User Id",
        "id_str,date,full_text,favorites,userId",
        "\ufeffid,timestamp,content,nlikes,author_id",
    ],
)
def test_the_headers_of_public_collections_are_known(tmp_path, header):
    (post,) = posts(fetch(tmp_path, f"{header}\n1642889622681432011,2023-04-03 13:59:44+00:00,Hello #One,3,77\n"))
    assert (post.tweet_id, post.text, post.like_count, post.author_id) == ("1642889622681432011", "Hello #One", 3, "77")
    assert post.hashtags == ("one",) and post.repost_count is None


def test_unknown_headers_are_named_with_the_option_that_maps_them(tmp_path):
    with pytest.raises(SourceError) as caught:
        fetch(tmp_path, "Tweet,Date Created,Number of Likes\nHi,2023-04-03 10:00,4\n")
    message = str(caught.value)
    assert "'Date Created'" in message and "'Number of Likes'" in message
    assert "--columns" in message and "'created_at=Date Created'" in message and "'like_count=Number of Likes'" in message


def test_headers_that_say_nothing_are_proposed_by_their_values(tmp_path):
    with pytest.raises(SourceError, match="--columns created_at=b text=c"):
        fetch(tmp_path, "a,b,c\n1,2023-04-03 10:00,A whole sentence of text\n")


def test_a_mapping_of_the_person_wins_over_what_we_know(tmp_path):
    text = "text,original,when,likes\nshort,the whole text,2023-04-03 10:00,5\n"
    (post,) = posts(fetch(tmp_path, text, columns={"text": "original", "created_at": "when"}))
    assert (post.text, post.like_count) == ("the whole text", 5)


def test_a_mapping_to_a_field_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no field 'hearts'"):
        fetch(tmp_path, "text,date\nx,2023-04-03\n", columns={"hearts": "text"})


def test_damaged_ids_never_merge_two_posts_and_never_split_one(tmp_path):
    capture = fetch(
        tmp_path,
        "tweet_id,created_at,text,user_id,likes,extracted_at\n"
        "1.642889622681432e+18,2023-04-03 10:00:00,a,1,1,2023-04-08 01:00\n"
        "1.642889622681432e+18,2023-04-03 10:00:00,b,2,1,2023-04-08 01:00\n"
        "1.642889622681432e+18,2023-04-03 10:00:00,a,1,7,2023-04-09 01:00\n",
    )
    found = {post.text: post for post in posts(capture)}
    assert {text: post.like_count for text, post in found.items()} == {"a": 7, "b": 1}
    assert all(not post.id_is_exact and post.tweet_id.startswith("approx-1642889622681432064-") for post in found.values())
    assert "not exact" in capture.hours[10].notes[0]


def test_ids_rounded_by_a_spreadsheet_are_not_taken_for_exact(tmp_path):
    rows = "".join(f"16428896226814{n}0000,2023-04-03 10:00:0{n},text {n},{n}\n" for n in range(6))
    capture = fetch(tmp_path, "id,created_at,text,user_id\n" + rows)
    assert not any(post.id_is_exact for post in posts(capture))


def test_exact_ids_are_text_and_keep_every_digit(tmp_path):
    (post,) = posts(fetch(tmp_path, "id,created_at,text\n1642889622681432123,2023-04-03,x\n"))
    assert post.tweet_id == "1642889622681432123" and post.id_is_exact


def test_rows_without_any_id_are_keyed_by_their_content_and_the_ledger_says_so(tmp_path):
    text = "created_at,text,likes\n2023-04-03 10:00,a,1\n2023-04-03 10:00,b,1\n2023-04-03 10:00,a,1\n"
    capture = fetch(tmp_path, text)
    assert sorted(post.text for post in posts(capture)) == ["a", "b"]
    assert posts(capture)[0].tweet_id.startswith("content-")
    assert [post.tweet_id for post in posts(fetch(tmp_path, text))] == [post.tweet_id for post in posts(capture)]
    assert "no ids" in capture.hours[10].notes[0]


def test_bad_rows_become_dead_letters_with_reason_and_line_and_all_others_land(tmp_path):
    capture = fetch(
        tmp_path,
        "id,created_at,text,likes\n"
        "1,2023-04-03 10:00,good,1\n"
        ",,,\n"
        "\n"
        "3,no time,x,1\n"
        "4,2023-13-45 10:00,x,1\n"
        "5,9999-01-01 00:00,x,1\n"
        "6,2023-04-03 10:00,x\n"
        "7,2023-04-03 10:00,x,1,2\n"
        "8,2023-04-03 10:00,x,many\n"
        "9,2023-04-03 10:00,,1\n"
        "nonsense,2023-04-03 10:00,x,1\n"
        '12,2023-04-03 10:00,"two\nlines",1\n'
        "13,1970-01-01 10:00,x,1\n",
    )
    assert sorted(post.text for post in posts(capture)) == ["good", "two\nlines"]
    assert {letter.line: letter.reason for letter in capture.dead_letters} == {
        3: "blank_row",
        4: "blank_row",
        5: "bad_timestamp",
        6: "bad_timestamp",
        7: "bad_timestamp",
        8: "shifted_row",
        9: "shifted_row",
        10: "bad_metric",
        11: "missing_text",
        12: "missing_id",
        15: "bad_timestamp",
    }
    assert all(letter.source_ref.startswith("posts.csv") for letter in capture.dead_letters)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2023-04-03T10:00:00Z", 10),
        ("2023-04-03 10:00:00.250000", 10),
        ("2023-04-03 10:00:00 -0700", 17),
        ("2023-04-03 10:00:00 UTC", 10),
        ("Mon Apr 03 10:00:00 +0000 2023", 10),
        ("1680516000", 10),
        ("1680516000000", 10),
        ("2023-04-03", 0),
    ],
)
def test_times_of_all_spellings_are_utc(tmp_path, written, hour):
    (post,) = posts(fetch(tmp_path, f"id,created_at,text\n1,{written},x\n"))
    assert post.created_at.replace(minute=0, second=0, microsecond=0) == datetime(2023, 4, 3, hour, tzinfo=UTC)


def test_a_repost_is_known_by_its_prefix_or_by_a_column(tmp_path):
    text = "id,created_at,text,is_retweet\n1,2023-04-03,RT @ann: hi,\n2,2023-04-03,hi,TRUE\n3,2023-04-03,ART @ann: hi,\n"
    assert {post.tweet_id: post.is_repost for post in posts(fetch(tmp_path, text))} == {"1": True, "2": True, "3": False}


def test_tabs_and_semicolons_part_fields_too(tmp_path):
    assert posts(fetch(tmp_path, "id;created_at;text\n1;2023-04-03;a,b\n"))[0].text == "a,b"
    assert posts(fetch(tmp_path, "id\tcreated_at\ttext\n1\t2023-04-03\ta,b\n", name="posts.tsv"))[0].text == "a,b"


def test_nothing_in_the_window_says_which_span_there_is(tmp_path):
    with pytest.raises(NothingInWindow, match=r"posts from 2022-01-01T05:00:00Z to 2022-02-01T06:00:00Z"):
        fetch(tmp_path, "id,created_at,text\n1,2022-01-01 05:00,x\n2,2022-02-01 06:00,y\n")


def test_a_missing_path_and_a_file_of_another_kind_are_refused(tmp_path):
    with pytest.raises(SourceError, match="There is no file or folder"):
        ArchiveSource(tmp_path / "none.csv").fetch(DAY, QUERY, 10)
    with pytest.raises(SourceError, match=r"notes.txt is no archive that can be read. Readable: .jsonl"):
        fetch(tmp_path, "x", name="notes.txt")


def test_a_folder_is_read_and_what_is_no_archive_is_named(tmp_path):
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "users.csv").write_text("id,name\n1,Ann\n")
    (tmp_path / "posts.csv").write_text("id,created_at,text\n1,2023-04-03,x\n")
    capture = ArchiveSource(tmp_path).fetch(DAY, QUERY, 10)
    assert len(posts(capture)) == 1
    assert [skipped.split(":")[0] for skipped in capture.skipped_files] == ["README.md", "users.csv"]


GOOD_ROWS = ("1,2023-04-03 10:00,one,1\n", '2,2023-04-03 10:01,"two, with a comma",1\n', '3,2023-04-03 10:02,"three\nlines ""quoted""\n",1\n', "4,2023-04-03 10:03,four,1\n")


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize(
    "broken", ['9,2023-04-03 11:00,"no partner,1\n', '9,2023-04-03 11:00,a,1"\n', '"9,2023-04-03 11:00,a,1\n', '9,2023-04-03 11:00,"",",1\n', '9,"2023-04-03 11:00,"a,"1\n', '"\n']
)
def test_a_quotation_mark_without_its_partner_costs_its_own_row_and_none_behind_it(tmp_path, place, broken):
    """It swallowed the rows up to the next quotation mark, or to the end of the file."""
    rows = [*GOOD_ROWS[:place], broken, *GOOD_ROWS[place:]]
    found = {post.tweet_id: post.text for post in posts(fetch(tmp_path, "id,created_at,text,likes\n" + "".join(rows)))}
    found.pop("9", None)
    assert found == {"1": "one", "2": "two, with a comma", "3": 'three\nlines "quoted"', "4": "four"}


def test_the_line_of_what_comes_behind_a_lost_quotation_mark_is_its_own(tmp_path):
    text = 'id,created_at,text,likes\n8,2023-04-03 10:00,"open,1\n1,2023-04-03 10:00,one,1\n9,never,x,1\n'
    capture = fetch(tmp_path, text)
    assert [post.source_ref for post in posts(capture)] == ["posts.csv:3"]
    assert [(letter.line, letter.reason) for letter in capture.dead_letters] == [(2, "shifted_row"), (4, "bad_timestamp")]


def test_a_post_that_quotes_a_row_of_such_a_file_is_one_post(tmp_path):
    """What is quoted as it should be is text, whatever it looks like: nobody writes posts into an archive by posting rows."""
    text = 'id,created_at,text,likes\n1,2023-04-03 10:00,"see:\n2,2023-04-03 10:00,false,99\nend",1\n'
    assert [(post.tweet_id, post.like_count) for post in posts(fetch(tmp_path, text))] == [("1", 1)]


@pytest.mark.parametrize("value", ["1e999", "9" * 400, "1e25", "٣٤٥", "²"])
def test_a_number_that_is_no_id_is_a_dead_letter(tmp_path, value):
    """`1e999` is infinite, which has no whole number: an OverflowError ended the import."""
    capture = fetch(tmp_path, f"id,created_at,text\n1,2023-04-03,x\n{value},2023-04-03,y\n")
    assert [post.text for post in posts(capture)] == ["x"]
    assert [letter.reason for letter in capture.dead_letters] == ["missing_id"]


@pytest.mark.parametrize("listed", ["[{[]}]", "[" * 5_000, "[1, 'a'", "[b'a']"])
def test_a_list_that_is_none_holds_no_hashtags(tmp_path, listed):
    (post,) = posts(fetch(tmp_path, f'id,created_at,text,hashtags\n1,2023-04-03,x #y,"{listed}"\n'))
    assert post.hashtags == ("y",)
