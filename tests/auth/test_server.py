"""The running server over HTTP and websocket: no path but the allow-list, no cookie but ours, nothing for who has none."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from app.auth import audit, invites, sessions, tokens, users
from app.auth.gate import COOKIE, is_public
from app.identity import Role
from tests.auth.conftest import PASSWORD

ADMIN, ANA, VERA = "admin@example.org", "ana@example.org", "vera@example.org"


def routes() -> list[tuple[str, set[str]]]:
    """Every path that the application knows, Streamlit's too, with something in place of its parameters."""
    from unittest.mock import MagicMock

    from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

    from app.auth.routes import Accounts

    runtime = MagicMock()
    found = [*Accounts(None).routes(), *create_streamlit_routes(runtime)]
    return [(re.sub(r"\{[^}]+\}", "x", getattr(route, "path", "") or "/"), set(getattr(route, "methods", None) or {"GET"})) for route in found]


def test_the_walk_knows_the_paths_that_matter():
    paths = {path for path, _ in routes()}
    assert {"/login", "/password", "/_stcore/stream", "/media/x", "/_stcore/host-config", "/_stcore/upload_file/x/x", "/_stcore/metrics"} <= paths


def test_G1_no_path_answers_200_without_a_cookie_but_those_of_the_allow_list(site):
    answered = set()
    with httpx.Client(base_url=site.address, timeout=60) as client:
        more = ["/", "/news", "/engagement", "/admin/users", "/anything/at/all", "/metrics", "/loginx", "/static/../media/x", "/%2e%2e/media/x", "/static/%2e%2e/_stcore/host-config"]
        for path, methods in [*routes(), *((path, {"GET"}) for path in more)]:
            for method in methods | {"GET", "HEAD", "OPTIONS"}:
                for accept in ("text/html", "*/*"):
                    answer = client.request(method, path, headers={"accept": accept})
                    if answer.status_code < 300:
                        answered.add(path)
                        assert is_public(path), (method, path, answer.status_code)
                    assert "x-frame-options" in answer.headers, path
    assert answered == {"/login", "/logout", "/_stcore/health"}


def test_G1_what_is_public_holds_nothing_of_anybody(site):
    for path in ("/login", "/logout", "/healthz", "/_stcore/health", "/api/v1/campaigns", "/static/nothing-of-the-sort.js"):
        text = httpx.get(site.address + path, timeout=60).text
        assert not re.search(r"alpha|bravo|example\.org", text, re.I), path


def test_S3_the_cookie_is_the_hosts_secure_http_only_and_lax(site):
    browser = site.browser()
    answer = browser.sign_in(VERA)
    (line,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith(COOKIE)]
    attributes = {part.strip().lower() for part in line.split(";")[1:]}
    assert attributes == {"httponly", "secure", "samesite=lax", "path=/"} and COOKIE.startswith("__Host-")
    first = browser.cookies[COOKIE]
    assert browser.sign_in(VERA).status_code == 303 and browser.cookies[COOKIE] != first
    assert httpx.get(site.address, headers={"cookie": f"{COOKIE}={first}"}).status_code == 401, "the session it came with has ended"


def test_a_reader_signs_in_where_they_wanted_to_go(site):
    browser = site.browser()
    sent = browser.get("/?campaign=bravo&hashtag=%23x")
    assert sent.status_code == 303 and sent.headers["location"].startswith("/login?next=%2F%3Fcampaign%3Dbravo")
    form = browser.get(sent.headers["location"]).text
    assert 'name="next" value="/?campaign=bravo&amp;hashtag=%23x"' in form
    assert browser.sign_in(VERA, target="/?campaign=bravo").headers["location"] == "/?campaign=bravo"
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_X2_a_login_leads_to_no_other_site(site, target):
    assert site.browser().sign_in(VERA, target=target).headers["location"] == "/"


def test_X1_a_form_without_the_value_of_our_page_or_from_another_site_is_refused(site):
    browser = site.browser()
    browser.get("/login")
    right = {"email": VERA, "password": PASSWORD}
    assert browser.request("POST", "/login", data=right).status_code == 400
    assert browser.request("POST", "/login", data={**right, "csrf": "x" * 43}).status_code == 400
    assert site.browser().request("POST", "/login", data={**right, "csrf": "x" * 43}).status_code == 400
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "http://["}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        assert browser.send("/login", right, headers=headers).status_code == 403
    signed = site.browser(VERA)
    for path, fields in (("/logout", {}), ("/password", {"old": PASSWORD, "new": "another walk in the rain"})):
        assert signed.request("POST", path, data={"csrf": "", **fields}).status_code == 400
        assert signed.send(path, fields, headers={"origin": "https://evil.example"}).status_code == 403
    assert signed.get("/").status_code == 200, "still signed in, with the password they had"
    assert COOKIE not in browser.cookies


