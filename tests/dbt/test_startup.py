"""What a run pays before any SQL: one dbt invocation a step, and no second parse because the hour is another one."""

import ast
import json
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import ClassVar

import dagster as dg
import pytest

from orchestration.dbt import runner
from orchestration.settings import REPOSITORY, Settings
from orchestration.windows import Window, parse_time

# In a process of its own, as a run is: what dbt says of parsing, by the names of its events.
PARSE = """
import json, sys
import dbt.cli.main as cli
heard = []
class Listening(cli.dbtRunner):
    def __init__(self, manifest=None, callbacks=None):
        super().__init__(manifest, [*(callbacks or []), lambda event: heard.append(event.info.name)])
cli.dbtRunner = Listening
from orchestration.dbt.project import parse
from orchestration.settings import Settings
parse(Settings())
print(json.dumps(sorted({name for name in heard if "Pars" in name})))
"""


def parse_events(home, hour: str, endpoint: str, **environment: str) -> set[str]:
    window = Window.hour_of(parse_time(hour))
    environment = {**os.environ, **runner.window_environment(window), "PULSE_HOME": str(home), "PULSE_WAREHOUSE_ENDPOINT": endpoint, **environment}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", PARSE], cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.slow
def test_another_hour_in_another_process_and_another_port_of_the_warehouse_parse_nothing_anew(new_home):
    """`--vars` would: dbt keeps a hash of them (dbt-core#6323), so the window comes by the environment and is read at run time."""
    home = new_home("parsed-once")
    for hour, endpoint in (("2026-03-02T05:00Z", "http://127.0.0.1:1001"), ("2026-03-09T17:00Z", "http://127.0.0.1:1002")):
        said = parse_events(home, hour, endpoint)
        assert "PartialParsingSkipParsing" in said and "UnableToPartialParse" not in said
    another_rule = parse_events(home, "2026-03-09T17:00Z", "http://127.0.0.1:1002", PULSE_FOLLOWED_HASHTAGS="9")
    assert "PartialParsingSkipParsing" not in another_rule and "UnableToPartialParse" not in another_rule


class CountedRunner:
    """Stands for dbt: counts what is asked of it and builds nothing."""

    asked: ClassVar[list[str]] = []

    def __init__(self, manifest=None, callbacks=None) -> None:
        self.manifest = manifest

    def invoke(self, arguments: list[str]) -> SimpleNamespace:
        command = next(word for word in arguments if word in {"build", "parse", "compile", "run", "test", "ls", "docs"})
        self.asked.append(command)
        return SimpleNamespace(success=True, exception=None, result=object() if command == "parse" else SimpleNamespace(results=[]))


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """The dbt commands that are asked for, in a home of its own without a warehouse."""
    import dbt.cli.main

    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    # Loading the lanes reads the manifest: by the real dbt, before it is replaced.
    import orchestration.dbt.assets  # noqa: F401

    monkeypatch.setattr(CountedRunner, "asked", [])
    monkeypatch.setattr(runner, "dbt_environment", lambda settings: {})
    monkeypatch.setattr(dbt.cli.main, "dbtRunner", CountedRunner)
    before = dict(os.environ)
    runner.parsed.cache_clear()
    yield CountedRunner.asked
    runner.parsed.cache_clear()
    os.environ.clear()
    os.environ.update(before)


def test_a_lane_is_one_invocation_and_a_process_parses_once(counted, tmp_path):
    hour = Window.hour_of(parse_time("2026-03-02T05:00Z"))
    settings = Settings(home=tmp_path / "new")
    for lane, window in (("posts", hour), ("hourly_marts", hour), ("peaks", None), ("news_marts", None)):
        runner.build(settings, lane, window, ["--select", f"tag:{lane}"])
    assert counted == ["parse", "build", "build", "build", "build"]


def test_a_process_after_a_parse_reads_what_it_kept_and_parses_nothing(new_home, monkeypatch):
    from orchestration.dbt import project

    settings = Settings(home=new_home("kept"))
    fresh = project.parse(settings)
    project.parsed.cache_clear()
    monkeypatch.setattr(project, "_is_current", lambda settings: True)
    monkeypatch.setattr(project, "parse", lambda settings: pytest.fail("parsed again"))
    kept = project.parsed(settings)
    project.parsed.cache_clear()
    assert set(kept.nodes) == set(fresh.nodes) and kept.flat_graph["nodes"].keys() == fresh.flat_graph["nodes"].keys()


def test_a_step_of_dagster_asks_dbt_for_one_build(counted, monkeypatch):
    """The op of a lane is called with a context that stands for a run; only `build` may reach dbt."""
    from orchestration.dbt import assets

    calls: list[str] = []
    monkeypatch.setattr(assets, "build", lambda settings, lane, window, selection: calls.append(lane) or runner.DbtRun())
    for lane, hours in ((assets.posts, True), (assets.hourly_marts, True), (assets.peaks, False), (assets.news_marts, False)):
        instance = dg.DagsterInstance.ephemeral()
        # Nothing was built, so the op rightly ends in an error about outputs that are missing.
        dg.materialize([lane], instance=instance, partition_key="2026-03-02-05:00" if hours else None, raise_on_error=False)
    assert calls == ["dbt: posts", "dbt: hourly marts", "dbt: peaks", "dbt: news marts"]
    assert counted == []


def test_dbt_is_started_in_few_places_and_never_in_a_process_of_its_own():
    """A child process pays imports and parsing again, some 4 s on a quiet machine with 2 cores."""
    places = set()
    for file in (REPOSITORY / "orchestration").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        if names & {"dbtRunner", "DbtCliResource"}:
            places.add(str(file.relative_to(REPOSITORY)))
    assert places == {f"orchestration/dbt/{name}.py" for name in ("compiled", "project", "runner")}
