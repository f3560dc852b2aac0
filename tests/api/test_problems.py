"""Errors: always a problem, never the inside."""

import pytest

from orchestration.warehouse.errors import TableMissing, WarehouseError, WarehouseStopped, WarehouseUnreachable

SECRET = "Binder Error in project secret-project of /home/someone"


def problem(answer, status: int, kind: str) -> dict:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    found = answer.json()
    assert found["type"] == f"urn:campaign-pulse:problem:{kind}" and found["status"] == status and found["title"] and found["detail"]
    return found


def test_an_address_that_is_none_says_where_they_stand(api):
    assert "openapi.json" in problem(api.ask("nothing"), 404, "not-found")["detail"]


def test_a_method_that_is_not_taken_says_which_are(api):
    answer = api.put("/api/v1/cards?campaign=one", headers={"Authorization": "Bearer analyst"})
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"
    for path, methods in (("sentiment", "GET, POST"), ("export/cards", "GET"), ("openapi.json", "GET")):
        assert api.put(f"/api/v1/{path}", headers={"Authorization": "Bearer analyst"}).headers["allow"] == methods


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("", "query.campaign"),
        ("campaign=", "query.campaign"),
        ("campaign=one%00", "query.campaign"),
        ("campaign=one&hashtag=" + "x" * 201, "query.hashtag"),
        ("campaign=one&from=yesterday", "query.from"),
        ("campaign=one&from=1234567", "query.from"),
        ("campaign=one&to=2026-02-30", "query.to"),
        ("campaign=one&from=2026-03-06&to=2026-03-05", "query.to"),
        ("campaign=one&from=2026-03-06&to=2026-03-06", "query.to"),
    ],
)
def test_filters_that_are_nonsense_are_named_and_not_sent_back(api, query, where):
    found = problem(api.ask(f"cards?{query}"), 422, "unreadable")
    assert where in [fault["where"] for fault in found["errors"]]
    assert "xxx" not in str(found) and "1234567" not in str(found) and "yesterday" not in str(found)


@pytest.mark.parametrize(("path", "where"), [("series?campaign=one&grain=weeks", "query.grain"), ("words?campaign=one&most=0", "query.most"), ("posts?campaign=one&limit=101", "query.limit"), ("spend?month=2026-13", "query.month"), ("export/users?campaign=one", "path.table"), ("posts?campaign=one&label=angry", "query.label")])  # fmt: skip
def test_other_values_that_are_nonsense_are_named_too(api, path, where):
    assert where in [fault["where"] for fault in problem(api.ask(path), 422, "unreadable")["errors"]]


def test_days_that_are_swapped_say_nothing_of_a_campaign_that_is_hidden(api):
    problem(api.ask("cards?campaign=two&from=2026-03-06&to=2026-03-05", "granted"), 404, "not-found")


def test_a_hashtag_that_no_post_has_is_not_found_and_one_without_engagement_is(open_api):
    none = {name: [0] * 2 if name == "posts" else values for name, values in open_api().questions.answers["days"].items()}
    problem(open_api(days=none).ask("cards?campaign=one&hashtag=zzz"), 404, "not-found")
    assert open_api().ask("cards?campaign=one&hashtag=zzz").status_code == 200


def test_a_hashtag_is_the_same_with_its_sign_and_in_capitals(api):
    same = [api.ask(f"series?campaign=one&hashtag={tag}") for tag in ("a", "%23A", "%EF%BC%83%EF%BC%A1")]
    assert len({answer.text for answer in same}) == 1 and same[0].json()["about"]["hashtag"] == "a"


def test_what_nobody_foresaw_has_a_reference_and_no_inside(open_api, caplog):
    api = open_api(days=RuntimeError(SECRET))
    found = problem(api.ask("cards?campaign=one"), 500, "unforeseen")
    assert "secret" not in str(found) and "Traceback" not in str(found) and len(found["reference"]) == 8
    assert f"reference {found['reference']}" in caplog.text and SECRET in caplog.text
    assert api.ask("campaigns").status_code == 200


@pytest.mark.parametrize(("error", "kind"), [(WarehouseStopped(), "warehouse-stopped"), (WarehouseUnreachable(SECRET), "warehouse-unreachable"), (WarehouseError(SECRET), "warehouse-refused")])  # fmt: skip
def test_a_warehouse_that_does_not_answer_is_no_empty_answer(open_api, error, kind):
    answer = open_api(days=error).ask("cards?campaign=one")
    assert "secret" not in problem(answer, 503, kind)["detail"] and answer.headers["retry-after"] == "10"


def test_a_part_that_is_not_built_yet_says_so_and_is_not_kept(open_api):
    api = open_api(peaks=TableMissing("Not found: marts.peaks"), explanations=TableMissing("Not found"))
    for path in ("peaks", "explanation", "trace"):
        assert "not built yet" in problem(api.ask(f"{path}?campaign=one&measure=posts"), 404, "not-built")["detail"]
    api.questions.answers = api.questions.answers | {"peaks": {}}
    assert api.ask("peaks?campaign=one").json()["data"] == []


def test_an_empty_warehouse_has_no_campaigns(open_api):
    api = open_api(campaigns=TableMissing("Not found: marts"), version="none")
    assert api.ask("campaigns").json() == {"data": []}
    problem(api.ask("cards?campaign=one"), 404, "not-built")


def test_a_body_of_ten_megabytes_is_refused_before_it_is_read(api):
    answer = api.post("/api/v1/sentiment", content=b"x" * 10_000_000, headers={"Authorization": "Bearer analyst", "Content-Type": "application/json"})
    problem(answer, 413, "too-large")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"texts": []}',
        b'{"texts": [{"text": 1}]}',
        b'{"texts": [{"text": "\\ud800"}]}',
        b'{"texts": [{"text": "a"}], "model": "mine"}',
        b"\x81=\x8a",
        b'{"texts": [{"text": "\xff"}]}',
        b"[" * 100_000,
    ],
)
def test_a_body_that_is_none_is_unreadable(api, body):
    answer = api.post("/api/v1/sentiment", content=body, headers={"Authorization": "Bearer analyst", "Content-Type": "application/json"})
    problem(answer, 422, "unreadable")


def test_more_or_longer_texts_than_are_taken_are_refused(api):
    for texts in ([{"text": "a"}] * 101, [{"text": "a" * 5_001}]):
        answer = api.post("/api/v1/entities", json={"texts": texts}, headers={"Authorization": "Bearer analyst"})
        problem(answer, 422, "unreadable")
