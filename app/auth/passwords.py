"""Passwords: argon2id with the parameters of RFC 9106 for little memory (t = 3, 64 MiB, p = 4), and which passwords are taken at all."""

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.auth.errors import AuthError

SHORTEST, LONGEST = 12, 128
# Each verification takes 64 MiB and all of a core; more at once would be a way to stop the site. See routes.HASHING.
AT_ONCE = 2
# "aaaaaaaaaaaa" and "121212121212": fewer different characters than this are no secret at any length.
DIFFERENT = 5
HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """An argon2id hash in its standard text form, of the password as it is compared (NFKC)."""
    return HASHER.hash(_compared(password))


def fits(password: str, password_hash: str | None) -> bool:
    """Whether it is the password. Without a hash the answer is no, after the same work, so that time tells nothing about accounts."""
    try:
        HASHER.verify(password_hash or _of_nobody(), _compared(password)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def check_policy(password: str, email: str, name: str = "") -> None:
    """Raises AuthError with what to change. Length, common passwords and one's own names; no rule of composition (NIST SP 800-63B, 5.1.1.2)."""
    compared = _compared(password)
    if len(compared) < SHORTEST:
        raise AuthError(f"The password has {len(compared)} characters; {SHORTEST} are needed. Several words are easy to remember.")
    if len(compared) > LONGEST:
        raise AuthError(f"The password has more than {LONGEST} characters. Take a shorter one.")
    lower = compared.casefold()
    if len(set(lower)) < DIFFERENT or lower in _common() or _bare(lower) in _common():
        raise AuthError("This password is one of those that are tried first. Take several words that have nothing to do with each other.")
    own = {part for part in re.split(r"\W+", f"{email} {name} campaign pulse".casefold()) if len(part) >= 4}
    rest = re.sub("|".join(map(re.escape, own)), "", lower)
    if rest != lower and sum(character.isalpha() for character in rest) < SHORTEST // 2:
        raise AuthError("This password is little more than your own name or ours. Take several words that have nothing to do with each other.")


def _compared(password: str) -> str:
    """The same keys give the same password, whether the keyboard composes é or e and an accent."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()


def _bare(lower: str) -> str:
    """Without the digits and signs around: `!password2026` is `password`."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", lower)


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _of_nobody() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
