"""Posts by the page."""

import base64
import json

import pytest

from app.api.filters import Filters
from app.api.posts import Order, decoded, encoded
from app.api.problems import ApiError
from tests.api.conftest import ANSWERS, HOSTILE, MOMENT, POST

ASKED, BY = Filters("one"), Order("engagement")


def test_a_cursor_gives_back_the_key_of_its_post_to_the_microsecond():
    row = {"engagement": 9, "created_at": MOMENT.to_pydatetime(), "tweet_id": "10"}
    assert decoded(encoded(row, ASKED, BY), ASKED, BY) == (9, MOMENT.to_pydatetime(), "10")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b"null", b"[1,2,3]", b'["1", 2, "3", "4"]', b'[1, 2, 3, "4"]', b'[true, 2, "3", "4"]', b'[1, 1e400, "3", "4"]',
        b'[1, 99999999999999999999999999, "3", "4"]', b'[99999999999999999999999999, 1, "3", "4"]', b'[1, 1, "\\u0000", "4"]', b'[1, 1, "\\ud800", "4"]',
        b"\xff\xfe", b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_cursor_that_nobody_gave_is_unreadable(content):
    cursor = base64.urlsafe_b64encode(content).decode().rstrip("=")
    with pytest.raises(ApiError) as error:
        decoded(cursor, ASKED, BY)
    assert error.value.status == 422


@pytest.mark.parametrize("cursor", ["!", "a", "ä", "=" * 400, "../../etc/passwd"])
def test_a_cursor_that_is_no_base64_is_unreadable(api, cursor):
    answer = api.ask(f"posts?campaign=one&cursor={cursor}")
    assert answer.status_code == 422 and answer.json()["errors"][0]["where"] == "query.cursor"


def test_a_cursor_of_other_filters_is_refused(api):
    cursor = api.ask("posts?campaign=one&limit=1").json()["next"]
    assert api.ask(f"posts?campaign=one&limit=1&cursor={cursor}").status_code == 200
    assert api.ask(f"posts?campaign=one&limit=50&cursor={cursor}").status_code == 200, "the length of a page is no filter"
    for other in (
        "campaign=two",
        "campaign=one&hashtag=a",
        "campaign=one&order=newest",
        "campaign=one&label=positive",
        "campaign=one&from=2026-03-05",
    ):
        answer = api.ask(f"posts?{other}&cursor={cursor}")
        assert answer.status_code == 422 and "other filters" in answer.json()["detail"]


def test_the_last_page_has_no_cursor(api):
    assert api.ask("posts?campaign=one&limit=2").json()["next"] is None
    assert api.ask("posts?campaign=one&limit=1").json()["next"]


def test_texts_of_x_are_withheld_unless_the_installation_allows_them(open_api):
    sample, of_x = open_api().ask("posts?campaign=one").json()["data"]
    assert (sample["text"], sample["text_withheld"]) == (HOSTILE, None)
    assert of_x["text"] is None and "ids alone" in of_x["text_withheld"] and of_x["tweet_id"] == "11"
    assert open_api(settings={"api_x_texts": True}).ask("posts?campaign=one").json()["data"][1]["text"] == "a post of X"
    assert "a post of X" not in open_api(posts=POST).ask("posts?campaign=one").text


def test_absent_is_null_and_ids_are_text(api):
    of_x = api.ask("posts?campaign=one").json()["data"][1]
    assert of_x["reply_count"] is None and of_x["p_negative"] is None and of_x["hashtags"] == [] and isinstance(of_x["tweet_id"], str)


def test_the_cursor_holds_no_more_than_the_key(api):
    cursor = api.ask("posts?campaign=one&limit=1").json()["next"]
    content = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    assert content[:3] == [9, 1772730000000250, "10"] and len(content) == 4
    assert ANSWERS["posts"]["engagement"][0] == 9
