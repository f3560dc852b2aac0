from datetime import date

import pandas as pd
import pytest

from app.figures import Figures
from app.text import (
    demoted,
    describe_series,
    engagement_caption,
    headline,
    measured,
    named_in,
    number,
    peak_age,
    percent,
    plain,
    safe_url,
    spellings,
    total_engagement,
)
from orchestration.ages import Measured


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred\x07", "a[31mred"),
        ("price \u202e951\u202c", "price 951"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        (None, ""),
        ("x" * 2000, "x" * 999 + "…"),
        ("half \ud83d emoji", "half  emoji"),
    ],
)
def test_text_from_outside_loses_what_a_reader_cannot_see(text, shown):
    assert plain(text) == shown


@pytest.mark.parametrize("url", ["https://example.com/a?b=1", "http://example.com"])
def test_plain_links_stay(url):
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "https://user@example.com", "//example.com", "https://exa mple.com", "https://localhost", None, 7, "https://" + "a" * 3000 + ".com", "http://[x"],
)
def test_any_other_link_is_none(url):
    assert safe_url(url) is None


def test_unknown_is_a_dash_and_never_zero():
    assert number(None) == number(float("nan")) == percent(None) == "–"
    assert (number(0), percent(0.0), percent(1.0), percent(0.9433)) == ("0", "0%", "100%", "94.3%")


def peak(**fields):
    made = {"peak_day": pd.Timestamp("2026-03-05").date(), "engagement": 300, "runner_up_day": pd.Timestamp("2026-03-11").date(),
            "runner_up_engagement": 200.0, "coverage": 0.95, "engagement_age": "observed", "provisional": False}  # fmt: skip
    return pd.Series(made | fields)


ARCHIVE = Measured(24, ("observed",))


def test_the_headline_says_no_more_than_the_numbers():
    assert headline("Aurora", "*", peak(), ARCHIVE) == (
        "Aurora had its day of most engagement on Thu 5 Mar 2026: 300, 1.5 times that of the next day (Wed 11 Mar 2026, 200)."
    )
    alone = peak(runner_up_day=None, runner_up_engagement=None)
    assert headline("Aurora", "one", alone, ARCHIVE) == "#one had its day of most engagement on Thu 5 Mar 2026: 300."
    assert headline("Aurora", "*", peak(coverage=0.33), ARCHIVE).endswith("Only 33.0% of that day's posts were captured.")
    assert headline("Aurora", "*", None, ARCHIVE) == "Aurora: no engagement is known yet."


def test_the_headline_says_at_which_age_and_when_it_may_still_change():
    alone = peak(runner_up_day=None, runner_up_engagement=None, engagement_age="at 24 h")
    live = Measured(24, ("at 24 h",), young=3)
    assert headline("A", "*", alone, live) == "A had its day of most engagement on Thu 5 Mar 2026: 300 (measured at 24 h)."
    provisional = headline("A", "*", pd.Series({**alone, "provisional": True}), live)
    assert provisional.endswith("300 (measured at 24 h). This is provisional: every day has posts that are not yet measured at 24 h.")
    assert headline("A", "*", None, Measured(24, (), young=3)) == "A: no engagement is known yet: its posts are not yet measured at 24 h."


def days(**columns):
    made = {
        "day": pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-03"]).date, "engagement": [1, 9, None], "originals": [2, 4, 3],
        "coverage": [1.0, 1.0, 1.0], "engagement_age": ["at 24 h", "at 24 h", "not yet 24 h old"], "engagement_measured": [2, 3, 0],
        "engagement_waiting": [0, 0, 0], "engagement_deleted": [0, 0, 0], "engagement_missed": [0, 0, 0],
    }  # fmt: skip
    return pd.DataFrame(made | columns)


def test_the_chart_is_said_in_words_from_its_own_data():
    assert describe_series(days(), "*") == (
        "Engagement per day of Whole campaign, Sun 1 Mar 2026 to Mon 2 Mar 2026; most on Mon 2 Mar 2026: 9; the middle day has 5."
    )


def test_the_words_of_the_chart_name_the_same_peak_as_the_mart():
    assert "most on Sun 1 Mar 2026: 1;" in describe_series(days(engagement_waiting=[0, 2, 3]), "*")
    assert "most on Mon 2 Mar 2026: 9;" in describe_series(days(engagement_waiting=[1, 2, 3]), "*")


def test_the_caption_says_the_age_what_still_grows_and_what_was_captured():
    today = pd.Timestamp("2026-03-04").date()
    growing = days(engagement_waiting=[0, 1, 3], engagement_deleted=[1, 1, 0], coverage=[0.5, 1.0, 1.0])
    assert engagement_caption(growing, measured(growing, 24, today), 0.9) == (
        "Engagement measured at 24 h. 4 posts are not yet 24 h old: the figure is provisional. 2 posts were deleted or withheld since, without a "
        "figure. 2 days are still being measured (pale bars) and left out of the peak. Coverage is below 90 % on 1 day (pale bars): their "
        "engagement is a lower bound."
    )
    archive = days(engagement_age=["observed"] * 3, coverage=[None] * 3)
    assert engagement_caption(archive, measured(archive, 24, today), 0.9) == (
        "Engagement as last observed. Coverage is unknown: nobody counted the posts."
    )


def test_an_average_is_of_the_posts_whose_figure_is_known():
    """Once it was of originals without metrics at their source too, and less than the mart's."""
    def average(**columns):
        return Figures.of(days(posts=[2, 4, 3], counted=[2, 4, 3], captured=[2, 4, 3], reposts=[0, 0, 0], **columns), pd.DataFrame(columns=["scored", "negative", "neutral", "positive"]), None, 24, date(2026, 3, 9)).engagement_per_post

    assert average(engagement=[10, 20, None], engagement_measured=[2, 3, 0]) == 6.0
    assert average(engagement=[None] * 3, engagement_measured=[0] * 3) is None


def test_engagement_is_unknown_where_there_are_originals_and_none_is_known_though_other_days_are_silent():
    assert total_engagement(days(originals=[3, 0, 0], engagement=[None, 0, 0], engagement_measured=[0, 0, 0])) is None
    assert total_engagement(days(originals=[0, 0, 0], engagement=[0, 0, 0], engagement_measured=[0, 0, 0])) == 0


def test_the_peak_names_its_age():
    assert peak_age(peak()) == "as last observed"
    assert peak_age(peak(engagement_age="24 to 96 h", provisional=True)) == "measured at 24 to 96 h, provisional"


def test_what_names_a_thing_is_counted_in_words():
    assert (named_in(1, 1), named_in(3, 2), named_in(1_200, 0)) == ("1 article, 1 source", "3 articles, 2 sources", "1,200 articles, 0 sources")


def test_spellings_are_one_line_of_visible_text():
    assert spellings(["US", "Washington, D.C."]) == "US · Washington, D.C."
    assert spellings(["a\u202eb\nc", "<b>"]) == "ab c · <b>"
    assert spellings([]) == "" and len(spellings(["x" * 50] * 9, 120)) == 120


def test_headings_of_our_documents_stand_below_those_of_the_page_and_code_stays():
    assert demoted("# A\n```bash\n# no heading\n```\n## B\ntext # c") == "### A\n```bash\n# no heading\n```\n#### B\ntext # c"
