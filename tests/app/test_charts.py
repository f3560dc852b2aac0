import pandas as pd

from app import charts
from app.words import word_cloud

DAYS = pd.DataFrame(
    {
        "day": pd.to_datetime(["2026-03-01", "2026-03-02"]).date,
        "engagement": [5, 9],
        "originals": [1, 1],
        "reposts": [0, 0],
        "authors": [1, 1],
        "coverage": [0.5, None],
        "engagement_age": ["at 24 h", "at 24 h"],
        "engagement_waiting": [0, 0],
    }
)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, section 1.4.3."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_can_be_read_in_both_themes():
    assert contrast(charts.LIGHT.text, "#ffffff") >= 4.5
    assert contrast(charts.DARK.text, "#12171d") >= 4.5
    assert contrast(charts.LIGHT.peak, charts.LIGHT.bar) >= 3 and contrast(charts.DARK.peak, charts.DARK.bar) >= 3


def test_the_peak_is_marked_and_a_day_of_little_coverage_is_pale():
    spec = charts.engagement_by_day(DAYS, pd.Timestamp("2026-03-02").date(), charts.LIGHT).to_dict()
    (data,) = spec["datasets"].values()
    assert [row["is_peak"] for row in data] == [False, True]
    assert [row["trusted"] for row in data] == [False, True]


def test_a_day_that_still_grows_is_pale_too():
    growing = DAYS.assign(coverage=[1.0, 1.0], engagement_waiting=[0, 3])
    (data,) = charts.engagement_by_day(growing, None, charts.LIGHT).to_dict()["datasets"].values()
    assert [row["trusted"] for row in data] == [True, False]


def test_sentiment_shares_are_of_the_scored_posts_and_days_without_any_are_left_out():
    frame = pd.DataFrame({"day": DAYS["day"], "scored": [4, 0], "negative": [1, 0], "neutral": [1, 0], "positive": [2, 0]})
    (data,) = charts.sentiment_by_day(frame, charts.LIGHT).to_dict()["datasets"].values()
    assert {row["label"]: row["share"] for row in data} == {"negative": 0.25, "neutral": 0.25, "positive": 0.5}


def test_the_same_words_make_the_same_cloud_and_hostile_ones_do_no_harm():
    words = {"great": 9, "<b>bold</b>": 4, "\x1b[31m": 2, "km": 1}
    assert word_cloud(words, charts.LIGHT) == word_cloud(words, charts.LIGHT)
    assert word_cloud({"\U0010fffd": 3}, charts.LIGHT) is None
    assert word_cloud({"\u200b": 3}, charts.LIGHT) is None
