"""`pulse users` as an operator types it."""

import re

import pytest
from typer.testing import CliRunner

from app.auth import audit, sessions, signin, users
from app.auth.errors import Refused
from app.auth.tables import INVITES
from app.identity import Role
from orchestration.cli.app import app
from tests.auth.conftest import NOW, PASSWORD


@pytest.fixture
def pulse(engine):
    def run(*words, code=0, typed=None):
        done = CliRunner().invoke(app, ["users", *words], input=typed)
        assert done.exit_code == code, done.output
        return done.output

    return run


def test_an_account_is_made_with_a_password_that_is_typed_and_never_an_option(pulse, engine):
    said = pulse("create", "Ana@Example.org", "--role", "analyst", "--campaigns", "sample", typed=f"{PASSWORD}\n")
    assert "ana@example.org may sign in as analyst" in said and "sees sample" in said
    assert signin.sign_in(engine, "ana@example.org", PASSWORD, NOW, "192.0.2.1").role is Role.ANALYST
    for refused in (["--password", "x"], ["-p", "x"]):
        pulse("create", "b@example.org", *refused, code=2)
    assert "tried first" in pulse("create", "b@example.org", typed="password1234\n", code=1)
    assert [user.email for user in users.everybody(engine)] == ["ana@example.org"]


def test_an_invitation_prints_a_link_of_the_sites_address_and_keeps_its_hash_alone(pulse, engine, monkeypatch):
    monkeypatch.setenv("PULSE_SITE_URL", "https://pulse.example.org/")
    said = pulse("invite", "vera@example.org")
    (token,) = re.findall(r"https://pulse\.example\.org/invite/([\w-]{43})\n", said)
    assert "sees no campaign yet" in said and "48 hours" in said
    with engine.connect() as connection:
        assert token not in str(connection.execute(INVITES.select()).all()) and token not in str(audit.newest(engine))
    assert "has an account" in pulse("invite", "VERA@example.org", code=1)


def test_a_reset_ends_the_password_and_the_sessions_and_prints_a_link(pulse, engine, add):
    user = add()
    sid = sessions.start(engine, user.id, NOW)
    assert "/invite/" in pulse("reset", "vera@example.org")
    with pytest.raises(Refused):
        signin.sign_in(engine, "vera@example.org", PASSWORD, NOW, "192.0.2.1")
    assert sessions.live(engine, sid, NOW) is None
    assert "/invite/" in pulse("reset", "vera@example.org"), "again, when the link was lost"


def test_grants_are_of_campaigns_that_there_are(pulse, add):
    add()
    assert "sees sample" in pulse("grant", "vera@example.org", "sample")
    assert "nothere" in pulse("grant", "vera@example.org", "nothere", code=1)
    assert "sees every one" in pulse("grant", "vera@example.org", "*")
    assert "sees sample" in pulse("ungrant", "vera@example.org", "*")
    assert "no campaign yet" in pulse("ungrant", "vera@example.org", "sample")
    assert "had no grant" in pulse("ungrant", "vera@example.org", "sample", code=1)


def test_closing_and_opening_roles_and_sessions(pulse, engine, add):
    from datetime import UTC, datetime

    add("admin@example.org", Role.ADMIN)
    user = add()
    sessions.start(engine, user.id, datetime.now(UTC), "192.0.2.7", "Firefox\x1b[31m")
    assert "192.0.2.7" in pulse("sessions", "vera@example.org") and "\x1b" not in pulse("sessions", "vera@example.org")
    assert "1 sessions" in pulse("revoke", "vera@example.org") and "Nowhere" in pulse("sessions", "vera@example.org")
    assert "is analyst now" in pulse("set-role", "vera@example.org", "analyst")
    assert "viewer, analyst, admin" in pulse("set-role", "vera@example.org", "king", code=1)
    assert "is disabled" in pulse("disable", "vera@example.org") and "Enable it first" in pulse("reset", "vera@example.org", code=1)
    assert "is enabled" in pulse("enable", "vera@example.org")
    assert "last admin" in pulse("disable", "admin@example.org", code=1)
    assert "has no account" in pulse("disable", "nobody@example.org", code=1)
    listed = pulse("list")
    assert "vera@example.org" in listed and "analyst" in listed and "every one" in listed
    trail = pulse("audit", "--last", "3")
    assert "enable" in trail and "disable" in trail and "command line" in trail


def test_nobody_yet_says_what_to_do(pulse):
    assert "pulse users invite EMAIL --role admin" in pulse("list")


def test_the_first_admin_has_a_link_until_somebody_can_sign_in(engine, monkeypatch):
    from app.auth import invites
    from orchestration.cli.users import first_admin_link
    from orchestration.settings import Settings

    first, second = (first_admin_link(Settings()) for _ in range(2))
    assert first != second and first.startswith("http://127.0.0.1:8501/invite/")
    from datetime import UTC, datetime

    admin = invites.use(engine, second.rpartition("/")[2], PASSWORD, datetime.now(UTC))
    assert admin.role is Role.ADMIN and first_admin_link(Settings()) is None
