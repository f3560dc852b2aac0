import pandas as pd
import pytest

from app.text import describe_series, headline, number, percent, plain, safe_url


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
            "runner_up_engagement": 200.0, "coverage": 0.95}  # fmt: skip
    return pd.Series(made | fields)


def test_the_headline_says_no_more_than_the_numbers():
    assert headline("Aurora", "*", peak()) == (
        "Aurora had its day of most engagement on Thu 5 Mar 2026: 300, 1.5 times that of the next day (Wed 11 Mar 2026, 200)."
    )
    assert headline("Aurora", "one", peak(runner_up_day=None, runner_up_engagement=None)) == "#one had its day of most engagement on Thu 5 Mar 2026: 300."
    assert headline("Aurora", "*", peak(coverage=0.33)).endswith("Only 33.0% of that day's posts were captured.")
    assert headline("Aurora", "*", None) == "Aurora: no engagement is known yet."


def test_the_chart_is_said_in_words_from_its_own_data():
    days = pd.DataFrame({"day": pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-03"]).date, "engagement": [1, 9, None]})
    assert describe_series(days, "*") == (
        "Engagement per day of Whole campaign, Sun 1 Mar 2026 to Mon 2 Mar 2026; most on Mon 2 Mar 2026: 9; the middle day has 5."
    )
