"""The verdict's sentences: every template with every sign of interval, every figure as the mart has it."""

import re
from datetime import date
from itertools import product

import pytest

from orchestration.effects.judging import AS_COMPETITORS, SAME_DAYS
from orchestration.verdict import NAMES, NO_START, NOTHING_YET, PROVEN, Sentence, direction, shown, verdict

DIRECTIONS = re.compile(
    r"\b(rose|rise|risen|fell|fall|fallen|higher|lower|grew|grown|shrank|increased?|decreased?|gained|lost|up|down|better|worse|more|less|fewer|above|doubled)\b", re.I
)
UNITS = {"posts": "posts a day", "engagement": "engagements a day", "authors": "authors a day", "share_of_voice": "ratio", "net_sentiment": "ratio"}
# (change, low, high, q): every way in which an interval can stand to 0, its ends included.
ABOVE, BELOW, ACROSS = (0.4, 0.1, 0.7, 0.01), (-0.4, -0.7, -0.1, 0.01), (0.2, -0.1, 0.5, 0.3)
TOUCHES_FROM_ABOVE, TOUCHES_FROM_BELOW, WIDE_FAMILY = (0.4, 0.0, 0.8, 0.05), (-0.4, -0.8, 0.0, 0.05), (0.4, 0.1, 0.7, 0.2)
NO_INTERVAL, NO_BASELINE, NO_VALUE = "no interval", "no baseline", "no value"
CLEAR, NOT_CLEAR = (ABOVE, BELOW), (ACROSS, TOUCHES_FROM_ABOVE, TOUCHES_FROM_BELOW, WIDE_FAMILY)
UNKNOWN = (NO_INTERVAL, NO_BASELINE, NO_VALUE)


def row(measure="posts", how=ABOVE, *, phase="during", control="none", said=None, **changed):
    """A row of marts.campaign_effects. `said` is what its `direction` claims; by default what the mart would say."""
    scale = 1.0 if UNITS[measure] == "ratio" else 1234.5
    made = {
        "hashtag": "*", "measure": measure, "phase": phase, "control": control, "unit": UNITS[measure], "basis": "labels", "first_day": date(2026, 3, 5),
        "last_day": date(2026, 3, 16), "days_before": 28, "days_left_out": 0, "left_out_because": None, "value": 1.5 * scale, "baseline": 1.1 * scale,
        "judged_at_once": 12, "not_comparable_because": None,
    }  # fmt: skip
    if how in UNKNOWN:
        made |= dict.fromkeys(("change", "low", "high", "relative_change", "relative_low", "relative_high", "q_value"))
        made |= {"not_comparable_because": "3 days before can be used, and 14 are needed.", "direction": "unknown"}
        made |= {"baseline": None} if how != NO_INTERVAL else {}
        made |= {"value": None} if how == NO_VALUE else {}
    else:
        change, low, high, q = how
        made |= {"change": change * scale, "low": low * scale, "high": high * scale, "q_value": q}
        relative = measure != "net_sentiment"
        made |= {f"relative_{name}": value / 1.1 if relative else None for name, value in (("change", change), ("low", low), ("high", high))}
        made["direction"] = "rose" if low > 0 and q <= 0.05 else "fell" if high < 0 and q <= 0.05 else "not_clear"
    return made | ({"direction": said} if said else {}) | changed


def of_measure(rows, name):
    return [sentence for sentence in verdict(rows, has_start=True) if sentence.text.startswith(NAMES[name][0]) and sentence.kind != "note"]


EVERY = list(product(NAMES, ("during", "after"), ("none", "competitors")))


@pytest.mark.parametrize(("measure", "phase", "control"), EVERY)
def test_a_sentence_says_a_direction_exactly_when_its_interval_excludes_0(measure, phase, control):
    for how, word in ((ABOVE, "rose"), (BELOW, "fell")):
        said = verdict([row(measure, how, phase=phase, control=control)], has_start=True)
        assert [sentence.kind for sentence in said[:2]] == ["answer", "change"]
        assert all(set(DIRECTIONS.findall(sentence.text)) == {word} for sentence in said[:2])
        assert not any(DIRECTIONS.search(sentence.text) for sentence in said[2:])
    for how in (*NOT_CLEAR, *UNKNOWN):
        # What the row claims does not matter: the interval has the last word.
        for claimed in (None, "rose", "fell"):
            if how == WIDE_FAMILY and claimed == "rose":
                continue
            for sentence in verdict([row(measure, how, phase=phase, control=control, said=claimed)], has_start=True):
                assert not DIRECTIONS.search(sentence.text) and sentence.kind not in ("answer", "change"), (how, claimed, sentence.text)


