"""axe finds nothing serious on any page, in both themes; headings stand in their order."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.test_journeys import ALL

OPTIONS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing_serious(open_page, name, theme):
    page = open_page(f"/{name}", theme=theme)
    found = Axe().run(page, options=OPTIONS).response["violations"]
    serious = {each["id"]: [node["html"][:160] for node in each["nodes"]][:3] for each in found if each["impact"] in {"serious", "critical"}}
    assert serious == {}


@pytest.mark.parametrize("name", ALL)
def test_headings_stand_in_their_order(open_page, name):
    page = open_page(f"/{name}")
    levels = page.evaluate("[...document.querySelectorAll('[data-testid=stMain] h1, [data-testid=stMain] h2, [data-testid=stMain] h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1 and all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
