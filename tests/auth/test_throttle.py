"""L1: guessing is made slow, and nobody is locked out for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.auth import audit, passwords, signin, throttle
from app.auth.errors import Refused, Throttled
from tests.auth.conftest import HASH, NOW, PASSWORD

SECOND = timedelta(seconds=1)


def test_the_wait_doubles_from_two_seconds_to_a_quarter_of_an_hour_after_the_last_failure():
    waits = [throttle.wait([NOW] * failures, 5, NOW) / SECOND for failures in (0, 4, 5, 6, 7, 13, 14, 500)]
    assert waits == [0, 0, 2, 4, 8, 512, 900, 900]
    assert throttle.wait([NOW] * 5, 5, NOW + SECOND) == SECOND and not throttle.wait([NOW] * 5, 5, NOW + 2 * SECOND)


def fail(engine, times, account="vera@example.org", address="192.0.2.1", now=NOW):
    for _ in range(times):
        throttle.admit(engine, account, address, now)


def test_L1_the_sixth_wrong_password_of_an_account_waits_from_whatever_address(engine):
    for number in range(5):
        fail(engine, 1, address=f"192.0.2.{number}")
    with pytest.raises(Throttled) as refused:
        fail(engine, 1, address="192.0.2.77")
    assert refused.value.seconds == 2
    fail(engine, 1, address="192.0.2.77", now=NOW + 2 * SECOND)
    fail(engine, 1, account="other@example.org", address="192.0.2.77")


def test_L1_an_address_that_tries_many_accounts_waits(engine):
    for number in range(20):
        fail(engine, 1, account=f"{number}@example.org")
    with pytest.raises(Throttled):
        fail(engine, 1, account="20@example.org")
    fail(engine, 1, account="20@example.org", address="192.0.2.2")


def test_L1_a_network_of_ipv6_is_one_address(engine):
    keys = {throttle.address_key(f"2001:db8:0:1::{number}") for number in (1, 2)}
    assert len(keys) == 1 and throttle.address_key("2001:db8:0:2::1") not in keys
    assert throttle.address_key("::ffff:192.0.2.1") == "192.0.2.1" and throttle.address_key("testclient") == "unknown"


def test_L1_a_hundred_at_once_are_a_hundred(engine):
    """Looked at and counted in one transaction: when each looked first and counted after its hash, all of them got through."""

    def attempt(_):
        try:
            throttle.admit(engine, "vera@example.org", "192.0.2.1", NOW)
        except Throttled:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(100))) == 5


def test_L1_what_is_sent_away_does_not_lengthen_the_wait_and_all_is_forgotten_after_an_hour(engine):
    fail(engine, 5)
    for _ in range(50):
        with pytest.raises(Throttled) as refused:
            fail(engine, 1, now=NOW + SECOND)
    assert refused.value.seconds == 1
    fail(engine, 5, now=NOW + throttle.WINDOW + SECOND)


def test_L1_a_success_clears_the_account_and_not_the_address(engine):
    fail(engine, 4)
    throttle.succeeded(engine, throttle.admit(engine, "vera@example.org", "192.0.2.1", NOW))
    fail(engine, 5, address="192.0.2.9")
    with pytest.raises(Throttled):
        fail(engine, 1, address="192.0.2.9")
    for number in range(16):
        fail(engine, 1, account=f"{number}@example.org")
    with pytest.raises(Throttled):
        fail(engine, 1, account="16@example.org")


def test_L1_counters_outlive_a_restart(engine):
    from app.auth import store

    fail(engine, 5)
    engine.dispose()
    store._opened.cache_clear()
    with pytest.raises(Throttled):
        fail(store.opened(), 1)


def test_L2_unknown_disabled_invited_and_wrong_have_one_answer(engine, add):
    from app.auth import users

    add("wrong@example.org")
    users.disable(engine, add("closed@example.org"), NOW)
    users.set_password(engine, add("invited@example.org"), None, NOW)
    said = set()
    for email, password in (("wrong@example.org", "not these words"), ("closed@example.org", PASSWORD), ("invited@example.org", PASSWORD), ("none@example.org", PASSWORD), ("x", "")):
        with pytest.raises(Refused) as refused:
            signin.sign_in(engine, email, password, NOW, "192.0.2.1")
        said.add(str(refused.value))
    assert len(said) == 1


def test_L2_an_unknown_account_is_throttled_as_a_known_one_is(engine, add):
    add()
    said = set()
    for email in ("vera@example.org", "nobody@example.org"):
        fail(engine, 5, account=email)
        with pytest.raises(Throttled) as refused:
            signin.sign_in(engine, email.upper(), PASSWORD, NOW, "192.0.2.3")
        said.add((str(refused.value), refused.value.seconds))
    assert len(said) == 1


def test_P1_a_login_brings_an_old_hash_to_todays_parameters(engine, add, monkeypatch):
    from argon2 import PasswordHasher

    from app.auth import users

    user = add()
    users.rehash(engine, user, PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD))
    signin.sign_in(engine, user.email, PASSWORD, NOW, "192.0.2.1")
    found = users.find(engine, user.email)
    assert not passwords.needs_rehash(found.password_hash) and passwords.fits(PASSWORD, found.password_hash)
    assert found.token_generation == user.token_generation, "it is the same password: nobody is signed out"


def test_a_failed_login_leaves_no_password_in_the_audit(engine, add, caplog):
    """People type their password where the address belongs."""
    add()
    with caplog.at_level("INFO", "pulse.audit"):
        for email, password in (("my secret words", "vera@example.org"), ("secret@words", "x"), ("vera@example.org", "my secret words")):
            with pytest.raises(Refused):
                signin.sign_in(engine, email, password, NOW, "192.0.2.1")
    rows = audit.newest(engine)
    assert [row["actor"] for row in rows] == ["vera@example.org", "", ""] and {row["outcome"] for row in rows} == {"refused"}
    assert "secret" not in str(rows) + caplog.text and HASH not in str(rows) and len(caplog.records) == 3
