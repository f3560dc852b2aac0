"""Fixtures of the whole suite: a home of its own for every session, never the one of the person who runs the tests."""

import os

import pytest

from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles

# Secrets too: no test may spend what somebody's token pays.
OURS = {"DAGSTER_HOME", "GOOGLE_CLOUD_PROJECT", "X_BEARER_TOKEN", "NEWSAPI_KEY"}
for name in [name for name in os.environ if name.startswith("PULSE_") or name in OURS]:
    del os.environ[name]
os.environ["PULSE_AUTHOR_SALT"] = "salt-of-the-tests"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Integration first: its files take longest, and a long one at the end would leave the other worker idle."""
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
