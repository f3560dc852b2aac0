"""A warehouse with every table and no row, in which dbt's unit tests and trials of single models run."""

import pytest

from orchestration.dbt import runner
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.windows import Window, parse_time

HOUR = Window(parse_time("2026-03-02T05:00Z"), parse_time("2026-03-02T06:00Z"))


@pytest.fixture(scope="session")
def empty_project(new_home) -> Settings:
    """Settings of a home whose models are all built, empty."""
    settings = Settings(home=new_home("empty_project"))
    server_control.start(settings)
    Warehouse(settings).ensure_tables()
    built = runner.run_command(settings, "dbt: empty tables", HOUR, runner.MODELS_ALONE, [])
    assert built.failures == []
    yield settings
    server_control.halt(ServerFiles(settings.warehouse_dir))
