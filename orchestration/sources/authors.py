"""Pseudonyms of authors: keyed hashes, which nobody without the salt can turn back by trying all ids."""

import hmac
import os
from functools import lru_cache

from orchestration.sources.base import SourceError

SALT = "PULSE_AUTHOR_SALT"
DIGITS = 16
# An author writes many posts of an archive.
REMEMBERED = 16_384


def author_key(author_id: str | None, handle: str | None) -> str | None:
    """16 hex digits: a keyed hash of the id, else of the handle; None when both are unknown.

    The same author keeps the key in every archive that names the id, as long as the salt stays. Raises SourceError
    without a salt.
    """
    if author_id:
        return keyed_hash(f"id:{author_id}", DIGITS)
    if handle:
        return keyed_hash(f"handle:{handle.lstrip('@＠').casefold()}", DIGITS)
    return None


def keyed_hash(text: str, digits: int) -> str:
    """The first `digits` hex digits of HMAC-SHA256 with the salt. Raises SourceError without a salt."""
    return _hashed(salt(), text)[:digits]


def salt() -> bytes:
    """Raises SourceError without one."""
    value = os.environ.get(SALT)
    if not value:
        raise SourceError(
            f"{SALT} is not set: without it authors have no pseudonyms. Set it to a secret of 32 characters or more, always the same."
        )
    return value.encode()


def digest(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode("utf-8", "replace"), "sha256")


@lru_cache(REMEMBERED)
def _hashed(key: bytes, text: str) -> str:
    return digest(key, text).hex()
