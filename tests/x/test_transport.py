"""Where requests go, and that the token is read nowhere."""

import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from orchestration.redaction import keep_secrets_out_of_logs, redact
from orchestration.sources.x.client import XClient
from orchestration.sources.x.errors import AuthError, BudgetExceeded, Unavailable
from orchestration.sources.x.metering import SEARCH, Unlimited
from orchestration.sources.x.retry import RetryPolicy, limit_wait
from orchestration.sources.x.transport import bearer_token, mount

TOKEN = "test-a-token-that-nobody-may-read"


@pytest.fixture
def server(monkeypatch):
    """Answers every request with {} and keeps its headers."""
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.path, dict(self.headers)))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    made = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    made.url, made.seen = f"http://127.0.0.1:{made.server_port}", seen
    yield made
    made.shutdown()
    made.server_close()


def test_tweepys_requests_arrive_at_the_address_of_the_settings_with_the_token(server):
    XClient(server.url, Unlimited()).get("/2/tweets", {"ids": "1,2", "absent": None})
    ((path, headers),) = server.seen
    assert path == "/2/tweets?ids=1%2C2" and headers["Authorization"] == f"Bearer {TOKEN}"


def test_the_token_is_masked_in_every_log_of_every_level(server, caplog):
    with caplog.at_level(logging.DEBUG):
        XClient(server.url, Unlimited()).get("/2/tweets", {})
        logging.getLogger("somebody.else").error("the header was %s", {"Authorization": f"Bearer {TOKEN}"})
    assert "Bearer [secret]" in caplog.text and TOKEN not in caplog.text
    for record in caplog.records:
        assert TOKEN not in f"{record.msg} {record.args}"


def test_masking_twice_is_masking_once(monkeypatch):
    keep_secrets_out_of_logs()
    factory = logging.getLogRecordFactory()
    keep_secrets_out_of_logs()
    assert logging.getLogRecordFactory() is factory


def test_a_secret_is_masked_and_a_short_value_is_no_secret(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", "AAAAAAAAAA")
    monkeypatch.setenv("NEWSAPI_KEY", "key")
    assert redact("Bearer AAAAAAAAAA of key") == "Bearer [secret] of key"


def test_no_token_is_an_error_that_says_how_to_set_it(monkeypatch):
    monkeypatch.delenv("X_BEARER_TOKEN", raising=False)
    with pytest.raises(AuthError, match="export X_BEARER_TOKEN"):
        bearer_token()


def test_a_silent_server_ends_in_time(monkeypatch):
    """tweepy passes no time limit; without ours the call would hang for ever."""
    import socket

    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        client = XClient(f"http://127.0.0.1:{silent.getsockname()[1]}", Unlimited(), retry=RetryPolicy(tries=1), timeout=(0.5, 0.2))
        with pytest.raises(Unavailable, match="ReadTimeout"):
            client.get("/2/tweets", {})


def test_a_call_over_the_budget_is_not_made(server):
    class Spent(Unlimited):
        def allow(self, kind, most_posts):
            raise BudgetExceeded(f"{kind} {most_posts}", "day")

    with pytest.raises(BudgetExceeded, match="search 100"):
        XClient(server.url, Spent()).get("/2/tweets", {}, kind=SEARCH, most_posts=100)
    assert server.seen == []


def test_a_proxy_or_netrc_of_the_environment_sees_no_stub_traffic():
    import requests

    session = requests.Session()
    mount(session, "http://127.0.0.1:9")
    assert session.trust_env is False


def test_waits_grow_with_full_jitter_and_are_bounded():
    highest = RetryPolicy(uniform=lambda low, high: high)
    assert [highest.wait_before(retry) for retry in (1, 2, 3, 4, 9)] == [2, 4, 8, 16, 60]
    assert RetryPolicy(uniform=lambda low, high: low).wait_before(5) == 0


@pytest.mark.parametrize(("reset", "attempt", "seconds"), [(1_030, 0, 31), (900, 0, 1), (9_000, 0, 960), (None, 0, 60), (None, 1, 120), (None, 7, 240)])
def test_a_limit_is_waited_for_until_its_reset_or_longer_each_time(reset, attempt, seconds):
    assert limit_wait(reset, 1_000.0, attempt) == seconds
