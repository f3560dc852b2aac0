"""Every page in every state: full, empty, one row, a query that fails, hostile text, a thin day."""

from datetime import UTC, datetime

import pytest

from app.auth import audit, store
from app.identity import Role
from app.states import State
from orchestration.warehouse.errors import ColumnMissing, TableMissing, WarehouseError
from tests.app.conftest import ANSWERS, HOSTILE, said

# Page: its cards, what its first card asks, and the words for an empty answer.
PAGES = {
    "overview": (["Engagement over time", "What explains the peak", "Did the campaign work?", "Posts with most engagement"], "top_posts", "No original post"),
    "engagement": (["Engagement by type", "When it happens", "Peaks", "Beside the period before"], "hours", "No captured hour"),
    "sentiment": (["Sentiment over time", "All these days together", "Most negative posts", "Most positive posts"], "sentiment", "No post could be scored."),
    "topics": (["Words", "Pairs of words", "Hashtags", "Posts with a word"], "words", "Too few posts"),
    "news": (["Articles around the peak", "Organisations", "Places"], "articles", "mentions it"),
    "posts": (["Posts with most engagement"], "top_posts", "No original post"),
    "compare": (["Two campaigns by day of the campaign", "Share of voice"], "voices", "declares no competitors"),
    "report": (["News around the day of most engagement", "Posts with most engagement", "What the figures mean"], "top_posts", "No original post"),
    "method": (
        ["What was captured", "Models that labelled", "What is not known", "Definitions", "From source to figure", "Model cards"],
        "models",
        "No post of this campaign has been scored",
    ),
}
STATUS = {"status": ["no_articles"], "reason": ["No article of these days mentions it."], "source": ["x"], "articles": [0]}


def headings(page) -> list[str]:
    return [heading.value for heading in page.header]


@pytest.mark.parametrize("name", PAGES)
def test_a_full_page_shows_its_cards_and_no_text_from_outside_reaches_what_reads_markup(site, name):
    page = site(name)
    assert not page.exception and headings(page) == PAGES[name][0]
    assert "could not be shown" not in said(page) and not [button for button in page.button if button.label == "Try again"]
    # Names, posts, words, headlines, models and notes of these answers are all hostile.
    for kind in ("markdown", "caption", "header", "subheader", "title", "html", "code"):
        for element in page.get(kind):
            if not str(element.value).startswith("### "):
                assert "<script" not in str(element.value) and "javascript" not in str(element.value), kind
    for kind in ("metric", "button", "selectbox", "expander", "download_button", "button_group"):
        for element in page.get(kind):
            assert "script>" not in str(getattr(element, "label", "")) and "script>" not in str(getattr(element, "help", "")), kind


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_answer_says_why_and_the_other_cards_stay(site, name):
    cards, question, words = PAGES[name]
    page = site(name, news_status=STATUS, **{question: {}})
    assert words in said(page) and headings(page) == cards and not page.exception
    assert any(state.value[0] in said(page) for state in State)


@pytest.mark.parametrize("name", PAGES)
def test_a_card_whose_query_fails_fails_alone_and_tells_nothing_of_the_error(site, name):
    cards, question, _ = PAGES[name]
    page = site(name, **{question: RuntimeError("secret detail")})
    assert "could not be shown" in said(page) and "Reference" in said(page)
    assert "secret detail" not in said(page) and headings(page) == cards and not page.exception


@pytest.mark.parametrize("name", PAGES)
def test_one_day_with_one_post_is_a_page_like_any_other(site, name):
    one = {question: {column: values[:1] for column, values in ANSWERS[question].items()} for question in ("days", "hours", "sentiment", "hashtag_totals")}
    one["days"] |= {column: [1] for column in ("posts", "originals", "authors", "engagement", "engagement_measured", "captured", "counted")}
    one["sentiment"] |= {"scored": [1], "negative": [0], "neutral": [0], "positive": [1]}
    page = site(name, authors={"negative": [0], "neutral": [0], "positive": [1], "authors": [1], "known": [1]}, **one)
    assert not page.exception and "could not be shown" not in said(page) and headings(page) == PAGES[name][0]


def test_a_thin_day_is_grey_and_said_so(site):
    assert "1 day is grey: fewer than 30 scored posts are too few for a verdict." in said(site("sentiment"))


def test_few_posts_together_have_no_verdict(site):
    few = ANSWERS["sentiment"] | {"scored": [2, 3], "negative": [1, 1], "neutral": [0, 1], "positive": [1, 1]}
    page = site("sentiment", sentiment=few)
    assert "5 scored posts are too few for a verdict; 30 are needed." in said(page) and State.FILTERED.value[0] in said(page)


def test_a_table_that_is_not_built_is_another_state_than_marts_of_an_earlier_version(site):
    assert "Hashtags: not built yet. Run the pipeline" in said(site("topics", hashtag_totals=TableMissing("x")))
    page = site("topics", hashtag_totals=ColumnMissing("Unrecognized name: hashtag at [2:3]"))
    assert "Hashtags: the marts are of an earlier version. Run the pipeline once" in said(page) and "Unrecognized" not in said(page)
    assert "the words of the warehouse" in said(site("topics", hashtag_totals=WarehouseError("the words of the warehouse")))


