"""The gate as ASGI, without a server: who gets in, what is told about them, and when a websocket ends."""

import asyncio
from datetime import UTC, datetime

import pytest

from app.auth import gate
from app.auth.forms import safe_next
from app.auth.gate import COOKIE, Gate, cookie_of, is_public
from app.auth.headers import policy
from app.auth.sessions import Session
from app.auth.visitors import Visitor
from app.identity import Identity, Role

AT = datetime(2026, 11, 26, tzinfo=UTC)
VISITOR = Visitor(Session("id", "u", "e@x", "U", Role.VIEWER, AT, AT, AT, "", ""), Identity("u", "U", Role.VIEWER))
HTML = (b"accept", b"text/html,*/*")


def scope_of(path="/", kind="http", headers=(), query=b"", scheme="http", method="GET"):
    return {"type": kind, "path": path, "headers": [(b"host", b"pulse.example"), *headers], "query_string": query, "scheme": scheme, "method": method}


def through(scope, find=lambda token: ("the-sid", VISITOR) if token == "good" else None):
    """The scope that the application got, or None, and what was sent."""
    seen, sent = [], []

    async def app(inner, receive, send):
        seen.append(inner)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html"), (b"cache-control", b"no-cache")]})
        await send({"type": "http.response.body", "body": b"figures"})

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    asyncio.run(Gate(app, find)(scope, receive, send))
    return (seen[0] if seen else None), sent


def cookie(value="good", name=COOKIE):
    return (b"cookie", f"{name}={value}".encode())


@pytest.mark.parametrize("path", ["/login", "/logout", "/healthz", "/_stcore/health", "/favicon.ico", "/api", "/api/v1/campaigns", "/static/js/index.js", "/invite/abc"])
def test_the_allow_list_answers_without_a_session(path):
    assert is_public(path) and through(scope_of(path))[0] is not None


@pytest.mark.parametrize(
    "path",
    [
        "/", "/loginx", "/login/", "/login/x", "/healthz2", "/invite", "/static", "/apix", "/_stcore/host-config", "/_stcore/healthx", "/_stcore/health/x", "/media/x",
        "/static/../media/x", "/api/../", "//login", "/api//x", "/static/..\\media", "/LOGIN", "/password", "/_stcore/stream", "/component/x", "/app/static/x",
    ],
)  # fmt: skip
def test_everything_else_does_not(path):
    inner, sent = through(scope_of(path, headers=[HTML]))
    assert inner is None and sent[0]["status"] == 303
    assert through(scope_of(path))[1][0]["status"] == 401
    assert b"figures" not in sent[1]["body"]


def test_a_person_is_sent_to_the_login_with_the_way_back_and_a_program_gets_401():
    sent = through(scope_of("/news", headers=[HTML], query=b"campaign=a&hashtag=%23x"))[1]
    assert (b"location", b"/login?next=%2Fnews%3Fcampaign%3Da%26hashtag%3D%2523x") in sent[0]["headers"]
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert through(scope_of(headers=[HTML], method=method))[1][0]["status"] == 401


def test_a_websocket_without_a_session_never_opens():
    for headers in ([], [cookie("bad")], [cookie(), cookie("bad")], [(b"x-pulse-sid", b"the-sid")]):
        inner, sent = through(scope_of("/_stcore/stream", "websocket", headers))
        assert inner is None and sent == [{"type": "websocket.close", "code": 4401}]


@pytest.mark.parametrize("path", ["/", "/login", "/api/v1/campaigns"])
def test_what_a_client_says_of_itself_under_our_names_is_dropped(path):
    spoofed = [(b"X-Pulse-Sid", b"admin"), (b"x-pulse-role", b"admin"), (b"x_pulse_sid", b"admin"), (b"x-other", b"stays")]
    inner, _ = through(scope_of(path, headers=[*spoofed, cookie()]))
    ours = [(name, value) for name, value in inner["headers"] if b"pulse" in name.lower()]
    assert ours == ([] if is_public(path) else [(b"x-pulse-sid", b"the-sid")])
    assert (b"x-other", b"stays") in inner["headers"]


def test_a_cookie_that_stands_twice_is_none():
    assert cookie_of(scope_of(headers=[cookie()]), COOKIE) == "good"
    assert cookie_of(scope_of(headers=[(b"cookie", f"{COOKIE}=good; {COOKIE}=evil".encode())]), COOKIE) is None
    assert cookie_of(scope_of(headers=[cookie(name="x" + COOKIE)]), COOKIE) is None
    assert cookie_of(scope_of(headers=[(b"cookie", b"\xff\xfe; =; ;;;")]), COOKIE) is None


