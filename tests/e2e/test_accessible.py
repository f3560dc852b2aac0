"""axe finds nothing serious on any page, in both themes; headings stand in their order."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bench.site_process import settle
from tests.e2e.test_journeys import ALL

OPTIONS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
HEADINGS = "[...document.querySelectorAll('[data-testid=stMain] h1, [data-testid=stMain] h2, [data-testid=stMain] h3')].map(h => +h.tagName[1])"


@pytest.mark.full
@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing_serious_and_headings_stand_in_their_order(open_page, name):
    page = open_page(f"/{name}")
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1 and levels.count(1) == 1 and all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert serious(page) == {}

    ground = page.get_by_test_id("stApp")
    light = ground.evaluate("e => getComputedStyle(e).backgroundColor")
    page.emulate_media(color_scheme="dark")
    expect(ground).not_to_have_css("background-color", light)
    settle(page)
    assert serious(page) == {}


def serious(page) -> dict[str, list[str]]:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return {each["id"]: [node["html"][:160] for node in each["nodes"]][:3] for each in found if each["impact"] in {"serious", "critical"}}
