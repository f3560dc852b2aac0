"""Contract cases 1 to 37 and 60: search, counts and lookup over real HTTP, against the stub of X's API."""

import logging
from datetime import datetime, timedelta

import pytest

from orchestration.capture import WouldShrink
from orchestration.sources.x.errors import (
    AuthError,
    BadQuery,
    ContractChanged,
    OutOfRetention,
    QuotaExceeded,
    RateLimited,
    TooEarly,
    Unavailable,
)
from orchestration.sources.x.fields import as_time
from orchestration.sources.x.hour import OVERFLOW
from orchestration.sources.x.lookup import look_up
from orchestration.sources.x.page_store import PageStore
from orchestration.sources.x.transport import checked_base_url
from orchestration.warehouse.tables import TWEETS
from orchestration.windows import HOUR, Window
from tests.contract.conftest import CAMPAIGN, END, START, TOKEN, WINDOW, ids, post, spread


def test_case_01_single_page(x):
    x.holds(spread(7))
    capture = x.fetch()
    assert ids(capture) == [each["id"] for each in x.posts] and (capture.hours[0].counted, x.searches) == (7, 1)


def test_case_02_multi_page_to_exhaustion(x):
    x.holds(spread(250))
    assert ids(x.fetch()) == [each["id"] for each in x.posts] and x.searches == 3


def test_case_03_zero_results_without_data(x):
    x.holds([])
    (hour,) = x.fetch().hours
    assert (hour.posts, hour.counted, hour.capped, hour.observations) == ((), 0, False, 0)


def test_case_04_an_empty_page_with_a_token_is_not_the_end(x):
    x.holds(spread(150))
    x.fault("empty_page_with_token", nth=2)
    assert len(ids(x.fetch())) == 150


def test_case_05_a_repeated_token_stops_with_an_error(x):
    x.holds(spread(350))
    x.fault("repeated_token")
    with pytest.raises(ContractChanged, match="token came twice"):
        x.fetch()
    assert x.searches <= 6


def test_case_06_the_start_is_inclusive_and_the_end_exclusive_to_the_millisecond(x):
    edges = [START - timedelta(milliseconds=1), START, END - timedelta(milliseconds=1), END]
    x.holds([post(moment) for moment in edges])
    assert ids(x.fetch()) == [each["id"] for each in x.posts[1:3]]


def test_case_07_naive_times_are_refused():
    with pytest.raises(ValueError, match="has no zone"):
        as_time(datetime(2026, 3, 2, 5))  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        Window(datetime(2026, 3, 2, 5), datetime(2026, 3, 2, 6))  # noqa: DTZ001


def test_case_08_an_end_less_than_ten_seconds_ago_waits_and_a_later_one_fails_clearly(x):
    x.holds(spread(3))
    x.at(END + timedelta(seconds=4))
    x.fetch()
    assert x.slept and 5 <= x.slept[0] <= 10
    with pytest.raises(TooEarly, match="is not over") as raised:
        x.fetch(Window(END, END + HOUR))
    assert raised.value.seconds > 3_000


def test_case_09_a_start_more_than_seven_days_ago_is_out_of_retention_and_asks_nothing(x):
    x.holds(spread(3))
    x.at(START + timedelta(days=7, minutes=10))
    with pytest.raises(OutOfRetention, match="reaches back to .*PULSE_X_FULL_ARCHIVE"):
        x.fetch()
    assert x.stub_requests() == 0
    assert len(ids(x.fetch(full_archive=True))) == 3


def test_case_10_the_cap_keeps_the_first_ascending_and_says_so(x):
    x.holds(spread(1_500))
    capture = x.fetch(cap=400)
    (hour,) = capture.hours
    assert ids(capture) == [each["id"] for each in x.posts[:400]]
    assert (hour.capped, hour.counted, hour.capped_at) == (True, 1_500, hour.posts[-1].created_at)
    assert x.searches + 1 <= 400 / 100 + 12 and hour.observations <= 400 + 150


def test_case_11_exactly_the_cap_is_not_capped(x):
    x.holds(spread(300))
    (hour,) = x.fetch(cap=300).hours
    assert (len(hour.posts), hour.capped, hour.capped_at) == (300, False, None)


def test_case_12_a_minute_that_overflows_is_read_by_the_second(x):
    x.holds([post(START + timedelta(minutes=20, milliseconds=60 * number)) for number in range(900)])
    capture = x.fetch(cap=250)
    assert ids(capture) == [each["id"] for each in x.posts[:250]] and capture.hours[0].capped
    assert OVERFLOW not in capture.hours[0].notes


@pytest.mark.parametrize("percent", [-40, 60])
def test_case_13_counts_that_disagree_with_search_change_no_post_and_are_noted(x, percent):
    x.holds(spread(500))
    x.fault("counts_bias", path="/2/tweets/counts", percent=percent)
    (hour,) = x.fetch().hours
    assert len(hour.posts) == 500 and not hour.capped and hour.counted != 500
    assert any("search brought 500" in note for note in hour.notes)


