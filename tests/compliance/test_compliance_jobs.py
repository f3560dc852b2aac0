"""X's batch compliance over real HTTP: ids go up and verdicts come down, where the token is never seen."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from orchestration.sources.x.client import Answer, XClient
from orchestration.sources.x.compliance_jobs import ComplianceJobs
from orchestration.sources.x.errors import AuthError, ContractChanged, Unavailable
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.retry import RetryPolicy
from orchestration.x_stub.running import RunningStub

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
EPOCH_MS = 1_288_834_974_657


def post(number: int) -> dict:
    moment = NOW - timedelta(minutes=number)
    tweet_id = str((int(moment.timestamp() * 1000) - EPOCH_MS) << 22)
    return {"id": tweet_id, "text": f"p{number}", "created_at": f"{moment:%Y-%m-%dT%H:%M:%S}.000Z", "author_id": str(100 + number)}


@pytest.fixture
def stub(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", "test-compliance")
    with RunningStub([post(n) for n in range(1, 6)], now=NOW, compliance_polls=2) as running:
        yield running


def jobs(url: str, **more) -> tuple[ComplianceJobs, list[float]]:
    slept: list[float] = []
    policy = RetryPolicy(tries=3, uniform=lambda low, high: high)
    return ComplianceJobs(XClient(url, Unlimited(), retry=policy, sleep=slept.append), retry=policy, sleep=slept.append, **more), slept


def test_only_what_must_go_is_answered_and_the_job_is_waited_for(stub):
    ids = [post(n)["id"] for n in range(1, 6)]
    stub.store.delete(ids[1])
    asking, slept = jobs(stub.url)
    (line,) = asking.lines_about(ids)
    assert ids[1] in line and '"delete"' in line and slept == [15.0, 15.0]


def test_the_addresses_of_the_files_never_see_the_token(stub):
    """The stub refuses a token there, as X's storage would keep it in a log."""
    asking, _ = jobs(stub.url)
    assert list(asking.lines_about([post(1)["id"]])) == []


def test_a_job_that_never_ends_is_given_up_and_nothing_is_answered(stub):
    asking, slept = jobs(stub.url, looks=2)
    with pytest.raises(Unavailable, match="not complete after 0 minutes.*nothing was changed"):
        list(asking.lines_about([post(1)["id"]]))
    assert slept == [15.0]


def test_many_ids_are_more_than_one_job(stub, monkeypatch):
    monkeypatch.setattr("orchestration.sources.x.compliance_jobs.IDS_OF_A_JOB", 2)
    ids = [post(n)["id"] for n in range(1, 6)]
    stub.store.delete(*ids)
    asking, _ = jobs(stub.url)
    assert len(list(asking.lines_about(ids))) == 5
    assert sum(entry["method"] == "POST" for entry in stub.log) == 3


def test_without_ids_nothing_is_asked(stub):
    asking, _ = jobs(stub.url)
    assert list(asking.lines_about([])) == [] and stub.log == []


class Answers:
    """A client that answers what it is told to."""

    def __init__(self, job, *statuses):
        self.job, self.statuses = job, list(statuses)

    def post(self, path, body):
        return Answer({"data": self.job} if self.job is not None else {}, NOW)

    def get(self, path, params):
        return Answer({"data": {"id": "1", "status": self.statuses.pop(0)}}, NOW)


@pytest.mark.parametrize(
    "job", [None, {}, {"id": "1"}, {"id": "1", "upload_url": "http://storage.example.org/a"}, {"id": "1", "upload_url": "file:///etc/passwd"}]
)
def test_an_answer_without_a_safe_address_is_refused_before_anything_is_sent(job):
    with pytest.raises(ContractChanged):
        list(ComplianceJobs(Answers(job)).lines_about(["1"]))


def fake_session(monkeypatch, *outcomes):
    """requests.Session whose answers are given; returns what was sent."""
    import requests

    sent, rest = [], list(outcomes)

    def request(self, method, address, **more):
        sent.append((method, address, more))
        outcome = rest.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return SimpleNamespace(ok=outcome < 400, status_code=outcome, is_redirect=300 <= outcome < 400, content=b'{"id":"1"}')

    monkeypatch.setattr(requests.Session, "request", request)
    return sent


JOB = {"id": "1", "upload_url": "https://storage.example.org/up?signature=secret", "download_url": "https://storage.example.org/down?signature=secret"}


def test_what_heals_is_repeated_and_a_signed_address_is_never_shown(monkeypatch):
    import requests

    sent = fake_session(monkeypatch, 503, requests.ConnectTimeout("https://storage.example.org/up?signature=secret"), 200, 200)
    slept: list[float] = []
    asking = ComplianceJobs(Answers(JOB, "complete"), retry=RetryPolicy(uniform=lambda low, high: high), sleep=slept.append)
    assert list(asking.lines_about(["1"])) == ['{"id":"1"}'] and len(sent) == 4 and slept == [2.0, 4.0]
    assert all("Authorization" not in (more["headers"] or {}) and more["auth"](1) == 1 for _, _, more in sent)
    fake_session(monkeypatch, 403)
    with pytest.raises(Unavailable, match="upload of X's compliance job answered 403") as failed:
        list(ComplianceJobs(Answers(JOB, "complete"), sleep=slept.append).lines_about(["1"]))
    assert "secret" not in str(failed.value)


def test_a_redirect_is_not_followed(monkeypatch):
    fake_session(monkeypatch, 302)
    with pytest.raises(Unavailable, match="answered 302"):
        list(ComplianceJobs(Answers(JOB, "complete"), sleep=lambda seconds: None).lines_about(["1"]))


def test_a_failed_job_is_no_empty_success(monkeypatch):
    fake_session(monkeypatch, 200)
    with pytest.raises(Unavailable, match="ended as 'failed'"):
        list(ComplianceJobs(Answers(JOB, "in_progress", "failed"), sleep=lambda seconds: None).lines_about(["1"]))


def test_without_a_token_the_error_says_how_to_set_one(stub, monkeypatch):
    monkeypatch.delenv("X_BEARER_TOKEN")
    asking, _ = jobs(stub.url)
    with pytest.raises(AuthError, match="export X_BEARER_TOKEN"):
        list(asking.lines_about(["1"]))
