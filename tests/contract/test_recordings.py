"""Contract cases 45 and 46: real recordings and archives, where they are at hand."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest

from orchestration.settings import REPOSITORY
from orchestration.sources.archive.source import ArchiveSource
from orchestration.sources.base import CampaignQuery
from orchestration.sources.x.client import XClient, posts_in_body
from orchestration.sources.x.counts import minute_counts
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.pages import read_page
from orchestration.windows import Window

DATA = REPOSITORY.parent / "shared" / "data"
CASSETTES = DATA / "tweepy_cassettes" / "decoded_v2.jsonl"
TWARC = DATA / "twarc_archives" / "test-data"
EVER = Window(datetime(2006, 3, 21, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
FORMATS = {"page": "brexit.jsonl", "flattened": "flat.jsonl", "stream": "streaming_output_with_error.jsonl", "single": "cashtags.jsonl", "edited": "edited_after.jsonl"}


@pytest.fixture(scope="module")
def recordings():
    if not CASSETTES.exists():
        pytest.skip("real recordings, which are never committed (X's terms), are not at hand")
    return [json.loads(line) for line in CASSETTES.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def replay(monkeypatch):
    """A server that answers each request with what `replay.recording` holds."""
    monkeypatch.setenv("X_BEARER_TOKEN", "test-replay")

    class Handler(BaseHTTPRequestHandler):
        def _answer(self):
            recording = self.server.recording
            body = json.dumps(recording["body"]).encode()
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(recording["status"]["code"])
            for name, value in recording["headers"].items():
                if name not in {"content-encoding", "content-length", "date"}:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_case_46_every_recording_of_tweepy_decodes_through_the_client(recordings, replay):
    client = XClient(f"http://127.0.0.1:{replay.server_port}", Unlimited())
    read = pages = 0
    for recording in recordings:
        replay.recording = recording
        path = urlsplit(recording["uri"]).path
        if "/counts/" in path:
            counts = minute_counts_once(client, path)
            assert len(counts) == len(recording["body"]["data"])
            read += 1
            continue
        method = client.post if recording["method"] == "POST" else client.get
        answer = method(path, {})
        assert answer.body == recording["body"]
        read += 1
        if isinstance(answer.body.get("data"), list) and posts_in_body(answer.body) and "dm_events" not in path:
            page = read_page(answer.body, answer.received_at, EVER, path)
            assert (len(page.posts), page.dead_letters) == (len(answer.body["data"]), ())
            pages += 1
    assert (read, pages) == (131, 20)


def minute_counts_once(client, path):
    """The recorded counts, whose next page was not recorded."""
    get, pages = client.get, []

    def once(*arguments, **more):
        answer = get(*arguments, **more)
        (answer.body.get("meta") or {}).pop("next_token", None)
        pages.append(answer)
        return answer

    client.get = once
    try:
        return minute_counts(client, "tweepy", EVER, full_archive=path.endswith("all"))
    finally:
        client.get = get


@pytest.mark.parametrize("name", FORMATS)
def test_case_45_each_format_of_twarc_is_read(name):
    if not TWARC.exists():
        pytest.skip("real archives, which are never committed (X's terms), are not at hand")
    assert ids(TWARC / FORMATS[name])


def test_case_45_a_file_of_mixed_formats_is_read_line_by_line(tmp_path):
    if not TWARC.exists():
        pytest.skip("real archives, which are never committed (X's terms), are not at hand")
    alone = set()
    for file in FORMATS.values():
        alone |= ids(TWARC / file)
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text("\n".join((TWARC / file).read_text(encoding="utf-8").strip() for file in FORMATS.values()), encoding="utf-8")
    assert ids(mixed) == alone


def ids(file):
    source = ArchiveSource(file)
    capture = source.fetch(source.span(), CampaignQuery("c"), 10_000)
    assert {letter.reason for letter in capture.dead_letters} <= {"json_error"}
    return {post.tweet_id for hour in capture.hours for post in hour.posts}
