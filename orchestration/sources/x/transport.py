"""Where requests go: tweepy has X's old host written into its code, so an adapter mounted on its session sends them on."""

import os
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from orchestration.redaction import keep_secrets_out_of_logs
from orchestration.sources.x.errors import AuthError, BadQuery

TWEEPY_HOST = "https://api.twitter.com/"
TOKEN = "X_BEARER_TOKEN"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# tweepy's client gives no limit and would hang for ever on a silent socket, its stream and newsapi-python give some of their own.
CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0


class RedirectAdapter(HTTPAdapter):
    """Sends what a library addresses to its own host to `base_url`, within `timeout` whatever limit the library gives."""

    def __init__(self, base_url: str, timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)) -> None:
        self._base, self._timeout = checked_base_url(base_url), timeout
        super().__init__()

    def send(self, request: requests.PreparedRequest, *given: Any, **named: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        request.url = f"{self._base}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().send(request, *given, **named | {"timeout": self._timeout})


def mount(session: requests.Session, base_url: str, timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)) -> None:
    """Sends the session's requests to `base_url`. Raises BadQuery for an address that would show the token."""
    # A .netrc or a proxy of the environment must not see or replace the token.
    session.trust_env = not is_loopback(base_url)
    session.mount(TWEEPY_HOST, RedirectAdapter(base_url, timeout))


def checked_base_url(base_url: str) -> str:
    """Raises BadQuery unless it is https, or http on this machine: otherwise the token would travel in clear."""
    parts = urlsplit(base_url)
    if parts.scheme == "https" and parts.hostname:
        return base_url.rstrip("/")
    if parts.scheme == "http" and is_loopback(base_url):
        return base_url.rstrip("/")
    raise BadQuery(
        f"PULSE_X_BASE_URL is {base_url!r}: the token would travel in clear. Use https://, or http://127.0.0.1:PORT for a local stub."
    )


def is_loopback(base_url: str) -> bool:
    return urlsplit(base_url).hostname in LOOPBACK


def bearer_token() -> str:
    """The token of the environment. Raises AuthError that says how to set it."""
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        raise AuthError(f"{TOKEN} is not set. Set it:  export {TOKEN}=...  (without an account: make demo-live)")
    keep_secrets_out_of_logs()
    return token
