"""The stub's search and counts, over HTTP: what is found, in which form, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.x_stub.conftest import ALL, NOW, RECENT, START, ask, pages, post, search

COUNTS = "/2/tweets/counts/recent"


def z(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def message(answer) -> str:
    assert answer.status_code == 400 and answer.json()["type"].endswith("/problems/invalid-request")
    return " ".join(error["message"] for error in answer.json()["errors"])


def test_pages_come_newest_first_and_hold_every_post_once(running):
    stub = running(post(second) for second in range(250))
    found = pages(stub, max_results=100)
    texts = [each["text"] for page in found for each in page]
    assert [len(page) for page in found] == [100, 100, 50] and texts == [f"post at {second} #tag" for second in reversed(range(250))]


def test_the_last_page_has_no_token_even_when_it_is_full(running):
    assert [len(page) for page in pages(running(post(second) for second in range(20)))] == [10, 10]


def test_the_same_token_brings_the_same_page_though_posts_have_come_and_gone(running):
    stub = running(post(second) for second in range(30))
    token = search(stub).json()["meta"]["next_token"]
    before = search(stub, next_token=token).json()["data"]
    stub.store.add([post(100)])
    stub.store.delete(stub.store.posts[-3].id)
    assert search(stub, next_token=token).json()["data"] == search(stub, pagination_token=token).json()["data"] == before


def test_a_token_of_another_search_is_refused(running):
    stub = running(post(second) for second in range(30))
    token = search(stub).json()["meta"]["next_token"]
    assert "next_token" in message(search(stub, "#tag post", next_token=token))
    assert "next_token" in message(search(stub, next_token="b26v89c19zqg8o3f!!"))


def test_without_matches_there_is_no_data(running):
    assert search(running([post(1)]), "nothing").json() == {"meta": {"result_count": 0}}


def test_only_the_fields_that_are_asked_for_come_and_three_always(running):
    stub = running([post(1, lang="en", source="secret", edit_controls={"edits_remaining": 5})])
    (plain,) = search(stub).json()["data"]
    assert set(plain) == {"id", "text", "edit_history_tweet_ids"}
    (asked,) = search(stub, tweet_fields="lang,created_at,public_metrics").json()["data"]
    assert set(asked) == {*plain, "lang", "created_at", "public_metrics"}
    assert asked["created_at"] == "2026-03-02T05:00:01.000Z" and asked["public_metrics"]["like_count"] == 100


def test_an_inlined_reference_is_answered_as_kind_and_id_and_expanded_where_asked(running):
    original = {"type": "quoted", "id": "1498883836434812931", "text": "the original", "author_id": "9"}
    stub = running([post(1, referenced_tweets=[original, {"type": "replied_to", "id": "12"}])])
    stub.store.users["7"] = {"id": "7", "username": "ann", "name": "Ann", "location": "here"}
    body = search(stub, tweet_fields="referenced_tweets", expansions="referenced_tweets.id,author_id").json()
    assert body["data"][0]["referenced_tweets"] == [{"type": "quoted", "id": original["id"]}, {"type": "replied_to", "id": "12"}]
    assert [each["text"] for each in body["includes"]["tweets"]] == ["the original"]
    assert body["includes"]["users"] == [{"id": "7", "name": "Ann", "username": "ann"}]
    assert [(error["title"], error["resource_id"]) for error in body["errors"]] == [("Not Found Error", "12")]
    assert (stub.bill()["posts"], stub.bill()["users"]) == (2, 1)


def test_the_new_vocabulary_renames_parameters_and_answers_and_refuses_the_old_names(running):
    stub = running([post(1, note_tweet={"text": "long"}, referenced_tweets=[{"type": "quoted", "id": "5"}])], vocabulary="post")
    (found,) = search(stub, post_fields="public_metrics,referenced_posts,note_post").json()["data"]
    assert found["edit_history_post_ids"] == [found["id"]] and found["referenced_posts"] and found["note_post"]
    assert found["public_metrics"]["repost_count"] == 10 and "retweet_count" not in found["public_metrics"]
    assert "tweet.fields" in message(search(stub, tweet_fields="lang"))
    counts = ask(stub, COUNTS, query="#tag").json()
    assert counts["meta"] == {"total_post_count": 1} and "post_count" in counts["data"][0]


def test_the_start_is_inclusive_and_the_end_exclusive_and_parts_of_a_second_are_cut_off(running):
    stub = running([post(-0.001), post(0), post(59.999), post(60)])
    found = search(stub, start_time=z(START), end_time="2026-03-02T05:01:00.900Z").json()["data"]
    assert [each["text"] for each in found] == ["post at 59.999 #tag", "post at 0 #tag"]


def test_since_and_until_ids_are_exclusive_and_since_overrides_the_start(running):
    stub = running(post(second) for second in range(5))
    ids = [stored.id for stored in stub.store.posts]
    found = search(stub, since_id=ids[1], until_id=ids[4], start_time="2026-01-01T00:00:00Z").json()["data"]
    assert [each["id"] for each in found] == [ids[3], ids[2]]


def test_reposts_are_returned_only_with_the_switch(running):
    posts = [post(1), post(2, referenced_tweets=[{"type": "retweeted", "id": "5"}])]
    assert search(running(posts)).json()["meta"]["result_count"] == 1
    assert search(running(posts, search_returns_reposts=True)).json()["meta"]["result_count"] == 2


def test_of_an_edited_post_only_the_newest_version_that_exists_already_is_found(running):
    stub = running([post(0), post(600)], now=START + timedelta(seconds=60))
    first, second = (stored.record for stored in stub.store.posts)
    stub.store.add([second | {"edit_history_tweet_ids": [first["id"], second["id"]]}])
    assert [each["id"] for each in search(stub).json()["data"]] == [first["id"]]
    stub.clock.set(NOW)
    assert [each["id"] for each in search(stub).json()["data"]] == [second["id"]]
    assert ask(stub, COUNTS, query="#tag").json()["meta"] == {"total_tweet_count": 1}


def test_posts_after_the_clock_do_not_exist_yet_and_deleted_ones_no_more(running):
    stub = running([post(0), post(1), post(2, author_id="8"), post(9_000)])
    stub.store.delete(stub.store.posts[1].id)
    stub.store.suspend("8")
    assert [each["text"] for each in search(stub).json()["data"]] == ["post at 0 #tag"]


def test_metrics_grow_with_age_where_that_is_wanted(running):
    stub = running([post(0)], now=START + timedelta(hours=1), growth_hours=10)

    def likes():
        return search(stub, tweet_fields="public_metrics").json()["data"][0]["public_metrics"]["like_count"]

    assert likes() == 9
    stub.clock.advance(9 * 3600)
    assert likes() == 63
    stub.clock.advance(100 * 3600)
    assert likes() == 99


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"query": ""}, "empty"),
        ({"query": "a" * 513}, "513 characters"),
        ({"query": "lang:en"}, "cannot stand alone"),
        ({"query": "min_faves:3 a"}, "min_faves"),
        ({"max_results": 9}, "not between 10 and 100"),
        ({"max_results": 101}, "not between 10 and 100"),
        ({"max_results": "ten"}, "max_results"),
        ({"nonsense": "1"}, "[nonsense] is not one of"),
        ({"post.fields": "lang"}, "[post.fields] is not one of"),
        ({"tweet.fields": "lang,colour"}, "[colour] is not one of"),
        ({"expansions": "everything"}, "[everything] is not one of"),
        ({"sort_order": "random"}, "sort_order"),
        ({"start_time": "2026-03-02"}, "RFC3339"),
        ({"start_time": "2026-03-02T05:00:00+01:00"}, "RFC3339"),
        ({"end_time": "2026-02-30T00:00:00Z"}, "RFC3339"),
        ({"start_time": z(NOW - timedelta(days=7, minutes=1))}, "must be on or after"),
        ({"end_time": z(NOW - timedelta(seconds=9))}, "minimum of 10 seconds prior"),
        ({"end_time": z(NOW + timedelta(hours=1))}, "minimum of 10 seconds prior"),
        ({"start_time": z(START), "end_time": z(START)}, "must be before"),
        ({"since_id": "-4"}, "since_id"),
    ],
)
def test_what_x_refuses_is_refused(running, parameters, said):
    assert said in message(ask(running([post(1)]), RECENT, **{"query": "#tag", **parameters}))


def test_the_full_archive_has_its_own_sizes_lengths_and_reach(running):
    stub = running((post(second) for second in range(600)), now=START + timedelta(days=400))
    assert len(search(stub, path=ALL, max_results=500, start_time=z(START)).json()["data"]) == 500
    assert "between 10 and 500" in message(search(stub, path=ALL, max_results=501))
    assert ask(stub, ALL, query="#tag " + "a " * 500, start_time=z(START)).status_code == 200
    assert "1,025" in message(ask(stub, ALL, query="a" * 1_025))
    assert search(stub, path=ALL).json()["meta"]["result_count"] == 0, "without a start it looks 30 days back"


def test_counts_of_seven_days_are_169_hours_with_a_part_at_each_end(running):
    stub = running([post(0), post(1), post(3_600)], now=datetime(2026, 3, 2, 12, 56, 27, tzinfo=UTC))
    body = ask(stub, COUNTS, query="#tag").json()
    first, last = body["data"][0], body["data"][-1]
    assert len(body["data"]) == 169
    assert (first["start"], first["end"]) == ("2026-02-23T12:56:17.000Z", "2026-02-23T13:00:00.000Z")
    assert (last["start"], last["end"]) == ("2026-03-02T12:00:00.000Z", "2026-03-02T12:56:17.000Z")
    assert body["meta"] == {"total_tweet_count": 3} and sum(bucket["tweet_count"] for bucket in body["data"]) == 3


@pytest.mark.parametrize(("granularity", "buckets"), [("minute", 60), ("hour", 1), ("day", 1)])
def test_counts_agree_with_search_in_every_granularity(running, granularity, buckets):
    stub = running([post(second * 7) for second in range(500)] + [post(9, referenced_tweets=[{"type": "retweeted", "id": "5"}])])
    span = {"start_time": z(START), "end_time": z(START + timedelta(hours=1))}
    body = ask(stub, COUNTS, query="#tag", granularity=granularity, **span).json()
    assert len(body["data"]) == buckets
    assert body["meta"]["total_tweet_count"] == sum(map(len, pages(stub, max_results=100, **span))) == 500


def test_counts_of_the_full_archive_come_in_pages_of_31_days(running):
    stub = running((post(day * 86_400) for day in range(70)), now=START + timedelta(days=75))
    asked = {"query": "#tag", "granularity": "day", "start_time": z(START)}
    token, counted, number = {}, 0, 0
    while True:
        body = ask(stub, "/2/tweets/counts/all", **asked, **token).json()
        counted, number = counted + body["meta"]["total_tweet_count"], number + 1
        if "next_token" not in body["meta"]:
            break
        token = {"next_token": body["meta"]["next_token"]}
    assert (counted, number) == (70, 3)
    assert "next_token" in message(ask(stub, COUNTS, query="#tag", next_token="x"))


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer a-real-token"}, {"Authorization": "test-x"}])
def test_without_a_token_of_a_test_the_answer_is_401(running, headers):
    answer = ask(running([post(1)]), RECENT, headers=headers, query="#tag")
    assert (answer.status_code, answer.json()) == (
        401, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"},
    )  # fmt: skip


def test_every_answer_carries_the_clock_and_the_limit(running):
    answer = search(running([post(1)], limits=True))
    assert answer.headers["date"] == "Mon, 02 Mar 2026 07:00:00 GMT" and answer.headers["content-type"] == "application/json; charset=utf-8"
    assert [answer.headers[f"x-rate-limit-{each}"] for each in ("limit", "remaining", "reset")] == ["450", "449", str(int(NOW.timestamp()) + 900)]
