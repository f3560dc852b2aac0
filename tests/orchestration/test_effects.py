"""Which days of which measures are judged, and what becomes a row of ml.campaign_effects."""

from datetime import date, timedelta

import pytest

from orchestration.campaigns import Campaign as Declared
from orchestration.effects.judging import Facts, judge, phases_of
from orchestration.effects.series import NOT_SCORED, NOT_WHOLE, OTHERWISE, SET_MISSING, THIN, WAITING

START = date(2026, 3, 2)
DECLARED = Declared("c", "C", start_day=START, end_day=START + timedelta(13))
# A Monday four weeks before; the campaign takes two weeks, and three days after it are captured.
FIRST = START - timedelta(28)
SPAN = [FIRST + timedelta(number) for number in range(28 + 14 + 3)]
RHYTHM = (100, 105, 110, 105, 120, 70, 60)


def level(day, during=1.0):
    """Posts of a day: a weekly rhythm, and a little of each week's own."""
    week = (day - FIRST).days // 7
    return round(RHYTHM[day.weekday()] * (1 + 0.02 * (week % 3)) * (during if START <= day <= DECLARED.end_day else 1.0))


def engagement(hashtag="*", factor=1.0, **changed):
    """Rows of marts.engagement_daily; `changed` maps a column to values by day."""
    rows = []
    for day in SPAN:
        posts = level(day, factor)
        row = {
            "day": day, "hashtag": hashtag, "posts": posts, "authors": posts // 2, "engagement": 3 * posts, "engagement_waiting": 0,
            "captured_hours": 24, "hours_in_day": 24, "counted": None, "coverage": None,
        }  # fmt: skip
        rows.append(row | {name: values[day] for name, values in changed.items() if day in values})
    return rows


def sentiment(share_during=0.5, **changed):
    """Net sentiment of 0.2, a little different by day, before and after."""
    rows = []
    for number, day in enumerate(SPAN):
        net = (share_during if START <= day <= DECLARED.end_day else 0.2) + 0.01 * (number % 5)
        row = {"day": day, "hashtag": "*", "scored": 50, "net_sentiment": net, "corrected_net_sentiment": None, "model_id": "m", "model_revision": "1", "code_version": "1"}
        rows.append(row | {name: values[day] for name, values in changed.items() if day in values})
    return rows


def voice(factor=1.0, others=1.0):
    rows = []
    for number, day in enumerate(SPAN):
        own, theirs = level(day, factor), round(level(day, others) * (2 + 0.05 * (number % 4)))
        rows.append({"day": day, "volume": own, "set_volume": own + theirs, "basis": "captured", "lowest_coverage": None, "members_missing": 0, "is_captured_alike": True})
    return rows


def rows_of(declared=DECLARED, *, engaged=None, feelings=(), voices=(), modes=None, members=None):
    engaged = engagement() if engaged is None else engaged
    return judge(declared, Facts(engaged, feelings, voices, modes or {}, members or {}), "hash")


def one(rows, measure, phase="during", control="none", hashtag="*"):
    (found,) = [row for row in rows if (row["measure"], row["phase"], row["control"], row["hashtag"]) == (measure, phase, control, hashtag)]
    return found


def test_the_campaigns_days_and_those_after_its_end_are_compared_with_the_same_days_before():
    rows = rows_of(engaged=engagement(factor=1.5))
    during, after = one(rows, "posts"), one(rows, "posts", "after")
    assert (during["first_day"], during["last_day"], during["days_before"], during["days_in_phase"]) == (START, DECLARED.end_day, 28, 14)
    assert (after["first_day"], after["last_day"], after["days_in_phase"]) == (DECLARED.end_day + timedelta(1), SPAN[-1], 3)
    assert 0.45 < during["relative_change"] < 0.55 and during["low"] > 0
    assert after["low"] < 0 < after["high"]
    assert one(rows, "engagement")["value"] == pytest.approx(3 * during["value"])


def test_the_phases_end_with_the_last_whole_day_and_an_open_campaign_has_no_after():
    running = Declared("c", "C", start_day=START)
    whole = engagement(captured_hours={SPAN[-1]: 5})
    (phase,) = phases_of(running, whole)
    assert (phase.name, phase.first, phase.last) == ("during", START, SPAN[-2])
    assert phases_of(Declared("c", "C"), whole) == [] and phases_of(DECLARED, whole[:28]) == []


def test_a_part_of_a_day_and_a_day_captured_in_another_way_are_no_days_to_compare():
    thin_day, part, other = FIRST + timedelta(3), START + timedelta(2), START + timedelta(4)
    engaged = engagement(captured_hours={part: 23}, coverage={thin_day: 0.89})
    modes = {day: "stream" if day == other else "search" for day in SPAN}
    row = one(rows_of(engaged=engaged, modes=modes), "posts")
    assert row["left_out_because"] == "; ".join(sorted(f"{reason}: 1" for reason in (OTHERWISE, THIN, NOT_WHOLE)))
    assert (row["days_left_out"], row["days_before"], row["days_in_phase"]) == (3, 27, 12)


def test_posts_that_were_counted_are_compared_however_few_of_them_were_captured():
    counted = {day: 10 * level(day) for day in SPAN}
    engaged = engagement(counted=counted, coverage=dict.fromkeys(SPAN, 0.1))
    rows = rows_of(engaged=engaged)
    posts, authors = one(rows, "posts"), one(rows, "authors")
    assert (posts["basis"], posts["days_left_out"], posts["value"]) == ("counted", 0, pytest.approx(10 * sum(map(level, SPAN[28:42])) / 14))
    assert authors["value"] is None and authors["not_comparable_because"] == "No day of the period can be used."
    assert one(rows_of(engaged=engagement(counted=counted | {SPAN[0]: None})), "posts")["basis"] == "captured"