@pytest.mark.parametrize(("measure", "phase", "control"), EVERY)
def test_every_number_of_a_sentence_is_a_figure_and_equals_the_marts(measure, phase, control):
    for how in (*CLEAR, *NOT_CLEAR, *UNKNOWN):
        made = row(measure, how, phase=phase, control=control)
        for sentence in verdict([made], has_start=True)[1:]:
            rest = sentence.text.replace("95 % interval", "").replace("28 days before", "").replace("12 changes", "").replace("3 days before can be used, and 14 are needed", "")
            for figure in sentence.figures:
                assert figure.value == made[figure.column] and (figure.measure, figure.phase, figure.control, figure.hashtag) == (measure, phase, control, "*")
                unit = "percent" if figure.column.startswith("relative") else made["unit"]
                assert figure.text == shown(made[figure.column], unit, measure, signed=figure.column not in ("value", "baseline"))
                assert figure.text in rest
                rest = rest.replace(figure.text, "", 1)
            assert not re.search(r"\d", rest), (sentence.text, rest)


def test_two_measures_of_opposite_signs_and_one_that_crosses_keep_their_own_words():
    answer, *_ = verdict([row("posts", ABOVE), row("engagement", ACROSS), row("net_sentiment", BELOW), row("authors", NO_BASELINE)], has_start=True)
    assert answer.text == (
        "During the campaign (5 Mar 2026 to 16 Mar 2026): posts rose; net sentiment fell; no clear change of engagement; whether authors changed cannot be said."
    )


def test_the_answer_is_held_against_the_competitors_where_they_are_known():
    """Posts rose against the days before, and so did everybody's: the answer says no more than the stricter question."""
    answer, *_ = verdict([row("posts", ABOVE), row("posts", ACROSS, control="competitors")], has_start=True)
    assert "no clear change of posts (against the competitors)" in answer.text and "rose" not in answer.text
    answer, *_ = verdict([row("posts", ABOVE), row("posts", NO_INTERVAL, control="competitors")], has_start=True)
    assert answer.text.endswith(": posts rose.")


def test_a_sentence_gives_value_expectation_change_and_interval():
    (sentence,) = of_measure([row("posts", ABOVE, value=1851.75, baseline=1357.95)], "posts")
    assert sentence.text == (
        "Posts rose: 1,852 a day, 1,358 expected from 28 days before: +494 (95 % interval +123 to +864; +36 %, +9 % to +64 %)."
    )
    (sentence,) = of_measure([row("net_sentiment", BELOW, value=-0.1, baseline=0.3)], "net_sentiment")
    assert sentence.text == "Net sentiment fell: -10.0 points, +30.0 points expected from 28 days before: -40.0 points (95 % interval -70.0 points to -10.0 points)."


def test_without_a_control_it_is_change_and_not_proven_effect():
    kinds = {sentence.kind: sentence.text for sentence in verdict([row("posts", ABOVE)], has_start=True)}
    assert kinds["caution"] == PROVEN
    kinds = {sentence.kind: sentence.text for sentence in verdict([row("posts", ABOVE), row("posts", ABOVE, control="competitors")], has_start=True)}
    assert "parallel trends" in kinds["caution"] and "did not move theirs" in kinds["caution"]
    assert "not proven effect" in SAME_DAYS and "parallel trends" in AS_COMPETITORS


def test_a_change_that_is_clear_alone_and_not_among_many_says_so():
    (sentence,) = of_measure([row("posts", WIDE_FAMILY)], "posts")
    assert "no clear change" in sentence.text and "alone it would be clear, among 12 changes looked at together it is not" in sentence.text


def test_measures_that_share_a_reason_are_said_together():
    said = verdict([row("posts", NO_BASELINE), row("engagement", NO_BASELINE), row("net_sentiment", NO_VALUE)], has_start=True)
    assert [sentence.kind for sentence in said] == ["unknown", "unknown"]
    assert said[1].text == (
        "Posts 1,852 a day, engagement 1,852 a day, net sentiment unknown. There is nothing to compare these with: 3 days before can be used, and 14 are needed."
    )


def test_a_campaign_without_a_first_day_says_what_to_do():
    assert verdict([], has_start=False) == [Sentence("unknown", NO_START)]
    assert verdict([], has_start=True) == [Sentence("unknown", NOTHING_YET)]


def test_days_that_were_left_out_are_said_with_their_reason():
    (note,) = [s for s in verdict([row("posts", ABOVE, days_left_out=3, left_out_because="coverage below 90 %: 3", basis="captured")], has_start=True) if s.kind == "note"]
    assert note.text == "3 days left out of the comparison (coverage below 90 %: 3)."


def test_a_hashtag_is_judged_by_its_own_rows():
    rows = [row("posts", ABOVE), row("posts", BELOW, hashtag="tag")]
    assert "fell" in verdict(rows, has_start=True, hashtag="tag")[0].text and "rose" in verdict(rows, has_start=True)[0].text


def test_an_unknown_word_in_the_row_is_no_direction():
    assert direction(row("posts", ABOVE, said="soared")) == "not_clear"