@pytest.mark.parametrize(
    ("status", "state"), [("rate_limited", State.REFUSED), ("not_asked", State.NOT_RUN), ("no_articles", State.NO_DATA), ("failed", State.REFUSED)]
)
def test_no_news_has_a_state_by_its_reason(site, status, state):
    page = site("news", articles={}, news_status=STATUS | {"status": [status]})
    assert state.value[0] in said(page) and "No article of these days" in said(page)


def test_a_period_without_posts_is_filtered_out_where_all_days_are_not(site):
    period = {"from": "2026-03-06", "to": "2026-03-07"}
    assert State.FILTERED.value[0] in said(site("posts", query=period, top_posts={}))
    assert State.NO_DATA.value[0] in said(site("posts", top_posts={}))


def test_a_link_that_is_none_is_not_offered(site):
    (news,) = [table.value for table in site("news").dataframe if "Published" in table.value.columns]
    assert news["Link"].tolist() == [None] and news["Headline"][0].startswith(HOSTILE[:50])


def test_the_articles_behind_a_name_are_those_that_name_it(site):
    page = site("news")
    assert "3 articles, 2 sources; written U.S. · US." in said(page) and "2 more stand below" in said(page)


@pytest.mark.full
def test_every_chart_has_its_table_and_its_words(site):
    page = site("engagement")
    page.session_state["form-kinds"] = "Table"
    table = page.run().dataframe[0].value
    assert table["like_count"].tolist() == [600, 300] and "coverage" in table
    for name in PAGES:
        for chart in site(name).get("vega_lite_chart"):
            assert len(chart.proto.alt) > 20, name


def test_a_campaign_of_the_others_name_is_compared_by_day_of_the_campaign(site):
    page = site("compare")
    page.session_state["form-compare"] = "Table"
    rows = page.run().dataframe[0].value
    assert sorted(set(rows["campaign_day"])) == [1, 2] and rows["who"].nunique() == 2


def test_share_of_voice_is_of_days_on_which_the_whole_set_was_captured(site):
    from tests.app.conftest import DAY, NEXT

    voices = {
        "day": [DAY, DAY, NEXT, NEXT], "member_id": ["c", "d"] * 2, "name": [HOSTILE, "Other"] * 2, "is_own": [True, False] * 2, "volume": [30, 10, 5, None],
        "set_volume": [40, 40, None, None], "basis": ["counted"] * 4, "lowest_coverage": [0.9] * 4, "members_missing": [0, 0, 1, 1], "is_captured_alike": [True] * 4,
    }  # fmt: skip
    page = site("compare", voices=voices)
    assert "Of 40 posts counted by the source, on 1 day on which" in said(page)
    assert next(metric.value for metric in site(voices=voices).metric if metric.label == "Share of voice") == "75.0%"


def test_who_may_not_export_is_offered_no_file(site, signed_in_as):
    viewer = signed_in_as(Role.VIEWER, ("c",))
    assert site("posts").get("download_button") and not site("posts", visitor=viewer).get("download_button")


def test_the_page_of_users_is_for_administrators_whatever_the_address_says(site, signed_in_as):
    page = site("admin", visitor=signed_in_as(Role.ANALYST, ("c",)))
    assert "Audit" not in headings(page) and "Users" not in headings(page)


def test_users_and_audit_are_read_from_the_store_and_their_words_stay_text(site, signed_in_as):
    admin = signed_in_as()
    engine, now = store.opened(), datetime.now(UTC)
    audit.record(engine, now, "login", HOSTILE, outcome="failed", user_agent=HOSTILE)
    signed_in_as(Role.VIEWER, ("c",))
    page = site("admin", visitor=admin)
    users, log = (table.value for table in page.dataframe)
    assert users["Campaigns"].tolist() == ["every one", "c"] and users["Role"].tolist() == ["admin", "viewer"]
    assert HOSTILE[:40] in log["Actor"].tolist()[0] and "script" not in said(page) and "password" not in str(users) + str(log)


PUBLISHED = {
    "published_at": ["2026-03-07T06:00:00Z"],
    "schema_version": [1],
    "summary": ['{"name": "Then", "posts": 70, "engagement": 900, "coverage": 0.5, "sentiment": {"negative": 20, "neutral": 100, "positive": 80}, "first_day": "2026-03-05"}'],
}


def test_a_report_reopens_as_it_was_published(site):
    import pandas as pd

    published = PUBLISHED | {"published_at": pd.to_datetime(PUBLISHED["published_at"])}
    page = site("report", query={"as_of": "7 Mar 2026, 06:00 UTC"}, publications=published)
    assert "Then · as reported on 7 Mar 2026, 06:00 UTC" in said(page) and not page.exception
    assert [metric.value for metric in page.metric] == ["70", "900", "+30%", "50.0%"]
    assert "holds no figures by day" in said(page)
