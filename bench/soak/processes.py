"""The processes of a soak: the stub and the consumer with X's clock at 60 times the speed, else as `pulse` starts them.  python -m bench.soak.processes stub|stream"""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from bench.soak.clock import FastClock, FastStubClock
from orchestration import campaigns as campaign_file
from orchestration.campaigns import Campaign
from orchestration.processes import end
from orchestration.settings import REPOSITORY, Settings
from orchestration.sources.sample import campaign as sample
from orchestration.sources.sample.source import DATA

CAMPAIGN = Campaign(
    "soak", "Soak", query=sample.QUERY, hashtags=sample.HASHTAGS, zone=sample.ZONE, news_query=sample.NEWS_QUERY, source="x_stream", news_source="sample"
)
TOKEN = "test-soak"
POSTS_A_SECOND = 5.0
START_SECONDS = 120
# A day of the sample: its posts are sent over and over, each time as new ones.
TEMPLATES = DATA / "posts-2026-03-05.jsonl.gz"
# The stub bills no money, and X's hours go by faster than those of the books.
RICH = {"PULSE_X_BUDGET_RUN_USD": "1e6", "PULSE_X_BUDGET_DAY_USD": "1e6", "PULSE_X_BUDGET_MONTH_USD": "1e6", "PULSE_X_BUDGET_MONTH_POSTS": "100000000"}
SALT = "salt-of-the-soak"


def environment_of(home: Path, port: int) -> dict[str, str]:
    return {
        **os.environ, **RICH, "PULSE_HOME": str(home), "PULSE_X_BASE_URL": f"http://127.0.0.1:{port}", "X_BEARER_TOKEN": TOKEN,
        "PULSE_AUTHOR_SALT": SALT,
    }  # fmt: skip


@contextmanager
def started(words: list[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """A process whose words go to `log`, ended with the block."""
    with log.open("ab") as said:
        process = subprocess.Popen(words, cwd=REPOSITORY, env=environment, stdout=said, stderr=said)
    try:
        yield process
    finally:
        end(process, 30)


def ours(what: str, clock: FastClock, port: int) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "bench.soak.processes", what, "--began", str(clock.began), "--port", str(port)]


def wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"Nobody answers at {url}. Read {log}:\n{log.read_text(errors='replace')[-1_000:]}")


def serve_stub(clock: FastClock, port: int) -> None:
    from orchestration.x_stub.desk import Desk
    from orchestration.x_stub.loading import from_archives
    from orchestration.x_stub.running import limits_of, serve

    desk = Desk(from_archives([TEMPLATES]), FastStubClock(clock), limits=limits_of(False), keep_alive_seconds=2, replay_rate=POSTS_A_SECOND)
    serve(desk, port)


def run_stream(clock: FastClock) -> None:
    """As `pulse stream run`, with X's fast time."""
    from orchestration.stream.consumer import Limits
    from orchestration.stream.wiring import open_consumer

    with open_consumer(Settings(), Limits()) as consumer:
        consumer.now = clock.now

        def stop(_: int, __: FrameType | None) -> None:
            consumer.stop("stopped")

        signal.signal(signal.SIGTERM, stop)
        consumer.run()


def prepare(home: Path) -> Settings:
    """An empty home with the campaign in it, in which dbt has parsed its project and the warehouse runs."""
    from orchestration.dbt.project import prepare_manifest
    from orchestration.environment import kept_environment
    from orchestration.warehouse import server_control

    settings = Settings(home=home)
    campaign_file.save(settings, [CAMPAIGN])
    with kept_environment():
        prepare_manifest(settings)
    server_control.start(settings)
    return settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("stub", "stream"))
    parser.add_argument("--began", type=float, required=True)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    clock = FastClock(asked.began)
    serve_stub(clock, asked.port) if asked.what == "stub" else run_stream(clock)


if __name__ == "__main__":
    main()
