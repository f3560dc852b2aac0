"""Starting the site: what it refuses, whom it believes, and what a person is told."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import httpx
import pytest

from app.auth import audit, invites, store, users
from app.identity import Role
from orchestration.ports import free_port
from orchestration.settings import REPOSITORY, Settings
from tests.auth.conftest import HASH, Browser

# Each test starts a server.
pytestmark = pytest.mark.full


def start(*words, **environment):
    return subprocess.Popen(
        [sys.executable, *words], cwd=REPOSITORY, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@contextlib.contextmanager
def running(home, **environment):
    port = free_port()
    process = start("-m", "tests.auth.fake_site", PULSE_HOME=str(home), PULSE_SITE_PORT=str(port), **environment)
    try:
        for _ in range(600):
            assert process.poll() is None, process.communicate()
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=1)
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PULSE_ENV", "prod", "PULSE_ENV=prod needs PULSE_JWT_KEYS"),
        ("PULSE_JWT_KEYS", "a:c2hvcnQ=", "is too weak"),
        ("PULSE_METRICS_TOKEN", "hidden", "PULSE_METRICS_TOKEN has 6 characters"),
        ("PULSE_AUTH_DATABASE_URL", "postgresql+psycopg://u:hidden@127.0.0.1:1/x", "PULSE_AUTH_DATABASE_URL"),
    ],
)
def test_K1_the_site_does_not_start_half(tmp_path, variable, value, said):
    process = start("-m", "app.server", PULSE_HOME=str(tmp_path), PULSE_SITE_PORT=str(free_port()), **{variable: value})
    _, error = process.communicate(timeout=120)
    assert process.returncode == 1 and said in error and "Traceback" not in error and "hidden" not in error and "c2hvcnQ" not in error


def test_metrics_answer_to_their_token_alone_and_name_nobody(tmp_path):
    token = "a-token-for-the-scraper"
    with running(tmp_path, PULSE_METRICS_TOKEN=token) as address:
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {token}"}, {"authorization": token}):
            answer = httpx.get(f"{address}/metrics", headers=headers)
            assert answer.status_code == 401 and "pulse_site" not in answer.text
        assert httpx.get(f"{address}/made/up/path").status_code in (303, 401)
        answer = httpx.get(f"{address}/metrics", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200 and 'pulse_site_requests_total{area="metrics",status="401"} 4.0' in answer.text
        assert "made" not in answer.text and token not in answer.text


def test_A2_a_named_proxy_is_believed_and_makes_it_https(tmp_path):
    engine = store.open_database(Settings(home=tmp_path))
    users.create(engine, "vera@example.org", "Vera", Role.VIEWER, datetime.now(UTC), "test", HASH)
    with running(tmp_path, PULSE_SITE_TRUSTED_PROXIES="127.0.0.1") as address:
        browser = Browser(address, {})
        forwarded = {"x-forwarded-for": "198.51.100.1, 203.0.113.9", "x-forwarded-proto": "https"}
        # The last one is what the proxy saw; whatever stands before it, the client may have written.
        answer = browser.send("/login", {"email": "vera@example.org", "password": "wrong words here"}, headers=forwarded)
        assert audit.newest(engine)[0]["address"] == "203.0.113.9"
        assert answer.status_code == 401 and "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.slow
def test_keys_are_rotated_without_signing_anybody_out(tmp_path):
    import base64
    import secrets

    first, second = (f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}" for name in ("a", "b"))
    engine = store.open_database(Settings(home=tmp_path))
    users.create(engine, "vera@example.org", "Vera", Role.VIEWER, datetime.now(UTC), "test", HASH)
    with running(tmp_path, PULSE_JWT_KEYS=first) as address:
        browser = Browser(address, {})
        assert browser.sign_in("vera@example.org").status_code == 303
    for keys, status in ((f"{second},{first}", 200), (second, 303)):
        with running(tmp_path, PULSE_JWT_KEYS=keys) as address:
            assert Browser(address, dict(browser.cookies)).get("/").status_code == status


def test_the_server_prints_a_first_link_serves_it_and_stops_on_ctrl_c(tmp_path):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", "from orchestration.cli import main; main()", "serve"], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PULSE_HOME": str(tmp_path), "PULSE_SITE_PORT": str(port)},
    )  # fmt: skip
    try:
        said = ""
        while "First login" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        assert f"The site: http://127.0.0.1:{port}" in said
        (link,) = re.findall(r"First login \(one time, 48 h\): (\S+)", said)
        assert "admin@localhost" in httpx.get(link).text and httpx.get(f"http://127.0.0.1:{port}/", headers={"accept": "text/html"}).status_code == 303
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        with pytest.raises(httpx.TransportError):
            httpx.get(link)
    finally:
        if process.poll() is None:
            process.kill()
    engine = store.open_database(Settings(home=tmp_path))
    assert not users.somebody_can_sign_in(engine) and invites.owner(engine, link.rpartition("/")[2], datetime.now(UTC)).role is Role.ADMIN


def test_streamlit_alone_shows_nothing(tmp_path):
    """`streamlit run app/site.py` has no gate: the page must refuse by itself, whatever the request claims."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    port = free_port()
    process = start("-m", "streamlit", "run", "app/site.py", "--server.port", str(port), PULSE_HOME=str(tmp_path))
    try:
        for _ in range(300):
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            time.sleep(0.1)
        with connect(f"ws://127.0.0.1:{port}/_stcore/stream", additional_headers={"x-pulse-sid": "forged"}, subprotocols=["streamlit"], max_size=None) as socket:
            ask = BackMsg()
            ask.rerun_script.query_string = ""
            socket.send(ask.SerializeToString())
            said = ""
            while "script_finished" not in said:
                said += str(ForwardMsg.FromString(socket.recv(timeout=60)))
        assert "asks for a login first" in said and "Campaign" not in re.sub(r'title: "Campaign Pulse"', "", said)
    finally:
        process.terminate()
        process.communicate(timeout=30)