def test_X1_asking_for_the_logout_ends_nothing(site):
    browser = site.browser(VERA)
    assert "Sign out?" in browser.get("/logout").text and browser.get("/").status_code == 200
    before = dict(browser.cookies)
    assert browser.send("/logout", {}).headers["location"] == "/login" and COOKIE not in browser.cookies
    assert httpx.get(site.address, headers={"cookie": f"{COOKIE}={before[COOKIE]}"}).status_code == 401, "the row ended, not the cookie alone"


@pytest.mark.full
def test_L1_a_hundred_wrong_passwords_are_five_guesses_for_form_and_token_together(site):
    def guess(number):
        if number % 2:
            return site.token(VERA, f"wrong words {number}").status_code
        return site.browser().sign_in(VERA, f"wrong words {number}").status_code

    started = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(guess, range(100)))
    # The wait is doubled from 2 s: how many are looked at depends on the seconds that the hundred take.
    looked_at, allowed = answers.count(401), 5 + int(time.monotonic() - started).bit_length()
    assert 5 <= looked_at <= allowed and set(answers) == {401, 429}
    right = site.browser().sign_in(VERA)
    assert right.status_code == 429 and int(right.headers["retry-after"]) > 0 and "Too many attempts" in right.text
    assert site.token(VERA).status_code == 429
    assert httpx.get(f"{site.address}/healthz").status_code == 200


def test_L2_the_answer_to_an_unknown_account_is_that_to_a_wrong_password(site):
    answers = [site.browser().sign_in(email, "wrong words here") for email in (VERA, "nobody@example.org")]
    texts = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
    assert texts[0] == texts[1] and {answer.status_code for answer in answers} == {401}
    tokens_ = [site.token(email, "wrong words here") for email in (VERA, "nobody@example.org")]
    assert tokens_[0].json() == tokens_[1].json() and tokens_[0].headers["content-type"] == "application/problem+json"


def test_a_form_of_ten_megabytes_is_refused_and_the_server_stays_up(site):
    browser = site.browser()
    for path, kind in (("/login", "application/x-www-form-urlencoded"), ("/api/token", "application/json"), ("/login", "multipart/form-data; boundary=x")):
        started = time.monotonic()
        answer = browser.request("POST", path, content=b"x=" + b"a" * 10_000_000, headers={"content-type": kind})
        assert answer.status_code in (413, 415) and time.monotonic() - started < 20

    def chunks():
        for _ in range(200):
            yield b"a" * 50_000

    # It may hang up before all is sent.
    with suppress(httpx.TransportError):
        assert browser.request("POST", "/login", content=chunks(), headers={"content-type": "application/x-www-form-urlencoded"}).status_code == 413
    assert httpx.get(f"{site.address}/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400), (b"[]", "application/json", 422), (b'{"username": 7, "password": []}', "application/json", 422), (b"[" * 9_000, "application/json", 400),
        (b'{"username": "\\ud800@x", "password": "\\udfff"}', "application/json", 401), (b"\xff\xfe", "application/json", 400), (b"a=" * 8_000, "application/x-www-form-urlencoded", 422),
        (b"username=%00&password=%ff%fe", "application/x-www-form-urlencoded", 401), (b"", "text/plain", 415), (b"&" * 16_000, "application/x-www-form-urlencoded", 422),
    ],
)  # fmt: skip
def test_nonsense_for_a_token_is_a_clear_answer(site, content, kind, status):
    answer = httpx.post(f"{site.address}/api/token", content=content, headers={"content-type": kind}, timeout=60)
    assert answer.status_code in ({status, 400} if status == 422 else {status}) and answer.json()["status"] == answer.status_code


def test_J3_tokens_do_not_stand_for_each_other(site):
    issued = site.token(ANA)
    assert issued.status_code == 200 and issued.json()["expires_in"] == 900 and issued.headers["cache-control"] == "no-store"
    api = issued.json()["access_token"]
    assert httpx.get(site.address, headers={"cookie": f"{COOKIE}={api}"}).status_code == 401
    from app.auth import visitors
    from app.auth.tokens import BadToken

    with pytest.raises(BadToken):
        visitors.of_bearer(site.browser(VERA).cookies[COOKIE])


