"""A server that is gone ends dbt at once; a connection that was cut is tried again, and BigQuery keeps its own rules."""

import json
import socket
import threading
from types import SimpleNamespace

import pytest
import yaml
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from google.cloud.bigquery.retry import DEFAULT_RETRY
from requests.exceptions import ConnectionError as NoConnection

from orchestration.dbt.lost_server import lost_at_once
from orchestration.ports import free_port
from orchestration.settings import REPOSITORY, Settings

DATASET = json.dumps({"kind": "bigquery#dataset", "datasetReference": {"projectId": "p", "datasetId": "d"}})


@pytest.fixture
def naps(monkeypatch):
    """How often the client waited before it tried again."""
    taken = []
    monkeypatch.setattr("google.api_core.retry.retry_unary.time.sleep", taken.append)
    return taken


def client(port):
    return bigquery.Client("p", AnonymousCredentials(), client_options={"api_endpoint": f"http://127.0.0.1:{port}"})


def test_a_refused_connection_is_not_tried_again(naps):
    gone = client(free_port())
    with lost_at_once(Settings(env="local")):
        for ask in (lambda: gone.query("select 1", job_retry=None), lambda: gone.get_dataset("d")):
            with pytest.raises(NoConnection, match="Max retries exceeded with url"):
                ask()
    assert naps == []


def test_a_connection_that_was_cut_is_tried_again(naps):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        asked = []

        def serve():
            for number in range(2):
                connection, _ = listening.accept()
                with connection:
                    asked.append(connection.recv(65_536).split(b"\r\n")[0])
                    if number:
                        connection.sendall(f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(DATASET)}\r\n\r\n{DATASET}".encode())

        server = threading.Thread(target=serve)
        server.start()
        with lost_at_once(Settings(env="local")):
            assert client(listening.getsockname()[1]).get_dataset("d").dataset_id == "d"
        server.join(10)
    assert len(asked) == 2 and len(naps) == 1


def test_a_long_statement_is_waited_for_and_never_sent_again():
    """The local server would run it again, beside itself: with a limit of 10 s a statement of 25 s had no answer after 100."""
    from requests.exceptions import ReadTimeout

    with lost_at_once(Settings(env="local")):
        assert not DEFAULT_RETRY._predicate(ReadTimeout("slow"))
    local = yaml.safe_load((REPOSITORY / "dbt_project" / "profiles.yml").read_text())["campaign_pulse"]["outputs"]["local"]
    assert local["job_creation_timeout_seconds"] == local["job_execution_timeout_seconds"]


def test_what_the_server_cannot_read_is_not_sent_again(naps):
    from google.api_core.exceptions import InternalServerError

    assert DEFAULT_RETRY._predicate(InternalServerError("no"))
    with lost_at_once(Settings(env="local")):
        assert not DEFAULT_RETRY._predicate(InternalServerError("no"))
        assert not DEFAULT_RETRY._predicate(ValueError())


def test_dbt_runs_within_it(monkeypatch):
    from orchestration.dbt import lost_server, runner

    seen = []

    class Runner:
        def __init__(self, **_):
            pass

        def invoke(self, _):
            seen.append(DEFAULT_RETRY._predicate)
            return SimpleNamespace(result=None, exception=None)

    monkeypatch.setattr("dbt.cli.main.dbtRunner", Runner)
    for name in ("dbt_environment", "rule_environment"):
        monkeypatch.setattr(runner, name, lambda _: {})
    monkeypatch.setattr(runner, "parsed_with_progress", lambda _: None)
    for name in ("PULSE_WINDOW_START", "PULSE_WINDOW_END"):
        monkeypatch.setenv(name, "")
    runner.run_command(Settings(env="local"), "lane", None, ["build"], [])
    assert seen == [lost_server._heals]


def test_bigquery_and_what_comes_after_dbt_keep_googles_rules():
    stock = DEFAULT_RETRY._predicate
    with lost_at_once(Settings(env="prod")):
        assert DEFAULT_RETRY._predicate is stock
    with pytest.raises(RuntimeError), lost_at_once(Settings(env="local")):
        raise RuntimeError
    assert DEFAULT_RETRY._predicate is stock
