"""P1 and P2: how passwords are kept, and which are taken."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from app.auth import passwords
from app.auth.errors import AuthError
from tests.auth.conftest import HASH, PASSWORD

REAL = passwords.HASHER


def test_P1_a_hash_is_argon2id_with_rfc_9106s_parameters_for_little_memory():
    used = extract_parameters(HASH)
    assert (used.type, used.time_cost, used.memory_cost, used.parallelism, used.salt_len) == (Type.ID, 3, 64 * 1024, 4, 16)
    assert passwords.fits(PASSWORD, HASH) and not passwords.fits(PASSWORD + " ", HASH)


def test_P1_a_hash_of_other_parameters_is_made_anew():
    old = PasswordHasher(time_cost=2, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    assert passwords.needs_rehash(old) and passwords.fits(PASSWORD, old) and not passwords.needs_rehash(HASH)


def test_P1_a_damaged_hash_fits_nothing():
    assert not passwords.fits(PASSWORD, "$argon2id$v=19$broken")


def test_P2_the_length_counts_and_no_composition_is_asked_for():
    for taken in ("ferns under slow rain", "a" * 5 + "bcdefgh", "ÄÖÜ ÄÖÜ äß éè", "x1" + "abcdefghij" * 12):
        passwords.check_policy(taken, "vera@example.org")
    for refused in ("short", "elevenchars", "abcde" * 26):
        with pytest.raises(AuthError, match="characters"):
            passwords.check_policy(refused, "vera@example.org")


@pytest.mark.parametrize(
    "common", ["password1234", "PassWord1234!", "qwertyuiop123", "!!princess2026!!", "aaaaaaaaaaaaaa", "121212121212", "manchesterunited", "ｐａｓｓｗｏｒｄ１２３４"]
)
def test_P2_what_everybody_tries_is_refused(common):
    with pytest.raises(AuthError, match="tried first"):
        passwords.check_policy(common, "vera@example.org")


@pytest.mark.parametrize("own", ["veraexample1", "VERA@example.org", "campaignpulse", "Campaign-Pulse1", "vera-lind-01"])
def test_P2_ones_own_address_and_the_products_name_are_refused(own):
    with pytest.raises(AuthError, match="little more than"):
        passwords.check_policy(own, "vera@example.org", "Vera Lind")


def test_P2_a_password_is_the_same_however_the_keyboard_composes_it():
    assert passwords.fits("re\u0301sume\u0301 of a summer", passwords.hashed("r\u00e9sum\u00e9 of a summer"))


@pytest.mark.parametrize("text", ["", "\x00" * 12, "\ud800 broken text here", "x" * 1_000_000])
def test_no_text_is_an_error_to_compare(text):
    assert not passwords.fits(text, HASH)


def test_L2_an_unknown_account_takes_the_work_of_a_wrong_password(monkeypatch):
    """Counted, not timed: a timing on a busy machine proves nothing."""
    verified = []

    class Counting:
        def verify(self, password_hash, password):
            verified.append(extract_parameters(password_hash))
            return REAL.verify(password_hash, password)

        hash = staticmethod(passwords.HASHER.hash)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert not passwords.fits("not the right words", HASH) and not passwords.fits("not the right words", None)
    assert len(verified) == 2 and verified[0] == verified[1]
