"""A backup is whole, proves itself and never takes the place of anything by accident; a damaged file says how to go on."""

import json
import os
import shutil

import pytest

from orchestration.lock import Busy, alone
from orchestration.settings import Settings
from orchestration.warehouse import backup as backups
from orchestration.warehouse import server_control
from orchestration.warehouse.backup import MANIFEST, backup, restore
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.damage import DATABASE
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.server_files import ServerFiles


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A home with the numbers 0 to 99,999 in one table, at rest."""
    settings = Settings(home=tmp_path_factory.mktemp("filled"))
    opened = Warehouse(settings)
    opened.ensure_tables([])
    opened.execute("create table raw.numbers as select n, to_hex(md5(cast(n as string))) as digest from unnest(generate_array(0, 99999)) as n")
    server_control.halt(ServerFiles(settings.warehouse_dir))
    return settings.root


@pytest.fixture
def home(filled, tmp_path):
    settings = Settings(home=tmp_path / "home")
    shutil.copytree(filled, settings.root)
    yield settings
    server_control.halt(ServerFiles(settings.warehouse_dir))


def total(settings: Settings) -> int:
    return Warehouse(settings).query("select sum(n) as total from raw.numbers")[0]["total"]


def overwrite(file, offset: int, length: int = 4096) -> None:
    with file.open("r+b") as opened:
        opened.seek(offset)
        opened.write(os.urandom(length))


def test_what_was_changed_after_a_backup_is_as_before_after_its_restore(home, tmp_path):
    made = backup(home, tmp_path / "kept")
    assert made.tables["raw.numbers"] == 100_000
    Warehouse(home).execute("delete from raw.numbers where n > 10")
    with pytest.raises(WarehouseError, match="--force"):
        restore(home, tmp_path / "kept")
    assert total(home) == 55
    restore(home, tmp_path / "kept", force=True)
    assert total(home) == 4_999_950_000
    left = {file.name for file in home.warehouse_dir.iterdir() if file.name.startswith(DATABASE)}
    assert left <= {DATABASE, f"{DATABASE}.wal"}
    with pytest.raises(WarehouseError, match="exists"):
        backup(home, tmp_path / "kept")
    backup(home, tmp_path / "kept", force=True)


def test_a_folder_that_is_no_backup_is_never_replaced(home, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "love.txt").write_text("kept")
    with pytest.raises(WarehouseError, match="is no backup"):
        backup(home, tmp_path / "letters", force=True)
    assert (tmp_path / "letters" / "love.txt").read_text() == "kept"


def test_a_changed_byte_of_a_backup_is_found_before_anything_is_replaced(home, tmp_path):
    backup(home, tmp_path / "kept")
    overwrite(tmp_path / "kept" / DATABASE, 20_000, 1)
    with pytest.raises(WarehouseError, match="SHA-256 differs.*nothing was changed"):
        restore(home, tmp_path / "kept", force=True)
    assert total(home) == 4_999_950_000


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1'])
def test_a_damaged_manifest_is_said(home, tmp_path, text):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / MANIFEST).write_text(text)
    with pytest.raises(WarehouseError, match="is damaged"):
        restore(home, tmp_path / "kept", force=True)


def test_a_backup_of_a_later_format_names_the_version_that_reads_it(home, tmp_path):
    backup(home, tmp_path / "kept")
    manifest = json.loads((tmp_path / "kept" / MANIFEST).read_text())
    (tmp_path / "kept" / MANIFEST).write_text(json.dumps(manifest | {"format": 2, "version": "9.1"}))
    with pytest.raises(WarehouseError, match="Restore it with Campaign Pulse 9.1"):
        restore(home, tmp_path / "kept", force=True)


def test_nothing_is_copied_while_a_run_is_at_work_and_nothing_is_left_behind(home, tmp_path):
    with alone(home), pytest.raises(Busy):
        backup(home, tmp_path / "kept")
    assert [each.name for each in tmp_path.iterdir()] == ["home"]


@pytest.mark.slow
def test_a_restore_that_is_cut_off_leaves_a_warehouse_and_is_finished_by_the_same_call(home, tmp_path, monkeypatch):
    backup(home, tmp_path / "kept")

    def power_fails(*_):
        raise KeyboardInterrupt

    Warehouse(home).execute("delete from raw.numbers where n > 10")
    monkeypatch.setattr(backups.os, "link", power_fails)
    with pytest.raises(KeyboardInterrupt):
        restore(home, tmp_path / "kept", force=True)
    assert total(home) == 55
    monkeypatch.undo()
    restore(home, tmp_path / "kept", force=True)
    assert total(home) == 4_999_950_000


@pytest.mark.parametrize("damage", ["head", pytest.param("catalogue", marks=pytest.mark.slow), pytest.param("cut", marks=pytest.mark.slow)])
def test_a_damaged_file_is_found_at_start_and_the_restore_it_names_heals_it(home, tmp_path, damage):
    backup(home, tmp_path / "kept")
    server_control.halt(ServerFiles(home.warehouse_dir))
    file = home.warehouse_dir / DATABASE
    if damage == "cut":
        os.truncate(file, file.stat().st_size // 2)
    else:
        overwrite(file, 0 if damage == "head" else 4096, 4096 if damage == "head" else 8192)
    with pytest.raises(WarehouseError, match="is damaged.*pulse warehouse restore"):
        Warehouse(home).query("select 1")
    with pytest.raises(WarehouseError, match="is damaged"):
        backup(home, tmp_path / "of the damaged")
    assert not (tmp_path / "of the damaged").exists()
    restore(home, tmp_path / "kept", force=True)
    assert total(home) == 4_999_950_000


def test_damaged_rows_are_said_by_the_query_that_reads_them(home, tmp_path):
    backup(home, tmp_path / "kept")
    server_control.halt(ServerFiles(home.warehouse_dir))
    file = home.warehouse_dir / DATABASE
    # The digests are the bulk of the file, so its middle is theirs.
    overwrite(file, file.stat().st_size // 2)
    with pytest.raises(WarehouseError, match="is damaged.*pulse warehouse restore"):
        Warehouse(home).query("select max(digest) from raw.numbers")
