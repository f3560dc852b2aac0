"""The cards that say what explains the peak, and whether the campaign worked: sentences, tables, and what cannot be said."""

import pytest

from tests.app.conftest import ANSWERS, HOSTILE
from tests.app.conftest import said as words


def test_the_card_says_whether_the_campaign_worked_and_claims_no_more_than_its_intervals(site):
    shown = site()
    assert "During the campaign (5 Mar 2026): posts rose; no clear change of net sentiment." in words(shown)
    assert "Posts rose: 150 a day, 100 expected from 28 days before: +50.0 (95 % interval +20.0 to +80.0; +50 %, +15 % to +110 %)." in words(shown)
    assert "Net sentiment: no clear change. +30.0 points, +25.0 points expected" in words(shown)
    assert "change, not proven effect" in words(shown) and "2 days left out of the comparison (no post was scored: 2)." in words(shown)


def test_the_verdict_as_a_table_has_the_same_numbers(site):
    shown = site()
    shown.session_state["verdict"] = "Table"
    (table,) = [table.value for table in shown.run().dataframe if "95 % interval" in table.value.columns]
    assert table[["Measure", "Was", "Expected", "95 % interval"]].values.tolist() == [
        ["Posts", "150", "100", "+20.0 to +80.0"], ["Net sentiment", "+30.0 points", "+25.0 points", "-10.0 points to +20.0 points"],
    ]  # fmt: skip
    assert "change, not proven effect" in words(shown)


def test_a_hashtag_whose_days_before_say_nothing_has_no_direction_on_the_site(site):
    """Its row has no interval: in a frame that is NaN, which is not None and not above 0 either."""
    shown = site()
    shown.selectbox(key="hashtag").set_value(HOSTILE)
    said = words(shown.run())
    assert "whether posts changed cannot be said" in said and "There is nothing to compare this with: the days before are all alike" in said
    assert "posts rose" not in said


def test_a_campaign_without_a_first_day_says_that_there_is_no_before(site):
    undated = ANSWERS["campaigns"] | {"start_day": [None, None]}
    assert "names no first day of this campaign" in words(site(campaigns=undated, effects={}))
    assert "No day of the campaign has been captured whole yet." in words(site(effects={}))


def test_a_hashtag_that_is_not_followed_says_that_nobody_judged_it(site):
    whole = {name: values[:2] for name, values in ANSWERS["effects"].items()}
    shown = site(effects=whole)
    shown.selectbox(key="hashtag").set_value(HOSTILE)
    assert "is not followed, so nobody judged it." in words(shown.run())


def explained(**changed):
    return {"explanations": {name: [changed.get(name, values[0])] for name, values in ANSWERS["explanations"].items()}}


def test_the_peak_card_says_what_fits_how_strongly_and_by_which_words(site):
    shown = site()
    said = words(shown)
    assert "A story in the news fits this day: stronger than 96 % of 30 ordinary days." in said
    assert "The story: 1 text in 2 publications." in said and "· heel plate." in said
    (table,) = [each.value for each in shown.dataframe if "Shares with the posts" in each.value.columns]
    assert table["Story"].tolist() == ["best", ""], "the best story's articles come first"
    assert table["Headline"].tolist()[0] == "«Heel plates» «crack»" and table["Headline"].tolist()[1].startswith("«<script>»alert")
    assert table["Shares with the posts"][0] == "heel plates · crack"


def test_the_peak_card_shows_other_days_of_the_campaign_and_says_when_nobody_compared_them(site):
    shown = site()
    (picker,) = [each for each in shown.selectbox if each.label == "Day"]
    assert len(picker.options) == 2
    picker.select_index(1).run()
    assert "Nobody has compared this day with the news yet." in words(shown)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"verdict": "unexplained", "confidence": 0.5}, "No news we found explains this.\nThe best story is stronger than 50 % of 30 ordinary days"),
        ({"verdict": "unexplained", "score": 0.0, "story_id": None, "headline": None}, "No article shares a word or name with the posts"),
        ({"verdict": "too_few_days", "confidence": None, "placebo_days": 2}, "too few ordinary days to compare with: 2 of the 5 needed."),
        ({"verdict": "no_articles", "confidence": None, "score": None, "headline": None, "news_reason": "No article of 2 March."}, "No article of 2 March."),
        ({"verdict": "no_text", "confidence": None, "score": None, "headline": None}, "its posts are all reposts, or hold no words"),
        ({"verdict": "other_language", "confidence": None, "headline": None}, "in other languages than the posts"),
        ({"verdict": "not_compared", "confidence": None, "headline": None}, "Nobody has compared this day with the news yet."),
    ],
)
def test_a_day_without_an_explanation_says_why(site, changed, said):
    shown = site(**explained(**changed))
    assert not shown.exception and said in words(shown) and "could not be shown" not in words(shown)


def test_no_day_that_wants_an_explanation_is_no_broken_card(site):
    assert "No day of this campaign wants an explanation yet." in words(site(peak_days={}))
