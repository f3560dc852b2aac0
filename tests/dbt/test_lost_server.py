"""A server that is gone ends dbt at once; a connection that was cut is tried again, and BigQuery keeps its own rules."""

import json
import socket
import threading

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from google.cloud.bigquery.retry import DEFAULT_RETRY
from requests.exceptions import ConnectionError as NoConnection

from orchestration.dbt.lost_server import lost_at_once
from orchestration.ports import free_port
from orchestration.settings import Settings

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


def test_an_answer_that_takes_too_long_is_asked_for_again():
    from requests.exceptions import ConnectTimeout, ReadTimeout

    with lost_at_once(Settings(env="local")):
        assert DEFAULT_RETRY._predicate(ReadTimeout("slow")) and DEFAULT_RETRY._predicate(ConnectTimeout("busy"))


def test_what_the_server_cannot_read_is_not_sent_again(naps):
    from google.api_core.exceptions import InternalServerError

    assert DEFAULT_RETRY._predicate(InternalServerError("no"))
    with lost_at_once(Settings(env="local")):
        assert not DEFAULT_RETRY._predicate(InternalServerError("no"))
        assert not DEFAULT_RETRY._predicate(ValueError())


def test_bigquery_and_what_comes_after_dbt_keep_googles_rules():
    stock = DEFAULT_RETRY._predicate
    with lost_at_once(Settings(env="prod")):
        assert DEFAULT_RETRY._predicate is stock
    with pytest.raises(RuntimeError), lost_at_once(Settings(env="local")):
        raise RuntimeError
    assert DEFAULT_RETRY._predicate is stock
