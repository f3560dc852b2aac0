"""The SQL of the whole project for one window, compiled without a warehouse: what the proofs on SQL read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.dbt.project import DbtError, arguments, manifest_file, parse
from orchestration.dbt.runner import window_environment
from orchestration.environment import kept_environment
from orchestration.settings import Settings
from orchestration.windows import Window

FOLDER = "compiled"


@dataclass(frozen=True)
class Compiled:
    """`sql` of every model and data test by unique id, and the `manifest` as dbt holds it."""

    sql: dict[str, str]
    manifest: Any


@dataclass(frozen=True)
class Project:
    """The project as dbt read it; `invoke` runs a command of dbt on it, in a target folder of its own."""

    settings: Settings
    manifest: Any

    def invoke(self, *command: str) -> Any:
        from dbt.cli.main import dbtRunner

        return dbtRunner(manifest=self.manifest).invoke(arguments(self.settings, *command))


def compiled(settings: Settings, window: Window) -> Compiled:
    """Every model and data test compiled for the window. Nothing is asked of a warehouse, and none is started. Raises DbtError."""
    with read_apart(settings, window) as project:
        return compiled_of(project)


def compiled_of(project: Project) -> Compiled:
    """As `compiled`, of a project that is read already."""
    result = project.invoke("compile", "--no-introspect", "--no-populate-cache")
    if not result.success or result.result is None:
        raise DbtError(f"The dbt project cannot be compiled: {_reason(result)}")
    nodes = [answer.node for answer in result.result.results]
    sql = {node.unique_id: node.compiled_code for node in nodes if node.resource_type in {"model", "test"}}
    return Compiled(sql, project.manifest)


@contextmanager
def read_apart(settings: Settings, window: Window) -> Iterator[Project]:
    """The project, read for the settings' target beside the home's own manifest, which runs and Dagster read. Raises DbtError."""
    apart = _apart(settings)
    with kept_environment():
        manifest = parse(apart)
        os.environ.update(window_environment(window))
        yield Project(apart, manifest)


def manifest_of(settings: Settings) -> Path:
    """File of the manifest that `read_apart` has read for the settings' target."""
    return manifest_file(_apart(settings))


def _apart(settings: Settings) -> Settings:
    folder = settings.root / FOLDER
    return settings.model_copy(update={"home": folder / "prod" if settings.env == "prod" else folder})


def _reason(result: Any) -> str:
    failed = [f"{node.node.name}: {node.message}" for node in getattr(result.result, "results", None) or () if node.status == "error"]
    return " ".join(str(failed[0] if failed else result.exception).split())[:500]
