"""The keys that sign tokens: the first signs, all verify, so that a new one can be put before the old one."""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from functools import lru_cache

from app.auth.errors import AuthError
from app.auth.store import auth_folder
from orchestration.settings import Settings

VARIABLE = "PULSE_JWT_KEYS"
# RFC 7518 3.2: a key of HS256 has at least the 256 bits of its hash.
SHORTEST = 32
# 32 drawn bytes have about 30 different ones; fewer than 16 come once in 10^15 draws. Typed text and zeros have fewer.
DIFFERENT = 16
NEW_KEY = """python -c "import base64, secrets; print('2026a:' + base64.b64encode(secrets.token_bytes(32)).decode())\""""


def signing_keys() -> Mapping[str, bytes]:
    """Key id to key, the signing one first. Raises AuthError."""
    return _keys(os.environ.get(VARIABLE), os.environ.get("PULSE_HOME"), os.environ.get("PULSE_ENV"))


@lru_cache(maxsize=8)
def _keys(given: str | None, home: str | None, env: str | None) -> Mapping[str, bytes]:
    settings = Settings()
    if given:
        return parse(given)
    if settings.env == "prod":
        raise AuthError(f"PULSE_ENV=prod needs {VARIABLE}. Make a key, keep it where you keep secrets, and set it:  {NEW_KEY}")
    return parse(_kept_in_the_home(settings))


def parse(text: str) -> Mapping[str, bytes]:
    """`kid:base64,kid:base64`. Raises AuthError without any part of a key in it."""
    keys: dict[str, bytes] = {}
    for number, part in enumerate(text.split(","), start=1):
        kid, colon, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise AuthError(f"Key {number} of {VARIABLE} is not base64. Make another:  {NEW_KEY}") from None
        if not colon or not kid.isalnum() or kid in keys:
            raise AuthError(f"Key {number} of {VARIABLE} needs a name of its own, of letters and digits. Make another:  {NEW_KEY}")
        if len(key) < SHORTEST or len(set(key)) < DIFFERENT:
            raise AuthError(f"Key {kid} of {VARIABLE} is too weak: {SHORTEST} bytes drawn at random are needed. Make another:  {NEW_KEY}")
        keys[kid] = key
    return keys


def _kept_in_the_home(settings: Settings) -> str:
    """The key of this home, made once; two processes that start together agree on one."""
    file = auth_folder(settings) / "jwt_keys"
    fresh = auth_folder(settings) / f"jwt_keys.{secrets.token_hex(4)}"
    if not file.exists():
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
            opened.write(f"local:{base64.b64encode(secrets.token_bytes(SHORTEST)).decode()}\n")
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text(encoding="utf-8").strip()
