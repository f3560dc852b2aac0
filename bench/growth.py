"""How the cost grows when the work becomes 10 and 100 times as much:  python -m bench.growth [--home FOLDER] [--only rows] [--sizes 1,10,100]

Five kinds of work, each at three sizes: posts of one hour, hours in one run, campaigns in one run, requests a second of the API, and open pages of the site.
The first three run in one home that is made for them; dbt has read its project and the models are loaded from disk before the clock runs. The last two need a
home with the sample campaign. Nothing here passes or fails; the figures and `bench/growth_plots.py` say where growth is not linear.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import httpx
import psutil

from bench import figures
from bench.api import at_rate, paths_of, serving, up
from bench.archives import posts_in
from bench.figures import OF_RATIO, Figure
from bench.product import PULSE, Measured, pulse
from bench.scale import reads_of_an_hour
from bench.site import interactions, p95
from bench.site_process import running, signed_in
from bench.streamlit_client import OpenPage
from orchestration import campaigns as campaign_file
from orchestration.campaigns import Campaign
from orchestration.run_log import files as run_log
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.windows import HOUR, Window, parse_time

SIZES = (1, 10, 100)
START = parse_time("2024-05-06T12:00Z")
# Posts of the smallest hour, and of each hour where hours or campaigns are what grows.
POSTS = 100
SECONDS = 20
# A person looks at a page before choosing again.
LOOKING = (5.0, 15.0)
DBT = ("staging", "intermediate", "marts")


@dataclass
class Growth:
    """`lines` have a value for each of `sizes`, and so has what is not in `unit`, `besides`; `x` names the sizes, `main` is the line whose growth is a figure."""

    x: str
    sizes: list[int]
    unit: str
    main: str
    lines: dict[str, list[float]] = field(default_factory=dict)
    besides: dict[str, list[float]] = field(default_factory=dict)

    def add(self, lines: dict[str, float], besides: dict[str, float]) -> None:
        for held, values in ((self.lines, lines), (self.besides, besides)):
            for name, value in values.items():
                held.setdefault(name, []).append(round(value, 3))

    def figure(self, work: str) -> Figure:
        first, last = self.lines[self.main][0], self.lines[self.main][-1]
        factor = self.sizes[-1] / self.sizes[0]
        name = f"{work} x {factor:.0f}: {self.main}, {self.sizes[-1]:,} {self.x}"
        return Figure(name, last, self.unit, peer=f"{self.sizes[0]:,}", peer_value=first, limit=factor, limit_of=OF_RATIO)

    def as_row(self) -> dict:
        return {"x": self.x, "sizes": self.sizes, "unit": self.unit, "main": self.main, "lines": self.lines, "besides": self.besides}


def rows(home: Path, sizes: Sequence[int]) -> Growth:
    growth = Growth("posts in the hour", [POSTS * size for size in sizes], "s", "whole run")
    for posts in growth.sizes:
        found = run(home, f"rows{posts}", posts, 1)
        growth.add(found.lines, found.besides)
        show("rows", posts, found)
    return growth


def hours(home: Path, sizes: Sequence[int]) -> Growth:
    growth = Growth(f"hours of {POSTS} posts in one run", list(sizes), "s", "whole run")
    for number in growth.sizes:
        found = run(home, f"hours{number}", POSTS, number)
        growth.add(found.lines, found.besides)
        show("hours", number, found)
    return growth


def campaigns(home: Path, sizes: Sequence[int]) -> Growth:
    """By the job of Dagster itself: `pulse run` takes one campaign, a schedule takes all. Each has the same hour of posts."""
    growth = Growth(f"campaigns of {POSTS} posts in the hour", list(sizes), "s", "whole run")
    for number in growth.sizes:
        made = [Campaign(f"many{number}-{each}", f"Many {each}") for each in range(number)]
        settings = Settings(home=home)
        campaign_file.save(settings, [*campaign_file.load(settings), *made])
        file, start, end = posts_in(home / f"many{number}.csv", unused_day(home), POSTS, 1)
        found = ran(home, "-m", "bench.growth_run", str(file), start, end, *(one.campaign_id for one in made), program=Path(sys.executable))
        growth.add(found.lines, found.besides)
        show("campaigns", number, found)
    return growth


@dataclass(frozen=True)
class Ran:
    """A command, and what its assets say in the run log that they took."""

    measured: Measured
    assets: dict[str, float]

    @property
    def lines(self) -> dict[str, float]:
        """Seconds. The whole has start-up, Dagster's own work, dbt's tests, peaks and publications besides the three parts."""
        return {
            "whole run": self.measured.seconds,
            "processor": self.measured.processor,
            "capture and load": self.assets.get("raw/tweets", 0.0),
            "dbt models": sum(seconds for asset, seconds in self.assets.items() if asset.split("/")[0] in DBT),
            "sentiment": self.assets.get("ml/tweet_sentiment", 0.0),
        }

    @property
    def besides(self) -> dict[str, float]:
        return {"MiB of the largest process": self.measured.largest}


def ran(home: Path, *words: str, program: Path = PULSE) -> Ran:
    folder = Settings(home=home).log_dir
    before = len(list(run_log.read(folder)))
    measured = pulse(home, *words, program=program)
    return Ran(measured, {line["asset"]: line["seconds"] for line in islice(run_log.read(folder), before, None) if "asset" in line and "seconds" in line})


def run(home: Path, campaign: str, posts: int, hours: int) -> Ran:
    """A new campaign of so many posts in each of so many hours."""
    pulse(home, "campaigns", "add", campaign, "--name", campaign)
    file, first, end = posts_in(home / f"{campaign}.csv", unused_day(home), posts, hours)
    return ran(home, "run", "--campaign", campaign, "--from", first, "--to", end, "--archive", str(file))


def unused_day(home: Path) -> datetime:
    """Far from the days of every run before: a daily mart is built for whole days, of all campaigns in them."""
    return START + timedelta(days=20 * len(list(home.glob("*.csv"))))


def requests(home: Path, sizes: Sequence[int]) -> Growth:
    """Cached answers of the API, in an open loop."""
    growth = Growth("requests a second", list(sizes), "ms", "p95 of the API")
    with serving(str(home)) as (base, process):
        for rate in growth.sizes:
            took, used = asyncio.run(asked(base, rate, process))
            growth.add({"p95 of the API": p95(took), "processor of a request": used}, {})
            print(f"requests {rate:>6,}: p95 {p95(took):.1f} ms, {used:.2f} ms of processor each", flush=True)
    return growth


async def asked(base: str, rate: int, server: psutil.Process) -> tuple[list[float], float]:
    """Milliseconds of each request, and of the server's processor for one."""
    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        await up(client)
        paths = paths_of("sample")
        for path in paths:
            (await client.get(path)).raise_for_status()
        before = sum(server.cpu_times()[:2])
        took = await at_rate(client, paths, SECONDS, rate)
        return took, 1_000 * (sum(server.cpu_times()[:2]) - before) / len(took)


