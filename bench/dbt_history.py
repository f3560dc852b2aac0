"""Whether the cost of an hour grows with history:  python -m bench.dbt_history [--days 1,7,30,90] [--posts 20000] [--keep FOLDER]

The same last hour is built by the lanes `posts` and `hourly_marts`, three times, after 1, 7, 30 and 90 days of posts. The
posts are made up and seeded. One week is made and built by dbt; older weeks are copies of its rows, in every table that has
partitions, with their times and ids moved: what dbt would have written, in seconds instead of an hour.

Seconds outside SQL are those of the whole invocation less those of its nodes. Seconds of processor are those of dbt's process and
of the warehouse's: on a machine that does other things too, they tell more than the clock. Rows scanned are DuckDB's own count
(`operator_rows_scanned` of its JSON profile), for each range that a model names by the proof of orchestration/dbt/pruning.py
and for the range that it overwrites, run on the file of the warehouse while its server is down.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil

from bench import figures
from bench.figures import OF_RATIO, Figure
from bench.history_posts import day_of_posts
from bench.scans import Scan, scans_of
from orchestration.dbt import runner
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.warehouse.tables import CAMPAIGNS, CAPTURE_LEDGER, TWEET_SENTIMENT, TWEETS
from orchestration.windows import HOUR, Window, parse_time

LANES = ("posts", "hourly_marts")
RUNS = 3
GOAL = 1.25
END = parse_time("2026-06-30T00:00Z")
LAST_HOUR = Window(END - HOUR, END)
DAY, WEEK, MONTH = timedelta(days=1), 7, 28


@dataclass(frozen=True)
class Run:
    """Seconds by the clock, of processor in dbt's process and in the warehouse's, and by the clock of each node."""

    total: float
    dbt: float
    warehouse: float
    nodes: dict[str, float]

    def __add__(self, other: "Run") -> "Run":
        return Run(self.total + other.total, self.dbt + other.dbt, self.warehouse + other.warehouse, self.nodes | other.nodes)

    @property
    def sql(self) -> float:
        return sum(self.nodes.values())

    @property
    def outside(self) -> float:
        return self.total - self.sql

    @property
    def processor(self) -> float:
        return self.dbt + self.warehouse


@dataclass(frozen=True)
class Stage:
    """What one length of history cost: each run, seconds of each node (median of the runs), rows scanned."""

    days: int
    posts: int
    runs: list[Run]
    peaks: Run
    scans: dict[str, list[Scan]]

    def median(self, figure: str) -> float:
        return statistics.median(getattr(run, figure) for run in self.runs)

    def node(self, name: str) -> float:
        return statistics.median(run.nodes.get(name, 0.0) for run in self.runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", default="1,7,30,90", help="lengths of history, ascending")
    parser.add_argument("--posts", type=int, default=20_000, help="posts a day")
    parser.add_argument("--keep", type=Path, help="home to work in and leave behind; by default one that is removed")
    figures.add_option(parser)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    home = asked.keep or Path(tempfile.mkdtemp(prefix="pulse-bench-"))
    settings = Settings(home=home)
    print(f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 1024**3:.0f} GiB memory, load {os.getloadavg()[0]:.1f}\n", flush=True)
    try:
        lengths = sorted(int(days) for days in asked.days.split(","))
        stages = [_stage(settings, days, asked.posts) for days in lengths]
        figures.write(asked.json, figures_of(stages), hours=[[stage.days, stage.median("total"), stage.median("processor")] for stage in stages])
        met = print_stages(stages)
        # With a file, whoever reads it judges.
        sys.exit(not met and asked.json is None)
    finally:
        server_control.halt(ServerFiles(settings.warehouse_dir))
        if not asked.keep:
            shutil.rmtree(home, ignore_errors=True)


def figures_of(stages: list[Stage]) -> list[Figure]:
    """The last stage beside the first."""
    first, last = stages[0], stages[-1]
    name, peer = f"an hour of dbt after {last.days} days of history, {last.posts:,} posts", f"after {first.days}"
    return [
        Figure(name, last.median("total"), "s", peer=peer, peer_value=first.median("total"), limit=GOAL, limit_of=OF_RATIO),
        Figure(f"{name}: of processor", last.median("processor"), "s", peer=peer, peer_value=first.median("processor")),
        Figure(f"the lane `peaks` after {last.days} days, which reads whole tables", last.peaks.total, "s", peer=peer, peer_value=first.peaks.total),
    ]


def _stage(settings: Settings, days: int, posts: int) -> Stage:
    began = time.monotonic()
    server_control.start(settings)
    warehouse = Warehouse(settings)
    warehouse.ensure_tables()
    lengthen(settings, warehouse, days, posts)
    prepared = time.monotonic() - began
    runs = [_invoke(settings, LANES[0]) + _invoke(settings, LANES[1]) for _ in range(RUNS)]
    peaks = _invoke(settings, "peaks")
    stored = warehouse.query(f"select count(*) as posts from {warehouse.qualified(TWEETS)}")[0]["posts"]
    scans = scans_of(settings, LAST_HOUR)
    print(f"{days} days, {stored:,} posts: prepared in {prepared:.0f} s, hours took {', '.join(f'{run.total:.1f} s' for run in runs)}", flush=True)
    return Stage(days, stored, runs, peaks, scans)


def _invoke(settings: Settings, lane: str) -> Run:
    """One lane for the last hour, as a run of Dagster invokes it."""
    runner.parsed_with_progress(settings)
    server = psutil.Process(server_control.ensure_running(settings).pid)
    began, mine, its = time.monotonic(), time.process_time(), sum(server.cpu_times()[:2])
    run = runner.build(settings, lane, LAST_HOUR, ["--select", f"tag:{lane}"])
    took = Run(time.monotonic() - began, time.process_time() - mine, sum(server.cpu_times()[:2]) - its, run.seconds)
    run.raise_failures()
    return took


def lengthen(settings: Settings, warehouse: Warehouse, days: int, posts: int) -> None:
    """Makes the history `days` days long; what is there stays."""
    first = warehouse.query(f"select min(hour) as first from {warehouse.qualified(CAPTURE_LEDGER)}")[0]["first"]
    there = (END - first).days if first else 0
    if not there:
        warehouse.replace_all(CAMPAIGNS, [{"campaign_id": "history", "name": "History", "zone": "UTC", "source": "archive"}], run_id="bench")
    made = min(days, WEEK)
    for back in range(there, made):
        start = END - (back + 1) * DAY
        day = day_of_posts(start, posts)
        for table, rows in ((TWEETS, day.posts), (CAPTURE_LEDGER, day.ledger), (TWEET_SENTIMENT, day.sentiment)):
            warehouse.replace_window(table, Window(start, start + DAY), rows, run_id="bench")
    if there < made:
        built = Window(END - made * DAY, END - there * DAY)
        runner.run_command(settings, "build history", built, runner.MODELS_ALONE, ["--select", *(f"tag:{lane}" for lane in LANES)]).raise_failures()
    # A month at a time: 83 days of the widest table in one statement want more than the warehouse's 1.3 GiB.
    for copied in range(max(there, WEEK), days, MONTH):
        _copy(settings, warehouse, copied, min(days, copied + MONTH))


def _copy(settings: Settings, warehouse: Warehouse, there: int, days: int) -> None:
    """Copies the made week backwards, day by day in one statement for each table, until the history is `days` long."""
    moved = {f"{table.dataset}.{table.name}": table.window_column for table in (TWEETS, CAPTURE_LEDGER, TWEET_SENTIMENT)}
    for node in runner.parsed(settings).nodes.values():
        if node.resource_type == "model" and (by := node.config.get("partition_by")):
            moved[f"{node.schema}.{node.alias}"] = by["field"]
    for name, column in moved.items():
        dataset, table = name.split(".")
        columns = warehouse.query(
            f"select column_name, data_type from {warehouse.dataset(dataset)}.INFORMATION_SCHEMA.COLUMNS where table_name = '{table}' order by ordinal_position"
        )
        names = [row["column_name"] for row in columns]
        values = ", ".join(_moved(row["column_name"], row["data_type"]) for row in columns)
        as_day = f"date({column})" if dict(map(lambda row: row.values(), columns))[column] != "DATE" else column
        warehouse.execute(f"""
            insert into {warehouse.qualified(name)} ({', '.join(names)})
            select {values} from {warehouse.qualified(name)} as t
            cross join unnest(generate_array(1, {days // WEEK + 1})) as weeks
            where {as_day} >= date '{END - WEEK * DAY:%Y-%m-%d}' and {as_day} < date '{END:%Y-%m-%d}'
                and date_sub({as_day}, interval weeks * 7 day) < date '{END - there * DAY:%Y-%m-%d}'
                and date_sub({as_day}, interval weeks * 7 day) >= date '{END - days * DAY:%Y-%m-%d}'
            order by weeks desc, {column}
        """)


def _moved(name: str, data_type: str) -> str:
    if name in {"created_at", "hour", "observed_at"}:
        return f"timestamp_sub({name}, interval weeks * 7 day)"
    if name == "day":
        return "date_sub(day, interval weeks * 7 day)"
    return f"concat({name}, '-', cast(weeks as string))" if name in {"tweet_id", "root_id"} else name


def print_stages(stages: list[Stage]) -> bool:
    """Whether the goal was met."""
    first, last = stages[0], stages[-1]
    print(f"\n{'days':>5} {'posts':>10} | {'seconds':>8} {'in nodes':>8} {'outside':>8} {'ratio':>6} | {'processor':>9} {'warehouse':>9} {'ratio':>6} | {'peaks':>7}")
    for stage in stages:
        total, processor = stage.median("total"), stage.median("processor")
        print(
            f"{stage.days:>5} {stage.posts:>10,} | {total:>8.2f} {stage.median('sql'):>8.2f} {stage.median('outside'):>8.2f} "
            f"{total / first.median('total'):>6.2f} | {processor:>9.2f} {stage.median('warehouse'):>9.2f} "
            f"{processor / first.median('processor'):>6.2f} | {stage.peaks.total:>7.2f}"
        )
    print("Seconds; `peaks` is the lane that reads whole tables, once a run and not once an hour of it.")
    print(f"\nNodes that grew most from {first.days} to {last.days} days, seconds:")
    for name in sorted(last.runs[0].nodes, key=lambda name: first.node(name) - last.node(name))[:6]:
        print(f"  {name[:70]:<70} {first.node(name):6.2f} {last.node(name):6.2f}")
    print(f"\nRows scanned for each range that a model reads, and (last of each) that it overwrites:\n{'model':<24} {'table':<38} {'in range':>10} {f'{first.days} d':>10} {f'{last.days} d':>10} {'of rows':>11}")
    for model, scans in last.scans.items():
        for scan, before in zip(scans, first.scans[model], strict=True):
            print(f"{model:<24} {scan.relation:<38} {scan.rows:>10,} {before.scanned:>10,} {scan.scanned:>10,} {scan.table_rows:>11,}")
    ratio = last.median("total") / first.median("total")
    print(f"\nAn hour after {last.days} days costs {ratio:.2f} times one after {first.days}; the goal is {GOAL} at most: {'met' if ratio <= GOAL else 'MISSED'}.")
    return ratio <= GOAL


if __name__ == "__main__":
    main()