def test_only_an_analyst_gets_a_token(site):
    refused = site.token(VERA)
    assert refused.status_code == 403 and "analyst" in refused.json()["detail"]
    assert site.token(ADMIN).status_code == 200


def socket_of(site, cookie=None, **headers):
    more = {**({"Cookie": f"{COOKIE}={cookie}"} if cookie else {}), **headers}
    return connect(f"ws://127.0.0.1:{site.port}/_stcore/stream", additional_headers=more, subprotocols=["streamlit"], open_timeout=30, max_size=None)


def test_a_websocket_without_a_good_cookie_is_403(site):
    good = site.browser(VERA).cookies[COOKIE]
    for cookie, headers in ((None, {}), ("x", {}), (good[:-3] + "abc", {}), (None, {"x-pulse-sid": "x"}), (good, {"Origin": "https://evil.example"})):
        with pytest.raises(InvalidStatus) as refused, socket_of(site, cookie, **headers):
            pass
        assert refused.value.response.status_code == 403


def texts_of(socket, seconds=60) -> str:
    """What a run of the page sends."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    ask = BackMsg()
    ask.rerun_script.query_string = ""
    socket.send(ask.SerializeToString())
    said, deadline = "", time.monotonic() + seconds
    while time.monotonic() < deadline:
        message = ForwardMsg.FromString(socket.recv(timeout=seconds))
        said += str(message)
        if message.WhichOneof("type") == "script_finished":
            return said
    raise AssertionError("the page did not end")


def until_closed(socket) -> tuple[str, int]:
    """What still comes, and the code with which the server hangs up."""
    said = ""
    try:
        while True:
            said += str(socket.recv(timeout=30))
    except ConnectionClosed as closed:
        return said, closed.rcvd.code if closed.rcvd else closed.sent.code


def test_a_viewer_who_claims_to_be_the_admin_in_headers_is_the_viewer(site):
    vera, admin = site.browser(VERA).cookies[COOKIE], site.browser(ADMIN).cookies[COOKIE]
    sid = tokens.JWT.decode(admin, options={"verify_signature": False})["jti"]
    with socket_of(site, vera, **{"X-Pulse-Sid": sid, "x-pulse-role": "admin", "X-Forwarded-User": ADMIN}) as socket:
        said = texts_of(socket)
    assert "Bravo" in said and "Alpha" not in said and "Vera" in said


def test_an_admin_sees_every_campaign(site):
    with socket_of(site, site.browser(ADMIN).cookies[COOKIE]) as socket:
        said = texts_of(socket)
    assert "Bravo" in said and "Alpha" in said


@pytest.mark.parametrize("how", ["revoke", "disable", "logout", "role"])
def test_S1_an_open_page_is_sent_to_the_login_within_seconds(site, how):
    now = datetime.now(UTC)
    email = f"{how}@example.org"
    from tests.auth.conftest import HASH

    user = users.create(site.engine, email, how, Role.VIEWER, now, "test", HASH)
    browser = site.browser(email)
    with socket_of(site, browser.cookies[COOKIE]) as socket:
        assert "Sign out" in texts_of(socket)
        started = time.monotonic()
        if how == "logout":
            browser.send("/logout", {})
        elif how == "disable":
            users.disable(site.engine, user, now)
        elif how == "role":
            users.set_role(site.engine, user, Role.ANALYST, now)
        else:
            users.end_sessions(site.engine, user, now)
        said, code = until_closed(socket)
        assert "location.replace" in said, "it was told where to go before the line went dead"
        assert code == 4401 and time.monotonic() - started < 15
    with pytest.raises(InvalidStatus), socket_of(site, browser.cookies.get(COOKIE, "x")):
        pass


def test_messages_are_not_compressed_though_a_browser_offers_it(site):
    with socket_of(site, site.browser(VERA).cookies[COOKIE]) as socket:
        assert socket.protocol.extensions == [] and "permessage-deflate" in socket.request.headers["Sec-WebSocket-Extensions"]


def test_a_message_of_five_megabytes_ends_its_own_socket_and_no_other(site):
    with socket_of(site, site.browser(VERA).cookies[COOKIE]) as socket:
        # Its head alone, for the server hangs up before the rest, and what it has not read can take its answer along.
        socket.socket.sendall(b"\x82\xff" + (5_000_000).to_bytes(8, "big") + b"\x00" * 4)
        assert until_closed(socket)[1] == 1009
    with socket_of(site, site.browser(VERA).cookies[COOKIE]) as socket, suppress(ConnectionClosed, OSError):
        socket.send(b"\x00" * 5_000_000)
    assert httpx.get(f"{site.address}/healthz").status_code == 200


def test_an_invitation_is_looked_at_and_then_used_once(site):
    user = users.create(site.engine, "new@example.org", "New <b>Person</b>", Role.VIEWER, datetime.now(UTC), "test")
    path = f"/invite/{invites.issue(site.engine, user, datetime.now(UTC), 'test')}"
    for _ in range(3):
        assert "new@example.org" in httpx.get(site.address + path).text, "a scanner of mail looks too"
    browser = site.browser()
    short = browser.send(path, {"new": "short"})
    assert short.status_code == 422 and "12 are needed" in short.text
    used = browser.send(path, {"new": PASSWORD})
    assert used.status_code == 303 and browser.get("/").status_code == 200
    again = httpx.get(site.address + path)
    assert path not in (site.home / "site.log").read_text(), "a link in a log is a password in a log"
    assert again.status_code == 404 and "has been used" in again.text
    assert httpx.get(f"{site.address}/invite/{'x' * 5_000}").text == httpx.get(f"{site.address}/invite/x").text == again.text


def test_a_changed_password_ends_the_other_browsers_and_keeps_this_one(site):
    from tests.auth.conftest import HASH

    users.create(site.engine, "pat@example.org", "Pat", Role.VIEWER, datetime.now(UTC), "test", HASH)
    here, there = site.browser("pat@example.org"), site.browser("pat@example.org")
    wrong = here.send("/password", {"old": "not the old one", "new": "another walk in the rain"})
    assert wrong.status_code == 401 and there.get("/").status_code == 200
    assert here.send("/password", {"old": PASSWORD, "new": "password1234"}).status_code == 422
    assert here.send("/password", {"old": PASSWORD, "new": "another walk in the rain"}).status_code == 303
    time.sleep(1.2)
    assert here.get("/").status_code == 200 and there.get("/").status_code == 303
    assert site.browser().sign_in("pat@example.org").status_code == 401


def test_X3_the_pages_of_the_login_allow_no_script_at_all(site):
    for path in ("/login", "/logout", "/invite/x"):
        answer = httpx.get(site.address + path)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-") and "<script" not in answer.text
        assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "same-origin"
        assert "server" not in answer.headers


def test_hostile_text_in_the_form_comes_back_as_text(site):
    answer = site.browser().sign_in('"><script>alert(1)</script>@x', "wrong words here")
    assert "<script" not in answer.text and "&lt;script&gt;" in answer.text


def test_D1_a_path_that_is_none_tells_nothing_of_the_inside(site):
    answer = site.browser(VERA).get("/_stcore/nothing")
    assert "Traceback" not in answer.text and "site-packages" not in answer.text


def test_A2_nobody_can_claim_another_address(site):
    """Without a named proxy X-Forwarded-For is not believed: the counters of an address would be anybody's."""
    site.browser().sign_in("nobody@example.org", "wrong words here")
    browser = site.browser()
    browser.send("/login", {"email": "spoof@example.org", "password": "wrong words"}, headers={"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"})
    newest = audit.newest(site.engine, 1)[0]
    assert newest["address"] == "127.0.0.1" and newest["outcome"] == "refused"
    assert "strict-transport-security" not in httpx.get(f"{site.address}/login", headers={"x-forwarded-proto": "https"}).headers


def test_the_trail_has_logins_and_no_secret(site):
    browser = site.browser(ANA)
    site.token(ANA)
    browser.send("/logout", {})
    rows = audit.newest(site.engine, 200)
    assert [(row["actor"], row["action"], row["outcome"]) for row in rows[:3]] == [(ANA, "logout", "ok"), (ANA, "token", "ok"), (ANA, "login", "ok")]
    log = (site.home / "site.log").read_text()
    for text in (json.dumps(rows, default=str), log):
        assert PASSWORD not in text and "wrong words" not in text and "eyJ" not in text and "argon2" not in text
    assert sessions.row_id("x") not in log and "Traceback" not in log
