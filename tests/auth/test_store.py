"""The database of accounts: its steps, its permissions, its trail."""

import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.auth import audit, store
from app.auth.errors import AuthError
from app.auth.tables import METADATA
from orchestration.settings import REPOSITORY, Settings
from tests.auth.conftest import NOW


def test_the_steps_make_the_tables_that_the_code_uses(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_opening_again_changes_nothing_and_a_newer_database_is_refused(engine, tmp_path):
    settings = Settings(home=tmp_path)
    audit.record(engine, NOW, "test", "somebody")
    assert len(audit.newest(store.open_database(settings))) == 1
    with store.writing(engine) as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(AuthError, match="newer version"):
        store.open_database(settings)


def test_processes_that_start_together_make_the_tables_once(tmp_path):
    code = f"from orchestration.settings import Settings; from app.auth import store; store.open_database(Settings(home={str(tmp_path)!r}))"
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate(timeout=120)[1], process.returncode) for process in started] == [("", 0)] * 3


def test_only_the_owner_may_read_the_accounts(engine, tmp_path):
    folder = tmp_path / "auth"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.name: oct(file.stat().st_mode & 0o077) for file in folder.iterdir() if file.name.startswith("users")} == dict.fromkeys(("users.sqlite", "users.sqlite-wal", "users.sqlite-shm"), "0o0")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma foreign_keys").scalar() == 1


@pytest.mark.parametrize("statement", ["update audit set actor = 'x'", "delete from audit"])
def test_the_audit_is_append_only(engine, statement):
    audit.record(engine, NOW, "test", "somebody")
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), store.writing(engine) as connection:
        connection.execute(sa.text(statement))
    assert audit.newest(engine)[0]["actor"] == "somebody"


def test_a_line_of_the_audit_is_one_line_whatever_stands_in_it(engine, caplog):
    with caplog.at_level("INFO", "pulse.audit"):
        audit.record(engine, NOW, "test", "some\nbody", "t" * 1_000, user_agent="a\r\nforged: line", name="x\ny")
    assert "\n" not in caplog.records[0].getMessage() and "\r" not in caplog.records[0].getMessage()
    assert len(audit.newest(engine)[0]["target"]) == 254


@pytest.mark.parametrize("url", ["nonsense", "postgresql+psycopg://u:hidden@127.0.0.1:1/x", "mysql+nodriver://u:hidden@h/x"])
def test_an_error_of_the_database_never_shows_its_password(tmp_path, url):
    with pytest.raises(AuthError) as refused:
        store.open_database(Settings(home=tmp_path), url)
    assert "hidden" not in str(refused.value) and store.URL_VARIABLE in str(refused.value)


def test_the_steps_can_be_said_in_postgres(tmp_path):
    """No Postgres runs here: its statements are made by Alembic and read, not executed."""
    import io

    from alembic import command
    from alembic.config import Config

    written = io.StringIO()
    config = Config(output_buffer=written)
    config.set_main_option("script_location", str(store.MIGRATIONS))
    config.attributes["connection"] = None
    config.attributes["dialect"] = "postgresql"
    command.upgrade(config, "head", sql=True)
    assert "CREATE TABLE users" in written.getvalue() and "create trigger audit_is_append_only" in written.getvalue()
    assert "TIMESTAMP WITH TIME ZONE" in written.getvalue()