def test_case_14_duplicate_ids_across_pages_and_slices_are_one_post(x):
    x.holds(spread(250))
    x.fault("duplicates")
    (hour,) = x.fetch().hours
    assert [post.tweet_id for post in hour.posts] == [each["id"] for each in x.posts] and hour.observations > 250


def test_case_15_a_429_with_a_reset_is_waited_for(x):
    x.holds(spread(3))
    x.fault("429_with_reset", nth=1, seconds=30)
    assert len(ids(x.fetch())) == 3
    assert len(x.slept) == 1 and 29 <= x.slept[0] <= 32


def test_case_15b_a_long_wait_is_the_callers_so_that_it_can_free_its_slot(x):
    x.holds(spread(3))
    x.fault("429_with_reset", seconds=600)
    with pytest.raises(RateLimited) as raised:
        x.fetch()
    assert 590 <= raised.value.seconds <= 602 and x.slept == [] and x.searches == 1


def test_case_16_a_429_without_a_reset_makes_few_calls(x):
    x.holds(spread(3))
    x.fault("429_without_reset")
    with pytest.raises(RateLimited):
        x.fetch()
    assert x.searches <= 4 and all(seconds >= 60 for seconds in x.slept)


def test_case_17_a_429_of_the_old_body_is_a_429(x):
    x.holds(spread(3))
    x.fault("429_code_88", nth=1, seconds=20)
    assert len(ids(x.fetch())) == 3 and len(x.slept) == 1


@pytest.mark.parametrize("kind", ["402", "403_usage_capped", "429_usage_capped"])
def test_case_18_a_usage_cap_is_final(x, kind):
    x.holds(spread(3))
    x.fault(kind)
    with pytest.raises(QuotaExceeded, match="Nothing more is read"):
        x.fetch()
    assert (x.searches, x.slept) == (1, [])


def test_case_19_a_401_is_not_repeated_and_the_token_is_in_no_log(x, caplog):
    x.holds(spread(3))
    x.fault("401")
    # A connection of the stream in the same process has made tweepy quiet.
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="tweepy"), pytest.raises(AuthError) as raised:
        x.fetch()
    assert x.searches == 1
    assert "api.twitter.com" in caplog.text and TOKEN not in caplog.text and TOKEN not in str(raised.value)


def test_case_20_a_403_is_not_repeated(x):
    x.holds(spread(3))
    x.fault("403")
    with pytest.raises(AuthError, match="X_BEARER_TOKEN"):
        x.fetch()
    assert (x.searches, x.slept) == (1, [])


def test_case_21_a_bad_query_shows_what_x_says(x):
    x.holds(spread(3))
    with pytest.raises(BadQuery, match="min_faves"):
        x.fetch(query="min_faves:10 #tag")


def test_case_22_a_503_heals(x):
    x.holds(spread(3))
    x.fault("503_json", nth=1)
    assert len(ids(x.fetch())) == 3 and len(x.slept) == 1


def test_case_23_a_503_of_html_heals(x):
    x.holds(spread(3))
    x.fault("503_html", nth=1)
    assert len(ids(x.fetch())) == 3


@pytest.mark.parametrize("kind", ["200_html", "200_truncated_json"])
def test_case_24_a_200_that_is_no_json_heals_or_is_an_error_and_never_an_empty_hour(x, kind):
    x.holds(spread(3))
    x.fault(kind, nth=1)
    assert len(ids(x.fetch())) == 3
    x.fault(kind)
    with pytest.raises(Unavailable, match="Tried 5 times"):
        x.fetch()


def test_case_25_an_error_whose_body_is_a_list_is_an_error(x):
    x.holds(spread(3))
    x.fault("error_body_list", nth=1)
    assert len(ids(x.fetch())) == 3


@pytest.mark.parametrize("kind", ["stall", "reset", "half_response"])
def test_case_26_a_silent_or_cut_socket_ends_and_is_tried_again(x, kind):
    x.holds(spread(3))
    x.fault(kind, nth=1, seconds=3)
    assert len(ids(x.fetch(timeout=(1.0, 0.5)))) == 3 and len(x.slept) == 1


def test_case_27_partial_errors_are_counted_and_the_rows_kept(x):
    x.holds(spread(3))
    x.fault("partial_errors", nth=1)
    (hour,) = x.fetch().hours
    assert len(hour.posts) == 3 and any("partial errors" in note for note in hour.notes)


def test_case_28_a_malformed_post_is_a_dead_letter_and_the_others_are_kept(x):
    x.holds(spread(9))
    x.fault("malformed_post", nth=1)
    capture = x.fetch()
    assert len(ids(capture)) == 8 and len(capture.dead_letters) == 1 and capture.dead_letters[0].reason


def test_case_29_a_time_without_fraction_is_a_time(x):
    x.holds(spread(3))
    x.fault("created_at_without_fraction")
    assert len(ids(x.fetch())) == 3


def test_case_30_hashtags_of_the_long_form_are_the_posts(x):
    note = {"text": "all of it #inside", "entities": {"hashtags": [{"start": 10, "end": 17, "tag": "Inside"}]}}
    x.holds([post(START, text="cut #tag…", note_tweet=note)])
    (found,) = x.fetch().hours[0].posts
    assert found.text == "all of it #inside" and set(found.hashtags) == {"tag", "inside"}


