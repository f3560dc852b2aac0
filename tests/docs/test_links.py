"""Every link within the repository leads somewhere, and every `make` target that a page names is there."""

import re

import pytest

from orchestration.settings import REPOSITORY
from tests.docs.documents import PAGES, anchors_of, links_of

MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.M))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_and_anchor_resolves(page):
    for target in links_of(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor and file.suffix == ".md":
            assert anchor in anchors_of(file), f"{page.name}: {target}"


def test_every_make_target_that_a_page_names_exists():
    for page in PAGES:
        code = re.findall(r"`make ([a-z-]+)|^    make ([a-z-]+)", page.read_text(encoding="utf-8"), flags=re.M)
        for target in {name for found in code for name in found if name}:
            assert target in TARGETS, f"{page.name}: make {target}"


def test_every_make_target_is_documented_in_make_help_and_in_contributing():
    contributing = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in TARGETS:
        assert re.search(rf"^{target}:.*## \S", MAKEFILE, flags=re.M), f"{target} has no `## ...` in the Makefile"
        assert f"`make {target}`" in contributing, f"CONTRIBUTING.md does not name make {target}"