def test_engagement_that_still_grows_is_left_out_and_the_posts_of_the_day_are_not():
    rows = rows_of(engaged=engagement(engagement_waiting={DECLARED.end_day: 4}))
    assert one(rows, "engagement")["left_out_because"] == f"{WAITING}: 1" and one(rows, "posts")["days_left_out"] == 0


def test_a_captured_day_without_the_hashtag_is_a_known_zero():
    tag = [row for row in engagement("tag") if row["day"].weekday() != 6]
    row = one(rows_of(engaged=[*engagement(), *tag]), "posts", hashtag="tag")
    assert row["days_before"] == 28 and row["baseline"] == pytest.approx(sum(level(day) for day in SPAN[:28] if day.weekday() != 6) / 28, rel=0.03)


def test_net_sentiment_is_weighed_by_posts_and_has_no_relative_change():
    row = one(rows_of(feelings=sentiment()), "net_sentiment")
    assert row["change"] == pytest.approx(0.3, abs=0.01) and row["low"] > 0 and row["relative_change"] is None
    assert row["basis"] == "labels" and row["posts_in_phase"] == 14 * 50


def test_sentiment_is_corrected_where_every_day_is_and_only_there():
    corrected = {day: 0.1 + 0.01 * (number % 5) for number, day in enumerate(SPAN)}
    row = one(rows_of(feelings=sentiment(corrected_net_sentiment=corrected)), "net_sentiment")
    assert row["basis"] == "corrected labels" and row["value"] == pytest.approx(0.12, abs=0.01)
    assert one(rows_of(feelings=sentiment(corrected_net_sentiment=dict(list(corrected.items())[1:]))), "net_sentiment")["basis"] == "labels"


def test_sentiment_of_two_models_is_not_compared_because_the_ruler_changed():
    row = one(rows_of(feelings=sentiment(model_revision=dict.fromkeys(SPAN[28:], "2"))), "net_sentiment")
    assert row["not_comparable_because"] == "The posts were scored by more than one model." and row["low"] is None


def test_sentiment_of_few_posts_has_a_value_and_no_interval():
    few = sentiment(scored=dict.fromkeys(SPAN, 0) | {SPAN[0] + timedelta(n): 2 for n in range(42)})
    row = one(rows_of(feelings=few), "net_sentiment")
    assert row["not_comparable_because"] == "Too few scored posts to compare (28 on one side, 30 are needed)."
    assert row["value"] is not None and row["low"] is row["p_value"] is None
    silent = one(rows_of(feelings=[]), "net_sentiment")
    assert silent["left_out_because"] == f"{NOT_SCORED}: 42"


def test_a_campaign_without_a_day_before_says_so_and_how_to_have_some():
    declared = Declared("c", "C", start_day=FIRST)
    row = one(rows_of(declared), "posts")
    assert row["not_comparable_because"].startswith("No day before its first day (2026-02-02) was captured") and "capture_from" in row["not_comparable_because"]
    assert row["value"] is not None and row["baseline"] is None


WITH_RIVALS = Declared("c", "C", start_day=START, end_day=DECLARED.end_day, competitors=("r",))


def test_what_the_competitors_did_too_is_no_effect_of_the_campaign():
    """Everybody's posts rose by half: against the days before a rise, against the competitors none."""
    rival = {"r": engagement(factor=1.5)}
    rows = rows_of(WITH_RIVALS, engaged=engagement(factor=1.5), voices=voice(1.5, 1.5), members=rival)
    assert one(rows, "posts")["low"] > 0
    for measure in ("posts", "engagement"):
        controlled = one(rows, measure, control="competitors")
        assert abs(controlled["relative_change"]) < 0.05, measure
        assert controlled["value"] == pytest.approx(one(rows, measure)["value"], rel=0.01)


def test_what_only_the_campaign_did_is_seen_against_the_competitors_in_numbers_a_day():
    rows = rows_of(WITH_RIVALS, engaged=engagement(factor=2.0), voices=voice(2.0), members={"r": engagement()})
    found = one(rows, "posts", control="competitors")
    assert found["unit"] == "posts a day" and found["change"] == pytest.approx(sum(map(level, SPAN[28:42])) / 14, rel=0.05)
    assert found["low"] > 0 and "parallel trends" in found["assumption"]
    assert one(rows, "share_of_voice")["low"] > 0


def test_days_without_a_competitor_compare_nothing_with_the_competitors():
    missing = [row | {"members_missing": 1, "set_volume": None} for row in voice()]
    rows = rows_of(WITH_RIVALS, voices=missing, members={})
    for measure, control in (("share_of_voice", "none"), ("posts", "competitors"), ("engagement", "competitors")):
        row = one(rows, measure, control=control)
        assert row["value"] is None and row["left_out_because"] == f"{SET_MISSING}: 42", measure


def test_equal_facts_give_equal_rows_and_equal_hashes():
    facts = Facts(engagement(), sentiment(), [], {SPAN[0]: "file"}, {})
    assert judge(DECLARED, facts, "h") == judge(DECLARED, facts, "h")
    assert facts.hash(DECLARED, "1") == Facts(engagement(), sentiment(), [], {SPAN[0]: "file"}, {}).hash(DECLARED, "1")
    changed = Facts(engagement(posts={SPAN[3]: 1}), sentiment(), [], {SPAN[0]: "file"}, {})
    assert len({facts.hash(DECLARED, "1"), facts.hash(DECLARED, "2"), changed.hash(DECLARED, "1")}) == 3
