"""What goes wrong on purpose, what is limited, what is written down and what is billed."""

import json
import logging

import pytest
import requests

from orchestration.sources.x.client import XClient
from orchestration.sources.x.errors import AuthError, BadQuery, QuotaExceeded, RateLimited, Unavailable
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.retry import RetryPolicy
from orchestration.x_stub.faults import KINDS, Faults
from tests.x_stub.conftest import ALL, NOW, RECENT, TOKEN, ask, pages, post, search


def client(stub, *, tries=2, slept=None):
    return XClient(
        stub.url, Unlimited(), RetryPolicy(tries=tries, limit_tries=2), sleep=(slept if slept is not None else []).append,
        clock=lambda: stub.clock.now().timestamp(), timeout=(1.0, 0.4),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def token(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("400", BadQuery), ("401", AuthError), ("402", QuotaExceeded), ("403", AuthError), ("403_usage_capped", QuotaExceeded),
        ("429_usage_capped", QuotaExceeded), ("404", BadQuery), ("429_with_reset", RateLimited), ("429_without_reset", RateLimited),
        ("429_code_88", RateLimited), ("429_code_88_without_reset", RateLimited), ("503_json", Unavailable), ("503_html", Unavailable),
        ("200_html", Unavailable), ("200_truncated_json", Unavailable), ("error_body_list", Unavailable), ("reset", Unavailable),
        ("half_response", Unavailable), ("stall", Unavailable),
    ],
)  # fmt: skip
def test_our_client_understands_every_fault_and_is_well_after_it(running, kind, error):
    stub = running([post(1)])
    stub.faults.add(kind, nth=1, times=2, seconds=2)
    with pytest.raises(error):
        client(stub).get(RECENT, {"query": "#tag"})
    stub.faults.clear()
    assert client(stub).get(RECENT, {"query": "#tag"}).body["meta"]["result_count"] == 1


def test_a_429_says_when_to_come_back_only_where_the_script_wants_it(running):
    stub = running([post(1)])
    stub.faults.add("429_with_reset", nth=1, seconds=30)
    stub.faults.add("429_without_reset", nth=2)
    first, second = search(stub), search(stub)
    assert int(first.headers["x-rate-limit-reset"]) == NOW.timestamp() + 30 and first.headers["x-rate-limit-remaining"] == "0"
    assert second.status_code == 429 and not [name for name in second.headers if name.startswith("x-rate")]


def test_a_slow_answer_is_whole(running):
    stub = running([post(1)])
    stub.faults.add("slow", seconds=0.3)
    answer = search(stub)
    assert answer.elapsed.total_seconds() >= 0.3 and answer.json()["meta"]["result_count"] == 1


def test_a_fault_concerns_its_path_and_its_requests_only(running):
    stub = running([post(1)])
    stub.faults.add("503_json", path="/2/tweets", nth=2, times=2)
    assert [ask(stub, "/2/tweets", ids="1").status_code for _ in range(4)] == [200, 503, 503, 200]
    stub.faults.add("402", path="/2/tweets/search")
    assert (search(stub).status_code, search(stub, path=ALL).status_code) == (402, 402)
    assert ask(stub, "/2/tweets/counts/recent", query="#tag").status_code == 200


def test_pages_are_spoiled_and_nothing_but_the_page(running):
    stub = running([post(second) for second in range(25)])

    def spoiled(kind, **how):
        stub.faults.clear()
        stub.faults.add(kind, **how)
        return search(stub, tweet_fields="created_at").json()

    assert {len(each["created_at"]) for each in spoiled("created_at_without_fraction")["data"]} == {20}
    assert [each["created_at"] for each in spoiled("malformed_post")["data"]].count("yesterday") == 1
    assert all("id" not in each and "text" not in each for each in spoiled("unknown_shape")["data"])
    assert {each["title"] for each in spoiled("partial_errors")["errors"]} == {"Not Found Error", "Forbidden"}
    empty = spoiled("empty_page_with_token")
    assert "data" not in empty and empty["meta"]["result_count"] == 0 and empty["meta"]["next_token"]
    assert spoiled("repeated_token")["meta"]["next_token"] == spoiled("repeated_token")["meta"]["next_token"]


def test_duplicates_are_repeated_on_the_next_page_and_every_post_still_comes(running):
    stub = running([post(second) for second in range(35)])
    stub.faults.add("duplicates")
    ids = [each["id"] for page in pages(stub) for each in page]
    assert len(set(ids)) == 35 and len(ids) > 35


