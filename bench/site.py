"""Speed and memory of the site, beside a bare Streamlit app in the same run:  python -m bench.site [--home FOLDER]   (make bench-site)

The site is the process that `pulse serve` starts, on the data of the home, with its login. A load is timed in Chromium: from the address to the drawn page,
with an empty browser and an empty cache of answers (cold), then again (warm). Page switches and interactions are timed on the websocket, from the message
that asks for a run to the message that it is over, with answers in the cache. Users at the same time choose another hashtag every 0.5 to 1.5 s.
A figure is worth what the machine's load lets it be worth: it is printed. Nothing here passes or fails.

`--million` fills a copy of the home with a made-up campaign of a million posts (bench/million_posts.py) and times its first screen, each time with an
empty cache.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, Popen

import httpx
import psutil

from bench import figures, million_posts
from bench.api import PATHS, at_rate
from bench.figures import Figure
from bench.site_process import CHROMIUM, PASSWORD, READER, SECONDS, Site, running, signed_in, wait_for
from bench.streamlit_client import OpenPage
from orchestration.ports import free_port
from orchestration.processes import end
from orchestration.settings import REPOSITORY, Settings
from orchestration.warehouse import server_control

SESSIONS = 20
THINKING = (0.5, 1.5)
FILTER = "Hashtag"
# A bench asks more often than a caller may.
UNLIMITED = {"PULSE_API_REQUESTS_PER_SECOND": "1000", "PULSE_API_BURST": "1000"}
# What a person waits for, and the rate, as the limits are stated in docs/site.md.
LIMITS = {
    "cold load": (4_000, "ms"),
    "warm reload, p95": (1_000, "ms"),
    "page switch, p95": (400, "ms"),
    "interaction, 1 user, p95": (300, "ms"),
    "interaction, 10 users, p95": (300, "ms"),
    "20 sessions": (700, "MB"),
    "API at 50 requests a second, p95": (100, "ms"),
    "first screen of 1 million posts, uncached": (3_000, "ms"),
}

Figures = dict[str, float]


@dataclass(frozen=True)
class Load:
    """How much is asked: `times` each thing is done by one user, `seconds` of several at the same time."""

    times: int = 20
    users: int = 10
    seconds: int = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=Settings().home, help="A home with the sample campaign in its warehouse.")
    parser.add_argument("--campaign", default="sample", help="Its id, for the API.")
    parser.add_argument("--times", type=int, default=Load.times)
    parser.add_argument("--seconds", type=int, default=Load.seconds)
    parser.add_argument("--million", action="store_true", help="The first screen of a million posts too: some minutes and 2 GB more.")
    parser.add_argument("--only-million", action="store_true")
    figures.add_option(parser)
    given = parser.parse_args()
    load = Load(given.times, seconds=given.seconds)
    ours: Figures = {}
    bare: Figures = {}
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before", flush=True)
    if not given.only_million:
        server_control.start(Settings(home=given.home))
        with bare_app() as site:
            bare = measured(site, "", load)
        with running(given.home, **UNLIMITED) as site:
            cookie = signed_in(site)
            ours = measured(site, cookie, load) | asyncio.run(api(site, given.campaign, load.seconds))
    if given.million or given.only_million:
        with million_posts.filled(given.home) as home:
            ours |= first_screens(home, million_posts.NAME, 3)
    figures.write(given.json, figures_of(ours, bare))
    print("\n".join(table(ours, bare)))
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores after")


@contextmanager
def bare_app() -> Iterator[Site]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "bench/hello_site.py", "--server.headless=true", "--server.address=127.0.0.1"]
    # In a folder of its own: our config.toml is part of our site.
    with tempfile.TemporaryDirectory() as folder:
        command[4] = str(REPOSITORY / command[4])
        process = Popen([*command, f"--server.port={port}", "--browser.gatherUsageStats=false"], cwd=folder, stdout=DEVNULL, stderr=DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/_stcore/health", process)
            yield Site(address, address, process.pid)
        finally:
            end(process, 20)


def measured(site: Site, cookie: str, load: Load) -> Figures:
    """The browser first: nothing was asked of the server before."""
    return browser_loads(site, cookie, load.times) | asyncio.run(runs(site, cookie, load))


def browser_loads(site: Site, cookie: str, times: int) -> Figures:
    if not CHROMIUM.exists():
        return {}
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(locale="en-GB")
        if cookie:
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": site.address.replace("http:", "https:"), "secure": True, "httpOnly": True}])
        page = context.new_page()
        page.set_default_timeout(SECONDS * 1_000)

        def drawn(go: object) -> float:
            begin = time.perf_counter()
            go()
            page.wait_for_selector("[data-testid=stMain] h1")
            page.wait_for_selector("[data-test-script-state=running]", state="detached")
            return 1_000 * (time.perf_counter() - begin)

        cold = drawn(lambda: page.goto(site.address))
        warm = [drawn(page.reload) for _ in range(times)]
        browser.close()
    return {"cold load": cold, "warm reload, p95": p95(warm)}


async def runs(site: Site, cookie: str, load: Load) -> Figures:
    one = OpenPage(site.address, cookie)
    await one.open()
    figures = {"page switch, p95": p95(await switches(one, load.times))}
    await interactions(one, 0)
    used = processor(site.pid)
    figures["interaction, 1 user, p95"] = p95(await interactions(one, load.times))
    # Three more: the page and each hashtag are drawn once before.
    figures["interaction, processor time"] = (processor(site.pid) - used) / (load.times + 3)
    await one.close()
    figures[f"interaction, {load.users} users, p95"] = p95(await at_the_same_time(site, cookie, load))
    return figures | {f"{SESSIONS} sessions": await memory(site, cookie)}


def processor(*pids: int) -> float:
    """Milliseconds of these processes so far, which a busy machine changes less than the clock's."""
    return 1_000 * sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


