"""Answers of X and NewsAPI of a form that nobody has seen yet: each is an error that says so, and none of another kind."""

import json

import pytest

from bench.fuzz import news_bodies, x_bodies
from bench.fuzz.corpus import HOUR, article, page, post
from orchestration.sources.news.base import FAILED, NewsError
from orchestration.sources.x.errors import ContractChanged, Unavailable, XError

DEEP = b"[" * 100_000


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", "test-odd")
    monkeypatch.setenv("NEWSAPI_KEY", "test-odd")
    monkeypatch.setenv("PULSE_AUTHOR_SALT", "salt-of-the-tests")


def test_a_page_keeps_its_good_posts_whatever_stands_between_them():
    records = [post(1), None, 5, [], {"id": "1"}, post(2, referenced_tweets=7), post(3, referenced_tweets=[{"type": {}}]), post(4, author="bob")]
    deep = b'{"id": "5", "text": ' + b"[" * 500 + b"]" * 500 + b"}"
    body = json.dumps(page(*records, "deep") | {"includes": {"users": 5, "tweets": "x"}}).encode().replace(b'"deep"', deep)
    assert x_bodies._search(body) == {each["id"] for each in (post(1), post(2), post(3), post(4))}


@pytest.mark.parametrize("token", [["b26"], {"a": 1}, 7])
def test_a_page_token_of_another_form_is_an_error_and_not_the_end_of_the_search(token):
    with pytest.raises(ContractChanged, match="next_token"):
        x_bodies._search(json.dumps(page(post(1), meta={"next_token": token})).encode())


def test_half_an_emoji_for_a_page_token_is_an_error_of_x():
    """No address can hold it: the UnicodeEncodeError ended the run."""
    with pytest.raises(ContractChanged, match="cannot be asked for again"):
        x_bodies._search(json.dumps(page(post(1), meta={"next_token": "\ud83d"})).encode())


@pytest.mark.parametrize(
    ("ask", "body"),
    [
        (x_bodies._counts, {"data": 5}),
        (x_bodies._counts, {"data": [{"start": "2026-03-02T05:00:00Z", "tweet_count": True}]}),
        (x_bodies._counts, {"data": [], "meta": {"next_token": ["x"]}}),
        (x_bodies._rules, {"data": [{"id": "1", "value": "#auroratrail", "tag": ["x"]}]}),
        (x_bodies._rules, {"data": [], "errors": 5}),
        (x_bodies._rules, {"data": [], "errors": [{"value": [], "details": 5}]}),
        (x_bodies._job, {"data": {"id": "7", "status": [], "upload_url": "http://[", "download_url": 5}}),
    ],
)
def test_an_answer_of_another_form_is_an_error_of_x(ask, body):
    with pytest.raises(XError):
        ask(json.dumps(body).encode())


@pytest.mark.parametrize("status", [400, 402, 403, 429, 503])
@pytest.mark.parametrize("body", [b'{"errors": 5}', b'{"errors": [null]}', b'{"errors": [5]}', b'{"errors": {"error": 1}}', b'{"detail": [1]}', b"5", DEEP])
def test_a_refusal_of_another_form_is_an_error_of_x(status, body):
    """tweepy takes for granted that `errors` is a list of objects, and raised TypeError."""
    with pytest.raises(XError):
        x_bodies._search(body, status)


def test_an_answer_that_no_reader_takes_is_no_json():
    with pytest.raises(Unavailable, match="no JSON"):
        x_bodies._search(DEEP)
    with pytest.raises(ContractChanged, match="levels"):
        x_bodies._search(b'{"meta":' + b"[" * 500 + b"]" * 500 + b"}")


@pytest.mark.parametrize("body", [DEEP, b'{"status": "error", "code": ["x"]}', b'{"status": "error", "code": {}, "message": []}', b'{"status": "error", "code": ' + b"[" * 500 + b"]" * 500 + b"}"])
@pytest.mark.parametrize("status", [200, 401, 500])
def test_an_answer_of_newsapi_of_another_form_failed_and_says_so(status, body):
    answer = news_bodies._newsapi(body, status)
    assert answer.status == FAILED and answer.reason


def test_a_refused_key_is_still_said():
    with pytest.raises(NewsError, match="apiKeyInvalid"):
        news_bodies._newsapi(b'{"status": "error", "code": "apiKeyInvalid"}', 401)


def test_good_articles_come_out_beside_any_other():
    good = [article(101), article(102)]
    deep = b"[" * 500 + b"]" * 500
    body = json.dumps({"status": "ok", "articles": [good[0], None, 5, [], "deep", article(3, url="http://a.example/?q=\ud83d"), good[1]]}).encode().replace(b'"deep"', deep)
    titles = {each.title for each in news_bodies._newsapi(body).articles}
    assert {each["title"] for each in good} <= titles and len(titles) == 3


def test_the_hour_of_the_fixtures_holds_them():
    assert f"{HOUR.start:%Y-%m-%dT%H}" in post(1)["created_at"]
