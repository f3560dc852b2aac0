"""Who may ask, what of, and how often."""

import pytest

from app.api.access import Buckets
from app.api.document import openapi
from app.api.postman import operations

READING = [path for path, method, _ in operations(openapi()) if method == "get"]
WRITING = [path for path, method, _ in operations(openapi()) if method == "post"]


@pytest.mark.parametrize("path", READING)
def test_nobody_reads_without_a_token(api, path):
    answer = api.get("/api" + path.replace("{table}", "cards"), params={"campaign": "one", "measure": "posts"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer") and answer.headers["content-type"] == "application/problem+json"
    assert api.questions.asked == []


@pytest.mark.parametrize("path", WRITING)
@pytest.mark.parametrize("body", ['{"texts": [{"text": "a"}]}', "\0", "{", ""])
def test_nobody_uses_the_models_without_a_token(api, path, body):
    """Nor is anybody told what is wrong with a body before we know who sent it."""
    assert api.post("/api" + path, content=body, headers={"Content-Type": "application/json"}).status_code == 401


@pytest.mark.parametrize("path", WRITING)
def test_a_viewer_is_refused_before_the_body_is_read(api, path):
    assert api.post("/api" + path, content="{", headers={"Content-Type": "application/json", "Authorization": "Bearer viewer"}).status_code == 403


def test_the_document_itself_needs_a_token(api):
    assert api.ask("openapi.json", None).status_code == 401 and api.ask("openapi.json").status_code == 200
    assert api.get("/api/docs").status_code == 404 and api.get("/api/openapi.json").status_code == 404


def test_a_cookie_is_no_token(api):
    api.cookies.set("__Host-pulse_session", "analyst")
    assert api.ask("campaigns", None).status_code == 401


def test_a_viewer_reads_pages_and_not_the_api(api):
    answer = api.ask("cards?campaign=one", "viewer")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:campaign-pulse:problem:not-allowed")
    assert "Ask an admin" in answer.json()["detail"] and api.questions.asked == []


def test_a_campaign_without_a_grant_answers_as_one_that_does_not_exist(api):
    """Also when another caller's answer is kept already."""
    assert api.ask("cards?campaign=two", "admin").status_code == 200
    hidden, unknown = api.ask("cards?campaign=two", "granted"), api.ask("cards?campaign=six", "granted")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text.replace("two", "six") == unknown.text and hidden.headers.keys() == unknown.headers.keys()


@pytest.mark.parametrize("path", [path for path in READING if path not in ("/v1/campaigns", "/v1/spend")])
def test_no_address_shows_a_campaign_without_a_grant(api, path):
    answer = api.get(
        "/api" + path.replace("{table}", "cards"), params={"campaign": "two", "measure": "posts"}, headers={"Authorization": "Bearer granted"}
    )
    assert answer.status_code == 404 and "no campaign 'two'" in answer.json()["detail"]


def test_lists_show_what_is_granted_whoever_asked_before(api):
    for who, seen in (("admin", ["one", "two"]), ("granted", ["one"]), ("admin", ["one", "two"])):
        assert [row["campaign_id"] for row in api.ask("campaigns", who).json()["data"]] == seen
    assert [row["campaign_id"] for row in api.ask("spend?month=2026-03", "granted").json()["data"]] == ["one"]
    assert len(api.ask("spend?month=2026-03", "admin").json()["data"]) == 3


def test_who_asks_too_often_is_told_when_to_ask_again_and_others_go_on(open_api):
    api = open_api(settings={"api_burst": 3, "api_requests_per_second": 0.1})
    assert [api.ask("campaigns").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = api.ask("campaigns")
    assert 1 <= int(refused.headers["retry-after"]) <= 11 and refused.json()["type"].endswith("too-many-requests")
    assert api.ask("campaigns", "granted").status_code == 200


def test_a_bucket_fills_again_at_its_rate_and_no_further_than_its_burst():
    now = [0.0]
    buckets = Buckets(rate=2.0, burst=3, clock=lambda: now[0])
    assert [buckets.wait("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.wait("a") == 0.5
    now[0] = 0.5
    assert buckets.wait("a") == 0 and buckets.wait("a") == 0.5
    now[0] = 1_000.0
    assert [buckets.wait("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_full_buckets_are_forgotten_so_that_names_cannot_fill_the_memory():
    now = [0.0]
    buckets = Buckets(rate=1.0, burst=1, clock=lambda: now[0], _most=10)
    for number in range(100):
        now[0] += 2.0
        buckets.wait(str(number))
    assert len(buckets._left) <= 10
