"""What is said of an explained day: no sentence says more than the numbers, and every bad case has one."""

from datetime import date

import pytest

from ml_assets.explanations.rules import VERDICTS
from orchestration.explained import UNEXPLAINED, sentences, strength

DAY = date(2026, 3, 5)
ROW = {
    "hashtag": "*", "peak_day": DAY, "verdict": "explained", "basis": "campaign", "confidence": 0.9639, "placebo_days": 27, "score": 0.4, "headline": "<b>x</b>",
}  # fmt: skip


def said(**changed):
    return " ".join(sentences({**ROW, **changed}))


def test_a_confidence_is_said_as_a_share_of_ordinary_days_and_rounded_down():
    assert strength(ROW) == "stronger than 96 % of 27 ordinary days"
    assert strength({**ROW, "confidence": 0.9999}) == "stronger than 99 % of 27 ordinary days"
    assert strength({**ROW, "confidence": 1.0, "placebo_days": 6}) == "stronger than all 6 ordinary days"
    assert strength({**ROW, "confidence": 0.29}) == "stronger than 29 % of 27 ordinary days", "0.29 * 100 is 28.999999999999996"


@pytest.mark.parametrize("verdict", [*VERDICTS, "not_compared"])
def test_every_verdict_has_a_sentence_without_cause_or_text_from_outside(verdict):
    for confidence in (None, float("nan"), 0.0, 0.5, 1.0):
        if verdict == "explained" and confidence not in {0.5, 1.0}:
            continue
        words = said(verdict=verdict, confidence=confidence, score=0.3)
        assert words.endswith(".") and "<b>" not in words
        assert not {"cause", "caused", "because", "probability"} & set(words.lower().replace(".", "").split())


def test_only_an_explained_day_is_said_to_fit_with_a_strength():
    assert said() == "A story in the news fits this day: stronger than 96 % of 27 ordinary days."
    for confidence in (0.0, 0.5, 0.79):
        assert sentences({**ROW, "verdict": "unexplained", "confidence": confidence})[0] == UNEXPLAINED


def test_the_first_day_and_a_young_hashtag_say_with_what_they_are_compared():
    assert "every ordinary day comes after it" in " ".join(sentences(ROW, DAY))
    assert "comes after it" not in " ".join(sentences(ROW, date(2026, 3, 1)))
    assert "ordinary days of the whole campaign" in said(hashtag="recall") and "whole campaign" not in said(hashtag="recall", basis="hashtag")


def test_too_few_days_says_how_many_there_are():
    assert "2 of the 5 needed" in said(verdict="too_few_days", confidence=None, placebo_days=2)
