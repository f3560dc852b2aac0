"""One process owns the warehouse of a home: found, restarted after a crash, left alone after a stop."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from orchestration.settings import REPOSITORY, Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import WarehouseError, WarehouseStopped
from orchestration.warehouse.local_server import OWNED
from orchestration.warehouse.server_files import ServerFiles


@pytest.fixture
def home(tmp_path):
    settings = Settings(home=tmp_path)
    yield settings
    server_control.halt(ServerFiles(settings.warehouse_dir))


def test_a_second_start_finds_the_first_server_and_a_second_process_is_turned_away(home):
    first = server_control.start(home)
    assert server_control.start(home) == first
    command = [sys.executable, "-m", "orchestration.warehouse.local_server", "--dir", str(home.warehouse_dir)]
    assert subprocess.run(command, cwd=REPOSITORY, capture_output=True, timeout=60).returncode == OWNED


def test_a_crashed_server_is_restarted_by_the_next_command_with_nothing_lost(home):
    warehouse = Warehouse(home)
    warehouse.ensure_tables([])
    warehouse.execute("create table raw.kept as select 1 as x")
    files = ServerFiles(home.warehouse_dir)
    pid = files.said().pid
    os.kill(pid, signal.SIGKILL)
    while files.is_owned():  # the kernel takes some milliseconds to bury it
        time.sleep(0.01)
    assert Warehouse(home).query("select x from raw.kept") == [{"x": 1}]
    assert files.said().pid != pid


def test_a_server_stopped_on_purpose_is_not_started_in_passing(home):
    server_control.start(home)
    assert server_control.stop(home)
    with pytest.raises(WarehouseStopped, match="pulse warehouse start"):
        Warehouse(home).query("select 1")
    assert server_control.status(home).running is None
    server_control.start(home)
    assert Warehouse(home).query("select 1 as x") == [{"x": 1}]


def test_two_homes_have_two_warehouses(home, warehouse):
    Warehouse(home).ensure_tables([])
    Warehouse(home).execute("create table raw.only_here as select 1 as x")
    with pytest.raises(WarehouseError, match="only_here"):
        warehouse.query("select * from raw.only_here")


def test_a_port_in_use_is_said_in_one_line_with_the_setting_to_change(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WarehouseError, match=f"Port {port} is in use.*PULSE_WAREHOUSE_PORT"):
            server_control.start(Settings(home=tmp_path, warehouse_port=port))


def test_a_home_that_cannot_be_written_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WarehouseError, match="cannot be written"):
        server_control.start(Settings(home=tmp_path / "file"))


@pytest.mark.parametrize(("number", "said", "last_line"), [(signal.SIGKILL, "killed while it started.*same command again", False), (signal.SIGABRT, "did not start.*Read", True)])
def test_a_server_that_is_killed_while_it_starts_is_said_as_that_and_one_that_aborts_by_its_last_line(tmp_path, monkeypatch, number, said, last_line):
    def spawn(settings, log):
        log.write(b"what it said last\n")
        log.flush()
        return subprocess.Popen([sys.executable, "-c", f"import os; os.kill(os.getpid(), {number:d})"])

    monkeypatch.setattr(server_control, "_spawn", spawn)
    with pytest.raises(WarehouseError, match=said) as raised:
        server_control.start(Settings(home=tmp_path))
    assert ("what it said last" in str(raised.value)) == last_line
