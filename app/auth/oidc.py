"""Signing in through a company's identity provider (OpenID Connect), beside the password or instead of it.

Streamlit's own routes (`st.login`) speak with the provider and leave a signed cookie; what it says is exchanged at once for a session of ours,
so that roles, grants, ends and the audit are the same for everybody. An account must be there already: the provider says who somebody is, not
what they may see.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.auth.errors import AuthError
from app.auth.keys import signing_keys
from orchestration.settings import Settings

# The secret makes all three no settings: they stand in no list and in no log.
VARIABLES = {"server_metadata_url": "PULSE_OIDC_METADATA_URL", "client_id": "PULSE_OIDC_CLIENT_ID", "client_secret": "PULSE_OIDC_CLIENT_SECRET"}
BEGIN = "/login/company"
# Streamlit's, which the gate lets through only where a provider is configured.
PUBLIC = frozenset({BEGIN, "/auth/login", "/oauth2callback"})


def is_on() -> bool:
    return any(os.environ.get(name) for name in VARIABLES.values())


def secrets(settings: Settings) -> Mapping[str, dict[str, Any]]:
    """What `st.App(secrets=...)` takes; empty without a provider. Raises AuthError where something is missing."""
    if not is_on():
        return {}
    given = {key: os.environ.get(name) for key, name in VARIABLES.items()}
    missing = [VARIABLES[key] for key, value in given.items() if not value] + ([] if settings.site_url else ["PULSE_SITE_URL"])
    if missing or not settings.site_url:
        raise AuthError(f"Login by a company account needs {', '.join(missing)} too. Set it, or unset {', '.join(VARIABLES.values())}.")
    try:
        import authlib  # noqa: F401
    except ModuleNotFoundError:
        raise AuthError("Login by a company account needs Authlib:  pip install 'streamlit[auth]'") from None
    # A key of its own for Streamlit's cookies, made of ours: they are never the same.
    cookie_secret = hmac.digest(next(iter(signing_keys().values())), b"streamlit cookies", hashlib.sha256).hex()
    return {"auth": {**given, "redirect_uri": f"{settings.site_url.rstrip('/')}/oauth2callback", "cookie_secret": cookie_secret}}


def begin_url() -> str:
    """Where the journey to the provider begins."""
    from streamlit.user_info import generate_login_redirect_url

    return generate_login_redirect_url("default")


def verified_email(request: Request) -> str | None:
    """The address that the provider has verified, of Streamlit's signed cookie. Raises AuthError where it has verified none."""
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
    from streamlit.web.server.starlette.starlette_websocket import (
        _get_signed_cookie_with_chunks,
        _parse_decoded_user_cookie,
    )

    if USER_COOKIE_NAME not in request.cookies:
        return None
    decoded = _get_signed_cookie_with_chunks(dict(request.cookies), USER_COOKIE_NAME)
    said = _parse_decoded_user_cookie(decoded, Settings().site_url or "") if decoded else {}
    if not said.get("is_logged_in"):
        return None
    # Without this anybody could write somebody else's address into an account of their own at the provider.
    if said.get("email_verified") is not True or not isinstance(said.get("email"), str):
        raise AuthError("The provider of your company account has not verified your address. Ask those who run it, or sign in with a password.")
    return said["email"]


def clear(request: Request, answer: Response) -> None:
    """Takes Streamlit's cookies away: what they said is a session now, and would else sign in again after a logout."""
    for name in request.cookies:
        if name.startswith("_streamlit_user"):
            answer.delete_cookie(name, path="/")
