"""Fixtures of the whole suite: a home of its own for every session, never the one of the person who runs the tests."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.dbt.project import prepare_manifest
from orchestration.environment import kept_environment
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles

if TYPE_CHECKING:
    from tests.integration.conftest import Home

# Secrets too: no test may spend what somebody's token pays.
OURS = {"DAGSTER_HOME", "GOOGLE_CLOUD_PROJECT", "X_BEARER_TOKEN", "NEWSAPI_KEY"}
for name in [name for name in os.environ if name.startswith("PULSE_") or name in OURS]:
    del os.environ[name]
os.environ["PULSE_AUTHOR_SALT"] = "salt-of-the-tests"


# A fixture that takes a minute or more is built once: the files that share it go to one worker, in this order, longest first.
SHARED = ("sample_home", "empty_project")


# First: xdist reads the groups in its own hook of this name.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files stay whole on a worker, those that share a costly fixture too; the long ones first, or they end alone on one core."""

    def shared(item: pytest.Item) -> str | None:
        return next((name for name in SHARED if name in item.fixturenames), None)

    groups = {item.path: shared(item) for item in items if shared(item)}
    for item in items:
        item.add_marker(pytest.mark.xdist_group(groups.get(item.path) or item.path.stem))
    order = {name: place for place, name in enumerate((SHARED[0], "integration", SHARED[1]))}
    items.sort(key=lambda item: order.get(groups.get(item.path) or item.path.parent.name, len(order)))


@pytest.fixture(scope="session")
def parsed_project(tmp_path_factory, worker_id) -> Path:
    """What dbt keeps of a parse of the whole project: 20 s of processor, so once for all workers and homes of the session."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "parsed"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with kept_environment():
            prepare_manifest(Settings(home=home))
    return home / "dbt"


@pytest.fixture(scope="session")
def new_home(tmp_path_factory, parsed_project) -> Callable[[str], Path]:
    """Makes empty homes in which the dbt project is parsed already, as it is after a person's first command."""

    def make(name: str) -> Path:
        home = tmp_path_factory.mktemp(name)
        shutil.copytree(parsed_project, home / "dbt", ignore=shutil.ignore_patterns("logs", "*.lock"))
        return home

    return make


@pytest.fixture(scope="session")
def home_settings(new_home) -> Settings:
    """Settings of a home with a running warehouse; it is stopped at the end."""
    settings = Settings(home=new_home("home"))
    server_control.start(settings)
    yield settings
    server_control.halt(ServerFiles(settings.warehouse_dir))


@pytest.fixture(scope="session")
def warehouse(home_settings) -> Warehouse:
    opened = Warehouse(home_settings)
    opened.ensure_tables()
    return opened


# Here, and not beside the tests of the pipeline: a fixture that two folders import is another one in each, and the sample would be materialised twice.
@pytest.fixture(scope="session")
def make_home(new_home) -> Callable[[str], "Home"]:
    """Makes homes; their warehouses are stopped at the end."""
    from tests.integration.conftest import Home

    made: list[Home] = []

    def make(name: str) -> Home:
        made.append(Home(new_home(name)))
        return made[-1]

    yield make
    for home in made:
        server_control.halt(ServerFiles(home.settings.warehouse_dir))


@pytest.fixture(scope="session")
def sample_home(make_home) -> "Home":
    """The whole sample campaign, materialised once for all tests that only look; `SAMPLE_HOME` names a home in which it is already."""
    if "SAMPLE_HOME" in os.environ:
        from tests.integration.conftest import Home

        return Home(Path(os.environ["SAMPLE_HOME"]))
    home = make_home("sample")
    home.pulse("pipeline")
    return home
