"""Where requests for news go: newsapi-python has its host written into its code, so its session sends them on."""

import os
from urllib.parse import urlsplit

import requests

from orchestration.redaction import keep_secrets_out_of_logs
from orchestration.sources.news.base import NewsError
from orchestration.sources.x.errors import BadQuery
from orchestration.sources.x.transport import (
    CONNECT_SECONDS,
    READ_SECONDS,
    RedirectAdapter,
    checked_base_url,
    is_loopback,
)

ADDRESS = "https://newsapi.org"
KEY = "NEWSAPI_KEY"


def news_session(base_url: str, timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)) -> requests.Session:
    """A session for newsapi-python. Raises NewsError for an address that would show the key."""
    session = requests.Session()
    # A .netrc or a proxy of the environment must not see or replace the key on its way to a stub.
    session.trust_env = not is_loopback(base_url)
    # The service redirects nowhere; whoever does would be given the key.
    session.max_redirects = 0
    session.mount(f"{ADDRESS}/", RedirectAdapter(checked_address(base_url), timeout))
    return session


def checked_address(base_url: str) -> str:
    """Raises NewsError unless it is https, or http on this machine: otherwise the key would travel in clear."""
    try:
        return checked_base_url(base_url)
    except BadQuery:
        raise NewsError(
            f"PULSE_NEWSAPI_BASE_URL is {base_url!r}: the key would travel in clear. "
            "Use https://, or http://127.0.0.1:PORT for a local stub."
        ) from None


def checked_gdelt_address(base_url: str) -> str:
    """Raises NewsError unless it is https, or http on this machine: what is asked for would be read, and the answer changed, on its way."""
    try:
        return checked_base_url(base_url)
    except BadQuery:
        raise NewsError(
            f"PULSE_GDELT_BASE_URL is {base_url!r}: the question would travel in clear. Use https://, or http://127.0.0.1:PORT for a local stub."
        ) from None


def is_stub(base_url: str) -> bool:
    """Whether the address is one of this machine."""
    return urlsplit(base_url).scheme in {"http", "https"} and is_loopback(base_url)


def api_key() -> str:
    """The key of the environment. Raises NewsError that says how to set it."""
    key = os.environ.get(KEY, "").strip()
    if not key:
        raise NewsError(f"{KEY} is not set. Get a key at newsapi.org and set it, or choose another news source.")
    keep_secrets_out_of_logs()
    return key
