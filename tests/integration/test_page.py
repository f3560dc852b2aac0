"""The page in a real browser, on the materialised sample."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from orchestration.settings import REPOSITORY

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")


@pytest.fixture(scope="module")
def address(sample_home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = sample_home.environment(PULSE_SITE_PORT=str(port))
    process = subprocess.Popen([sys.executable, "-m", "app.server"], cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def reader(browser, address, sample_home):
    """A browser context in which an admin has used the link that `pulse users invite` printed."""
    said = sample_home.pulse("users", "invite", "reader@example.org", "--role", "admin", PULSE_SITE_URL=address)
    context = browser.new_context()
    page = context.new_page()
    page.goto(next(word for word in said.split() if word.startswith(f"{address}/invite/")))
    page.get_by_label("New password").fill("ferns under slow rain")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/", timeout=60_000)
    page.close()
    yield context
    context.close()


@pytest.fixture
def open_page(reader, address):
    pages = []

    def open_at(path="/", width=1440):
        page = reader.new_page()
        page.set_viewport_size({"width": width, "height": 1000})
        page.requested, page.said = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
        page.goto(address + path)
        page.wait_for_selector('h3:has-text("Posts with most engagement")', timeout=60_000)
        page.wait_for_selector('[data-testid="stVegaLiteChart"] svg, [data-testid="stVegaLiteChart"] canvas', timeout=60_000)
        page.wait_for_function("!document.querySelector('[data-stale=true]')", timeout=60_000)
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        page.close()


def test_the_page_shows_the_campaign_and_its_peak(open_page):
    page = open_page()
    main = page.locator('[data-testid="stMain"]').inner_text()
    assert "Aurora Trail had its day of most engagement on Thu 5 Mar 2026: 158,741" in main
    for part in ("29,846", "456,634", "Engagement over time", "Sentiment", "Words", "News around the peak", "Reader · admin"):
        assert part in main
    assert page.locator('[data-testid="stVegaLiteChart"]').count() == 4
    assert page.locator('[data-testid="stImage"] img').count() == 1
    assert "could not be shown" not in main


def test_the_page_asks_nobody_but_its_own_server(open_page, address):
    page = open_page()
    page.wait_for_timeout(1500)
    assert [url for url in page.requested if not url.startswith((address, "data:", "blob:", address.replace("http", "ws")))] == []


def test_no_text_of_a_post_runs_or_becomes_markup(open_page):
    page = open_page("/?hashtag=%23auroratrail")
    page.wait_for_timeout(500)
    assert page.said == []
    assert page.locator('[data-testid="stMain"] script, [data-testid="stMain"] a[href^="javascript"]').count() == 0


def test_another_hashtag_is_another_story_and_stands_in_the_address(open_page):
    page = open_page()
    page.get_by_role("combobox", name="Hashtag").click()
    page.get_by_role("option", name="#aurorarecall").click()
    page.wait_for_selector("text=#aurorarecall had its day", timeout=30_000)
    assert "hashtag=%23aurorarecall" in page.url
    assert "56,091" in page.locator('[data-testid="stMain"]').inner_text()


def test_the_charts_are_said_in_words(open_page):
    page = open_page()
    # The first chart to be drawn need not be this one.
    page.wait_for_function("document.documentElement.outerHTML.includes('Engagement per day of Whole campaign')", timeout=60_000)
    assert "most on Thu 5 Mar 2026: 158,741" in page.content()


def test_a_phone_shows_it_without_sideways_scrolling(open_page):
    page = open_page(width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
