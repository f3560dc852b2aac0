"""The stream consumer under load:  python -m bench.stream [--seconds 300] [--rate 1000]

A stub of X's API sends posts at the rate from a process of its own; `pulse stream run` stores them in a home of its own that is
removed afterwards. Prints posts sent, stored, lost and doubled, the delay from sending to storing, memory and processor time.
Nothing here passes or fails: it prints what it measured.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import orjson
import psutil

from bench import figures
from bench.figures import Figure
from bench.sentiment import generated_posts
from orchestration import campaigns as campaign_file
from orchestration.campaigns import Campaign
from orchestration.settings import Settings
from orchestration.sources.x.spool import FOLDER, UNREAD
from orchestration.warehouse import server_control
from orchestration.warehouse.server_files import ServerFiles
from orchestration.windows import parse_time

CONSUMER = [sys.executable, "-c", "from orchestration.cli.stream import stream_app; stream_app()", "run"]
STUB = [sys.executable, "-m", "bench.stream", "--stub"]
TEMPLATES = 500
SAMPLE_SECONDS, DRAIN_SECONDS = 1.0, 15.0
# 300,000 posts would cost 1,500 USD.
RICH = {"PULSE_X_BUDGET_RUN_USD": "1e6", "PULSE_X_BUDGET_DAY_USD": "1e6", "PULSE_X_BUDGET_MONTH_USD": "1e6", "PULSE_X_BUDGET_MONTH_POSTS": "100000000"}
MEBIBYTE = 1024**2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--rate", type=float, default=1_000, help="posts a second")
    parser.add_argument("--stub", action="store_true", help=argparse.SUPPRESS)
    figures.add_option(parser)
    asked = parser.parse_args()
    if asked.stub:
        serve(asked.rate)
        return
    print(f"{os.cpu_count()} cores. {asked.rate:,.0f} posts a second for {asked.seconds:,.0f} s, through the stub into the spool:", flush=True)
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder:
        figures.write(asked.json, measure(Path(folder), asked.seconds, asked.rate))


def measure(home: Path, seconds: float, rate: float) -> list[Figure]:
    stub = subprocess.Popen([*STUB, "--rate", str(rate)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    settings = Settings(home=home)
    try:
        url = stub.stdout.readline().strip()
        campaign_file.save(settings, [Campaign("bench", "Bench", query="#bench", source="x_stream")])
        server_control.start(settings)
        environment = {**os.environ, **RICH, "PULSE_HOME": str(home), "PULSE_X_BASE_URL": url, "X_BEARER_TOKEN": "test-bench"}
        consumer = subprocess.Popen(CONSUMER, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            wait_for(lambda: stored_bytes(settings) > 0, 60)
            memory, share = watch(consumer.pid, seconds)
            stub.stdin.write("stop\n")
            stub.stdin.flush()
            sent = orjson.loads(stub.stdout.readline())
            settled(settings)
            consumer.send_signal(signal.SIGTERM)
            consumer.wait(30)
        finally:
            consumer.kill()
            consumer.wait(10)
        return report(settings, sent, memory, share, consumer.returncode)
    finally:
        stub.kill()
        stub.wait(10)
        server_control.halt(ServerFiles(settings.warehouse_dir))


def serve(rate: float) -> None:
    """In a process of its own: sends until a line comes, then says which ids it has sent."""
    from orchestration.x_stub.running import RunningStub

    with RunningStub(templates(), limits=False, replay_rate=rate) as stub:
        print(stub.url, flush=True)
        sys.stdin.readline()
        stub.desk.replay_rate = 0.0
        time.sleep(0.2)
        sys.stdout.write(orjson.dumps(stub.streamed).decode() + "\n")
        sys.stdout.flush()
        sys.stdin.readline()


def templates() -> list[dict]:
    """Posts as API v2 writes them with the fields that the consumer asks for, about 1 KB each."""
    posts = []
    for number, text in zip(range(TEMPLATES), generated_posts()):
        posts.append({
            "id": str(1_900_000_000_000_000_000 + number), "text": f"{text} #bench", "created_at": "2026-03-02T05:00:00.000Z",
            "author_id": str(number % 900), "lang": "en", "conversation_id": str(number), "possibly_sensitive": False,
            "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0, "bookmark_count": 0, "impression_count": 0},
            "entities": {"hashtags": [{"start": len(text) + 1, "end": len(text) + 7, "tag": "bench"}], "urls": [
                {"start": 0, "end": 23, "url": "https://t.co/abcdefghij", "expanded_url": f"https://example.org/{number}", "display_url": "example.org"}]},
        })  # fmt: skip
    return posts


def watch(pid: int, seconds: float) -> tuple[list[float], float]:
    """Resident memory of the consumer each second, in MiB, and its share of one processor."""
    process, memory = psutil.Process(pid), []
    began, used = time.monotonic(), process.cpu_times()
    while time.monotonic() - began < seconds:
        memory.append(process.memory_info().rss / MEBIBYTE)
        time.sleep(SAMPLE_SECONDS)
    now = process.cpu_times()
    return memory, (now.user + now.system - used.user - used.system) / (time.monotonic() - began)


def spool_files(settings: Settings) -> list[Path]:
    folder = settings.spool_dir / FOLDER
    return [file for file in sorted(folder.glob("*/*.jsonl")) if file.parent.name != UNREAD]


def stored_bytes(settings: Settings) -> int:
    return sum(file.stat().st_size for file in spool_files(settings))


def settled(settings: Settings) -> None:
    """Waits until nothing more arrives."""
    limit, before = time.monotonic() + DRAIN_SECONDS, -1
    while time.monotonic() < limit and (now := stored_bytes(settings)) != before:
        before = now
        time.sleep(0.5)


def wait_for(holds, seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > limit:
            raise SystemExit("The consumer did not begin to store posts.")
        time.sleep(0.05)


def report(settings: Settings, sent: list[str], memory: list[float], share: float, code: int) -> list[Figure]:
    stored: Counter[str] = Counter()
    delays = []
    for file in spool_files(settings):
        for line in file.open("rb"):
            fields = orjson.loads(line)
            record = fields["post"]["data"]
            stored[record["id"]] += 1
            delays.append((parse_time(fields["received_at"]) - parse_time(record["created_at"])).total_seconds())
    delays.sort()
    lost, doubled = len(set(sent) - stored.keys()), sum(count - 1 for count in stored.values())
    third = max(1, len(memory) // 3)
    start, middle, end = memory[min(5, len(memory) - 1)], memory[len(memory) // 2], memory[-1]
    print(f"  sent {len(sent):,}   stored {sum(stored.values()):,}   lost {lost:,}   doubled {doubled:,}   exit code {code}")
    print(f"  delay: median {1000 * delays[len(delays) // 2]:.0f} ms, p95 {1000 * delays[int(len(delays) * 0.95)]:.0f} ms, most {1000 * delays[-1]:.0f} ms")
    print(f"  memory: {start:.0f} MiB at the start, {middle:.0f} in the middle, {end:.0f} at the end, {max(memory[-third:]):.0f} at most in the last third")
    print(f"  processor: {100 * share:.0f} % of one core; spool {stored_bytes(settings) / MEBIBYTE:,.0f} MiB")
    return [
        Figure(f"stream of {len(sent):,} posts: lost or doubled", lost + doubled, "posts", limit=0),
        Figure("stream: from sending to storing, p95", 1000 * delays[int(len(delays) * 0.95)], "ms"),
        Figure("stream: memory at the end", end, "MiB", peer="at the start", peer_value=start),
        Figure("stream: processor", 100 * share, "% of a core"),
    ]


if __name__ == "__main__":
    main()
