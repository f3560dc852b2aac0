"""What the stub holds: archives of every kind as posts of API v2, with ids that carry their time."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orchestration.settings import REPOSITORY
from orchestration.sources.base import SourceError
from orchestration.sources.sample.source import DATA
from orchestration.sources.values import time_of_id
from orchestration.sources.x.query import parse
from orchestration.x_stub.loading import from_archives
from orchestration.x_stub.store import Store, agrees
from tests.x_stub.conftest import ALL, NOW, START, ask, pages, post, search

TWARC = REPOSITORY.parent / "shared" / "data" / "twarc_archives" / "test-data"
CHATGPT = REPOSITORY.parent / "shared" / "data" / "chatgpt_daily_2023"
WITHOUT_POSTS = {"counts.jsonl", "empty.json", "lists.jsonl", "tweets_compliance.jsonl", "users.jsonl", "users_compliance.jsonl"}
ANY_TIME = (0, 10**14, 10**14)


def written(tmp_path, *records) -> Path:
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in records))
    return file


def v2(tweet_id: str, **fields):
    return {"id": tweet_id, "text": "hello #tag", "created_at": "2026-03-02T05:00:00.000Z", "author_id": "7", **fields}


def test_an_id_that_carries_its_time_is_kept_and_any_other_is_made_anew_the_same_each_time():
    good = "2028334482848775228"
    records = [v2(good), v2("5", text="one"), v2("5", text="two", created_at="2026-03-02T05:00:00Z"), v2("1.58e18", text="three")]
    ids, again = ([stored.id for stored in Store.of(records).posts] for _ in range(2))
    assert ids == again and good in ids and len(set(ids)) == 4
    assert all(abs(time_of_id(each) - START) <= timedelta(seconds=1) for each in ids)


def test_references_and_histories_follow_an_id_that_was_made_anew():
    records = [v2("11"), v2("12", created_at="2026-03-02T05:01:00Z", edit_history_tweet_ids=["11", "12"], referenced_tweets=[{"type": "quoted", "id": "11"}])]
    first, second = (stored.record for stored in Store.of(records).posts)
    assert second["edit_history_tweet_ids"] == [first["id"], second["id"]] and second["referenced_tweets"][0]["id"] == first["id"]


def test_posts_of_before_2010_have_ids_that_were_counted_up():
    (stored,) = Store.of([v2("x", created_at="2009-05-01T00:00:00Z")]).posts
    assert time_of_id(stored.id) is None and agrees(stored.id, datetime(2009, 5, 1, tzinfo=UTC))


def test_a_post_that_is_added_again_replaces_the_one_before():
    store = Store.of([post(1, id=""), post(2, id="")])
    first = store.posts[0].record
    store.add([first | {"text": "changed"}])
    assert [stored.record["text"] for stored in store.posts] == ["changed", "post at 2 #tag"]


def test_a_shift_moves_whole_hours_and_everything_that_carries_a_time():
    edit = {"edit_controls": {"editable_until": "2026-03-02T05:30:00.000Z", "edits_remaining": 5}}
    original = {"type": "quoted", "id": "2028334482848775228", "text": "x", "created_at": "2026-03-02T05:00:00.000Z"}
    store = Store.of([v2("2028334482848775228", **edit), post(5_000, referenced_tweets=[original], conversation_id="2028334482848775228")])
    store.delete("1")
    moved = store.shifted(datetime(2026, 3, 4, 9, 40, tzinfo=UTC))
    first, last = (stored.record for stored in moved.posts)
    assert (first["created_at"], last["created_at"]) == ("2026-03-04T07:00:00.000Z", "2026-03-04T08:23:20.000Z")
    assert all(agrees(stored.id, datetime.fromisoformat(stored.record["created_at"])) for stored in moved.posts)
    assert first["edit_controls"]["editable_until"] == "2026-03-04T07:30:00.000Z"
    assert last["referenced_tweets"][0]["id"] == last["conversation_id"] == first["id"]
    assert last["referenced_tweets"][0]["created_at"] == first["created_at"]
    assert store.posts[0].record["created_at"] == "2026-03-02T05:00:00.000Z", "the store itself stays as it was"


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_observations_the_last_is_held(tmp_path, order):
    def seen(at, likes):
        return v2("2028334482848775228", public_metrics={"like_count": likes}, __twarc={"retrieved_at": at})

    store = from_archives([written(tmp_path, *[seen("2026-03-03T00:00:00Z", 9), seen("2026-03-02T06:00:00Z", 1)][::order])])
    (stored,) = store.posts
    assert stored.record["public_metrics"] == {"like_count": 9} and "__twarc" not in stored.record


def test_a_post_of_the_old_api_becomes_one_of_the_new(tmp_path):
    old = {
        "id_str": "2028334482848775228", "full_text": "look @ann #Tag $GOLD", "created_at": "Mon Mar 02 05:00:00 +0000 2026",
        "user": {"id_str": "7", "screen_name": "bob"}, "favorite_count": 4, "retweet_count": 2, "lang": "en",
        "entities": {"hashtags": [{"text": "Tag"}], "user_mentions": [{"screen_name": "ann"}], "symbols": [{"text": "GOLD"}]},
        "in_reply_to_status_id_str": "2028334482848775000",
    }  # fmt: skip
    record = from_archives([written(tmp_path, old)]).posts[0].record
    assert record["id"] == "2028334482848775228" and record["author_id"] == "7"
    assert record["public_metrics"] == {"retweet_count": 2, "like_count": 4}
    assert record["entities"]["hashtags"] == [{"tag": "tag", "start": 10, "end": 14}]
    assert record["referenced_tweets"] == [{"type": "replied_to", "id": "2028334482848775000"}]


def test_the_new_vocabulary_is_held_in_the_old_names(tmp_path):
    tweet_id = "2028334482848775228"
    new = v2(tweet_id, edit_history_post_ids=[tweet_id], public_metrics={"repost_count": 3}, referenced_posts=[{"type": "quoted", "id": "1"}])
    record = from_archives([written(tmp_path, new)]).posts[0].record
    assert record["edit_history_tweet_ids"] == [tweet_id] and record["referenced_tweets"] and record["public_metrics"] == {"retweet_count": 3}


def test_rows_with_damaged_ids_and_without_author_ids_become_posts(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(
        "id,created_at,text,username,likes\n"
        "1.58e+18,2026-03-02 05:00:00,hello #one,ann,3\n1.58e+18,2026-03-02 05:00:01,hello #two,ann,\n1.58e+18,2026-03-02 05:00:02,RT @x: y,bob,1\n"
    )
    posts = from_archives([file]).posts
    assert [stored.record.get("public_metrics") for stored in posts] == [{"like_count": 3}, None, {"like_count": 1}]
    assert posts[0].record["author_id"] == posts[1].record["author_id"] != posts[2].record["author_id"]
    assert all(stored.record["author_id"].isdigit() and agrees(stored.id, START) for stored in posts[:1])
    assert [stored.is_repost for stored in posts] == [False, False, True]


def test_authors_are_known_by_their_handles(tmp_path):
    page = {"data": [v2("2028334482848775228")], "includes": {"users": [{"id": "7", "username": "Ann", "name": "A"}], "tweets": [v2("3", text="beside")]}}
    store = from_archives([written(tmp_path, page, v2("2028334487043078000", created_at="2026-03-02T05:00:01Z", author={"id": "9", "username": "bob"}, author_id="9"))])
    assert [stored.id for stored in store.search(parse("from:ann"), *ANY_TIME, reposts=True)] == ["2028334482848775228"]
    assert len(store.search(parse("from:bob"), *ANY_TIME, reposts=True)) == 1
    assert store.included["3"]["text"] == "beside" and len(store.posts) == 2


def test_an_archive_without_posts_is_said_to_have_none(tmp_path):
    with pytest.raises(SourceError, match="no posts"):
        from_archives([written(tmp_path, {"data": [], "meta": {"result_count": 0}})])
    with pytest.raises(SourceError):
        from_archives([])


def test_a_day_of_the_sample_is_served_whole(running):
    """All but reposts, of each edited post the newest version: what the sample's own truth calls posts of the day."""
    file = DATA / "posts-2026-03-02.jsonl.gz"
    store = from_archives([file])
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    assert len(store.posts) == len({json.loads(line)["id"] for line in lines})
    stub = running(store, now=datetime(2026, 3, 3, 12, tzinfo=UTC))
    found = [each["id"] for page in pages(stub, "-is:retweet (a OR the OR #AuroraTrail OR I)", max_results=100) for each in page]
    assert len(found) == len(set(found)) > 50


