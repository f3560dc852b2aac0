"""Journeys in a real browser: one's own campaigns, reload, sign out, an end from elsewhere."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.auth import invites, users
from app.auth.gate import COOKIE
from app.identity import Role
from tests.auth.conftest import HASH, PASSWORD

CHROMIUM = Path("/usr/bin/chromium")
ANA, VERA = "ana@example.org", "vera@example.org"
SHOWN = "text=Posts with most engagement"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture
def open_page(chromium, site):
    """A page in a browser context of its own: another person at another machine."""
    contexts = []

    def opened(path="/", width=1280, **more):
        context = chromium.new_context(viewport={"width": width, "height": 900}, base_url=site.address, **more)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.requested, page.errors = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(page, email, password=PASSWORD):
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def main_of(page) -> str:
    page.wait_for_selector(SHOWN)
    page.wait_for_function("!document.querySelector('[data-stale=true]')")
    # The account and the ways out stand beside the menu.
    return page.locator('[data-testid="stApp"]').inner_text()


def test_a_reader_signs_in_reloads_and_signs_out(open_page, site):
    page = open_page("/?hashtag=*")
    assert "/login?next=" in page.url
    sign_in(page, VERA, "wrong words here")
    assert "do not fit together" in page.get_by_role("alert").inner_text()
    sign_in(page, VERA)
    assert "Bravo Run" in main_of(page) and "Vera · viewer" in main_of(page)
    for _ in range(2):
        page.reload()
        assert "Bravo Run" in main_of(page)
    assert page.evaluate("document.cookie").startswith("_streamlit_xsrf") or page.evaluate("document.cookie") == ""
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    page.goto("/")
    assert "/login" in page.url
    page.go_back()
    page.wait_for_timeout(500)
    assert "about Bravo" not in page.content(), "the browser kept nothing to go back to"


def test_nothing_is_asked_of_anybody_else_and_no_policy_is_broken(open_page, site):
    page = open_page()
    sign_in(page, VERA)
    main_of(page)
    page.wait_for_selector('[data-testid="stVegaLiteChart"] svg, [data-testid="stVegaLiteChart"] canvas')
    page.wait_for_timeout(1_000)
    own = (site.address, site.address.replace("http", "ws"), "data:", "blob:")
    assert [url for url in page.requested if not url.startswith(own)] == []
    assert [text for text in page.errors if "Content Security Policy" in text or "Content-Security-Policy" in text] == []


@pytest.mark.full
def test_two_people_at_the_same_time_never_see_each_others_campaigns(open_page):
    pages = {"Bravo": open_page(), "Alpha": open_page()}
    sign_in(pages["Bravo"], VERA)
    sign_in(pages["Alpha"], ANA)
    other = {"Bravo": "Alpha", "Alpha": "Bravo"}
    for _ in range(3):
        for page in pages.values():
            page.reload(wait_until="commit")
        for mine, page in pages.items():
            shown = main_of(page)
            assert f"{mine} " in shown and other[mine] not in shown, shown
            page.get_by_role("combobox", name="Campaign").click()
            assert [each.strip() for each in page.get_by_role("option").all_inner_texts()] == [{"Bravo": "Bravo Run", "Alpha": "Alpha Walk"}[mine]]
            page.keyboard.press("Escape")


@pytest.mark.full
def test_a_campaign_in_the_address_that_is_not_granted_is_not_shown(open_page):
    page = open_page("/?campaign=alpha")
    sign_in(page, VERA)
    shown = main_of(page)
    assert "Bravo Run" in shown and "Alpha" not in shown and "Alpha Walk" not in page.content()


@pytest.mark.full
def test_S1_an_open_tab_goes_to_the_login_by_itself_within_seconds(open_page, site):
    users.create(site.engine, "tab@example.org", "Tab", Role.ADMIN, datetime.now(UTC), "test", HASH)
    page = open_page("/")
    sign_in(page, "tab@example.org")
    main_of(page)
    started = time.monotonic()
    users.end_sessions(site.engine, users.find(site.engine, "tab@example.org"), datetime.now(UTC))
    page.wait_for_url("**/login?next=*", timeout=20_000)
    print(f"the tab left after {time.monotonic() - started:.1f} s")
    assert "about" not in page.content()
    sign_in(page, "tab@example.org")
    assert "Tab · admin" in main_of(page)


def test_a_sign_out_in_one_tab_empties_the_other(open_page):
    page = open_page()
    sign_in(page, VERA)
    main_of(page)
    second = page.context.new_page()
    second.goto("/logout")
    second.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login?next=*", timeout=20_000)


@pytest.mark.full
def test_who_signs_in_as_another_in_the_same_browser_gets_the_others_page_and_state(open_page):
    page = open_page()
    sign_in(page, ANA)
    assert "Alpha" in main_of(page)
    page.goto("/login")
    sign_in(page, VERA)
    shown = main_of(page)
    assert "Bravo Run" in shown and "Alpha" not in shown


def test_an_invited_person_sets_a_password_and_is_in(open_page, site):
    user = users.create(site.engine, "guest@example.org", "Guest", Role.VIEWER, datetime.now(UTC), "test")
    users.grant(site.engine, user, "bravo", datetime.now(UTC), "test")
    page = open_page(f"/invite/{invites.issue(site.engine, user, datetime.now(UTC), 'test')}")
    page.get_by_label("New password").fill(PASSWORD)
    page.keyboard.press("Enter")
    assert "Bravo Run" in main_of(page) and page.url == f"{site.address}/"
    assert [each["name"] for each in page.context.cookies() if each["httpOnly"]].count(COOKIE) == 1


def test_who_sees_no_campaign_is_told_so(open_page, site):
    users.create(site.engine, "none@example.org", "None", Role.VIEWER, datetime.now(UTC), "test", HASH)
    page = open_page()
    sign_in(page, "none@example.org")
    page.wait_for_selector("text=You may not see a campaign yet")


@pytest.mark.parametrize("path", ["/login", "/logout", "/invite/x"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_forms_are_usable_by_everybody_at_every_width(open_page, path, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(path, width=390, color_scheme=scheme)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.full
def test_ten_readers_at_once_are_ten_identities(site):
    """Over HTTP and websocket: more than a browser on two cores can open."""
    from tests.auth.test_server import socket_of, texts_of

    cookies = {email: site.browser(email).cookies[COOKIE] for email in (ANA, VERA)}

    def look(number):
        email = (ANA, VERA)[number % 2]
        with socket_of(site, cookies[email]) as socket:
            return email, texts_of(socket)

    with ThreadPoolExecutor(10) as pool:
        for email, said in pool.map(look, range(10)):
            mine, other = ("Alpha", "Bravo") if email == ANA else ("Bravo", "Alpha")
            assert mine in said and other not in said
