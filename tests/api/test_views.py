"""What the answers say, number by number."""

import pytest

from tests.api.conftest import ANSWERS, HOSTILE


def cards(api, query: str) -> dict[str, dict]:
    return {row["measure"]: row for row in api.ask(f"cards?{query}").json()["data"]}


def test_the_cards_are_those_of_the_whole_campaign(api):
    found = cards(api, "campaign=one")
    assert {name: card["value"] for name, card in found.items()} == {
        "posts": 70, "authors": 28, "engagement": 150, "engagement_rate_by_impressions": 0.01, "net_sentiment": pytest.approx(30.0), "coverage": 70 / 80,
        "peak_day": "2026-03-05",
    }  # fmt: skip
    assert found["engagement"]["behind"] == "40 of 40 originals, as last observed" and found["coverage"]["shown"] == "87.5%"
    assert all(card["definition"] for card in found.values())


def test_the_cards_of_a_period_are_of_its_days_and_its_peak_is_its_own(api):
    """Half open: from the 6th up to, not including, the 7th."""
    found = cards(api, "campaign=one&from=2026-03-06&to=2026-03-07")
    assert {name: card["value"] for name, card in found.items()} == {
        "posts": 30, "authors": 28, "engagement": 50, "engagement_per_post": 2.5, "net_sentiment": 20.0, "coverage": 1.0, "peak_day": "2026-03-06",
    }  # fmt: skip
    asked = dict(api.questions.asked)["authors"]
    assert [str(day) for day in asked[2:]] == ["2026-03-06", "2026-03-07"]


def test_a_period_without_captured_days_has_no_figures_and_no_error(api):
    found = cards(api, "campaign=one&from=2027-01-01&to=2027-01-02")
    assert {name: card["value"] for name, card in found.items()} == {
        "posts": 0, "authors": None, "engagement": None, "engagement_per_post": None, "net_sentiment": None, "coverage": None, "peak_day": None,
    }  # fmt: skip
    assert [card["shown"] for card in found.values()] == ["0", *["–"] * 6]


def test_a_change_stands_beside_a_figure_or_why_there_is_none(api):
    found = cards(api, "campaign=one")
    assert (found["posts"]["change"], found["posts"]["against"]) == ("+40.0 %", "against 3 – 4 Mar 2026 (2 days)")
    assert found["authors"]["change"] is None and found["authors"]["not_compared"].startswith("compared are all days")


@pytest.mark.parametrize("days", ["", "&from=2026-03-05&to=2026-03-07", "&from=2020-01-01&to=2030-01-01"])
def test_a_period_that_reaches_beyond_the_days_is_that_of_the_days(api, days):
    assert cards(api, f"campaign=one{days}") == cards(api, "campaign=one")


def test_net_sentiment_has_its_interval_and_few_posts_have_no_verdict(open_api):
    """80 positive, 100 neutral, 20 negative: +30 and 1.96 standard errors of 4.53 points on both sides."""
    net = cards(open_api(), "campaign=one")["net_sentiment"]
    assert (net["low"], net["high"]) == (pytest.approx(30 - 8.88, abs=0.01), pytest.approx(30 + 8.88, abs=0.01))
    few = ANSWERS["sentiment"] | {"negative": [1, 1], "neutral": [1, 1], "positive": [1, 1], "scored": [3, 3]}
    net = cards(open_api(sentiment=few), "campaign=one")["net_sentiment"]
    assert (net["value"], net["low"], net["shown"]) == (None, None, "Too few")


