"""How a mart takes in an hour: our overwriting of a literal range beside dbt's stock `merge` by key, on the same rows.

python -m bench.merge_strategy [--days 30] [--posts 20000] [--rounds 5]

The model is marts.tweets after `days` days of made-up posts. The project is copied twice: in one copy the model is as it is, in the other its strategy is
`merge` with its key as `unique_key`, which is all that a project without rules of its own says. Both build the last hour by turns, each in a table of its own
dataset. Then one post of the hour disappears from what the model reads, and both build the hour once more: who still has it?
"""

import argparse
import os
import shutil
import statistics
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench import figures
from bench.dbt_history import LAST_HOUR, lengthen
from bench.figures import Figure
from orchestration.dbt import runner
from orchestration.dbt.project import PROJECT, arguments, rule_environment
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.connection import dbt_environment
from orchestration.warehouse.server_files import ServerFiles
from orchestration.warehouse.statements import in_window

MODEL, KEY = "tweets", ("campaign_id", "tweet_id")
OURS, STOCK = "ours", "dbt's merge"
EVER = "created_at >= timestamp '2006-03-21'"


@dataclass
class Way:
    """A copy of the project that builds marts.tweets under another name, and what each build took: seconds of the node, of the warehouse's processor."""

    folder: Path
    table: str
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--posts", type=int, default=20_000, help="posts a day")
    parser.add_argument("--rounds", type=int, default=5)
    figures.add_option(parser)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder:
        settings = Settings(home=Path(folder) / "home")
        server_control.start(settings)
        try:
            found = measure(settings, Path(folder), asked.days, asked.posts, asked.rounds)
        finally:
            server_control.halt(ServerFiles(settings.warehouse_dir))
    figures.write(asked.json, found)
    print("\n".join(figures.table(found)))


def measure(settings: Settings, folder: Path, days: int, posts: int, rounds: int) -> list[Figure]:
    warehouse = Warehouse(settings)
    warehouse.ensure_tables()
    lengthen(settings, warehouse, days, posts)
    ways = {OURS: copied(folder / "ours", "tweets_ours", None), STOCK: copied(folder / "stock", "tweets_stock", KEY)}
    for way in ways.values():
        warehouse.execute(f"create table {warehouse.qualified(f'marts.{way.table}')} as select * from {warehouse.qualified('marts.tweets')} where {EVER}")
    for _ in range(rounds):
        for way in ways.values():
            build(settings, way)
    gone = remove_a_post(warehouse)
    for way in ways.values():
        build(settings, way)
    stale = {
        name: warehouse.query(f"select count(*) as n from {warehouse.qualified(f'marts.{way.table}')} where {EVER} and tweet_id = @gone", gone=gone)[0]["n"]
        for name, way in ways.items()
    }
    held = warehouse.query(f"select count(*) as n from {warehouse.qualified('marts.tweets')} where {EVER}")[0]["n"]
    middle = {name: (statistics.median(way.seconds), statistics.median(way.processor)) for name, way in ways.items()}
    of = f"marts.tweets takes in an hour, {held:,} posts of {days} days in it"
    return [
        Figure(of, middle[OURS][0], "s", peer=STOCK, peer_value=middle[STOCK][0]),
        Figure(f"{of}: processor of the warehouse", middle[OURS][1], "s", peer=STOCK, peer_value=middle[STOCK][1]),
        Figure("a post that is gone from the source stays in the mart", stale[OURS], "posts", peer=STOCK, peer_value=stale[STOCK], limit=0),
    ]


def copied(folder: Path, table: str, unique_key: tuple[str, ...] | None) -> Way:
    """The project with the model under another name in the warehouse; with a key, by dbt's own strategy."""
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("target", "logs"))
    file = next(folder.rglob(f"marts/hourly/{MODEL}.sql"))
    own, stated = "incremental_strategy='insert_overwrite',", f"alias='{table}',"
    strategy = f"incremental_strategy='merge', unique_key={list(unique_key)}," if unique_key else own
    text = file.read_text(encoding="utf-8")
    if text.count(own) != 1:
        raise SystemExit(f"{file.name} does not say {own} any more; this bench must learn its new configuration.")
    file.write_text(text.replace(own, f"{strategy} {stated}"), encoding="utf-8")
    return Way(folder, table)


def build(settings: Settings, way: Way) -> None:
    """Builds the model alone, by dbt itself; raises SystemExit with what dbt said."""
    from dbt.cli.main import dbtRunner

    os.environ.update(dbt_environment(settings) | rule_environment(settings) | runner.window_environment(LAST_HOUR))
    words = arguments(settings, "run", "--select", MODEL)
    for option, value in (("--project-dir", way.folder), ("--profiles-dir", way.folder), ("--target-path", way.folder / "target")):
        words[words.index(option) + 1] = str(value)
    server = psutil.Process(server_control.ensure_running(settings).pid)
    before = sum(server.cpu_times()[:2])
    result = dbtRunner().invoke(words)
    if not result.success:
        raise SystemExit(f"dbt could not build {way.table}: {result.exception or [node.message for node in result.result]}")
    # Of the node alone: reading the project is the same for both.
    way.seconds.append(sum(node.execution_time for node in result.result))
    way.processor.append(sum(server.cpu_times()[:2]) - before)


def remove_a_post(warehouse: Warehouse) -> str:
    """Takes one post of the hour out of the table that the model reads; its id."""
    bounds = " and ".join(in_window("created_at", LAST_HOUR))
    table = warehouse.qualified("intermediate.int_tweets_cleaned")
    gone = warehouse.query(f"select min(tweet_id) as gone from {table} where {bounds}")[0]["gone"]
    warehouse.execute(f"delete from {table} where {bounds} and tweet_id = '{gone}'")
    return gone


if __name__ == "__main__":
    main()
