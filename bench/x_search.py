"""One full hour from X, landed in the warehouse:  python -m bench.x_search [--posts 10500]

A stub of X's API serves the hour in a process of its own; a second process captures it and replaces the hour in the warehouse,
as the asset does. Prints seconds, requests, posts paid for and the largest memory of the capturing process.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench import figures
from bench.figures import HIGHER, Figure
from bench.sentiment import generated_posts
from orchestration.ports import free_port
from orchestration.processes import end
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.server_files import ServerFiles

HOUR = datetime(2026, 3, 2, 5, tzinfo=UTC)
CLOCK = HOUR + timedelta(hours=2)
CAP = 10_000
PULSE = Path(sys.executable).with_name("pulse")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, nargs="*", default=[9_000, 10_500, 30_000], help="posts in the hour, once for each number")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    figures.add_option(parser)
    asked = parser.parse_args()
    if asked.child:
        capture(asked.child)
        return
    print(f"{os.cpu_count()} cores. One hour with a cap of {CAP:,}, through the stub, landed in the warehouse:")
    for posts in asked.posts:
        found = measure(posts)
        print(line_of(posts, found), flush=True)
        figures.write(asked.json, figures_of(posts, found))


def figures_of(posts: int, found: dict) -> list[Figure]:
    of = f"an hour of {posts:,} posts on X"
    return [
        Figure(f"{of}, from the stub into the warehouse", found["seconds"], "s", limit=25),
        Figure(f"{of}: kept", found["kept"], "posts", HIGHER, limit=min(posts, CAP)),
        Figure(f"{of}: requests", found["requests"], "", limit=CAP // 100 + 12),
        Figure(f"{of}: what our books say beside what the stub bills", found["usd"], "USD", peer="the bill", peer_value=found["billed"]),
        Figure(f"{of}: largest memory", found["mebibytes"], "MiB", limit=400),
    ]


def line_of(posts: int, found: dict) -> str:
    return (
        f"{posts:>7,} posts  {found['seconds']:5.1f} s   {found['requests']:4} requests (limit {CAP // 100 + 12})   "
        f"{found['kept']:,} kept, {found['read']:,} read, {found['usd']:.2f} USD, the stub bills {found['billed']:.2f}   {found['mebibytes']:.0f} MiB"
    )


def measure(posts: int) -> dict:
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder:
        home = Path(folder)
        archive = write_hour(home / "hour.jsonl", posts)
        environment = {**os.environ, "PULSE_HOME": str(home / "home"), "X_BEARER_TOKEN": "test-bench", "PULSE_AUTHOR_SALT": "salt-of-the-bench"}
        server_control.start(Settings(home=home / "home"))
        try:
            with stub(archive, environment) as url:
                child = subprocess.run(
                    [sys.executable, "-m", "bench.x_search", "--child", url], env=environment, capture_output=True, text=True, check=True, timeout=600
                )
                with urllib.request.urlopen(f"{url}/stub/bill") as answer:
                    billed = json.load(answer)["usd"]
        finally:
            server_control.halt(ServerFiles(Settings(home=home / "home").warehouse_dir))
        return json.loads(child.stdout.splitlines()[-1]) | {"billed": billed}


@contextmanager
def stub(archive: Path, environment: dict[str, str]):
    port = free_port()
    words = ["x-stub", "--data", str(archive), "--port", str(port), "--clock", f"{CLOCK:%Y-%m-%dT%H:%M:%SZ}"]
    process = subprocess.Popen([PULSE, *words], env=environment, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/stub/bill", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        end(process, 10)


def write_hour(file: Path, posts: int) -> Path:
    """An hour of v2 posts, even but for a minute with five times as many."""
    with file.open("w", encoding="utf-8") as opened:
        for number, text in enumerate(islice(generated_posts(), posts)):
            share = number / posts
            seconds = 3600 * (share if share < 0.5 else 0.5 + (share - 0.5) * 0.8 if share < 0.6 else share)
            moment = HOUR + timedelta(milliseconds=int(seconds * 1000))
            tweet_id = str((int(moment.timestamp() * 1000) - 1_288_834_974_657 << 22) + number % 4096)
            opened.write(json.dumps({
                "id": tweet_id, "text": f"{text} #bench", "created_at": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z",
                "author_id": str(number % 900), "lang": "en", "edit_history_tweet_ids": [tweet_id],
                "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": number % 7, "quote_count": 0, "bookmark_count": 0, "impression_count": number},
                "entities": {"hashtags": [{"start": len(text) + 1, "end": len(text) + 7, "tag": "bench"}]},
            }) + "\n")  # fmt: skip
    return file


def capture(url: str) -> None:
    """In a process of its own: what the capture asset does with one hour."""
    from orchestration.campaigns import Campaign
    from orchestration.capture import capture_campaign
    from orchestration.spending.books import Books
    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.tables import CAPTURE_LEDGER, TWEETS
    from orchestration.windows import Window
    from orchestration.x_access import search_source

    settings = Settings(x_base_url=url, x_clock=CLOCK, hourly_cap=CAP, x_budget_run_usd=1_000, x_budget_day_usd=1_000)
    began = time.monotonic()
    warehouse = Warehouse(settings)
    warehouse.ensure_tables()
    books = Books(settings, warehouse, "bench")
    source = search_source(settings, books.meter("bench"))
    campaign = Campaign("bench", "Bench", query="#bench", source="x_search")
    window = Window.hour_of(HOUR)
    captured = capture_campaign(campaign, source, window, settings.hourly_cap, stored={})
    warehouse.replace_window(TWEETS, window, captured.rows.tweets, run_id="bench", scope={"campaign_id": ["bench"]})
    warehouse.replace_window(CAPTURE_LEDGER, window, captured.rows.ledger, run_id="bench", scope={"campaign_id": ["bench"]})
    books.flush()
    (row,) = captured.rows.ledger
    stored = warehouse.query("select count(*) as n from raw.tweets where campaign_id = 'bench'")[0]["n"]
    found = {
        "seconds": time.monotonic() - began,
        "requests": row["requests"],
        "kept": stored,
        "read": row["observations"],
        "usd": row["cost_usd"],
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
