"""What the soak takes for growth, and how it tells the warehouse's tables from the rest."""

import os

from bench.soak import memory
from bench.soak.__main__ import BESIDES, TABLES, judged
from bench.soak.memory import Memory, Sample
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles


def line(minutes, mebibytes_at):
    return [Sample(minute / 6, mebibytes_at(minute / 6)) for minute in range(6 * minutes)]


def test_what_grows_after_minute_15_has_grown_and_what_filled_before_has_not():
    assert memory.growth(line(40, lambda minute: 100 + minute)) > memory.LARGEST_GROWTH
    assert memory.growth(line(40, lambda minute: min(100 + 10 * minute, 200))) == 0
    assert memory.growth(line(19, lambda minute: 100 + minute)) is None


def test_the_warehouse_is_judged_without_its_tables_and_as_a_whole_where_it_does_not_say():
    sampled = Memory(dict, {name: [] for name in ("pulse run", "site", "warehouse", TABLES, BESIDES)})
    assert judged(sampled) == {"site", BESIDES}
    assert judged(Memory(dict, {name: [] for name in ("pulse run", "site", "warehouse")})) == {"site", "warehouse"}


def test_the_local_server_says_what_it_holds_for_tables(tmp_path):
    settings = Settings(home=tmp_path)
    files = ServerFiles(settings.warehouse_dir)
    assert memory.of_tables(files) is None
    try:
        warehouse = Warehouse(settings)
        warehouse.ensure_tables()
        before = memory.of_tables(files)
        warehouse.query(f"create table {warehouse.qualified('raw.many')} as select n, repeat('word ', 20) || cast(n as string) as text from unnest(generate_array(1, 200000)) as n")
        assert memory.of_tables(files) > before + 1
    finally:
        server_control.halt(files)
    assert memory.of_tables(files) is None
    assert memory.of_processes({"this": os.getpid(), "gone": 2**22 - 1}).keys() == {"this"}
