"""The six figures: value, change, why."""

from datetime import date

import pandas as pd

from app.figures import Figures
from app.shaping import campaign_days, hour_of_week, hours_of, period_before, shares_of, voice_totals
from app.tiles import six
from tests.app.conftest import ANSWERS, DAY, NEXT

END = date(2026, 3, 7)
DAYS = pd.DataFrame(ANSWERS["days"])
SENTIMENT = pd.DataFrame(ANSWERS["sentiment"])
SCORECARD = pd.DataFrame(ANSWERS["scorecard"])


def made(days=DAYS, scorecard=SCORECARD, voices=None, start=DAY, end=END):
    figures = Figures.of(days, SENTIMENT, None, 24, date(2026, 4, 1))
    return {card.label: card for card in six(figures, days, 25, scorecard, pd.DataFrame() if voices is None else voices, start, end)}


def test_a_change_is_shown_against_the_equal_period_before_where_the_mart_says_that_the_two_may_be_compared():
    posts = made()["Posts"]
    assert (posts.shown, posts.change, posts.against, posts.not_compared) == ("73", "+46.0 %", "against 3 – 4 Mar 2026 (2 days)", None)
    assert posts.behind == "35 originals, 38 reposts"


def test_no_change_is_shown_where_the_mart_says_why_not():
    engagement = made()["Engagement"]
    assert engagement.change is None and engagement.not_compared == "Not known in one of the periods."
    assert made(start=NEXT)["Posts"].change is None, "another period than the scorecard's"


def test_the_rate_is_of_impressions_where_they_are_counted_and_of_posts_where_not():
    """1,000 engagement of posts with 20,000 impressions: 5 %. Without impressions 1,500 of 35 posts: 42.9."""
    rate = made()["Engagement rate"]
    assert (rate.shown, rate.behind) == ("5.00%", "20,000 impressions of 20 posts")
    blind = DAYS.assign(impressions=0, posts_with_impressions=0, engagement_with_impressions=0)
    assert made(blind)["Engagement per post"].shown == "42.9"


def test_the_last_figure_is_the_share_of_voice_where_there_is_a_set_and_coverage_where_not():
    voices = pd.DataFrame(
        {"day": [DAY] * 2, "member_id": ["c", "d"], "name": ["C", "D"], "is_own": [True, False], "volume": [30, 10], "set_volume": [40, 40], "lowest_coverage": [0.5] * 2}
    )
    assert made()["Coverage"].shown == "88.0%"
    voice = made(voices=voices)["Share of voice"]
    assert voice.shown == "75.0%" and "30 of 40 posts of 2 campaigns, 1 day, coverage from 50.0%" in voice.behind


def test_days_without_the_whole_set_are_no_part_of_the_shares():
    rows = {"name": ["C", "D"] * 2, "member_id": ["c", "d"] * 2, "is_own": [True, False] * 2, "volume": [30, 10, 99, None], "set_volume": [40, 40, None, None]}
    assert voice_totals(pd.DataFrame(rows))["share"].tolist() == [0.75, 0.25]


def test_shares_stand_in_their_interval_and_a_day_below_thirty_is_thin():
    """7 of 20 in Wilson's interval: 0.181 to 0.567."""
    rows = shares_of(pd.DataFrame({"day": [DAY, NEXT], "scored": [20, 0], "negative": [7, 0], "neutral": [0, 0], "positive": [13, 0]}))
    first = rows.iloc[0]
    assert (first["label"], round(first["low"], 3), round(first["high"], 3), bool(first["thin"])) == ("negative", 0.181, 0.567, True) and len(rows) == 2


def test_an_hour_belongs_to_the_day_of_the_campaigns_zone_and_is_shown_in_the_chosen_one():
    """03:30 UTC on 6 March is half past ten in the evening of the 5th in New York."""
    hours = pd.DataFrame({"hour": pd.to_datetime(["2026-03-06T03:00Z", "2026-03-06T12:00Z"]), "posts": [1, 2], "engagement": [1, 2]})
    kept = hours_of(hours, "UTC", "America/New_York", DAY, NEXT)
    assert kept["hour"].tolist() == [pd.Timestamp("2026-03-06T03:00")]
    assert hours_of(hours, "America/New_York", "America/New_York", DAY, NEXT)["hour"].tolist() == [pd.Timestamp("2026-03-05T22:00")]


def test_a_cell_of_the_week_is_the_mean_of_its_hours():
    hours = pd.DataFrame({"hour": pd.to_datetime(["2026-03-05T10:00", "2026-03-12T10:00", "2026-03-06T10:00"]), "posts": [2, 4, 1], "engagement": [10, 30, 5]})
    cells = hour_of_week(hours).set_index("weekday")
    assert cells.loc["Thu", ["hour", "posts", "engagement", "hours"]].tolist() == [10, 3, 20, 2] and list(cells.index) == ["Thu", "Fri"]


def test_days_are_counted_from_the_campaigns_first():
    assert campaign_days(DAYS, date(2026, 3, 6), "posts", "C")["campaign_day"].tolist() == [0, 1]


def test_the_period_before_is_as_long_and_ends_where_this_one_begins():
    assert period_before(DAYS, NEXT, END)["day"].tolist() == [DAY]
    assert period_before(DAYS, DAY, END).empty


def test_a_day_that_nobody_counted_is_in_neither_part_of_the_coverage():
    # 5 of 10 posts were captured on the day that was counted; the 100 of the other day say nothing of it.
    days = DAYS.assign(counted=[10, None], captured=[5, 100])
    assert made(days)["Coverage"].value == 0.5
    assert made(DAYS.assign(counted=[None, None]))["Coverage"].value is None
