"""`pulse stream` as a person runs it: a process of its own, killed and stopped in the middle."""

import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orchestration import campaigns as campaign_file
from orchestration.campaigns import Campaign
from orchestration.settings import REPOSITORY, Settings
from orchestration.sources.values import time_of_id
from orchestration.sources.x.coverage import DISCONNECTED, to_repair
from orchestration.sources.x.spool import FOLDER, MANIFEST, UNREAD, FileSpool, SpoolLine
from orchestration.spending.books import folder_of
from orchestration.stream.manifest import KILLED, read_life
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.windows import Window
from orchestration.x_stub.running import RunningStub
from tests.contract.conftest import TOKEN, spread
from tests.stream.conftest import until

CAMPAIGN = Campaign("streamed", "Streamed", query="#tag", source="x_stream")
STREAM = [sys.executable, "-c", "from orchestration.cli.stream import stream_app; stream_app()"]
ENOUGH = 60.0


class StreamHome:
    def __init__(self, folder: Path, url: str) -> None:
        self.settings = Settings(home=folder, x_base_url=url)
        self.spool = self.settings.spool_dir / FOLDER
        self.processes = []

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PULSE_HOME": str(self.settings.root), "PULSE_X_BASE_URL": self.settings.x_base_url, "X_BEARER_TOKEN": TOKEN}

    def start(self) -> subprocess.Popen:
        log = (self.settings.root / "log.txt").open("ab")
        process = subprocess.Popen([*STREAM, "run"], cwd=REPOSITORY, env=self.environment(), stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def say(self, *words: str) -> tuple[int, str]:
        done = subprocess.run([*STREAM, *words], cwd=REPOSITORY, env=self.environment(), capture_output=True, text=True, timeout=ENOUGH, check=False)
        return done.returncode, done.stdout + done.stderr

    def ids(self) -> list[str]:
        files = [file for file in sorted(self.spool.rglob("*.jsonl")) if file.name != MANIFEST and file.parent.name != UNREAD]
        return [SpoolLine.of(line).post["data"]["id"] for file in files for line in file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


@pytest.fixture
def stub(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    with RunningStub(spread(50), limits=False, replay_rate=300, keep_alive_seconds=1) as running:
        yield running


@pytest.fixture
def home(tmp_path, stub):
    made = StreamHome(tmp_path, stub.url)
    campaign_file.save(made.settings, [CAMPAIGN])
    server_control.start(made.settings)
    yield made
    for process in made.processes:
        process.kill()
        process.wait(10)
    server_control.halt(ServerFiles(made.settings.warehouse_dir))


@pytest.mark.full
def test_a_killed_consumer_goes_on_without_doubles_and_what_it_missed_lies_in_its_gap(home, stub):
    first = home.start()
    until(lambda: read_life(home.spool).get("posts", 0) > 300, ENOUGH)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    # As a kill in the middle of a write leaves it, which one `write` makes hard to meet.
    with max(home.spool.glob("2*/*.jsonl"), key=lambda file: file.stat().st_mtime).open("ab") as opened:
        opened.write(b'{"received_at":"2026-')
    before = len(home.ids())
    second = home.start()
    until(lambda: len(home.ids()) > before + 300 and read_life(home.spool).get("posts", 0) > 300, ENOUGH)

    code, said = home.say("run")
    assert code == 1 and f"Process {second.pid} runs" in said and said.count("\n") == 1
    code, said = home.say("status")
    assert code == 0 and said.startswith(f"connected (process {second.pid})") and re.search(r"gaps of today \(UTC\): 1\n  \d\d:\d\d:\d\d-", said)

    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    code, said = home.say("status")
    assert code == 3 and said.startswith("not running. Start it:  pulse stream run")

    spooled, sent = home.ids(), stub.streamed
    assert len(spooled) == len(set(spooled)) and set(spooled) <= set(sent)
    events = FileSpool(home.spool).events()
    ends = [event for event in events if event.kind == DISCONNECTED]
    assert [end.reason for end in ends] == [KILLED, "stopped by SIGTERM"]
    now = datetime.now(UTC)
    repaired = to_repair(events, Window(now - timedelta(minutes=10), now), "streamed")
    lost = set(sent) - set(spooled)
    assert all(any(time_of_id(each) in part for part in repaired) for each in lost)
    assert ends[0].at < time_of_id(spooled[before]) and sum("torn_line" in file.read_text() for file in (home.spool / UNREAD).glob("*")) == 1
    # What was read is paid for, by campaign and in the warehouse, the part of the killed process too.
    rows = Warehouse(home.settings).query("select campaign_id, kind, sum(posts) as posts from raw.api_spend where spend_day >= date '2026-01-01' group by 1, 2")
    assert [(row["campaign_id"], row["kind"]) for row in rows] == [("streamed", "stream")] and len(spooled) - 600 < rows[0]["posts"] <= len(sent)
    assert list(folder_of(home.settings).glob("*.jsonl")) == []
    assert TOKEN not in (home.settings.root / "log.txt").read_text()


def test_rules_are_shown_before_they_are_made_and_twice_is_once(home, stub):
    assert home.say("rules", "--dry-run") == (0, "+ pulse:streamed  #tag\n1 rules would be added and 0 removed; nothing was changed.\n")
    assert stub.desk.rules == {}
    assert home.say("rules") == (0, "+ pulse:streamed  #tag\n1 rules added, 0 removed.\n")
    assert home.say("rules") == (0, "Nothing to change: 1 rules are as the campaigns want them.\n")
    campaign_file.save(home.settings, [])
    code, said = home.say("run")
    assert code == 1 and "No campaign streams now" in said and stub.desk.rules == {}


def test_it_ends_by_itself_after_so_many_posts(home):
    began = time.monotonic()
    code, said = home.say("run", "--posts", "100")
    assert code == 0 and "The stream has ended: 100 posts in 1 connections, 0 unread lines." in said
    assert len(home.ids()) == 100 and time.monotonic() - began < ENOUGH
