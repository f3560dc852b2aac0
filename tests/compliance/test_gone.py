"""Records without what is gone, in every shape that X, an archive or a spool writes them."""

import json

import pytest

from orchestration.compliance.files import line_without
from orchestration.compliance.gone import GONE, Gone, in_words, is_gone, related, scrubbed, without

ID, AUTHOR = "2028000000000000001", "900000000000000001"
POSTS, AUTHORS = Gone(posts={ID}), Gone(authors={AUTHOR})


def text_without(record: dict, gone: Gone = POSTS) -> dict | None:
    left = scrubbed(json.dumps(record), gone)
    return None if left is None else json.loads(left)


@pytest.mark.parametrize(
    "record",
    [
        {"id": ID, "text": "a"},
        {"id": int(ID), "id_str": ID, "full_text": "a", "user": {"id": 1, "screen_name": "x"}},
        {"id": "5", "text": "later version", "edit_history_tweet_ids": [ID, "5"]},
        {"id": "5", "text": "later version", "edit_history_post_ids": [ID, "5"]},
        {"id": "5", "text": "RT", "referenced_tweets": [{"type": "retweeted", "id": ID}]},
        {"id": "5", "text": "RT", "referenced_posts": [{"type": "reposted", "id": ID}]},
        {"id_str": "5", "full_text": "RT", "retweeted_status": {"id_str": ID, "full_text": "a"}},
    ],
)
def test_a_post_goes_by_its_id_its_versions_or_what_it_reposts(record):
    assert is_gone(record, POSTS) and text_without(record) is None


@pytest.mark.parametrize(
    "record",
    [
        {"id": "5", "text": "a", "author_id": AUTHOR},
        {"id": "5", "text": "a", "author": {"id": AUTHOR, "username": "x"}},
        {"id_str": "5", "full_text": "RT", "retweeted_status": {"id_str": "4", "full_text": "a", "user": {"id_str": AUTHOR, "screen_name": "x"}}},
        {
            "id": "5",
            "text": "RT @x: a",
            "referenced_tweets": [{"type": "retweeted", "id": "4"}],
            "entities": {"mentions": [{"start": 3, "end": 5, "username": "x", "id": AUTHOR}]},
        },
    ],
)
def test_a_post_goes_by_its_author_and_so_does_a_repost_of_it(record):
    assert text_without(record, AUTHORS) is None


def test_a_mention_of_the_author_by_others_stays_a_post_without_the_id():
    record = {"id": "5", "text": "hi @x", "in_reply_to_user_id": AUTHOR, "entities": {"mentions": [{"start": 3, "end": 5, "username": "x", "id": AUTHOR}]}}
    assert text_without(record, AUTHORS) == {"id": "5", "text": "hi @x", "entities": {"mentions": []}}


def test_a_reply_stays_a_reply_and_a_quote_a_quote():
    record = {"id": "5", "text": "a", "conversation_id": ID, "referenced_tweets": [{"type": "replied_to", "id": ID}, {"type": "quoted", "id": "4"}]}
    assert text_without(record) == {"id": "5", "text": "a", "referenced_tweets": [{"type": "replied_to"}, {"type": "quoted", "id": "4"}]}


def test_the_quoted_post_inside_goes_and_the_link_to_it():
    record = {
        "id_str": "5",
        "full_text": f"see {ID}",
        "is_quote_status": True,
        "quoted_status_id_str": ID,
        "quoted_status": {"id_str": ID, "full_text": "secret"},
        "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": f"https://twitter.com/x/status/{ID}?s=20"}, {"expanded_url": "https://example.org"}]},
    }
    # A living post's own words stay, a number in them as well.
    assert text_without(record) == {
        "id_str": "5",
        "full_text": f"see {ID}",
        "is_quote_status": True,
        "entities": {"urls": [{"expanded_url": "https://example.org"}]},
    }


def test_a_longer_number_is_another_id():
    record = {"id": ID + "7", "text": "a", "note": f"x{ID}7"}
    assert text_without(record) == record and not in_words(f"1{ID}", POSTS) and in_words(f"id={ID},", POSTS)


