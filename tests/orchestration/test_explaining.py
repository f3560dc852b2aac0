"""When a day is explained anew: whenever something that it depends on has changed, and else never."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ml_assets.explanations.rules import REACH
from orchestration.explaining import Asked, Found, input_hash

DAY = date(2026, 3, 5)
LOADED = datetime(2026, 3, 20, tzinfo=UTC)
PEAK = ("*", DAY)
ASKED = Asked("c", "C", "UTC", ("c",), (PEAK, ("*", date(2026, 3, 11))))
ARTICLE = {"article_id": "a", "row_hash": "1"}
FOUND = Found({PEAK: [ARTICLE]}, {"a": [{"row_hash": "n1"}]}, ("C",))
STATES = {DAY: (10, LOADED), DAY + timedelta(days=3): (5, LOADED)}


def hashed(asked=ASKED, found=FOUND, states=STATES, peak=PEAK):
    return input_hash(asked, found, states, peak)


def test_the_same_inputs_in_another_order_have_the_same_hash():
    assert hashed() == hashed(states=dict(reversed(STATES.items()))) and len(hashed()) == 32


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"states": STATES | {DAY: (11, LOADED)}}, "a post more"),
        ({"states": STATES | {DAY: (10, LOADED + timedelta(hours=1))}}, "a post that was loaded again"),
        ({"states": STATES | {DAY + timedelta(days=9): (1, LOADED)}}, "another day to compare with"),
        ({"found": replace(FOUND, articles={PEAK: [ARTICLE | {"row_hash": "2"}]})}, "an article that reads otherwise"),
        ({"found": replace(FOUND, articles={})}, "no article"),
        ({"found": replace(FOUND, names={"a": [{"row_hash": "n2"}]})}, "other names, as of another model"),
        ({"found": replace(FOUND, question=("C", "D"))}, "another question"),
        ({"asked": replace(ASKED, zone="Europe/Oslo")}, "other days"),
        ({"asked": replace(ASKED, peaks=(PEAK,))}, "a day less that is no ordinary one"),
        ({"peak": ("c", DAY)}, "another hashtag"),
    ],
)
def test_a_change_of_what_it_depends_on_changes_the_hash(changed, why):
    assert hashed(**changed) != hashed(), why


def test_posts_and_articles_out_of_reach_change_nothing():
    far = DAY + REACH + timedelta(days=1)
    assert hashed(states=STATES | {far: (1, LOADED)}) == hashed()
    assert hashed(found=replace(FOUND, articles={**FOUND.articles, ("*", date(2026, 3, 11)): [{"article_id": "b", "row_hash": "9"}]})) == hashed()


def test_the_code_version_is_part_of_it(monkeypatch):
    before = hashed()
    monkeypatch.setattr("orchestration.explaining.CODE_VERSION", "next")
    assert hashed() != before


def test_posts_are_read_within_reach_of_the_peaks_alone():
    window = ASKED.window([PEAK])
    assert window.start == datetime(2026, 1, 18, tzinfo=UTC) and window.end == datetime(2026, 4, 21, tzinfo=UTC)