@pytest.mark.skipif(not TWARC.exists(), reason="the real archives are not here")
@pytest.mark.parametrize("name", sorted(file.name for file in TWARC.glob("*.json*")) if TWARC.exists() else ["none"])
def test_every_post_of_the_real_archives_is_found_again_by_its_id(running, name):
    if name in WITHOUT_POSTS:
        with pytest.raises(SourceError, match="no posts"):
            from_archives([TWARC / name])
        return
    store = from_archives([TWARC / name])
    stub = running(store, now=datetime(2026, 1, 1, tzinfo=UTC), search_returns_reposts=True)
    fields = "created_at,author_id,lang,public_metrics,entities,referenced_tweets,note_tweet,edit_controls,conversation_id"
    ids = [stored.id for stored in store.posts]
    found = {}
    for start in range(0, len(ids), 100):
        answer = ask(stub, "/2/tweets", ids=",".join(ids[start : start + 100]), tweet_fields=fields, expansions="author_id,referenced_tweets.id")
        found |= {each["id"]: each for each in answer.json()["data"]}
    assert set(found) == set(ids)
    for stored in store.posts:
        assert found[stored.id]["text"] == stored.record["text"] and found[stored.id]["created_at"] == stored.record["created_at"]
    # And by a search for what the first of them says.
    words = max((word for word in store.posts[0].record["text"].split() if word.isalnum()), key=len, default=None)
    if words and words.lower() not in {"and", "or"}:
        body = search(stub, words, path=ALL, start_time="2006-03-22T00:00:00Z", max_results=500).json()
        assert body["meta"]["result_count"] >= (store.posts[0].id not in store.replaced_at)


@pytest.mark.skipif(not CHATGPT.exists(), reason="the real archive is not here")
def test_a_real_csv_with_damaged_ids_is_served_hour_by_hour(running):
    store = from_archives([next(iter(sorted(CHATGPT.glob("*.csv*"))))])
    assert len({stored.id for stored in store.posts}) == len(store.posts) > 100
    stub = running(store, now=NOW)
    first = datetime.fromisoformat(store.posts[0].record["created_at"]).replace(minute=0, second=0, microsecond=0)
    span = {"start_time": f"{first:%Y-%m-%dT%H:%M:%SZ}", "end_time": f"{first + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"}
    counted = ask(stub, "/2/tweets/counts/all", query="chatgpt OR #chatgpt", **span).json()["meta"]["total_tweet_count"]
    assert counted == sum(map(len, pages(stub, "chatgpt OR #chatgpt", path=ALL, max_results=10, **span))) > 0