async def switches(page: OpenPage, times: int) -> list[float]:
    """Over all pages in turn, after each was seen once."""
    names = list(page.pages)
    for name in names:
        await page.go(name)
    return [1_000 * await page.go(names[number % len(names)]) for number in range(times)]


async def interactions(page: OpenPage, times: int, thinking: tuple[float, float] | None = None) -> list[float]:
    """The two hashtags of most posts in turn, on the first page, after each was seen once."""
    await page.go(next(iter(page.pages)))
    options = page.choices[FILTER][1][:2]
    for option in options:
        await page.choose(FILTER, option)
    took = []
    for number in range(times):
        if thinking:
            await asyncio.sleep(random.uniform(*thinking))
        took.append(1_000 * await page.choose(FILTER, options[number % len(options)]))
    return took


async def at_the_same_time(site: Site, cookie: str, load: Load) -> list[float]:
    pages = [OpenPage(site.address, cookie) for _ in range(load.users)]
    for page in pages:
        await page.open()
    each = round(load.seconds / (sum(THINKING) / 2))
    took = await asyncio.gather(*(interactions(page, each, THINKING) for page in pages))
    for page in pages:
        await page.close()
    return [one for of_user in took for one in of_user]


async def memory(site: Site, cookie: str) -> float:
    """MB of the server with so many open pages, each of which has seen all pages."""
    pages = [OpenPage(site.address, cookie) for _ in range(SESSIONS)]
    for page in pages:
        await page.open()
        for name in list(page.pages):
            await page.go(name)
    held = psutil.Process(site.pid).memory_info().rss / 1e6
    for page in pages:
        await page.close()
    return held


async def api(site: Site, campaign: str, seconds: int) -> Figures:
    async with httpx.AsyncClient(base_url=f"{site.address}/api/", timeout=60) as client:
        token = (await client.post("token", json={"username": READER, "password": PASSWORD})).raise_for_status().json()["access_token"]
        client.headers["authorization"] = f"Bearer {token}"
        paths = [f"v1/{path.format(c=campaign)}" for path in PATHS]
        for path in paths:
            (await client.get(path)).raise_for_status()
        return {"API at 50 requests a second, p95": p95(await at_rate(client, paths, seconds))}


def first_screens(home: Path, name: str, times: int) -> Figures:
    """The slowest of so many, each by a server whose reader has looked at another campaign before: its imports are done, its answers are not."""
    took, used = [], []
    warehouse = server_control.ensure_running(Settings(home=home)).pid
    for _ in range(times):
        with running(home) as site:
            page = OpenPage(site.address, signed_in(site))
            milliseconds, of_processor = asyncio.run(first_screen(page, name, site.pid, warehouse))
            took.append(milliseconds)
            used.append(of_processor)
    return {"first screen of 1 million posts, uncached": max(took), "first screen of 1 million posts, processor time": max(used)}


async def first_screen(page: OpenPage, name: str, *pids: int) -> tuple[float, float]:
    await page.open()
    before = processor(*pids)
    seconds = await page.choose("Campaign", name)
    used = processor(*pids) - before
    await page.close()
    return 1_000 * seconds, used


def p95(values: list[float]) -> float:
    """Nearest rank."""
    ranked = sorted(values)
    return ranked[max(0, -(-95 * len(ranked) // 100) - 1)]


def figures_of(ours: Figures, bare: Figures) -> list[Figure]:
    found = []
    for name, value in ours.items():
        limit, unit = LIMITS.get(name, (None, "ms"))
        peer = "bare Streamlit" if name in bare else None
        found.append(Figure(f"site: {name}", value, unit, peer=peer, peer_value=bare.get(name), limit=limit))
    return found


def table(ours: Figures, bare: Figures) -> list[str]:
    """Markdown: ours, the bare app's, ours by that, and how far the limit is."""
    lines = ["| | Campaign Pulse | bare Streamlit | ratio | limit | of the limit |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, value in ours.items():
        limit, unit = LIMITS.get(name, (None, "ms"))
        peer = bare.get(name)
        cells = [
            name,
            f"{value:,.0f} {unit}",
            f"{peer:,.0f} {unit}" if peer else "",
            f"{value / peer:.1f}" if peer else "",
            f"{limit:,} {unit}" if limit else "",
            f"{value / limit:.0%}" if limit else "",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    main()
