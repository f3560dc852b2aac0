"""Fixtures of the whole suite: a home of its own for every session, never the one of the person who runs the tests."""

import os

import pytest

from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles

for name in [name for name in os.environ if name.startswith("PULSE_") or name in {"DAGSTER_HOME", "GOOGLE_CLOUD_PROJECT"}]:
    del os.environ[name]
os.environ["PULSE_AUTHOR_SALT"] = "salt-of-the-tests"


# First: pytest-xdist reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two workers share the suite by file; what looks at the materialised sample stays together, so that it is made once.

    Integration first: its files take longest, and a long one at the end would leave the other worker idle.
    """
    for item in items:
        group = "sample" if "sample_home" in item.fixturenames else item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: "tests/integration/" not in item.nodeid)


@pytest.fixture(scope="session")
def home_settings(tmp_path_factory) -> Settings:
    """Settings of a home with a running warehouse; it is stopped at the end."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    server_control.start(settings)
    yield settings
    server_control.halt(ServerFiles(settings.warehouse_dir))


@pytest.fixture(scope="session")
def warehouse(home_settings) -> Warehouse:
    opened = Warehouse(home_settings)
    opened.ensure_tables()
    return opened
