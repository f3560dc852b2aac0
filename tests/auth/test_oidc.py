"""Company accounts: what a provider says becomes a session of ours, when it says enough."""

import json

import pytest
from starlette.requests import Request
from starlette.responses import Response
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from app.auth import audit, oidc, pages, signin, users
from app.auth.errors import AuthError, Refused
from orchestration.settings import Settings
from tests.auth.conftest import NOW

SECRET = "of the tests, and 32 characters long"
SITE = "https://pulse.example.org"


@pytest.fixture(autouse=True)
def _site(monkeypatch):
    monkeypatch.setenv("PULSE_SITE_URL", SITE)
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: SECRET)


def request_with(said, secret=SECRET, name="_streamlit_user") -> Request:
    value = create_signed_value(secret, name, json.dumps({"origin": SITE, "is_logged_in": True, **said})).decode()
    return Request({"type": "http", "headers": [(b"cookie", f"_streamlit_user={value}".encode())], "method": "GET", "path": "/login"})


def test_the_address_that_the_provider_has_verified_is_the_account():
    assert oidc.verified_email(request_with({"email": "vera@example.org", "email_verified": True})) == "vera@example.org"


@pytest.mark.parametrize("said", [{"email_verified": False}, {"email_verified": "true"}, {}, {"email_verified": True, "email": None}], ids=str)
def test_an_address_that_it_has_not_verified_is_nobody(said):
    with pytest.raises(AuthError, match="not verified"):
        oidc.verified_email(request_with({"email": "vera@example.org", **said}))


def test_a_cookie_that_we_did_not_sign_or_of_another_site_says_nothing():
    known = {"email": "vera@example.org", "email_verified": True}
    for forged in (request_with(known, secret="another"), request_with(known, name="other"), request_with({**known, "origin": "https://evil.example"}), request_with({**known, "is_logged_in": False})):
        assert oidc.verified_email(forged) is None


def test_only_who_was_invited_comes_in_and_the_refusal_is_kept(engine, add):
    from app.identity import Role

    users.create(engine, "new@example.org", "New", Role.VIEWER, NOW, "test")
    assert signin.by_company(engine, "New@Example.org", NOW, "192.0.2.1").status == users.ACTIVE
    closed = add("closed@example.org")
    users.disable(engine, closed, NOW)
    for email in ("closed@example.org", "nobody@example.org"):
        with pytest.raises(Refused, match="no open account"):
            signin.by_company(engine, email, NOW, "192.0.2.1")
        assert audit.newest(engine, 1)[0]["outcome"] == "refused"
    assert users.by_email(engine, "nobody@example.org") is None, "the provider makes no accounts here"


def test_what_the_provider_left_is_taken_away():
    answer = Response()
    oidc.clear(request_with({"email": "x"}), answer)
    assert 'streamlit_user=""; expires' in answer.headers["set-cookie"].replace("Max-Age=0; ", "") or "Max-Age=0" in answer.headers["set-cookie"]


def test_half_a_configuration_is_refused_with_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    assert oidc.secrets(Settings()) == {} and not oidc.is_on() and "company" not in pages.login("c", "/")
    monkeypatch.setenv("PULSE_OIDC_CLIENT_SECRET", "hidden")
    monkeypatch.delenv("PULSE_SITE_URL")
    with pytest.raises(AuthError, match="PULSE_OIDC_METADATA_URL, PULSE_OIDC_CLIENT_ID, PULSE_SITE_URL") as refused:
        oidc.secrets(Settings())
    assert "hidden" not in str(refused.value) and "company account" in pages.login("c", "/")
