"""The server keeps what it works out of a query, and nothing that a changed table, view or parameter would make wrong; finished jobs it forgets."""

import subprocess
import sys
import textwrap

import duckdb
import pytest

from orchestration.settings import REPOSITORY, Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import TableMissing
from orchestration.warehouse.server_files import ServerFiles

OF_A_CAMPAIGN = "select n from raw.planned where campaign = @campaign order by n"


@pytest.fixture
def planned(warehouse):
    warehouse.execute("create or replace table raw.planned as select 'a' as campaign, 1 as n union all select 'b', 2")
    return warehouse


def test_the_same_query_with_other_parameters_has_another_answer(planned):
    assert [planned.query(OF_A_CAMPAIGN, campaign=name) for name in ("a", "b", "a", "none")] == [[{"n": 1}], [{"n": 2}], [{"n": 1}], []]


def test_rows_that_came_since_are_in_the_answer(planned):
    planned.query(OF_A_CAMPAIGN, campaign="a")
    planned.execute("insert into raw.planned select 'a', 7")
    assert planned.query(OF_A_CAMPAIGN, campaign="a") == [{"n": 1}, {"n": 7}]


def test_a_table_made_anew_is_read_with_its_new_columns(planned):
    everything = "select * from raw.planned order by n limit 1"
    assert planned.query(everything) == planned.query(everything) == [{"campaign": "a", "n": 1}]
    planned.execute("create or replace table raw.planned as select 1.5 as n, 'x' as other")
    assert planned.query(everything) == planned.query(everything) == [{"n": 1.5, "other": "x"}]


def test_a_view_made_anew_is_read_with_its_new_words(planned):
    planned.execute("create or replace view raw.seen as select n from raw.planned where campaign = 'a'")
    assert planned.query("select n from raw.seen") == planned.query("select n from raw.seen") == [{"n": 1}]
    planned.execute("create or replace view raw.seen as select n from raw.planned where campaign = 'b'")
    assert planned.query("select n from raw.seen") == [{"n": 2}]
    planned.execute("drop view raw.seen")


def test_a_table_that_is_gone_is_said_in_the_same_words_as_before(planned):
    said = set()
    for _ in range(2):
        planned.execute("create or replace table raw.gone as select 1 as n")
        assert planned.query("select n from raw.gone") == planned.query("select n from raw.gone") == [{"n": 1}]
        planned.execute("drop table raw.gone")
        with pytest.raises(TableMissing) as missing:
            planned.query("select n from raw.gone")
        said.add(str(missing.value))
    assert len(said) == 1 and "gone" in said.pop()


def test_a_failure_of_the_data_is_said_the_second_time_as_the_first(planned):
    said = []
    for value in ("1", "x", "x"):
        try:
            assert planned.query("select cast(@value as int64) as n", value=value) == [{"n": 1}]
        except Exception as error:
            said.append((type(error), str(error)))
    assert len(said) == 2 and said[0] == said[1]


def test_an_answer_of_several_pages_is_whole(planned):
    rows = "select n from unnest(generate_array(1, 25000)) as n order by n"
    for _ in range(2):
        assert [row["n"] for row in planned.query(rows)] == list(range(1, 25001))


