"""One `dbt build` in this process: a child process would pay 4 s of imports and parsing again for each lane."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestration.dbt.claims import claim
from orchestration.dbt.failing_rows import FailedTest, keep_failing_rows, table_of
from orchestration.dbt.lost_server import lost_at_once
from orchestration.dbt.project import DbtError, arguments, parsed, rule_environment
from orchestration.progress import report
from orchestration.settings import Settings
from orchestration.warehouse.connection import dbt_environment
from orchestration.warehouse.errors import WarehouseUnreachable
from orchestration.windows import Window

RESULTS = frozenset({"LogModelResult", "LogTestResult", "LogSeedResult", "LogSnapshotResult"})
NO_CONNECTION = "Max retries exceeded with url"


@dataclass
class DbtRun:
    """What a run left: the raw result events of its nodes, the failures as (node, message), what the warehouse answered by unique id."""

    events: list[dict[str, Any]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    failed_tests: list[FailedTest] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    responses: dict[str, dict[str, Any]] = field(default_factory=dict)

    def raise_failures(self) -> None:
        """Raises DbtError that names the first failure."""
        if self.failures:
            node, message = self.failures[0]
            if NO_CONNECTION in message:
                raise unreachable()
            others = f" ({len(self.failures) - 1} more)" if len(self.failures) > 1 else ""
            broken = next((test for test in self.failed_tests if test.name == node), None)
            if broken is not None:
                raise DbtError(
                    f"This does not hold{others}: {broken.claim} What depends on it was not built. Look at the rows:  "
                    f"pulse query 'select * from {table_of(broken)}'"
                )
            raise DbtError(f"dbt: {node} failed{others}: {' '.join(message.split())[:500]}")


def unreachable() -> WarehouseUnreachable:
    return WarehouseUnreachable("The warehouse stopped answering while dbt ran. Look at it:  pulse warehouse status")


def window_environment(window: Window | None) -> dict[str, str]:
    """What the window macros read; no window for lanes that read whole tables."""
    edges = {"PULSE_WINDOW_START": "", "PULSE_WINDOW_END": ""}
    if window is not None:
        whole = window.to_whole_hours()
        edges = {"PULSE_WINDOW_START": f"{whole.start:%Y-%m-%dT%H:%M:%SZ}", "PULSE_WINDOW_END": f"{whole.end:%Y-%m-%dT%H:%M:%SZ}"}
    return edges


def build(settings: Settings, lane: str, window: Window | None, selection: Sequence[str]) -> DbtRun:
    """Builds and tests the selected nodes. Failures stand in the answer; raises WarehouseError when nothing can be built.

    Unit tests are left out: they test the code and not the data, and need no run (`make test` runs them).
    """
    # Buildable: a test of two models runs with the later of the two, and not where one of them may not exist yet.
    return run_command(settings, lane, window, ["build", "--exclude-resource-type", "unit_test", "--indirect-selection", "buildable"], selection)


# Seeds and models, without a test of any kind.
MODELS_ALONE = ("build", "--exclude-resource-type", "test", "unit_test")


def unit_tests(settings: Settings, window: Window) -> DbtRun:
    """Runs every dbt unit test; the models must exist, for dbt takes the types of their columns from the warehouse."""
    return run_command(settings, "dbt: unit tests", window, ["test", "--resource-type", "unit_test"], [])


def run_command(settings: Settings, lane: str, window: Window | None, command: Sequence[str], selection: Sequence[str]) -> DbtRun:
    os.environ.update(dbt_environment(settings) | rule_environment(settings) | window_environment(window))
    project = parsed_with_progress(settings)
    from dbt.cli.main import dbtRunner

    run = DbtRun()
    known = {"total": 0}

    def listen(event: Any) -> None:
        if event.info.name == "ConcurrencyLine":
            known["total"] = event.data.node_count
            report(lane, 0, known["total"], "dbt nodes")
        elif event.info.name in RESULTS:
            run.events.append(_as_dict(event))
            report(lane, len(run.events), known["total"], "dbt nodes")

    # Nobody reads the files of a run: writing the manifest again took 0.2 s of processor for each lane.
    with lost_at_once(settings):
        result = dbtRunner(manifest=project, callbacks=[listen]).invoke([*arguments(settings, *command), "--no-write-json", *selection])
    for node in _nodes(result.result):
        run.seconds[node.node.name] = round(node.execution_time, 3)
        run.responses[node.node.unique_id] = dict(node.adapter_response or {})
        if node.status in {"error", "fail", "runtime error"}:
            run.failures.append((node.node.name, node.message or "no message"))
        if node.status == "fail" and getattr(node.node, "compiled_code", None) and node.node.resource_type == "test":
            run.failed_tests.append(FailedTest(node.node.name, claim(node.node.to_dict()), node.node.compiled_code))
    if result.exception and not run.failures:
        if NO_CONNECTION in str(result.exception):
            raise unreachable()
        raise DbtError(f"dbt: {' '.join(str(result.exception).split())[:500]}")
    keep_failing_rows(settings, run.failed_tests)
    return run


def parsed_with_progress(settings: Settings) -> Any:
    """The project, read once a process; the first time takes seconds, so it is a step of its own."""
    step = "dbt: read project"
    if parsed.cache_info().currsize:
        return parsed(settings)
    report(step, 0, 1, "project")
    project = parsed(settings)
    report(step, 1, 1, "project")
    return project


def _nodes(result: Any) -> Iterator[Any]:
    yield from getattr(result, "results", None) or ()


def _as_dict(event: Any) -> dict[str, Any]:
    from google.protobuf.json_format import MessageToDict

    return MessageToDict(event, preserving_proto_field_name=True)
