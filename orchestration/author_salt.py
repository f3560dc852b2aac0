"""The secret salt of pseudonyms: given by the environment, or made once for a home on this machine."""

import os
import secrets

from orchestration.settings import Settings
from orchestration.sources.authors import SALT
from orchestration.sources.base import SourceError

FILE = "author.salt"
# Shorter ones can be guessed; then the hashes can be turned back.
SHORTEST = 16


def ensure_author_salt(settings: Settings) -> None:
    """Puts the salt into the environment of this process, for `author_key`.

    On this machine a random one is made once and kept in `<home>/author.salt`, which its owner alone may read. Raises
    SourceError in prod without one, and for one that can be guessed.
    """
    salt = os.environ.get(SALT) or (None if settings.env == "prod" else _of_home(settings))
    if not salt:
        raise SourceError(
            f"{SALT} is not set. PULSE_ENV=prod needs a secret salt for the pseudonyms of authors, the same on every machine and for "
            f'ever: make one with  python -c "import secrets; print(secrets.token_hex(32))"  and keep it with your secrets.'
        )
    if len(salt) < SHORTEST:
        raise SourceError(f"{SALT} has {len(salt)} characters and could be guessed. Use {SHORTEST} or more, by chance.")
    os.environ[SALT] = salt


def salt_of_what_is_stored(settings: Settings) -> str:
    """The salt of the posts that this home has: its own where it made one, else that of the environment. Empty for neither."""
    file = settings.root / FILE
    return file.read_text(encoding="ascii").strip() if file.exists() else os.environ.get(SALT, "")


def _of_home(settings: Settings) -> str:
    file = settings.root / FILE
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{FILE}.{os.getpid()}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
            opened.write(secrets.token_hex(32))
        try:
            # A link fails where another process was first: then both use that one's.
            os.link(part, file)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return file.read_text(encoding="ascii").strip()