def test_shares_have_intervals_and_a_day_of_few_posts_has_none(open_api):
    """20 of 200: Wilson's interval is 6.6 to 14.9 %."""
    answer = open_api().ask("sentiment?campaign=one").json()
    negative = answer["shares"][0]
    assert (negative["share"], round(negative["low"], 3), round(negative["high"], 3)) == (0.1, 0.066, 0.149)
    assert "negative 10.0% (6.6 to 14.9)" in answer["said"] and "label 200 posts" in answer["corrected"]
    thin = ANSWERS["sentiment"] | {"scored": [3, 100], "negative": [1, 15], "neutral": [1, 50], "positive": [1, 35]}
    first, second = open_api(sentiment=thin).ask("sentiment?campaign=one").json()["days"]
    assert first["shares"][0] == {"label": "negative", "posts": 1, "share": 1 / 3, "low": None, "high": None}
    assert second["shares"][0]["low"] == pytest.approx(0.0931, abs=1e-4)


def test_hours_are_those_of_the_campaigns_days_not_of_utc(api):
    """New York's 5 March ends at 05:00 UTC of the 6th."""
    answer = api.ask("series?campaign=one&grain=hours&from=2026-03-05&to=2026-03-06").json()
    assert [row["hour"] for row in answer["data"]] == ["2026-03-05T05:00:00Z", "2026-03-06T04:00:00Z"]
    assert answer["data"][1]["engagement"] is None


def test_words_leave_out_the_followed_hashtags_as_the_page_does(api):
    assert [row["word"] for row in api.ask("words?campaign=one").json()["data"]] == ["great", HOSTILE]
    assert [row["word"] for row in api.ask("words?campaign=one&most=1").json()["data"]] == ["great"]


def test_articles_are_given_when_their_peak_is_among_the_days(api):
    inside, outside = (api.ask(f"articles?campaign=one&from=2026-03-0{day}&to=2026-03-0{day + 1}").json() for day in (5, 6))
    assert inside["status"] == "ok" and len(inside["data"]) == 2 and outside["data"] == [] and outside["status"] is None
    assert len(api.ask("entities?campaign=one&from=2026-03-05").json()["data"]) == 2
    assert api.ask("entities?campaign=one&from=2026-03-06").json()["data"] == []


def test_a_link_that_is_none_is_not_offered(api):
    assert [row["url"] for row in api.ask("articles?campaign=one").json()["data"]] == ["https://example.com/a", None]


def test_peaks_and_explanations_are_those_of_the_days(api):
    assert [row["peak_id"] for row in api.ask("peaks?campaign=one&from=2026-03-05").json()["data"]] == ["p"]
    assert api.ask("peaks?campaign=one&from=2026-03-06").json()["data"] == []
    (row,) = api.ask("explanation?campaign=one").json()["data"]
    assert (row["headline"], row["confidence"], row["hashtag"]) == ("Halvenne bets on repair", 0.96, "*")


def test_coverage_is_of_the_hours_of_the_days_and_unknown_where_one_was_not_counted(open_api):
    answer = open_api().ask("coverage?campaign=one&from=2026-03-05&to=2026-03-06").json()
    assert (answer["hours"], answer["capped_hours"], answer["captured"], answer["counted"], answer["coverage"]) == (1, 1, 40, 50, 0.8)
    uncounted = ANSWERS["capture_hours"] | {"counted": [50, None]}
    answer = open_api(capture_hours=uncounted).ask("coverage?campaign=one").json()
    assert (answer["hours"], answer["captured"], answer["counted"], answer["coverage"]) == (2, 70, None, None)


def test_a_tracer_that_is_given_answers_for_a_figure(open_api):
    def tracer(asked, measure, day):
        if measure != "engagement":
            raise LookupError("There is no measure 'engagment'. Did you mean engagement?")
        return {"figure": 150, "hashtag": asked.hashtag, "day": day}

    api = open_api(tracer=tracer)
    assert api.ask("trace?campaign=one&measure=engagement&day=2026-03-05").json()["trace"] == {"figure": 150, "hashtag": "*", "day": "2026-03-05"}
    assert api.ask("trace?campaign=one&measure=engagment").json()["detail"].endswith("Did you mean engagement?")


def test_hostile_text_is_text_in_json(api):
    answer = api.ask("articles?campaign=one")
    assert answer.headers["content-type"] == "application/json" and answer.json()["data"][0]["title"] == HOSTILE
