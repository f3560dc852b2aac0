"""A managed dashboard on a page of its own: which address may be framed, and which may not. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.auth.errors import AuthError
from orchestration.settings import Settings

VARIABLE = "PULSE_EMBED_URL"
LONGEST = 2_000
# The signs of RFC 3986 without `;` and `,`, which end or part what stands in a policy, and without quotation marks.
URL = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&()*+=%]+")
# A name of at least two parts: no wildcard, no number, no name of this network alone.
HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


class NotEmbeddable(AuthError):
    """The address in PULSE_EMBED_URL cannot be framed; the message says why, never the address: it may hold a key."""


@dataclass(frozen=True)
class Embedded:
    """`origin` is what the Content-Security-Policy names, `host` what a reader is told."""

    url: str
    origin: str
    host: str


def embedded(settings: Settings) -> Embedded | None:
    """None without one. Raises NotEmbeddable."""
    url = settings.embed_url
    if not url:
        return None
    if len(url) > LONGEST or not URL.fullmatch(url):
        raise _refused("it is no single address of at most 2,000 signs; spaces, commas, semicolons and quotation marks must be written as %XX")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused("its host or port cannot be read") from None
    if parts.scheme != "https":
        raise _refused("only https is framed")
    if parts.username is not None or parts.password is not None:
        raise _refused("it has a user or password in front of the host")
    if not HOST.fullmatch(host):
        raise _refused("its host is no full name such as lookerstudio.google.com")
    return Embedded(url, f"https://{host}" + (f":{port}" if port not in (None, 443) else ""), host)


def _refused(why: str) -> NotEmbeddable:
    return NotEmbeddable(f"{VARIABLE} cannot be embedded: {why}. Copy the address that the dashboard's own “Embed” gives, or leave it out for no page.")