def test_an_empty_page_is_not_the_end(running):
    stub = running([post(second) for second in range(25)])
    stub.faults.add("empty_page_with_token", nth=2, times=3)
    assert [len(page) for page in pages(stub)] == [10, 0, 0, 0, 10, 5]


@pytest.mark.parametrize("script", [{"kind": "402"}, [{"kind": "nonsense"}], [{"when": 3}], [3], [{"kind": "402", "when": 3}], [{"kind": "402", "seen": 3}]])
def test_a_script_that_is_none_is_refused(running, script):
    answer = requests.post(f"{running().url}/stub/faults", json=script, timeout=5)
    assert answer.status_code == 400 and answer.json()["detail"]


def test_a_script_is_read_from_a_file(tmp_path):
    file = tmp_path / "script.json"
    file.write_text(json.dumps([{"kind": kind, "nth": 1} for kind in KINDS]))
    faults = Faults()
    faults.load_file(file)
    assert len(faults.of("/2/tweets/search/stream")) == len(KINDS)


def test_each_endpoint_has_its_own_limit_in_its_own_window_of_the_clock(running):
    stub = running([post(1)], limits={"search/recent": 3})
    answers = [search(stub) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["x-rate-limit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[3].json()["title"] == "Too Many Requests" and int(answers[3].headers["x-rate-limit-reset"]) == NOW.timestamp() + 900
    assert ask(stub, "/2/tweets", ids="1").status_code == 200
    stub.clock.advance(900)
    assert search(stub).status_code == 200


def test_the_full_archive_takes_one_request_a_second_where_that_is_enforced(running):
    stub = running([post(1)], enforce_one_per_second=True)
    assert [search(stub, path=ALL).status_code for _ in range(2)] == [200, 429]
    stub.clock.advance(1)
    assert search(stub, path=ALL).status_code == 200


def test_a_post_is_billed_once_a_day_and_refusals_and_free_endpoints_never(running):
    stub = running([post(1), post(2)])
    for _ in range(3):
        search(stub)
        ask(stub, "/2/tweets/counts/recent", query="#tag")
    search(stub, "lang:en")
    stub.faults.add("503_json", nth=1)
    search(stub)
    ask(stub, "/2/usage/tweets")
    bill = stub.bill()
    assert (bill["posts"], bill["counts_requests"], bill["usd"]) == (2, 3, 0.025)
    stub.clock.advance(86_400)
    search(stub)
    bill = requests.get(f"{stub.url}/stub/bill", timeout=5).json()
    assert (bill["posts"], bill["usd"], list(bill["days"])) == (4, 0.035, ["2026-03-02", "2026-03-03"])


def test_every_request_is_written_down_and_the_token_nowhere(running, tmp_path, caplog):
    caplog.set_level(logging.DEBUG, logger="uvicorn")
    stub = running([post(1)], log_file=tmp_path / "log.jsonl")
    search(stub)
    ask(stub, RECENT, query="#tag", access_token=TOKEN)
    ask(stub, RECENT, headers={})
    written = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert written == stub.log == requests.get(f"{stub.url}/stub/log", timeout=5).json()
    assert [(entry["status"], entry["posts"]) for entry in written] == [(200, 1), (400, 0), (401, 0)]
    assert written[0] | {"at": 0} == {"at": 0, "method": "GET", "path": RECENT, "params": {"query": "#tag"}, "status": 200, "posts": 1, "fault": None}
    assert TOKEN not in (tmp_path / "log.jsonl").read_text() and TOKEN not in caplog.text


def test_it_is_steered_over_http_from_this_machine_only(running):
    stub = running([post(1), post(2, author_id="8"), post(3, author_id="9")])
    set_to = requests.post(f"{stub.url}/stub/clock", json={"now": "2026-03-02T08:00:00Z", "advance_seconds": 60}, timeout=5)
    assert set_to.json() == {"now": "2026-03-02T08:01:00+00:00"}
    requests.post(f"{stub.url}/stub/delete", json={"ids": [stub.store.posts[0].id], "authors": ["8"]}, timeout=5)
    assert search(stub).json()["meta"]["result_count"] == 1
    state = requests.get(f"{stub.url}/stub", timeout=5).json()
    assert (state["posts"], state["requests"]) == (3, 1)
    elsewhere = requests.get(f"{stub.url}/stub", headers={"Host": "evil.example:80"}, timeout=5)
    assert elsewhere.status_code == 403
    assert requests.post(f"{stub.url}/stub/clock", json={"now": "soon"}, timeout=5).status_code == 400


def test_an_address_that_x_does_not_have_is_404(running):
    assert ask(running(), "/2/users/by").status_code == 404