def test_case_31_the_versions_of_an_edited_post_have_one_root(x):
    first, second = post(START), post(START + timedelta(minutes=9))
    history = [first["id"], second["id"]]
    x.holds([first | {"edit_history_tweet_ids": history[:1]}, second | {"edit_history_tweet_ids": history}])
    assert {found.root_id for found in x.fetch().hours[0].posts} == {first["id"]}


def test_case_32_a_repost_is_volume_and_has_its_own_kind(x):
    x.holds([post(START), post(START + timedelta(minutes=1), referenced_tweets=[{"type": "retweeted", "id": "1"}])], search_returns_reposts=True)
    assert [found.is_repost for found in x.fetch().hours[0].posts] == [False, True]


def test_case_33_the_new_vocabulary_is_read_and_an_unknown_form_stops(x):
    x.holds(spread(150), vocabulary="post")
    (hour,) = x.fetch(vocabulary="post").hours
    assert len(hour.posts) == hour.counted == 150 and hour.posts[0].repost_count is not None
    assert hour.posts[0].root_id == hour.posts[0].tweet_id
    x.fault("unknown_shape")
    with pytest.raises(ContractChanged, match="its form has changed"):
        x.fetch(vocabulary="post")


def test_case_34_an_id_beyond_2_to_the_53_survives_to_the_warehouse(x, warehouse):
    x.holds([post(START)])
    rows = x.captured().rows.tweets
    warehouse.replace_window(TWEETS, WINDOW, rows, run_id="r", scope={"campaign_id": [CAMPAIGN.campaign_id]})
    found = warehouse.query("select tweet_id from raw.tweets where campaign_id = 'contract'")
    assert int(x.posts[0]["id"]) > 2**53 and found == [{"tweet_id": x.posts[0]["id"]}]


def test_case_35_a_run_again_is_equal(x, warehouse):
    x.holds(spread(40))
    for run, changed in (("one", 40), ("two", 0)):
        result = warehouse.replace_window(TWEETS, WINDOW, x.captured().rows.tweets, run_id=run, scope={"campaign_id": [CAMPAIGN.campaign_id]})
        assert run == "one" or result.changed == changed
    assert warehouse.query("select count(*) as n from raw.tweets where campaign_id = 'contract'") == [{"n": 40}]


def test_case_36_a_run_again_with_fewer_posts_is_refused(x):
    x.holds(spread(40))
    x.stub_delete(x.posts[7]["id"])
    with pytest.raises(WouldShrink, match="holds 40, .* now brings 39.*--force"):
        x.captured(stored={START: 40})
    assert len(x.captured(stored={START: 40}, force=True).rows.tweets) == 39


def test_case_37_after_a_crash_no_finished_page_is_asked_for_again(x, tmp_path):
    x.holds(spread(450))
    store = PageStore(tmp_path)
    x.fault("503_json", nth=4, times=99)
    with pytest.raises(Unavailable):
        x.fetch(store=store)
    x.clear_faults()
    before = x.searches
    assert ids(x.fetch(store=store)) == [each["id"] for each in x.posts]
    assert x.searches - before == 2


def test_case_60_a_remote_address_without_tls_is_refused():
    for wrong in ("http://api.x.com", "http://10.0.0.1:8090", "ftp://127.0.0.1", "api.x.com", "http://127.0.0.1.evil.example"):
        with pytest.raises(BadQuery, match="travel in clear"):
            checked_base_url(wrong)
    for right in ("https://api.x.com", "http://127.0.0.1:8090", "http://localhost:1", "http://[::1]:8090"):
        assert checked_base_url(right) == right


def test_a_look_up_answers_for_every_id_in_batches_of_a_hundred(x):
    x.holds(spread(230))
    x.stub_delete(x.posts[3]["id"])
    looked = [each for batch in look_up(x.client(), [each["id"] for each in x.posts]) for each in batch]
    assert [each.tweet_id for each in looked] == [each["id"] for each in x.posts]
    assert [each.status for each in looked].count("measured") == 229 and looked[3].status == "deleted"
    assert x.stub_requests("/2/tweets") == 3


def test_the_page_size_of_the_full_archive_reads_the_same_posts(x):
    x.holds(spread(1_200))
    assert ids(x.fetch(cap=700, full_archive=True, now=START + timedelta(days=30))) == [each["id"] for each in x.posts[:700]]


def test_a_source_that_is_stopped_answers_the_hours_before(x):
    x.holds([*spread(120), *spread(120, start=END)])
    x.fault("402", nth=3)
    capture = x.fetch(Window(START, END + HOUR))
    assert [hour.hour for hour in capture.hours] == [START] and isinstance(capture.stopped, QuotaExceeded)
    x.clear_faults()
    x.fault("402", nth=3)
    captured = x.captured(Window(START, END + HOUR))
    assert captured.window == WINDOW and len(captured.rows.tweets) == 120 and len(captured.rows.ledger) == 1
