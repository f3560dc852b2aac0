"""Backup and restore of the warehouse on this machine: a folder with one DuckDB file and a manifest that proves it."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from orchestration.lock import alone
from orchestration.settings import LOCAL_PROJECT, Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.damage import DATABASE, advice, says_damage
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.server_files import ServerFiles

MANIFEST = "manifest.json"
FORMAT = 1
# A client that asks for the server at the moment it is stopped may have started it once more.
LOCK_SECONDS = 20
CHUNK = 4 * 1024**2


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `made_at` is UTC; `tables` are rows by `dataset.table`."""

    format: int
    made_at: str
    version: str
    duckdb: str
    bqemulator: str
    bytes: int
    sha256: str
    tables: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def backup(settings: Settings, folder: Path, *, force: bool = False) -> Manifest:
    """Writes `folder` whole or not at all; the server is stopped meanwhile and started again. Raises WarehouseError, Busy."""
    folder = folder.expanduser().resolve()
    database = settings.warehouse_dir / DATABASE
    if folder.exists() and not force:
        raise WarehouseError(f"{folder} exists. Choose another folder, or replace it with --force.")
    if folder.exists() and not (folder / MANIFEST).is_file():
        raise WarehouseError(f"{folder} is no backup (it has no {MANIFEST}), so --force does not replace it. Choose another folder.")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        with _at_rest(settings):
            if not database.exists():
                raise WarehouseError(f"There is no warehouse in {settings.warehouse_dir} yet. Make one:  pulse warehouse start")
            _copy(database, part / DATABASE)
            if _log_of(database).exists():
                _copy(_log_of(database), _log_of(part / DATABASE))
        # In the copy the write-ahead log is joined to the file, and every row is read: a damaged backup is none.
        tables = _read_everything(part / DATABASE, named=database)
        manifest = Manifest(
            format=FORMAT,
            made_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            version=version("campaign-pulse"),
            duckdb=version("duckdb"),
            bqemulator=version("bqemulator"),
            bytes=(part / DATABASE).stat().st_size,
            sha256=_digest(part / DATABASE),
            tables=tables,
        )
        (part / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n")
        _sync(part / MANIFEST, part)
        _put(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return manifest


def restore(settings: Settings, folder: Path, *, force: bool = False) -> Manifest:
    """Puts a backup in the place of the warehouse; what it replaces stays until the restored file was read whole.

    A kill at any point leaves the old file or the restored one; the same call finishes it. Raises WarehouseError, Busy.
    """
    folder = folder.expanduser().resolve()
    manifest = read_manifest(folder)
    database = settings.warehouse_dir / DATABASE
    incoming, replaced = (database.with_name(f"{DATABASE}.{word}") for word in ("incoming", "replaced"))
    if database.exists() and not force:
        raise WarehouseError(f"{settings.warehouse_dir} holds a warehouse. Back it up, then replace it with --force.")
    settings.warehouse_dir.mkdir(parents=True, exist_ok=True)
    try:
        if _copy(folder / DATABASE, incoming) != manifest.sha256:
            raise WarehouseError(f"{folder / DATABASE} is not what its manifest says (SHA-256 differs). Restore another backup; nothing was changed.")
        # Before anything is stopped or replaced: a backup of another version of DuckDB may not open here.
        if _read_everything(incoming, named=folder / DATABASE) != manifest.tables:
            raise WarehouseError(f"{folder} does not hold the rows its manifest names. Restore another backup; nothing was changed.")
        with _at_rest(settings):
            _replace(database, incoming, replaced)
    finally:
        for file in (incoming, _log_of(incoming)):
            file.unlink(missing_ok=True)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Raises WarehouseError for a folder that is no backup."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except OSError as error:
        raise WarehouseError(f"{folder} is no backup: {MANIFEST} cannot be read ({error.strerror}). Name the folder that `pulse warehouse backup` made.") from error
    except (ValueError, TypeError) as error:
        raise WarehouseError(f"{folder / MANIFEST} is damaged. Restore another backup; nothing was changed.") from error
    if manifest.format != FORMAT:
        raise WarehouseError(f"{folder} has format {manifest.format}, this version reads {FORMAT}. Restore it with Campaign Pulse {manifest.version}.")
    if not (folder / DATABASE).is_file():
        raise WarehouseError(f"{folder} lacks {DATABASE}. Restore another backup; nothing was changed.")
    return manifest


@contextmanager
def _at_rest(settings: Settings) -> Iterator[None]:
    """Nobody writes the warehouse within: no run goes on, and the server's lock is ours, so that none starts. It starts anew if it ran."""
    if settings.env == "prod":
        raise WarehouseError("PULSE_ENV=prod uses BigQuery, which keeps its own copies: docs/operations.md, Backup.")
    files = ServerFiles(settings.warehouse_dir)
    with alone(settings):
        ran = files.is_owned()
        deadline = time.monotonic() + LOCK_SECONDS
        while (lock := files.take_lock()) is None:
            server_control.halt(files)
            if time.monotonic() > deadline:
                raise WarehouseError("The warehouse does not stop. Look at it:  pulse warehouse status")
            time.sleep(0.05)
        with lock:
            yield
    if ran:
        server_control.start(settings)


def _replace(database: Path, incoming: Path, replaced: Path) -> None:
    """The incoming file in the place of the database. At no moment is there no file: a server would make an empty one."""
    for file in (replaced, _log_of(replaced)):
        file.unlink(missing_ok=True)
    if database.exists():
        os.link(database, replaced)
    # The old log before the new file: DuckDB would replay it on what it was not written for.
    with suppress(FileNotFoundError):
        _log_of(database).rename(_log_of(replaced))
    incoming.replace(database)
    _sync(database.parent)
    for file in (replaced, _log_of(replaced)):
        file.unlink(missing_ok=True)


def _put(part: Path, folder: Path) -> None:
    """The finished folder under its name; an old one of that name goes only after."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _read_everything(file: Path, *, named: Path) -> dict[str, int]:
    """Rows by `dataset.table`, every block read, the write-ahead log joined to the file. Raises WarehouseError for a damaged one."""
    import duckdb

    try:
        with duckdb.connect(str(file)) as opened:
            opened.execute("CHECKPOINT")
            found = opened.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
            rows = {}
            for schema, table in found:
                # `count(*)` alone reads no rows.
                rows[schema, table] = opened.execute(f'SELECT count(*), bit_xor(hash(t)) FROM "{schema}"."{table}" AS t').fetchall()[0][0]
    except duckdb.Error as error:
        if says_damage(error):
            raise WarehouseError(advice(named, str(error).splitlines()[0])) from error
        raise WarehouseError(f"{named} cannot be read: {str(error).splitlines()[0][:200]}") from error
    project = f"{LOCAL_PROJECT}__"
    return {f"{schema.removeprefix(project)}.{table}": count for (schema, table), count in rows.items() if schema.startswith(project)}


def _copy(source: Path, target: Path) -> str:
    """Copies to the disk and returns the SHA-256 of what was read."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as write:
        while chunk := read.read(CHUNK):
            digest.update(chunk)
            write.write(chunk)
        write.flush()
        os.fsync(write.fileno())
    return digest.hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def _sync(*paths: Path) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")
