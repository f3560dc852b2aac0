"""The first screen: what its figures say, and what they do not."""

from datetime import UTC, datetime

from app.identity import Role
from orchestration.warehouse.errors import TableMissing
from tests.app.conftest import ANSWERS, DAY, said


def card(page, label):
    return next(metric for metric in page.metric if metric.label == label)


def under(page) -> list[str]:
    """The reasons to trust, one for each figure."""
    return [caption.value for caption in page.caption][: len(page.metric)]


def test_the_six_figures_are_of_the_chosen_days(site):
    page = site()
    assert [(metric.label, metric.value) for metric in page.metric] == [
        ("Posts", "73"), ("Authors", "25"), ("Engagement", "1,500"), ("Engagement rate", "5.00%"), ("Net sentiment", "+30%"), ("Coverage", "88.0%"),
    ]  # fmt: skip
    one = site(query={"from": "2026-03-05", "to": "2026-03-06"})
    assert one.metric[0].value == "40" and "on Thu 5 Mar 2026: 1,000" in said(one)


def test_net_sentiment_of_enough_posts_stands_in_its_error_and_of_few_has_no_verdict(site):
    """80 positive, 100 neutral, 20 negative: +30 and 1.96 standard errors of 4.53 points on both sides."""
    one = {name: values[:1] for name, values in ANSWERS["sentiment"].items()}
    assert "± 8.9 points, 200 posts scored" in under(site(sentiment=one))
    few = site(sentiment=one | {"scored": [2], "negative": [1], "neutral": [0], "positive": [1]})
    assert card(few, "Net sentiment").value == "Too few" and "2 posts scored, 30 needed" in under(few)


def test_a_figure_that_may_be_compared_shows_its_change_and_the_others_say_nothing_of_one(site):
    page = site()
    assert card(page, "Posts").delta == "+46.0 %" and not card(page, "Engagement").delta
    none = site(scorecard={})
    assert "No change against an earlier period is shown" in said(none) and not any(metric.delta for metric in none.metric)


def test_unknown_engagement_is_said_and_not_drawn_as_zero(site):
    unknown = {"engagement": [None, None], "engagement_measured": [0, 0], "impressions": [0, 0]}
    page = site(days=ANSWERS["days"] | unknown, hashtags={})
    assert "No engagement is known" in said(page) and card(page, "Engagement").value == "–" and "Source refused" in said(page)


def test_an_archive_is_said_to_be_as_last_observed(site):
    page = site(days=ANSWERS["days"] | {"engagement_age": ["observed", "observed"]})
    assert "Engagement as last observed." in said(page) and "provisional" not in said(page)
    assert "35 of 35 originals, as last observed" in under(page)


def test_posts_that_are_too_young_make_the_figure_provisional(site):
    today = datetime.now(UTC).date()
    young = {name: values[:1] for name, values in ANSWERS["days"].items()} | {"day": [today], "engagement_measured": [19], "engagement_waiting": [1]}
    page = site(days=young)
    assert "1 post is not yet 24 h old: the figure is provisional." in said(page) and "This is provisional" in said(page)
    assert "19 of 20 originals, measured at 24 h, provisional" in under(page)


def test_posts_of_which_none_is_measured_yet_say_so_instead_of_a_chart(site):
    waiting = {"engagement": [None, None], "engagement_age": ["not yet 24 h old"] * 2, "engagement_measured": [0, 0], "engagement_waiting": [20, 15], "impressions": [0, 0]}
    page = site(days=ANSWERS["days"] | waiting, hashtags={})
    assert "No engagement is known. 35 posts are more than 24 h old and not measured yet" in said(page) and "has no likes" not in said(page)


def test_the_table_of_days_shows_the_age_and_what_is_missing(site):
    page = site()
    page.session_state["form-series"] = "Table"
    (table,) = [table.value for table in page.run().dataframe if "engagement_age" in table.value.columns]
    assert table["engagement_age"].tolist() == ["at 24 h"] * 2 and "engagement_waiting" in table.columns


def test_hours_come_first_where_there_are_fewer_than_seven_days(site):
    (form,) = [group for group in site().main.get("button_group") if group.label == "Form of Engagement over time"]
    assert form.value == "Hours"


def test_figures_that_cannot_be_had_do_not_take_the_page_with_them(site):
    page = site(scorecard=TableMissing("x"))
    assert "The figures: not built yet" in said(page) and "Engagement over time" in [heading.value for heading in page.header]


SPENDING = {
    "campaign_id": ["d", "c"], "used_usd": [30.0, 12.5], "planned_usd": [0.0, 12.0], "posts": [6_000, 2_500], "requests": [70, 30],
    "refused": [0, 0], "prices_as_of": [DAY, DAY],
}  # fmt: skip


def test_a_campaign_that_read_from_x_says_what_it_cost_and_of_which_budget(site):
    page = site("method", spend=SPENDING)
    assert "What the reading cost" in [each.label for each in page.expander]
    assert "12.50 USD for 2,500 posts read from X; 12.00 USD were planned." in said(page)
    assert "All campaigns: 42.50 of 1,500.00 USD (2.8%), 8,500 of 3,000,000 posts." in said(page)
    assert "At X's listed prices of 2026-03-05." in said(page) and "has stopped reading" not in said(page)


def test_a_campaign_that_cost_nothing_has_no_place_for_costs(site):
    others = {name: values[:1] for name, values in SPENDING.items()}
    for spend in ({}, others, TableMissing("Not found: Table marts.api_spend_daily")):
        page = site("method", spend=spend)
        assert "What the reading cost" not in [each.label for each in page.expander] and "could not be shown" not in said(page)


def test_a_reader_of_some_campaigns_learns_nothing_of_what_the_others_cost(site, signed_in_as):
    page = site("method", visitor=signed_in_as(Role.VIEWER, ("c",)), spend=SPENDING)
    assert "12.50 USD for 2,500 posts" in said(page) and "All campaigns" not in said(page) and "42.50" not in said(page)


def test_a_budget_that_stopped_the_reading_is_said(site):
    assert "A budget has stopped reading this month" in said(site("method", spend=SPENDING | {"refused": [0, 1]}))
