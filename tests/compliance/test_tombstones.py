"""What was deleted never comes back: the same source read again brings what is stored, and nothing of what is not."""

from dataclasses import asdict, replace

import pytest

from orchestration.campaigns import Campaign
from orchestration.capture import CapturedRows, capture_campaign
from orchestration.compliance.asked import AUTHOR as OF_AUTHOR
from orchestration.compliance.asked import POST, Asked
from orchestration.compliance.tombstones import (
    count_returned,
    keep_living,
    keep_living_capture,
    key_of,
    key_of_request,
    load,
)
from orchestration.sources.base import DeadLetter
from orchestration.warehouse.tables import CAPTURE_LEDGER, TWEETS
from tests.compliance.conftest import (
    AUTHOR,
    CAMPAIGN,
    EDITED,
    GONE,
    LINE,
    OTHER,
    QUOTE,
    REPLY,
    REPOST,
    SECOND,
    WINDOW,
    capture_of,
    post,
    world,
)


class Again:
    name = "archive"

    def fetch(self, window, query, cap):
        return capture_of(world())


def posts_of(records):
    return [each for hour in capture_of(records).hours for each in hour.posts]


def left(records, *keys) -> list[str]:
    return [each.tweet_id for each in keep_living(posts_of(records), frozenset(keys))]


@pytest.mark.full
def test_captured_again_the_deleted_post_stays_away_and_no_row_changes(layers):
    layers.run(LINE)
    before = layers.everything()["raw.tweets"]
    captured = capture_campaign(Campaign(CAMPAIGN, "Duty"), Again(), WINDOW, 1000, stored={WINDOW.start: 1}, tombstones=load(layers.warehouse))
    result = layers.warehouse.replace_window(TWEETS, WINDOW, captured.rows.tweets, run_id="second")
    layers.warehouse.replace_window(CAPTURE_LEDGER, WINDOW, captured.rows.ledger, run_id="second")
    assert (result.changed, result.deleted, result.unchanged) == (0, 0, 4)
    assert layers.everything()["raw.tweets"] == before
    (row,) = layers.warehouse.query("select sum(captured - removed) as n from raw.capture_ledger")
    assert row["n"] == 4


@pytest.mark.full
def test_what_comes_back_all_the_same_is_counted(layers):
    layers.run(LINE)
    assert count_returned(layers.warehouse) == 0
    rows = CapturedRows()
    rows.add(CAMPAIGN, capture_of(world()), 1000)
    layers.warehouse.replace_window(TWEETS, WINDOW, rows.tweets, run_id="third")
    assert count_returned(layers.warehouse) == 3


def test_without_tombstones_nothing_is_looked_at():
    capture = capture_of(world())
    assert keep_living_capture(capture, frozenset()) == (capture, {})


def test_a_post_goes_by_its_id_its_root_its_author_and_as_a_repost():
    assert left(world(), key_of(POST, GONE)) == [QUOTE, REPLY, OTHER, SECOND]
    assert left(world(), key_of(OF_AUTHOR, AUTHOR)) == [QUOTE, REPLY, OTHER]
    assert left(world(), key_of(POST, AUTHOR), key_of(OF_AUTHOR, GONE)) == [GONE, EDITED, REPOST, QUOTE, REPLY, OTHER, SECOND]


def test_a_repost_of_which_only_the_reference_is_known_goes_too():
    (repost,) = (each for each in posts_of(world()) if each.is_repost)
    assert keep_living([replace(repost, raw_record="{}")], frozenset({key_of(POST, GONE)})) == []


def test_what_stays_names_it_no_more():
    for each in keep_living(posts_of(world()), frozenset({key_of(POST, GONE)})):
        assert GONE not in str(asdict(each) | {"text": ""}) and each.referenced_id is None


def test_an_unreadable_record_that_names_it_leaves_nothing_but_the_post():
    (one,) = posts_of([post(OTHER, "sunny", 1)])
    broken = replace(one, raw_record=f'{{"quoted": "{GONE}')
    assert keep_living([broken], frozenset({key_of(POST, GONE)})) == [replace(broken, raw_record="{}")]


def test_a_place_that_was_scrubbed_does_not_come_back_and_the_post_does():
    key = key_of_request(Asked(POST, GONE, "scrub_geo"))
    kept = keep_living(posts_of(world()), frozenset({key}))
    assert len(kept) == 7 and "geo" not in kept[0].raw_record
    assert key not in {key_of(POST, GONE), key_of(OF_AUTHOR, GONE)}


def test_hours_say_how_many_they_lost_and_dead_letters_go_too():
    letters = tuple(DeadLetter("json_error", "no JSON", "f", n, f'{{"id": "{each}", "te') for n, each in enumerate((GONE, OTHER)))
    capture, removed = keep_living_capture(replace(capture_of(world()), dead_letters=letters), frozenset({key_of(POST, GONE)}))
    assert removed == {WINDOW.start: 3} and [letter.line for letter in capture.dead_letters] == [1]
    assert [len(hour.posts) for hour in capture.hours] == [1, 3]


def test_another_salt_knows_none_of_them(monkeypatch):
    key = key_of(POST, GONE)
    monkeypatch.setenv("PULSE_AUTHOR_SALT", "another-salt-of-the-tests")
    assert len(left(world(), key)) == 7


@pytest.mark.parametrize("number", [GONE, AUTHOR])
def test_a_key_holds_nothing_of_the_id(number):
    hashed, kind = key_of(POST, number).split()
    assert len(hashed) == 32 and kind == POST and number not in hashed and key_of(POST, number) != key_of(OF_AUTHOR, number)
