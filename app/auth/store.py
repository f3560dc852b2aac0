"""The database of accounts: SQLite in the home by default, any other by its URL. Opening it brings its tables up to date."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.auth.errors import AuthError
from orchestration.settings import Settings

# It may hold a password, so it is no setting: it stands in no list and in no log.
URL_VARIABLE = "PULSE_AUTH_DATABASE_URL"
MIGRATIONS = Path(__file__).with_name("migrations")
# Any number that others on the same Postgres do not take.
POSTGRES_LOCK = 0x70756C7365


def auth_folder(settings: Settings) -> Path:
    """The folder of accounts and keys in the home, which only its owner may enter."""
    folder = settings.root / "auth"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def opened() -> sa.Engine:
    """The database that the environment names. Raises AuthError where it cannot be opened."""
    return _opened(os.environ.get("PULSE_HOME"), os.environ.get(URL_VARIABLE))


@lru_cache(maxsize=8)
def _opened(home: str | None, url: str | None) -> sa.Engine:
    return open_database(Settings(), url)


def open_database(settings: Settings, url: str | None = None) -> sa.Engine:
    """An engine on up-to-date tables. Raises AuthError, whose message never has the URL: it may hold a password."""
    if url is None:
        file = auth_folder(settings) / "users.sqlite"
        # Made by hand first: SQLite would make it readable by everybody, and its journal takes the file's mode.
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        url = f"sqlite:///{file}"
    try:
        engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except sa.exc.ArgumentError:
        raise AuthError(f"{URL_VARIABLE} is no database URL. Write it like postgresql+psycopg://USER:PASSWORD@HOST/DATABASE") from None
    except ModuleNotFoundError as error:
        raise AuthError(f"The driver of {URL_VARIABLE} is not installed ({error.name}). For Postgres:  pip install 'psycopg[binary]'") from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        _migrate(engine, settings)
    except sa.exc.OperationalError as error:
        raise AuthError(f"The database of accounts does not answer ({type(error.orig).__name__}). Check {URL_VARIABLE}, or the folder {settings.root / 'auth'}.") from None
    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that sees and writes as one: what is read in it still holds when it commits."""
    with engine.connect().execution_options(pulse_writing=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            # Logins are rare; one at a time is simpler than a retry of what could not be serialised.
            connection.execute(sa.text("select pg_advisory_xact_lock(:lock)"), {"lock": POSTGRES_LOCK})
        yield connection


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: object) -> None:
        # The driver's own idea of when a transaction begins is switched off; `on_begin` says it.
        connection.isolation_level = None
        for pragma in ("journal_mode = wal", "foreign_keys = on", "busy_timeout = 10000", "synchronous = normal"):
            connection.execute(f"pragma {pragma}")

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("pulse_writing", False)
        connection.exec_driver_sql("begin immediate" if writes else "begin")


def _migrate(engine: sa.Engine, settings: Settings) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    head = ScriptDirectory.from_config(config).get_current_head()
    if _revision(engine) == head:
        return
    # SQLite's write lock would do, were it not that two processes may find the tables missing at once.
    with (auth_folder(settings) / "migrate.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError:
                raise AuthError("The database of accounts was made by a newer version of Campaign Pulse. Update this one, or name another database.") from None


def _revision(engine: sa.Engine) -> str | None:
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
