"""Cached answers of the API at 50 requests a second, through a real server:  python -m bench.api [--home FOLDER]   (make bench-api)

The server is a process of its own. Requests leave at their time whether or not the ones before were answered (an open loop), so that a slow answer
makes those behind it late as well; a latency counts from the time at which its request should have left.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psutil

from bench import figures
from bench.figures import Figure
from orchestration.ports import free_port
from orchestration.processes import end
from orchestration.settings import REPOSITORY, Settings

RATE, SECONDS = 50, 30
PATHS = (
    "cards?campaign={c}", "series?campaign={c}", "series?campaign={c}&grain=hours", "sentiment?campaign={c}", "words?campaign={c}", "posts?campaign={c}",
    "coverage?campaign={c}", "campaigns",
)  # fmt: skip
SERVER = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from app.api import make_api
from app.identity import Identity, Role
api = make_api(lambda request: Identity("bench", "Bench", Role.ANALYST))
uvicorn.run(Starlette(routes=[Mount("/api", api)]), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", default=str(Settings().home), help="A home with the sample campaign in its warehouse.")
    parser.add_argument("--campaign", default="sample")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    figures.add_option(parser)
    given = parser.parse_args()
    with serving(given.home) as (base, process):
        figures.write(given.json, asyncio.run(measure(base, paths_of(given.campaign), given.seconds, process)))


def paths_of(campaign: str) -> list[str]:
    return [path.format(c=campaign) for path in PATHS]


@contextmanager
def serving(home: str) -> Iterator[tuple[str, psutil.Process]]:
    """The API on the data of the home, without a login: its address, and its process."""
    port = free_port()
    environment = {**os.environ, "PULSE_HOME": home, "PULSE_API_REQUESTS_PER_SECOND": "1000", "PULSE_API_BURST": "1000"}
    server = subprocess.Popen([sys.executable, "-W", "ignore", "-c", SERVER, str(port)], cwd=REPOSITORY, env=environment)
    try:
        yield f"http://127.0.0.1:{port}/api/v1/", psutil.Process(server.pid)
    finally:
        end(server, 20)


async def measure(base: str, paths: list[str], seconds: int, server: psutil.Process) -> list[Figure]:
    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        await up(client)
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        first = {path: await timed(client, path, time.perf_counter()) for path in paths}
        print("first time, uncached: " + ", ".join(f"{path.partition('?')[0]} {1000 * took:.0f} ms" for path, took in first.items()))
        begin, used = time.perf_counter(), sum(server.cpu_times()[:2])
        took = await at_rate(client, paths, seconds)
        spent, used = time.perf_counter() - begin, sum(server.cpu_times()[:2]) - used
    print(
        f"cached: {len(took):,} requests at {len(took) / spent:.0f} a second: p50 {statistics.median(took):.1f} ms, p95 {took[int(0.95 * len(took))]:.1f} ms, most {took[-1]:.0f} ms"
    )
    # What a busy machine does not change.
    print(f"the server's own processor time: {1000 * used / len(took):.2f} ms a request, {server.memory_info().rss / 1e6:.0f} MB")
    return [
        Figure(f"API at {RATE} requests a second, cached, p95", took[int(0.95 * len(took))], "ms", limit=100),
        Figure("API: processor of the server, for each request", 1000 * used / len(took), "ms"),
        Figure("API: slowest first answer, uncached", 1000 * max(first.values()), "ms"),
    ]


async def at_rate(client: httpx.AsyncClient, paths: list[str], seconds: int, rate: int = RATE) -> list[float]:
    """Milliseconds of each answer to `rate` requests a second, the shortest first."""
    begin, waiting = time.perf_counter(), []
    for number in range(rate * seconds):
        due = begin + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        waiting.append(asyncio.create_task(timed(client, paths[number % len(paths)], due)))
    return sorted(1000 * each for each in await asyncio.gather(*waiting))


async def up(client: httpx.AsyncClient) -> None:
    for _ in range(300):
        try:
            (await client.get("campaigns")).raise_for_status()
            return
        except httpx.TransportError:
            await asyncio.sleep(0.2)
    raise SystemExit("The server did not start.")


async def timed(client: httpx.AsyncClient, path: str, due: float) -> float:
    (await client.get(path)).raise_for_status()
    return time.perf_counter() - due


if __name__ == "__main__":
    main()
