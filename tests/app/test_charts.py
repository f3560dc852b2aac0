import inspect

import pandas as pd
import pytest

from app import charts
from app.shaping import shares_of
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


def rows(chart) -> list[dict]:
    """The data of the chart: of its only or its longest data set."""
    return max(chart.to_dict()["datasets"].values(), key=len)


@pytest.mark.parametrize(("colours", "ground"), [(charts.LIGHT, "#ffffff"), (charts.DARK, "#12171d")])
def test_text_and_marks_can_be_told_from_the_ground_in_both_themes(colours, ground):
    """WCAG 1.4.3 wants 4.5 of text, 1.4.11 wants 3 of marks that carry a meaning."""
    assert colours.ground == ground and contrast(colours.text, ground) >= 4.5 and contrast(colours.muted, ground) >= 4.5
    assert contrast(colours.peak, colours.bar) >= 3 and contrast(colours.doubt, ground) >= 3 and contrast(colours.peak, ground) >= 3
    assert all(contrast(colour, ground) >= 3 for colour in (charts.SENTIMENT["negative"], charts.SENTIMENT["positive"]))


def test_peaks_are_numbered_in_their_order_and_a_day_of_little_coverage_is_pale():
    first, second = pd.Timestamp("2026-03-01").date(), pd.Timestamp("2026-03-02").date()
    data = rows(charts.engagement_by_day(DAYS, [second, first], charts.LIGHT))
    assert [row["peak"] for row in data] == [2, 1] and [row["trusted"] for row in data] == [False, True]


def test_the_band_of_coverage_says_little_and_unknown_apart():
    data = rows(charts.engagement_by_day(DAYS, [], charts.LIGHT))
    assert [(row["cover"], row["cover_said"]) for row in data] == [("little", "50%"), ("unknown", "")]


def test_a_day_that_still_grows_is_pale_too():
    growing = DAYS.assign(coverage=[1.0, 1.0], engagement_waiting=[0, 3])
    assert [row["trusted"] for row in rows(charts.engagement_by_day(growing, [], charts.LIGHT))] == [True, False]


def test_a_series_of_zeros_and_one_of_a_single_day_can_be_drawn():
    assert charts.engagement_by_day(DAYS.assign(engagement=0), [], charts.LIGHT).to_dict()
    assert charts.engagement_by_day(DAYS.head(1), [DAYS["day"][0]], charts.DARK).to_dict()


LABELS = {"scored": [40, 5], "negative": [10, 1], "neutral": [10, 1], "positive": [20, 3]}
# Of each chart that is drawn: what it takes, but for the palette.
ARGUMENTS = {
    "by_type": [DAYS.assign(like_count=1, repost_count=2, reply_count=3, quote_count=4)], "coverage_by_day": [DAYS.assign(captured=1, counted=2)], "engagement_by_day": [DAYS, [DAYS["day"][0]]], "sentiment_by_day": [DAYS.assign(**LABELS)],
    "engagement_by_hour": [pd.DataFrame({"hour": pd.date_range("2026-03-01", periods=2, freq="h"), "posts": 1, "engagement": 2, "engagement_age": "", "coverage": [1.0, 0.5]})],
    "heat_map": [pd.DataFrame({"weekday": ["Mon"], "hour": [1], "posts": [1.0], "engagement": [1.0], "hours": [1]}), "posts", "Posts"],
    "one_beside_other": [pd.DataFrame({"campaign_day": [1, 1], "value": [1, 2], "who": ["a", "b"], "day": DAYS["day"]}), "Posts"],
    "ranked": [pd.DataFrame({"Word": ["a", "b"], "Posts": [2, 1]}), "Word", "Posts", "Posts"],
    "shares_by_day": [shares_of(DAYS.assign(**LABELS))],
    "voices": [pd.DataFrame({"day": DAYS["day"], "name": ["a", "b"], "share": [0.4, 0.6], "volume": [4, 6]})],
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, chart in vars(charts).items() if name in charts.__all__ and inspect.isfunction(chart) and name != "palette"])
def test_every_chart_is_one_of_vega_lite_and_is_the_same_where_the_page_sends_it_unchecked(name):
    """The page does not look at the schema: that is a third of making the chart."""
    chart = getattr(charts, name)(*ARGUMENTS[name], charts.LIGHT)
    assert chart.to_dict(validate=True) == chart.to_dict(validate=False)


def test_thin_days_have_no_line_and_no_colour_of_a_label():
    shares = pd.DataFrame({"day": [DAYS["day"][0]] * 2, "label": ["negative", "positive"], "share": [0.5, 0.5], "low": [0.1, 0.1], "high": [0.9, 0.9], "scored": [2, 2], "thin": [True, True]})
    spec = charts.shares_by_day(shares, charts.LIGHT).to_dict()
    filters = {str(layer["transform"][0]["filter"]): layer["mark"] for layer in spec["layer"]}
    assert set(filters) == {"datum.thin"}, "no layer of firm days where there is none"
    assert all("color" not in layer["encoding"] for layer in spec["layer"] if layer["transform"][0]["filter"] == "datum.thin")


def test_sentiment_shares_are_of_the_scored_posts_and_days_without_any_are_left_out():
    frame = pd.DataFrame({"day": DAYS["day"], "scored": [4, 0], "negative": [1, 0], "neutral": [1, 0], "positive": [2, 0]})
    (data,) = charts.sentiment_by_day(frame, charts.LIGHT).to_dict()["datasets"].values()
    assert {row["label"]: row["share"] for row in data} == {"negative": 0.25, "neutral": 0.25, "positive": 0.5}


def test_the_same_words_make_the_same_cloud_and_hostile_ones_do_no_harm():
    words = {"great": 9, "<b>bold</b>": 4, "\x1b[31m": 2, "km": 1}
    assert word_cloud(words, charts.LIGHT) == word_cloud(words, charts.LIGHT)
    assert word_cloud({"\U0010fffd": 3}, charts.LIGHT) is None
    assert word_cloud({"\u200b": 3}, charts.LIGHT) is None
