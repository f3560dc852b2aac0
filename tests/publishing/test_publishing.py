"""What is published, as which figures, and when: without a warehouse."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from orchestration.publishing import Content, end_of, figures_of, published_at, steady

NOW = datetime(2026, 3, 9, 12, 30, 15, 987_654, tzinfo=UTC)
ONE, TWO = date(2026, 3, 9), date(2026, 3, 10)


def day(day, hashtag="*", **more):
    known = {"posts": 10, "originals": 6, "reposts": 4, "authors": 5, "engagement": 30, "captured": 10, "counted": 20, "coverage": 0.5}
    return {"hashtag": hashtag, "day": day, **known, **more}


def scored(day, hashtag="*", **more):
    return {"hashtag": hashtag, "day": day, "scored": 4, "not_scored": 2, "negative": 1, "neutral": 1, "positive": 2, "net_sentiment": 0.25, **more}


def values(figures, hashtag="*", period="whole"):
    return {row["figure"]: row["value"] for row in figures if (row["hashtag"], row["period"]) == (hashtag, period)}


def test_sums_are_over_the_days_and_authors_are_not_summed():
    figures = figures_of({"coverage": 0.5}, [day(ONE), day(TWO, posts=20)], [scored(ONE), scored(TWO, positive=0, negative=3)], [])
    whole = values(figures)
    assert (whole["posts"], whole["engagement"], whole["scored"], whole["net_sentiment"], whole["coverage"]) == (30, 60, 8, -0.25, 0.5)
    assert "authors" not in whole and values(figures, period="2026-03-09")["authors"] == 5


def test_an_unknown_figure_is_published_as_unknown_and_not_as_nothing():
    figures = figures_of({}, [day(ONE, engagement=None, counted=None, coverage=None)], [scored(ONE, scored=0, positive=0, negative=0, net_sentiment=None)], [])
    for period in ("whole", "2026-03-09"):
        said = values(figures, period=period)
        assert [said[name] for name in ("engagement", "counted", "coverage", "net_sentiment")] == [None] * 4


def test_one_known_day_makes_the_sum_known():
    assert values(figures_of({}, [day(ONE, engagement=None), day(TWO)], [], []))["engagement"] == 30


def test_how_much_was_captured_is_said_of_the_whole_campaign_only():
    figures = figures_of({}, [day(ONE, "trail"), day(ONE)], [], [])
    assert "captured" not in values(figures, "trail") and "coverage" not in values(figures, "trail", "2026-03-09")
    assert values(figures)["captured"] == 10


def test_a_peak_stands_with_its_day_and_the_next_one_with_its_own():
    peak = {"hashtag": "trail", "peak_day": TWO, "engagement": 90, "runner_up_day": ONE, "runner_up_engagement": 50}
    figures = figures_of({}, [], [], [peak, peak | {"hashtag": "*", "runner_up_day": None}])
    assert {(row["hashtag"], row["day"], row["figure"], row["value"]) for row in figures} == {
        ("trail", TWO, "peak_engagement", 90.0),
        ("trail", ONE, "runner_up_engagement", 50.0),
        ("*", TWO, "peak_engagement", 90.0),
    }


def test_every_figure_has_a_unit_and_a_key_of_its_own():
    figures = figures_of({}, [day(ONE), day(ONE, "trail")], [scored(ONE), scored(ONE, "trail")], [])
    assert all(row["unit"] for row in figures)
    keys = [(row["hashtag"], row["period"], row["figure"]) for row in figures]
    assert len(keys) == len(set(keys))


def content(engagement=30, share=0.5):
    return Content.of({"coverage": share, "words": ["é"]}, [day(ONE, engagement=engagement, coverage=share)], [scored(ONE)], [])


@pytest.mark.parametrize(("other", "equal"), [(content(), True), (content(engagement=31), False), (content(share=0.5 + 1e-15), True), (content(share=0.51), False)])
def test_contents_are_equal_when_their_figures_are_and_the_last_digit_of_a_sum_is_none(other, equal):
    assert (content().hash == other.hash) is equal


def test_the_order_in_which_figures_are_read_back_is_no_part_of_the_content():
    made = content()
    assert Content(made.summary, tuple(reversed(made.figures))).hash == made.hash


def test_a_summary_of_other_fields_is_other_content():
    made = content()
    assert Content(made.summary, made.figures, made.schema_version + 1).hash != made.hash


def test_a_time_of_a_summary_is_text_in_utc_and_what_it_does_not_know_is_refused():
    moment = datetime(2026, 3, 9, 14, tzinfo=timezone(timedelta(hours=2)))
    assert Content.of({"at": moment, "day": ONE}, [], [], []).summary == '{"at": "2026-03-09T12:00:00Z", "day": "2026-03-09"}'
    with pytest.raises(TypeError, match="set"):
        Content.of({"names": {"a"}}, [], [], [])


def test_a_publication_is_kept_to_the_second_and_after_its_elder():
    second = datetime(2026, 3, 9, 12, 30, 15, tzinfo=UTC)
    assert published_at(NOW, None) == published_at(NOW, second - timedelta(seconds=1)) == second
    assert published_at(NOW, second) == second + timedelta(seconds=1)
    assert published_at(NOW, second + timedelta(days=1)) == second + timedelta(days=1, seconds=1)


def test_a_day_ends_where_the_next_begins_in_leap_years_too():
    assert end_of(date(2024, 2, 28)) == datetime(2024, 2, 29, tzinfo=UTC) and end_of(date(2025, 12, 31)) == datetime(2026, 1, 1, tzinfo=UTC)


def test_floats_are_rounded_wherever_they_stand():
    assert steady({"a": [0.1 + 0.2, {"b": 1 / 3}], "c": 7, "d": True}) == {"a": [0.3, {"b": 0.333333333333}], "c": 7, "d": True}
