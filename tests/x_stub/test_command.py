"""`pulse x-stub` as a person starts it, and how many pages it serves."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
import typer

from orchestration.cli.x_stub import x_stub
from orchestration.ports import free_port
from orchestration.settings import REPOSITORY
from tests.x_stub.conftest import HEADERS, NOW, START, post

# The command as the line that calls it, whatever else the command line holds.
PROGRAM = "import typer; from orchestration.cli.x_stub import x_stub; typer.run(x_stub)"
PAGES = 40


@contextmanager
def started(home, *words, port=None):
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--port", str(port), *words],
        cwd=REPOSITORY, env={**os.environ, "PULSE_HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        url, limit = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while process.poll() is None and time.monotonic() < limit:
            try:
                requests.get(f"{url}/stub", timeout=1)
                break
            except requests.RequestException:
                time.sleep(0.05)
        yield url, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def archive(tmp_path, posts):
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(json.dumps({"id": str(number), **each}) + "\n" for number, each in enumerate(posts, start=1)))
    return file


def test_it_says_how_to_use_it_serves_and_ends_with_ctrl_c(tmp_path):
    file = archive(tmp_path, [post(1), post(3_700)])
    script = tmp_path / "script.json"
    script.write_text('[{"kind": "402", "nth": 2}]')
    words = ["--data", str(file), "--clock", f"{NOW:%Y-%m-%dT%H:%MZ}", "--faults", str(script), "--log", str(tmp_path / "log.jsonl")]
    with started(tmp_path / "home", *words) as (url, process):
        answers = [requests.get(f"{url}/2/tweets/search/recent", params={"query": "#tag"}, headers=HEADERS, timeout=5) for _ in range(2)]
    said, errors = process.communicate()
    assert [answer.status_code for answer in answers] == [200, 402] and answers[0].json()["meta"]["result_count"] == 2
    assert "2 posts, 2026-03-02T05:00Z to 2026-03-02T06:01Z" in said and f"export PULSE_X_BASE_URL={url} X_BEARER_TOKEN=test-" in said
    assert "export PULSE_X_CLOCK=2026-03-02T07:00:00Z" in said and "reaches back to 2026-02-23T07:00Z" in said
    assert "Traceback" not in errors and len((tmp_path / "log.jsonl").read_text().splitlines()) == 2


def test_posts_can_be_moved_so_that_they_end_now(tmp_path):
    with started(tmp_path / "home", "--data", str(archive(tmp_path, [post(1), post(90_000)])), "--shift-to-now") as (url, process):
        answer = requests.get(f"{url}/2/tweets/search/recent", params={"query": "#tag"}, headers=HEADERS, timeout=5)
    assert answer.json()["meta"]["result_count"] == 2
    assert "PULSE_X_CLOCK" not in process.communicate()[0]


def test_a_port_in_use_is_one_line(tmp_path):
    with started(tmp_path / "home", "--data", str(archive(tmp_path, [post(1)]))) as (url, _):
        port = int(url.rsplit(":", 1)[1])
        with started(tmp_path / "home", port=port) as (_, second):
            assert second.wait(60) == 1
            assert second.communicate()[1].splitlines() == [f"pulse: Port {port} is in use. Stop what runs there, or choose another one with --port."]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"vocabulary": "x"}, "Choose tweet or post"),
        ({"clock": "soon"}, "is no time"),
        ({"clock": "2026-03-02", "shift_to_now": True}, "exclude each other"),
        ({"faults": "missing.json"}, "no script"),
        ({"faults": "broken.json"}, "is no JSON"),
        ({"faults": "wrong.json"}, "no fault 'x'"),
        ({"data": "nowhere"}, "no file or folder"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, monkeypatch, capsys, how, said):
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "wrong.json").write_text('[{"kind": "x"}]')
    given = {"data": [archive(tmp_path, [post(1)])], "port": free_port()} | how
    if "faults" in how:
        given["faults"] = tmp_path / how["faults"]
    if "data" in how:
        given["data"] = [tmp_path / how["data"]]
    defaults = dict.fromkeys(("data", "clock", "growth_hours", "replay_rate", "faults", "log")) | dict.fromkeys(("shift_to_now", "reposts", "no_limits"), False)
    with pytest.raises(typer.Exit):
        x_stub(**(defaults | {"vocabulary": "tweet"} | given))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("pulse: ") and said in line


def test_it_serves_pages_of_a_hundred_faster_than_a_client_reads_them(tmp_path, record_property):
    """In a process of its own. Prints pages a second; the bound leaves room for a machine that does other work."""
    file = archive(tmp_path, (post(second / 3, "a post as long as posts are, with a #tag and a few words more") for second in range(5_000)))
    with started(tmp_path / "home", "--data", str(file), "--clock", f"{START + timedelta(hours=5):%Y-%m-%dT%H:%MZ}", "--no-limits") as (url, _):
        asked = {"query": "#tag", "max_results": 100, "tweet.fields": "created_at,author_id,public_metrics,entities"}
        with requests.Session() as session:
            session.headers.update(HEADERS)
            session.get(f"{url}/2/tweets/search/recent", params=asked, timeout=20)
            began, read = time.monotonic(), 0
            for _ in range(PAGES):
                body = session.get(f"{url}/2/tweets/search/recent", params=asked, timeout=20).json()
                read += len(body["data"])
                asked["next_token"] = body["meta"]["next_token"]
            rate = PAGES / (time.monotonic() - began)
    record_property("pages_per_second", rate)
    print(f"{rate:.0f} pages of 100 posts a second")
    assert read == 100 * PAGES and rate > 15
