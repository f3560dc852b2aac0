"""S1 to S3: sessions that end when they should."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.auth import invites, passwords, sessions, signin, tokens, users, visitors
from app.auth.errors import AuthError, Refused
from app.auth.keys import signing_keys
from app.auth.tables import INVITES, SESSIONS
from app.auth.tokens import BadToken
from app.identity import Role
from tests.auth.conftest import NOW, PASSWORD

MINUTE = timedelta(minutes=1)
NEW = "another walk in the rain"


def test_S1_the_row_holds_a_hash_and_not_what_the_cookie_carries(engine, add):
    sid = sessions.start(engine, add().id, NOW)
    with engine.connect() as connection:
        stored = str(connection.execute(sa.select(SESSIONS)).all())
    assert sid not in stored and sessions.row_id(sid) in stored and len(sid) == 43
    assert sessions.live(engine, sid, NOW) and sessions.live(engine, sessions.row_id(sid), NOW) is None


def change_of(name):
    return {
        "password": lambda engine, user: signin.change_password(engine, user, PASSWORD, NEW, NOW, "192.0.2.1"),
        "disable": lambda engine, user: users.disable(engine, user, NOW),
        "role": lambda engine, user: users.set_role(engine, user, Role.ADMIN, NOW),
        "reset": lambda engine, user: users.set_password(engine, user, None, NOW),
        "revoke": lambda engine, user: users.end_sessions(engine, user, NOW),
    }[name]


@pytest.mark.parametrize("name", ["password", "disable", "role", "reset", "revoke"])
def test_S1_every_change_that_takes_away_ends_all_sessions_and_tokens_of_the_account_and_no_others(engine, add, name):
    user, other = add(role=Role.ANALYST), add("other@example.org")
    mine, theirs = [sessions.start(engine, each.id, NOW) for each in (user, user, other)][1:]
    now = datetime.now(UTC)
    token = tokens.issue(signing_keys(), tokens.API, user.id, now, gen=user.token_generation)
    assert visitors.of_bearer(token).user_id == user.id
    change_of(name)(engine, user)
    assert sessions.of_user(engine, user.id, NOW) == [] and sessions.live(engine, mine, NOW) is None
    assert sessions.live(engine, theirs, NOW)
    with pytest.raises(BadToken):
        visitors.of_bearer(token)


def test_S1_an_end_is_seen_by_who_asked_a_moment_ago(engine, add):
    sid = sessions.start(engine, add().id, datetime.now(UTC))
    assert visitors.of_session(sid).session.id == sessions.row_id(sid)
    sessions.end(engine, sessions.row_id(sid), datetime.now(UTC))
    assert visitors.of_session(sid) is None


def test_S1_a_cookie_that_names_another_account_than_its_session_is_none(engine, add):
    now = datetime.now(UTC)
    user, other = add(), add("other@example.org")
    sid = sessions.start(engine, user.id, now)
    assert visitors.of_cookie(tokens.issue(signing_keys(), tokens.WEB, user.id, now, jti=sid))[0] == sid
    assert visitors.of_cookie(tokens.issue(signing_keys(), tokens.WEB, other.id, now, jti=sid)) is None
    assert visitors.of_cookie("nonsense") is None


def test_S2_a_session_ends_after_twelve_hours_of_work_and_after_one_of_none(engine, add):
    sid = sessions.start(engine, add().id, NOW)
    assert sessions.live(engine, sid, NOW + sessions.IDLE - MINUTE) and sessions.live(engine, sid, NOW + sessions.IDLE) is None
    at = NOW
    while at < NOW + sessions.ABSOLUTE - 30 * MINUTE:
        sessions.seen(engine, sessions.live(engine, sid, at), at)
        at += 30 * MINUTE
    assert sessions.live(engine, sid, NOW + sessions.ABSOLUTE - MINUTE) and sessions.live(engine, sid, NOW + sessions.ABSOLUTE) is None


def test_S2_the_time_of_the_last_work_is_written_once_a_minute_at_most(engine, add):
    sid = sessions.start(engine, add().id, NOW)
    session = sessions.live(engine, sid, NOW)
    for seconds, written in ((30, 0), (61, 61), (90, 61), (125, 125)):
        at = NOW + timedelta(seconds=seconds)
        sessions.seen(engine, sessions.live(engine, sid, at), at)
        assert sessions.live(engine, sid, at).last_seen_at == NOW + timedelta(seconds=written)
    assert session.last_seen_at == NOW


def test_S3_every_login_has_a_new_session(engine, add):
    user = add()
    assert sessions.start(engine, user.id, NOW) != sessions.start(engine, user.id, NOW)


def test_a_link_works_once_and_sets_the_password(engine):
    user = users.create(engine, "new@example.org", "New", Role.VIEWER, NOW, "test")
    token = invites.issue(engine, user, NOW, "test")
    with pytest.raises(Refused):
        signin.sign_in(engine, "new@example.org", "", NOW, "192.0.2.1")
    assert invites.owner(engine, token, NOW).email == invites.owner(engine, token, NOW).email == "new@example.org", "looking uses nothing up"
    with pytest.raises(AuthError, match="12 are needed"):
        invites.use(engine, token, "short", NOW)
    assert invites.use(engine, token, PASSWORD, NOW).status == users.ACTIVE
    assert signin.sign_in(engine, "New@Example.org", PASSWORD, NOW, "192.0.2.1").id == user.id
    with pytest.raises(AuthError, match="has been used"):
        invites.use(engine, token, NEW, NOW)


def test_a_link_ends_after_48_hours_with_the_next_one_and_with_the_account(engine):
    user = users.create(engine, "new@example.org", "New", Role.VIEWER, NOW, "test")
    first = invites.issue(engine, user, NOW, "test")
    second = invites.issue(engine, user, NOW, "test")
    for token, at in ((first, NOW), (second, NOW + invites.LIFETIME), ("x", NOW), ("", NOW)):
        with pytest.raises(AuthError):
            invites.owner(engine, token, at)
    users.disable(engine, user, NOW)
    with pytest.raises(AuthError):
        invites.owner(engine, second, NOW)
    with engine.connect() as connection:
        assert second not in str(connection.execute(sa.select(INVITES)).all())


def test_the_last_admin_cannot_be_lost(engine, add):
    admin = add("admin@example.org", Role.ADMIN)
    for name in ("disable", "reset"):
        with pytest.raises(AuthError, match="last admin"):
            change_of(name)(engine, admin)
    with pytest.raises(AuthError, match="last admin"):
        users.set_role(engine, admin, Role.VIEWER, NOW)
    add("second@example.org", Role.ADMIN)
    users.disable(engine, admin, NOW)
    assert users.find(engine, admin.email).status == users.DISABLED


def test_enabling_brings_the_password_back_and_no_session(engine, add):
    user = add()
    sid = sessions.start(engine, user.id, NOW)
    users.disable(engine, user, NOW)
    users.enable(engine, users.find(engine, user.email), NOW)
    assert signin.sign_in(engine, user.email, PASSWORD, NOW, "192.0.2.1") and sessions.live(engine, sid, NOW) is None


def test_what_an_account_sees_is_what_was_granted_and_an_admin_sees_all(engine, add):
    user, admin = add(), add("admin@example.org", Role.ADMIN)
    assert users.identity(engine, user).campaigns == frozenset() and users.identity(engine, admin).campaigns is None
    for _ in range(2):
        users.grant(engine, user, "alpha", NOW, "test")
    assert users.identity(engine, user).campaigns == {"alpha"}
    users.grant(engine, user, users.EVERY_CAMPAIGN, NOW, "test")
    assert users.identity(engine, user).campaigns is None
    assert users.ungrant(engine, user, users.EVERY_CAMPAIGN) and not users.ungrant(engine, user, users.EVERY_CAMPAIGN)
    assert users.identity(engine, user).campaigns == {"alpha"}


def test_a_changed_password_leaves_the_old_one_useless(engine, add):
    user = add()
    signin.change_password(engine, user, PASSWORD, NEW, NOW, "192.0.2.1")
    assert passwords.fits(NEW, users.find(engine, user.email).password_hash)
    with pytest.raises(Refused):
        signin.change_password(engine, user, PASSWORD, "yet another sentence", NOW, "192.0.2.1")


@pytest.mark.parametrize("address", ["", "no address", "@", "a@b,c@d", "a b@c", "<x>@y", "a@b\nc", "x" * 250 + "@y.org", "a@\u202eb"])
def test_what_is_no_address_names_no_account(engine, address):
    with pytest.raises(AuthError, match="no e-mail address"):
        users.email_of(address)


def test_an_account_is_found_however_its_address_is_typed(engine, add):
    user = add("vera@example.org")
    assert users.find(engine, "  VERA@Example.ORG ").id == user.id
    with pytest.raises(AuthError, match="has an account"):
        add("Vera@example.org")
    assert "argon2" not in repr(user)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dTpw", "token", "Bearer nonsense"])
def test_a_header_without_a_good_bearer_token_is_nobody(engine, header):
    with pytest.raises(BadToken):
        visitors.of_authorization(header)


def test_a_bearer_token_is_its_account_with_what_it_may_see(engine, add):
    user = add(role=Role.ANALYST)
    users.grant(engine, user, "alpha", NOW, "test")
    token = tokens.issue(signing_keys(), tokens.API, user.id, datetime.now(UTC), gen=user.token_generation)
    identity = visitors.of_authorization(f"bearer {token}")
    assert (identity.role, identity.campaigns, identity.session_id) == (Role.ANALYST, {"alpha"}, None)
