"""An hour of posts written again: our replacement of a window beside the delete-and-load of BigQueryPandasIOManager, on the warehouse of this machine.

python -m bench.window_replacement [--posts 5000] [--history 20000] [--rounds 5]

Both have a table with the columns of raw.tweets and `history` posts of a day in it, and write the same rows of the same hour by turns: `posts` posts whose
metrics are new each time. The peer's two steps are those of `dagster-gcp-pandas` itself (its `delete_table_slice` and `handle_output`), without the time of
Dagster around them. Another connection counts the posts of the hour all the while: a count below `posts` is what a reader would have seen.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path

from bench import figures, peers
from bench.figures import Figure
from bench.history_posts import day_of_posts
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.rows import prepare
from orchestration.warehouse.server_files import ServerFiles
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import TWEETS
from orchestration.windows import HOUR, Window, parse_time

DAY = parse_time("2026-06-29T00:00Z")
HOUR_WRITTEN = Window(DAY + 12 * HOUR, DAY + 13 * HOUR)
PEERS_TABLE = replace(TWEETS, name="tweets_of_the_peer")
PEER = "BigQueryPandasIOManager"


@dataclass
class Seen:
    """Counts that a reader got while an hour was written, and how many of them lacked posts."""

    reads: int = 0
    short: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        return 100 * self.short / self.reads if self.reads else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=5_000, help="posts of the hour")
    parser.add_argument("--history", type=int, default=20_000, help="posts of the day beside it")
    parser.add_argument("--rounds", type=int, default=5)
    figures.add_option(parser)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder, peers.installed(f"dagster-gcp-pandas=={metadata.version('dagster-gcp')}") as there:
        settings = Settings(home=Path(folder))
        server_control.start(settings)
        try:
            found = measure(settings, asked.posts, asked.history, asked.rounds, there)
        finally:
            server_control.halt(ServerFiles(settings.warehouse_dir))
    figures.write(asked.json, found)
    print("\n".join(figures.table(found)))


def measure(settings: Settings, posts: int, history: int, rounds: int, with_peer: bool) -> list[Figure]:
    warehouse = Warehouse(settings)
    warehouse.ensure_tables((TWEETS, PEERS_TABLE) if with_peer else (TWEETS,))
    others = [row for row in day_of_posts(DAY, history).posts if row["created_at"] not in HOUR_WRITTEN]
    hour = hour_of(posts)
    ways: dict[str, tuple[str, Callable[[list[dict]], None]]] = {"ours": ("tweets", ours(warehouse))}
    if with_peer:
        ways[PEER] = (PEERS_TABLE.name, theirs(warehouse))
    for table in (TWEETS, PEERS_TABLE)[: len(ways)]:
        warehouse.replace_window(table, Window(DAY, DAY + 24 * HOUR), [*others, *hour], run_id="bench")
    seen = {name: Seen() for name in ways}
    for _, write in ways.values():
        # Imports and first connections are nobody's speed.
        write(hour)
    for turn in range(rounds):
        rows = [row | {"like_count": row["like_count"] + turn + 1} for row in hour]
        for name, (table, write) in ways.items():
            with reading(settings, table, posts, seen[name]):
                began = time.monotonic()
                write(rows)
                seen[name].seconds.append(time.monotonic() - began)
    began = time.monotonic()
    ways["ours"][1](rows)
    again = time.monotonic() - began
    for name, (table, _) in ways.items():
        kept = warehouse.query(f"select count(*) as n from {warehouse.qualified(f'raw.{table}')}")[0]["n"]
        if kept != len(others) + len(hour):
            raise SystemExit(f"{name} left {kept:,} rows instead of {len(others) + len(hour):,}")
        print(f"{name}: {', '.join(f'{each:.2f}' for each in seen[name].seconds)} s; {seen[name].reads} reads meanwhile, {seen[name].short} with posts missing")
    peer = PEER if with_peer else None
    middle = {name: statistics.median(each.seconds) for name, each in seen.items()}
    of = f"an hour of {posts:,} posts written again"
    return [
        Figure(f"{of}, all changed", middle["ours"], "s", peer=peer, peer_value=middle.get(PEER)),
        Figure(f"{of}, none changed", again, "s", peer=peer, peer_value=middle.get(PEER)),
        Figure(f"{of}: reads meanwhile that lack posts", seen["ours"].share, "%", peer=peer, peer_value=seen[PEER].share if peer else None, limit=0),
    ]


def hour_of(posts: int) -> list[dict]:
    """Rows of raw.tweets in the hour: those of a day so large that one of its hours has enough."""
    rows = [row for row in day_of_posts(DAY, posts * 24).posts if row["created_at"] in HOUR_WRITTEN]
    return rows[:posts]


def ours(warehouse: Warehouse) -> Callable[[list[dict]], None]:
    def write(rows: list[dict]) -> None:
        warehouse.replace_window(TWEETS, HOUR_WRITTEN, rows, run_id="bench", scope={"campaign_id": [rows[0]["campaign_id"]]})

    return write


def theirs(warehouse: Warehouse) -> Callable[[list[dict]], None]:
    import dagster as dg
    import pandas as pd
    from dagster._core.storage.db_io_manager import TablePartitionDimension, TableSlice
    from dagster_gcp.bigquery.io_manager import BigQueryClient
    from dagster_gcp_pandas.bigquery.bigquery_pandas_type_handler import BigQueryPandasTypeHandler

    partition = TablePartitionDimension("created_at", dg.TimeWindow(HOUR_WRITTEN.start, HOUR_WRITTEN.end))
    part = TableSlice(PEERS_TABLE.name, warehouse.settings.dataset("raw"), warehouse.settings.project, partition_dimensions=[partition])
    times = [column.name for column in PEERS_TABLE.all_columns if column.type == "TIMESTAMP"]

    def write(rows: list[dict]) -> None:
        frame = pd.DataFrame(prepare(PEERS_TABLE, rows, "bench", HOUR_WRITTEN.end))
        for name in times:
            frame[name] = pd.to_datetime(frame[name])
        context = dg.build_output_context(resource_config={"location": warehouse.settings.bigquery_location}, asset_key="tweets")
        BigQueryClient.delete_table_slice(context, part, warehouse.client)
        BigQueryPandasTypeHandler().handle_output(context, part, frame, warehouse.client)

    return write


@contextmanager
def reading(settings: Settings, table: str, posts: int, seen: Seen) -> Iterator[None]:
    """Counts the posts of the hour over and over in a thread, through a connection of its own."""
    reader, over = Warehouse(settings), threading.Event()
    sql = f"select count(*) as n from {reader.qualified(f'raw.{table}')} where {' and '.join(in_window('created_at', HOUR_WRITTEN))}"

    def read() -> None:
        while not over.is_set():
            seen.reads += 1
            seen.short += reader.query(sql)[0]["n"] < posts

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores")
    main()