def pages(home: Path, sizes: Sequence[int]) -> Growth:
    """Open pages of the site, whose readers choose another hashtag every 5 to 15 s."""
    growth = Growth("open pages", list(sizes), "ms", "p95 of a choice")
    with running(home) as site:
        cookie = signed_in(site)
        for number in growth.sizes:
            took, held = asyncio.run(looked_at(site.address, cookie, number, site.pid))
            growth.add({"p95 of a choice": p95(took)}, {"MB of the server": held})
            print(f"pages {number:>6,}: p95 of a choice {p95(took):.0f} ms, {held:.0f} MB", flush=True)
    return growth


async def looked_at(address: str, cookie: str, number: int, pid: int) -> tuple[list[float], float]:
    """Milliseconds of each choice, and MB of the server while all pages are open."""
    opened = [OpenPage(address, cookie) for _ in range(number)]
    for page in opened:
        await page.open()
    times = max(1, round(2 * SECONDS / sum(LOOKING) * 2))
    took = await asyncio.gather(*(interactions(page, times, LOOKING) for page in opened))
    held = psutil.Process(pid).memory_info().rss / 1e6
    for page in opened:
        await page.close()
    return [one for of_page in took for one in of_page], held


WORKS: dict[str, Callable[[Path, Sequence[int]], Growth]] = {"rows": rows, "hours": hours, "campaigns": campaigns, "requests": requests, "pages": pages}
OF_THE_SAMPLE = {"requests", "pages"}


def show(work: str, size: int, found: Ran) -> None:
    print(f"{work} {size:>6,}: {', '.join(f'{name} {value:.1f}' for name, value in found.lines.items())} s, {found.measured.largest:.0f} MiB", flush=True)


@contextmanager
def new_home() -> Iterator[Path]:
    """A home in which a first hour was run: dbt has read its project, every table is there. It is removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="pulse-bench-"))
    try:
        run(home, "first", 10, 1)
        yield home
    finally:
        server_control.halt(ServerFiles(Settings(home=home).warehouse_dir))
        shutil.rmtree(home, ignore_errors=True)


def bytes_of_a_post(home: Path, relations: Iterable[str]) -> dict[str, int]:
    """Of each table, all its rows as JSON by the posts that made them: what BigQuery would read or store for a post at most."""
    warehouse = Warehouse(Settings(home=home))
    posts = warehouse.query("select count(*) as n from raw.tweets")[0]["n"]
    found = {}
    for name in relations:
        # The warehouse of this machine asks for no bound on the partitions.
        total = warehouse.query(f"select sum(byte_length(to_json_string(t))) as bytes from {name} as t")[0]["bytes"]
        found[name] = round((total or 0) / posts)
    return found


def for_the_paper(home: Path) -> dict:
    """What bench/scale.py works with."""
    first = START + timedelta(days=20)
    reads = reads_of_an_hour(Settings(home=home), Window(first, first + HOUR))
    return {"reads_of_an_hour": reads, "bytes_of_a_post": bytes_of_a_post(home, sorted({name for each in reads for name, _ in each["days"]}))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Settings().home, help="a home with the sample campaign, for requests and pages")
    parser.add_argument("--only", help=f"some of {','.join(WORKS)}")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    figures.add_option(parser)
    asked = parser.parse_args()
    chosen = asked.only.split(",") if asked.only else list(WORKS)
    sizes = [int(size) for size in asked.sizes.split(",")]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    found: dict[str, Growth] = {}
    more = {}
    if of_runs := [work for work in chosen if work not in OF_THE_SAMPLE]:
        with new_home() as home:
            found |= {work: WORKS[work](home, sizes) for work in of_runs}
            more = for_the_paper(home)
    if of_sample := [work for work in chosen if work in OF_THE_SAMPLE]:
        server_control.start(Settings(home=asked.home))
        found |= {work: WORKS[work](asked.home, sizes) for work in of_sample}
    drawn = {work: growth.as_row() for work, growth in found.items()}
    figures.write(asked.json, [growth.figure(work) for work, growth in found.items()], growth=drawn, **more)


if __name__ == "__main__":
    main()
