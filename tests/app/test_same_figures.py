"""Page and API on the same rows: the same six figures, words, changes and reasons, whatever is looked at."""

import pytest

from app.text import tag_name
from tests.api.conftest import open_api  # noqa: F401
from tests.app.conftest import ANSWERS, DAY, HOSTILE

VOICES = {
    "day": [DAY] * 2, "member_id": ["c", "d"], "name": [HOSTILE, "D"], "is_own": [True, False], "volume": [30, 10], "set_volume": [40, 40],
    "basis": ["counted"] * 2, "lowest_coverage": [0.9] * 2, "members_missing": [0, 0], "is_captured_alike": [True] * 2,
}  # fmt: skip
BLIND = ANSWERS["days"] | {"impressions": [0, 0], "posts_with_impressions": [0, 0], "engagement_with_impressions": [0, 0]}
FEW = ANSWERS["sentiment"] | {"scored": [2, 3], "negative": [1, 1], "neutral": [0, 1], "positive": [1, 1]}


@pytest.mark.parametrize(
    ("changed", "hashtag", "period"),
    [
        ({}, "*", {}), ({}, "tag", {"from": "2026-03-06"}), ({"voices": VOICES}, "*", {}), ({"voices": VOICES}, "tag", {}), ({"days": BLIND}, "*", {"to": "2026-03-06"}),
        ({"sentiment": FEW, "authors": ANSWERS["authors"] | {"known": [0, 0]}}, "*", {}), ({"scorecard": {}, "sentiment": {}}, "*", {}),
    ],
)  # fmt: skip
def test_the_six_cards_of_the_page_are_those_of_the_api(site, open_api, changed, hashtag, period):  # noqa: F811
    tags = ANSWERS["hashtags"] | {"hashtag": ["*", "tag"]}
    page = site(query={"campaign": "c", "hashtag": tag_name(hashtag)} | period, **changed, hashtags=tags)
    answers = {question: rows for question, rows in ANSWERS.items() if question != "models"} | {"hashtags": tags, "version": "1"} | changed
    asked = "&".join(["campaign=c", f"hashtag={hashtag}", *(f"{key}={value}" for key, value in period.items())])
    cards = open_api(**answers).ask(f"cards?{asked}", "admin").json()["data"]
    of_page = [(metric.label, metric.value, metric.delta, metric.proto.delta_description) for metric in page.metric]
    assert of_page == [(card["label"], card["shown"], card["change"] or "", card["against"] or "") for card in cards[:-1]] and len(of_page) == 6
    captions = [caption.value for caption in page.caption]
    assert all(card["behind"] in captions for card in cards[:-1]) and cards[-1]["measure"] == "peak_day"