def test_a_short_id_matches_ids_alone_and_no_count_or_offset():
    record = {"id": "5", "text": "20", "public_metrics": {"like_count": 20}, "entities": {"hashtags": [{"start": 20, "tag": "20"}]}, "lang": "20"}
    assert text_without(record, Gone(posts={"20"})) == record
    assert text_without({"id": 20, "text": "just setting up"}, Gone(posts={"20"})) is None


def test_a_post_and_a_user_of_the_same_number_are_not_confused():
    user = {"includes": {"users": [{"id": ID, "username": "x"}]}, "author_id": ID, "text": "a", "id": "5"}
    assert text_without(user) == user


def test_the_text_of_what_changes_not_is_the_same_text():
    text = '{"id":  "5", "text":"a"}'
    assert scrubbed(text, POSTS) is text and without([1, {"a": ID[:-1]}], POSTS) == [1, {"a": ID[:-1]}]


def test_text_that_is_no_json_goes_when_it_holds_the_id():
    assert scrubbed(f'{{"id": "{ID}", "text', POSTS) is None
    assert scrubbed('{"id": "5", "text', POSTS) == '{"id": "5", "text'
    assert scrubbed('{"a":' * 5000 + f'"{ID}"' + "}" * 5000, POSTS) is None


@pytest.mark.parametrize("kind", [["retweeted"], {"a": 1}, 7, None])
def test_a_type_that_is_no_word_ends_no_deletion(kind):
    assert text_without({"id": ID, "text": "a", "type": kind}) is None
    assert text_without({"id": "5", "text": "a", "referenced_tweets": [{"type": kind, "id": ID}]}) == {"id": "5", "text": "a", "referenced_tweets": [{"type": kind}]}


def test_places_go_from_the_post_they_are_asked_for_alone():
    record = {"id": "5", "text": "a", "geo": {"place_id": "p"}, "quoted_status": {"id": ID, "text": "b", "place": {"id": "p"}, "coordinates": None}}
    assert text_without(record, Gone(geo_posts={ID})) == {"id": "5", "text": "a", "geo": {"place_id": "p"}, "quoted_status": {"id": ID, "text": "b"}}
    assert "geo" not in text_without({"id": "5", "text": "a", "author_id": AUTHOR, "geo": {}}, Gone(geo_authors={AUTHOR}))


def test_a_line_of_the_spool_goes_with_its_post_and_stays_with_another():
    line = b'{"received_at": "x", "post": {"data": {"id": "%s", "text": "a"}, "includes": {"tweets": []}}}\n'
    assert line_without(line % ID.encode(), POSTS) is None
    assert line_without(line % b"5", POSTS) == line % b"5"
    quote = {"post": {"data": {"id": "5", "text": "q"}, "includes": {"tweets": [{"id": ID, "text": "a"}]}}}
    assert json.loads(line_without(json.dumps(quote).encode(), POSTS)) == {"post": {"data": {"id": "5", "text": "q"}, "includes": {"tweets": []}}}


def test_a_line_that_could_not_be_read_goes_as_a_whole():
    unread = {"received_at": "x", "reason": "json_error", "line": f'{{"data": {{"id": "{ID}", "te'}
    assert line_without(json.dumps(unread).encode() + b"\n", POSTS) is None


def test_a_line_with_half_a_character_or_a_huge_number_can_be_written_again():
    line = b'{"post": {"data": {"id": "5", "text": "\\ud83d", "conversation_id": "%s", "n": 123456789012345678901234567890}}}\n' % ID.encode()
    assert json.loads(line_without(line, POSTS)) == {"post": {"data": {"id": "5", "text": "\ud83d", "n": 123456789012345678901234567890}}}


def test_a_page_keeps_its_other_posts():
    page = {"body": {"data": [{"id": ID, "text": "a"}, {"id": "5", "text": "b"}], "meta": {"newest_id": ID}}}
    assert json.loads(line_without(json.dumps(page).encode() + b"\n", POSTS)) == {"body": {"data": [{"id": "5", "text": "b"}], "meta": {}}}


def test_related_are_the_versions_and_the_reposts():
    page = [{"id": "7", "text": "v2", "edit_history_tweet_ids": [ID, "7"]}, {"id": "8", "text": "RT", "referenced_tweets": [{"type": "retweeted", "id": ID}]}]
    assert set(related(page, POSTS)) == {ID, "7", "8"}
    assert without(page[0], POSTS) is GONE