TRIAL = textwrap.dedent("""
    import asyncio, sys
    from contextlib import suppress
    from datetime import timedelta
    from pathlib import Path

    import psutil
    from bqemulator.api.routes import jobs as routes
    from bqemulator.config import PersistenceMode, Settings
    from bqemulator.jobs import executor
    from bqemulator.server import EmulatorServer

    from orchestration.warehouse import emulator_jobs
    from orchestration.warehouse.emulator_patches import apply_patches

    folder = Path(sys.argv[1])
    apply_patches(folder)
    translated, contexts = [], []
    stock = executor.rewrite_and_translate_statement

    async def counted(sql, **named):
        translated.append(sql)
        answer = await stock(sql, **named)
        if "as meanwhile" in sql:
            with suppress(Exception):
                contexts[0].catalog.delete_table("p", "d", "none")
        return answer

    executor.rewrite_and_translate_statement = counted

    async def main():
        server = EmulatorServer(Settings(persistence_mode=PersistenceMode.PERSISTENT, data_dir=folder, rest_port=0, grpc_port=0, enable_format_extensions=False, log_level="warning"))
        await server.start()
        context, jobs = server._context, 0
        contexts.append(context)

        async def run(sql, caller=None):
            nonlocal jobs
            jobs += 1
            context.catalog.upsert_job(await routes.execute_query_job("p", f"j{jobs}", sql, None, context, caller=caller))
            return routes.JOB_RESULTS.get(f"j{jobs}").to_pylist()

        async def times(sql, caller=None):
            before = len(translated)
            first, second = await run(sql, caller), await run(sql, caller)
            assert first == second
            return len(translated) - before

        await run("create schema d")
        await run("create table d.t as select 1 as n")
        assert await times("select n from d.t") == 1
        # What another reader may see is another matter, and so is what the catalogue was when it changed meanwhile.
        assert await times("select n from d.t", caller="somebody") == 1
        assert await times("select n, 1 as meanwhile from d.t") == 2
        # A changed catalogue is read again; what the storage or the time decides is worked out each time.
        await run("create table d.t_1 as select 1 as n")
        assert await times("select n from d.t") == 1
        for sql in ("select n from `d.t_*`", "select table_name from d.INFORMATION_SCHEMA.TABLES", "insert into d.t_1 select 2 where false"):
            assert await times(sql) == 2, sql
        taken = psutil.Process().memory_info().vms
        for number in range(emulator_jobs.PLANS_KEPT):
            await run(f"select {number} as n")
        # As DuckDB gives them, each of these answers holds 4 MB or 8.
        assert psutil.Process().memory_info().vms - taken < 256e6
        assert await times("select n from d.t") == 1

        assert context.engine.execute('select count(*) from _bqemulator_catalog.jobs').fetchone() == (0,)
        assert context.catalog.get_job("p", "j1") is not None and len(context.catalog._cache._jobs) == jobs
        job = context.catalog.get_job("p", f"j{jobs}")
        later = {"creation_time": job.creation_time + timedelta(hours=2), "end_time": job.end_time + timedelta(hours=2)}
        context.catalog.upsert_job(job.model_copy(update={"job_id": "later", **later}))
        # Their answers are read still.
        assert len(context.catalog._cache._jobs) == jobs + 1
        routes.JOB_RESULTS.clear()
        context.catalog.upsert_job(job.model_copy(update={"job_id": "later", **later}))
        assert list(context.catalog._cache._jobs) == [("p", "later")]
        await server.stop()

    asyncio.run(main())
""")


def test_a_query_is_translated_once_until_the_catalogue_changes_and_jobs_are_not_kept_for_ever(tmp_path):
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", TRIAL, str(tmp_path)], cwd=REPOSITORY, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr


def test_duckdb_still_takes_room_for_a_million_rows():
    held = "import duckdb, psutil; p, c = psutil.Process(), duckdb.connect(); a = [c.execute('select 1').to_arrow_table() for _ in range(3)]; b = p.memory_info().vms; "
    held += "a += [c.execute('select 1').to_arrow_table() for _ in range(100)]; print(p.memory_info().vms - b)"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", held], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) > 200e6, "DuckDB gives answers of their size now: emulator_jobs._of_its_size can go"


@pytest.mark.parametrize("sql", [
    "select 1 as n, 'ä' as t, null as none, [1, null, 3] as l, {'a': 1, 'b': ['x']} as s, now() as at, 1.5::decimal(38, 9) as d, 'x'::blob as b, '{}'::json as j",
    "select range as n, null::varchar as t from range(3000)",
    "select 1 as n where false",
])  # fmt: skip
def test_an_answer_kept_in_the_memory_it_needs_is_the_same(sql):
    from bqemulator.storage.engine import _annotate_with_duckdb_types

    from orchestration.warehouse.emulator_jobs import _of_its_size

    asked = duckdb.connect().execute(sql)
    answer = _annotate_with_duckdb_types(asked.to_arrow_table(), asked.description)
    kept = _of_its_size(answer)
    assert kept.equals(answer) and kept.schema.equals(answer.schema, check_metadata=True)


def test_an_answer_that_nobody_reads_is_dropped_and_one_that_is_being_read_is_not(monkeypatch):
    from orchestration.warehouse import emulator_jobs

    now = [0.0]
    monkeypatch.setattr(emulator_jobs.time, "monotonic", lambda: now[0])
    kept = emulator_jobs.Recent(60)
    for job in ("left", "read"):
        kept[job] = job
    for now[0] in (50, 100):
        assert kept.get("read") == "read"
    kept["next"] = "next"
    assert list(kept) == ["read", "next"] and kept.get("left") is None


def test_jobs_that_an_earlier_server_left_in_the_file_are_removed(tmp_path):
    settings = Settings(home=tmp_path)
    files = ServerFiles(settings.warehouse_dir)
    Warehouse(settings).query("select 1 as n")
    server_control.halt(files)
    database = settings.warehouse_dir / "bqemulator.duckdb"
    with duckdb.connect(str(database)) as opened:
        opened.execute("insert into _bqemulator_catalog.jobs (project_id, job_id, job_type, state, metadata_json, creation_time, etag) "
                       "values ('p', 'j', 'QUERY', 'DONE', '{}', now(), 'e')")  # fmt: skip
    server_control.start(settings)
    assert Warehouse(settings).query("select 1 as n") == [{"n": 1}]
    server_control.halt(files)
    with duckdb.connect(str(database), read_only=True) as opened:
        assert opened.execute("select count(*) from _bqemulator_catalog.jobs").fetchone() == (0,)
