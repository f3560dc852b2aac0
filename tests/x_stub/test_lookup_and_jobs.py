"""The stub's lookup, usage and compliance jobs, over HTTP."""

from datetime import timedelta

import requests

from orchestration.sources.x.client import XClient
from orchestration.sources.x.lookup import look_up
from orchestration.sources.x.metering import Unlimited
from tests.x_stub.conftest import HEADERS, NOW, START, TOKEN, ask, post, search

JOBS = "/2/compliance/jobs"


def ids_of(stub) -> list[str]:
    return [stored.id for stored in stub.store.posts]


def test_a_lookup_brings_posts_in_the_asked_order_and_an_error_for_each_that_cannot_be_seen(running):
    stub = running([post(0), post(1), post(2), post(3, author_id="8"), post(99_999)])
    a, deleted, b, suspended, later = ids_of(stub)
    stub.store.delete(deleted)
    stub.store.suspend("8")
    body = ask(stub, "/2/tweets", ids=f"{b},{a},{deleted},{suspended},{later},123,{a}").json()
    assert [each["id"] for each in body["data"]] == [b, a]
    assert [(error["resource_id"], error["title"]) for error in body["errors"]] == [
        (deleted, "Not Found Error"), (suspended, "Authorization Error"), (later, "Not Found Error"), ("123", "Not Found Error"),
    ]  # fmt: skip
    assert all(error["value"] == error["resource_id"] and error["parameter"] == "ids" for error in body["errors"])


def test_a_lookup_takes_1_to_100_ids_that_are_numbers(running):
    stub = running([post(0)])
    assert ask(stub, "/2/tweets", ids=",".join(map(str, range(1, 101)))).status_code == 200
    for wrong in ("", ",".join(map(str, range(1, 102))), "abc", "1e18"):
        assert ask(stub, "/2/tweets", ids=wrong).status_code == 400


def test_our_own_lookup_reads_the_stub(running, monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    stub = running([post(0), post(1)], growth_hours=1)
    first, second = ids_of(stub)
    stub.store.delete(second)
    (looked,) = look_up(XClient(stub.url, Unlimited()), [first, second])
    assert [each.status for each in looked] == ["measured", "deleted"]
    assert looked[0].metrics["like_count"] == 86 and looked[0].observed_at == NOW


def test_usage_counts_the_posts_of_the_month_of_the_clock(running):
    stub = running([post(0), post(1)], now=START.replace(day=31))
    search(stub, path="/2/tweets/search/all", start_time="2026-03-01T00:00:00Z")
    data = ask(stub, "/2/usage/tweets", usage_fields="daily_project_usage").json()["data"]
    assert data["project_usage"] == "2" and data["project_cap"] == "3000000"
    assert data["daily_project_usage"]["usage"] == [{"date": "2026-03-31T00:00:00.000Z", "usage": "2"}]
    stub.clock.advance(86_400)
    assert ask(stub, "/2/usage/tweets").json()["data"]["project_usage"] == "0"
    assert ask(stub, "/2/usage/tweets", days=91).status_code == 400


def test_a_compliance_job_names_what_must_go_and_nothing_else(running):
    stub = running([post(0), post(1), post(2, author_id="8")], compliance_polls=2)
    kept, deleted, suspended = ids_of(stub)
    stub.store.delete(deleted)
    stub.store.suspend("8")
    job = ask(stub, JOBS, "POST", json={"type": "tweets", "name": "ours", "resumable": False}).json()["data"]
    assert (job["status"], job["name"], job["type"], job["resumable"]) == ("created", "ours", "tweets", False)
    assert requests.get(job["download_url"], timeout=5).status_code == 404
    assert requests.put(job["upload_url"], data="\n".join([kept, deleted, suspended]), timeout=5).status_code == 200
    assert requests.put(job["upload_url"], data=kept, timeout=5).status_code == 403
    statuses = [ask(stub, f"{JOBS}/{job['id']}").json()["data"]["status"] for _ in range(4)]
    assert statuses == ["in_progress", "in_progress", "complete", "complete"]
    lines = [line.split('"')[3] for line in requests.get(job["download_url"], timeout=5).text.splitlines()]
    assert lines == [deleted, suspended]
    assert [each["id"] for each in ask(stub, JOBS, type="tweets", status="complete").json()["data"]] == [job["id"]]
    assert ask(stub, JOBS, type="users").json() == {"meta": {"result_count": 0}}


def test_a_job_of_users_names_closed_accounts_with_the_reason(running):
    stub = running([post(0)])
    stub.store.suspend("8", reason="deactivated")
    job = ask(stub, JOBS, "POST", json={"type": "users"}).json()["data"]
    requests.put(job["upload_url"], data="7\n8\n", timeout=5)
    for _ in range(2):
        ask(stub, f"{JOBS}/{job['id']}")
    (line,) = requests.get(job["download_url"], timeout=5).text.splitlines()
    assert '"id":"8"' in line and '"reason":"deactivated"' in line


def test_the_host_of_the_files_refuses_the_bearer_token(running):
    stub = running([post(0)])
    job = ask(stub, JOBS, "POST", json={"type": "tweets"}).json()["data"]
    for answer in (requests.put(job["upload_url"], data="1", headers=HEADERS, timeout=5), requests.get(job["download_url"], headers=HEADERS, timeout=5)):
        assert answer.status_code == 400 and "without it" in answer.text
    assert ask(stub, f"{JOBS}/{job['id']}").json()["data"]["status"] == "created"


def test_an_upload_ends_after_15_minutes_and_bad_jobs_are_refused(running):
    stub = running([post(0)])
    job = ask(stub, JOBS, "POST", json={"type": "tweets"}).json()["data"]
    stub.clock.set(NOW + timedelta(minutes=16))
    assert requests.put(job["upload_url"], data="1", timeout=5).status_code == 403
    assert ask(stub, f"{JOBS}/{job['id']}").json()["data"]["status"] == "expired"
    assert ask(stub, JOBS, "POST", json={"type": "birds"}).status_code == 400
    assert ask(stub, JOBS, "POST", json={"type": "users", "colour": 1}).status_code == 400
    assert ask(stub, f"{JOBS}/77").status_code == 404 and ask(stub, JOBS).status_code == 400
    answer = requests.post(f"{stub.url}{JOBS}", data="{", headers=HEADERS, timeout=5)
    assert answer.status_code == 400 and stub.log[-1]["status"] == 400
