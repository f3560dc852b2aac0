"""The age of an engagement figure in words."""

from datetime import date, timedelta

import pytest

from orchestration.ages import Measured, measured_at, overdue_before
from orchestration.snapshots import tolerance


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        (["observed"], "as last observed"),
        (["at 24 h", "at 24 h"], "measured at 24 h"),
        (["at 24 h", "24 to 96 h"], "measured at 24 to 96 h"),
        (["observed and at 24 h"], "as last observed and measured at 24 h"),
        (["observed and 72 to 73 h", "at 24 h"], "as last observed and measured at 24 to 73 h"),
        (["not yet 24 h old", "not measured", "deleted", None, float("nan")], ""),
        ([], ""),
    ],
)
def test_only_figures_have_an_age_and_the_span_is_over_all_of_them(ages, said):
    assert measured_at(ages) == said


def test_what_is_missing_is_said_post_by_post_and_by_its_cause():
    known = Measured(24, ("at 24 h",), young=1, overdue=2, deleted=1, missed=1_200)
    assert known.sentences() == [
        "Engagement measured at 24 h.",
        "1 post is not yet 24 h old: the figure is provisional.",
        "2 posts are more than 24 h old and not measured yet: the figure is provisional.",
        "1 post was deleted or withheld since, without a figure.",
        "1,200 posts were not measured in time, without a figure.",
    ]
    assert known.is_provisional and known.in_brief() == "measured at 24 h, provisional"


def test_an_archive_says_one_sentence_and_an_empty_span_none():
    assert Measured(24, ("observed",)).sentences() == ["Engagement as last observed."]
    assert Measured(24, (None,)).sentences() == [] and not Measured(24, ()).is_provisional


def row(day, waiting, measured=1):
    return {"day": day, "engagement_age": "at 24 h", "engagement_measured": measured, "engagement_waiting": waiting, "engagement_deleted": None,
            "engagement_missed": 0}  # fmt: skip


def test_posts_are_young_until_nobody_can_still_be_about_to_measure_them():
    today = date(2026, 3, 10)
    known = Measured.of([row(date(2026, 3, 1), 5), row(date(2026, 3, 9), 2), row(date(2026, 3, 10), 1, measured=0)], 24, today)
    assert (known.young, known.overdue, known.deleted, known.ages) == (3, 5, 0, ("at 24 h",))


@pytest.mark.parametrize("hours", [1, 2, 24, 72, 168])
def test_no_post_is_called_overdue_before_its_last_moment_in_the_westernmost_zone(hours):
    today = date(2026, 3, 30)
    newest_overdue = overdue_before(today, hours) - timedelta(days=1)
    # The day ends at noon UTC of the next one in UTC-12.
    last_moment = timedelta(days=1, hours=12 + hours) + tolerance(hours)
    assert timedelta(days=(today - newest_overdue).days) >= last_moment