def test_X3_every_answer_has_the_headers_and_a_pages_own_policy_stays():
    for scheme, path in (("http", "/"), ("https", "/"), ("https", "/login")):
        headers = dict(through(scope_of(path, scheme=scheme, headers=[cookie()]))[1][0]["headers"])
        assert headers[b"x-frame-options"] == b"DENY" and headers[b"x-content-type-options"] == b"nosniff" and headers[b"cache-control"] == b"no-store"
        assert b"frame-ancestors 'none'" in headers[b"content-security-policy"] and b"object-src 'none'" in headers[b"content-security-policy"]
        assert (b"strict-transport-security" in headers) == (scheme == "https")
    denied = dict(through(scope_of("/"))[1][0]["headers"])
    assert denied[b"x-frame-options"] == b"DENY"


def test_X3_the_policy_names_no_other_host_and_no_header_of_a_client():
    for host in ("pulse.example", "127.0.0.1:8501", "[::1]:8501"):
        assert f"connect-src 'self' wss://{host};" in policy(host, True) and f"ws://{host}" in policy(host, False)
    for host in ("evil; script-src *", "a b", "", "x" * 400, "a\r\nb", "evil.example/path"):
        assert "connect-src 'self';" in policy(host, True)
    assert "http" not in policy("pulse.example", True).replace("https", "")


@pytest.mark.parametrize("wanted", ["/", "/news?campaign=a", "/?hashtag=%23x", "/a/b#c"])
def test_X2_a_path_of_ours_is_gone_back_to(wanted):
    assert safe_next(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None, "", "//evil.example", "///evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "/a\nb", "/\tevil", "evil", "/\u202e",
        "/login", "/login?next=/", "/logout", "/password", "/api/token", "/invite/x", "/" + "a" * 3_000,
    ],
)  # fmt: skip
def test_X2_any_other_place_is_the_first_page(wanted):
    assert safe_next(wanted) == "/"


def watched(events, ends_after, poll=0.02, grace=0.06):
    """What the application receives and when, of a websocket whose session ends after some look-ups."""
    looked, got, sent = [], [], []

    def find(token):
        looked.append(token)
        return ("the-sid", VISITOR) if len(looked) <= ends_after else None

    incoming = iter(events)

    async def receive():
        event = next(incoming, None)
        if event is None:
            await asyncio.sleep(3600)
        await asyncio.sleep(event[0])
        return event[1]

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        while True:
            got.append(await receive())
            if got[-1]["type"] == "websocket.disconnect":
                return

    async def run():
        await asyncio.wait_for(Gate(app, find, b"leave", frozenset(), poll, grace)(scope_of("/_stcore/stream", "websocket", [cookie()]), receive, send), 5)
        # Nothing waits any more.
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())
    return got, sent


def test_S1_an_open_page_is_told_to_leave_and_then_hung_up_on():
    got, sent = watched([(0, {"type": "websocket.connect"})], ends_after=3)
    assert [each["type"] for each in got] == ["websocket.connect", "websocket.receive", "websocket.disconnect"]
    assert got[1]["bytes"] == b"leave" and sent == [{"type": "websocket.close", "code": gate.CLOSED_BY_US, "reason": "signed out"}]


def test_S1_nothing_that_a_page_asks_after_the_end_is_obeyed():
    asks = [(0.005, {"type": "websocket.receive", "bytes": b"ask"})] * 200
    got, _ = watched([(0, {"type": "websocket.connect"}), *asks], ends_after=2)
    leave = next(place for place, each in enumerate(got) if each.get("bytes") == b"leave")
    assert got[1]["bytes"] == b"ask", "before the end it is"
    assert [each["type"] for each in got[leave + 1 :]] == ["websocket.disconnect"]


def test_a_page_that_is_closed_by_its_reader_leaves_nothing_behind():
    got, sent = watched([(0, {"type": "websocket.connect"}), (0.05, {"type": "websocket.disconnect", "code": 1001})], ends_after=10**6)
    assert got[-1] == {"type": "websocket.disconnect", "code": 1001} and sent == []


def test_the_forms_have_the_colours_of_the_pages():
    import tomllib

    from app.auth.pages import STYLE
    from orchestration.settings import REPOSITORY

    theme = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text())["theme"]
    light, dark = STYLE.split("prefers-color-scheme: dark")
    for style, colours in ((light, theme["light"]), (dark, theme["dark"])):
        said = {name: colours[key] for name, key in (("ink", "textColor"), ("paper", "backgroundColor"), ("card", "secondaryBackgroundColor"), ("line", "borderColor"), ("act", "primaryColor"))}
        assert {name: f"--{name}: {colour};" in style for name, colour in said.items()} == dict.fromkeys(said, True)
