"""The site in a real browser, on the materialised sample; skipped where there is no Chromium."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.site_process import CHROMIUM, enter, served, settle


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and not CHROMIUM.exists():
            item.add_marker(pytest.mark.skip(reason=f"{CHROMIUM} is not installed: no page was opened in a browser"))


@pytest.fixture(scope="session")
def site_of_the_sample(sample_home):
    with served(sample_home.folder) as (address, link):
        yield address, link


@pytest.fixture(scope="session")
def address(site_of_the_sample) -> str:
    return site_of_the_sample[0]


@pytest.fixture(scope="session")
def context(site_of_the_sample):
    """A browser in which an administrator is signed in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(locale="en-GB", accept_downloads=True)
        context.set_default_timeout(60_000)
        enter(context, site_of_the_sample[1])
        yield context
        browser.close()


@pytest.fixture
def open_page(context, address) -> Callable:
    """Opens a path and waits until the page is drawn; `page.requested` and `page.errors` say what it asked for and what went wrong."""
    pages = []

    def opened(path: str = "/", *, width: int = 1440, theme: str = "light"):
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 844 if width < 500 else 1000})
        page.emulate_media(color_scheme=theme)
        page.requested, page.errors, page.said = [], [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
        page.goto(address + path)
        settle(page)
        return page

    yield opened
    for page in pages:
        page.close()


def words_of(page) -> str:
    return page.locator('[data-testid="stMain"]').inner_text()
