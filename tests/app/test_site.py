"""The page in its states, without a browser: full, empty, stopped, broken, hostile."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import data
from app.auth import sessions, store, users
from app.identity import Role
from app.queries import Marts
from orchestration.settings import REPOSITORY
from orchestration.warehouse.errors import TableMissing, WarehouseStopped, WarehouseUnreachable

HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:alert(2)) ![i](https://pixel.example/p.gif) :red[r] $x$"
DAY = pd.Timestamp("2026-03-05").date()

ANSWERS = {
    "campaigns": {"campaign_id": ["c"], "name": [HOSTILE], "zone": ["UTC"], "start_day": [DAY], "end_day": [DAY]},
    "hashtags": {
        "hashtag": ["*", HOSTILE], "followed": [True, False], "posts": [3, 1], "peak_day": [DAY, DAY], "engagement": [10, 1],
        "runner_up_day": [None, None], "runner_up_engagement": [None, None], "coverage": [0.9, None],
        "engagement_age": ["observed", "observed"], "provisional": [False, False],
    },
    "days": {
        "day": [DAY], "posts": [3], "originals": [2], "reposts": [1], "authors": [2], "engagement": [10], "captured": [9], "counted": [10],
        "coverage": [0.9], "engagement_age": ["observed"], "engagement_measured": [2], "engagement_waiting": [0], "engagement_deleted": [0],
        "engagement_missed": [0],
    },
    "hours": {
        "hour": [pd.Timestamp("2026-03-05T10:00Z")], "posts": [3], "engagement": [10], "engagement_age": ["observed"], "coverage": [0.9],
    },
    "sentiment": {
        "day": [DAY], "scored": [2], "not_scored": [0], "negative": [1], "neutral": [0], "positive": [1], "model_id": ["m"], "model_revision": ["1"],
        "code_version": ["1"],
    },
    "confusions": {},
    "authors": {"negative": [0], "neutral": [0], "positive": [1], "authors": [2]},
    "words": {"word": ["great", HOSTILE], "posts": [2, 1]},
    "articles": {
        "published_at": [pd.Timestamp("2026-03-05T10:00Z")], "title": [HOSTILE], "source_name": [HOSTILE], "url": ["javascript:alert(3)"],
        "matched_terms": [["x"]], "peak_day": [DAY],
    },
    "peak_days": {"hashtag": ["*", HOSTILE], "peak_day": [DAY, DAY], "is_most_engagement": [True, True], "is_notable": [False, False]},
    "explanations": {
        "hashtag": ["*"], "peak_day": [DAY], "verdict": ["explained"], "story_id": ["a1"], "headline": [HOSTILE], "headline_source": [HOSTILE],
        "headline_published_at": [pd.Timestamp("2026-03-05T10:00Z")], "story_articles": [1], "story_sources": [2], "score": [0.5], "confidence": [0.967],
        "placebo_days": [30], "basis": ["campaign"], "posts_compared": [400], "articles": [2], "shared_terms": [[HOSTILE, "heel plate"]],
        "shared_entities": [[HOSTILE]], "day_terms": [["heel"]], "news_status": ["ok"], "news_reason": [HOSTILE],
    },
    "evidence": {
        "article_rank": [1, 2], "title": [HOSTILE, "Heel plates crack"], "source_name": [HOSTILE, "Post"], "url": ["javascript:alert(3)", "https://a.example/b"],
        "published_at": [pd.Timestamp("2026-03-05T10:00Z")] * 2, "relevance": [0.9, 0.5], "shared_entities": [[HOSTILE], []],
        "shared_terms": [[HOSTILE], ["heel plates", "crack"]],
        "spans": ['[{"field": "title", "start": 0, "end": 8}]', '[{"field": "title", "start": 0, "end": 11}, {"field": "title", "start": 12, "end": 17}]'],
        "story_id": ["a2", "a1"], "copy_of": [None, None],
    },
    "news_status": {"status": ["ok"], "reason": [HOSTILE], "source": ["sample"], "articles": [1]},
    "organizations": {"name": [HOSTILE], "articles": [1], "sources": [1], "mentions": [1], "surface_forms": [[HOSTILE, f"the {HOSTILE}"]]},
    "locations": {
        "name": ["United States", "Oslo"], "articles": [3, 1], "sources": [2, 1], "mentions": [9, 1], "surface_forms": [["U.S.", "US"], ["Oslo"]],
    },
    "top_posts": {
        "day": [DAY], "text": [HOSTILE], "lang": ["en"], "engagement": [10], "engagement_age_hours": [24.2], "like_count": [9], "repost_count": [1],
        "sentiment_label": ["positive"], "tweet_id": ["1"], "run_id": ["0123456789"],
    },
    "capture": {
        "hours": [24], "capped_hours": [1], "newest_hour": [pd.Timestamp("2026-03-05T23:00Z")], "loaded_at": [pd.Timestamp("2026-03-06T00:00Z")],
        "captured": [9], "counted": [10], "inexact_hours": [0], "notes": [HOSTILE], "sources": ["sample"], "runs": [1], "a_run": ["0123456789"],
    },
    "models": {"model_id": ["sentiment-en"], "model_revision": ["abc"], "posts": [3]},
    "spend": {},
    "effects": {
        "hashtag": ["*", "*", HOSTILE], "measure": ["posts", "net_sentiment", "posts"], "phase": ["during"] * 3, "control": ["none"] * 3,
        "unit": ["posts a day", "ratio", "posts a day"], "basis": ["captured", "labels", "captured"], "first_day": [DAY] * 3, "last_day": [DAY] * 3,
        "days_before": [28] * 3, "days_left_out": [0, 2, 0], "left_out_because": [None, "no post was scored: 2", None], "value": [150.0, 0.3, 0.0],
        "baseline": [100.0, 0.25, None], "change": [50.0, 0.05, None], "low": [20.0, -0.1, None], "high": [80.0, 0.2, None],
        "relative_change": [0.5, None, None], "relative_low": [0.15, None, None], "relative_high": [1.1, None, None], "q_value": [0.001, 0.4, None],
        "judged_at_once": [2] * 3, "direction": ["rose", "not_clear", "unknown"], "assumption": ["a"] * 3,
        "not_comparable_because": [None, None, "The days before are all alike, so that nothing says how much days differ."],
    },
}  # fmt: skip


@pytest.fixture
def signed_in_as(monkeypatch, tmp_path):
    """Starts a session of a new account and answers what the gate tells the page of it."""
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))

    def start(role=Role.ADMIN, campaigns=()):
        engine, now = store.opened(), datetime.now(UTC)
        user = users.create(engine, f"reader{len(users.everybody(engine))}@example.org", "Reader", role, now, "test")
        users.set_password(engine, user, "no hash", now)
        for campaign in campaigns:
            users.grant(engine, user, campaign, now, "test")
        return {"sid": sessions.start(engine, user.id, now)}

    return start


@pytest.fixture
def page(monkeypatch, signed_in_as):
    """Opens the page on the given answers, for an admin unless told otherwise; an exception instead of an answer is raised."""

    def open_page(visitor=None, **changed):
        answers = ANSWERS | changed

        def frame(question):
            def answer(self, *arguments):
                if isinstance(answers[question], Exception):
                    raise answers[question]
                return pd.DataFrame(answers[question])

            return answer

        for question in ANSWERS:
            monkeypatch.setattr(Marts, question, frame(question))
        data.forget()
        data._marts.clear()
        opened = AppTest.from_file(str(REPOSITORY / "app" / "site.py"), default_timeout=30)
        opened.user = signed_in_as() if visitor is None else visitor
        return opened.run()

    yield open_page
    data.forget()


def texts(page) -> str:
    return "\n".join(element.value for kind in ("text", "caption", "subheader", "code", "title") for element in page.get(kind) if element.value)


def test_every_card_of_a_full_page_is_shown(page):
    shown = page()
    assert not shown.exception
    assert [metric.label for metric in shown.metric] == ["Posts", "Engagement", "Peak day", "Net sentiment", "Coverage"]
    assert [metric.value for metric in shown.metric] == ["3", "10", "Thu 5 Mar 2026", "Too few", "90.0%"]
    assert [heading.value for heading in shown.subheader] == [
        "Engagement over time", "Did the campaign work?", "Sentiment", "Words", "What explains the peak", "News around the peak", "Top organisations in the news",
        "Top places in the news",
        "Posts with most engagement",
    ]  # fmt: skip
    assert "could not be shown" not in texts(shown)


def test_net_sentiment_of_enough_posts_stands_in_its_error_and_of_few_has_no_verdict(page):
    """80 positive, 100 neutral, 20 negative: +30 and 1.96 standard errors of 4.53 points on both sides."""
    few = page()
    metric = next(each for each in few.metric if each.label == "Net sentiment")
    assert (metric.value, metric.delta) == ("Too few", "2 posts scored, 30 needed")
    assert "2 scored posts are too few for a verdict; 30 are needed." in texts(few)
    many = page(sentiment=ANSWERS["sentiment"] | {"scored": [200], "negative": [20], "neutral": [100], "positive": [80]})
    metric = next(each for each in many.metric if each.label == "Net sentiment")
    assert (metric.value, metric.delta) == ("+30%", "± 8.9 points, 200 posts scored")
    assert "negative 10.0% (6.6 to 14.9), neutral 50.0%" in texts(many) and "label 200 posts with `pulse label c`" in texts(many)


def test_hostile_text_reaches_no_element_that_reads_markup(page):
    shown = page()
    marked = [element for kind in ("markdown", "caption", "subheader", "title", "header", "html", "info", "warning", "error", "success") for element in shown.get(kind)]
    labels = [getattr(element, "label", "") for kind in ("metric", "button", "selectbox", "expander") for element in shown.get(kind)]
    assert "script" in texts(shown)
    assert not [element for element in marked if "javascript" in str(element.value) or "<script" in str(element.value)]
    assert not [label for label in labels if "script" in label]


def test_a_link_that_is_none_is_not_offered(page):
    tables = [table.value for table in page().dataframe]
    peak, news = [table for table in tables if "Headline" in table.columns]
    assert news["Link"].tolist() == [None]
    assert peak["Link"].tolist() == ["https://a.example/b", None]


def test_a_name_says_in_how_many_articles_and_sources_it_is_and_how_it_was_written(page):
    shown = page()
    assert "United States: 3 articles, 2 sources; written U.S. · US." in texts(shown)
    assert f"{HOSTILE[:20]}" in texts(shown) and "1 article, 1 source; written <script>" in texts(shown)
    shown.session_state["names_locations"] = shown.session_state["names_organizations"] = "Table"
    places, names = [table.value for table in reversed(shown.run().dataframe) if "Written" in table.value.columns]
    assert places.to_dict("list") == {"Name": ["United States", "Oslo"], "Articles": [3, 1], "Sources": [2, 1], "Written": ["U.S. · US", "Oslo"]}
    assert names["Written"][0].startswith(HOSTILE[:50]), "text in a cell, which reads no markup"


def test_the_card_says_whether_the_campaign_worked_and_claims_no_more_than_its_intervals(page):
    shown = page()
    assert "During the campaign (5 Mar 2026): posts rose; no clear change of net sentiment." in texts(shown)
    assert "Posts rose: 150 a day, 100 expected from 28 days before: +50.0 (95 % interval +20.0 to +80.0; +50 %, +15 % to +110 %)." in texts(shown)
    assert "Net sentiment: no clear change. +30.0 points, +25.0 points expected" in texts(shown)
    assert "change, not proven effect" in texts(shown) and "2 days left out of the comparison (no post was scored: 2)." in texts(shown)


def test_the_verdict_as_a_table_has_the_same_numbers(page):
    shown = page()
    shown.session_state["verdict"] = "Table"
    (table,) = [table.value for table in shown.run().dataframe if "95 % interval" in table.value.columns]
    assert table[["Measure", "Was", "Expected", "95 % interval"]].values.tolist() == [
        ["Posts", "150", "100", "+20.0 to +80.0"], ["Net sentiment", "+30.0 points", "+25.0 points", "-10.0 points to +20.0 points"],
    ]  # fmt: skip
    assert "change, not proven effect" in texts(shown)


def test_a_hashtag_whose_days_before_say_nothing_has_no_direction_on_the_page(page):
    """Its row has no interval: in a frame that is NaN, which is not None and not above 0 either."""
    shown = page()
    shown.selectbox(key="hashtag").set_value(HOSTILE)
    said = texts(shown.run())
    assert "whether posts changed cannot be said" in said and "There is nothing to compare this with: the days before are all alike" in said
    assert "posts rose" not in said


def test_a_campaign_without_a_first_day_says_that_there_is_no_before(page):
    undated = ANSWERS["campaigns"] | {"start_day": [None]}
    assert "names no first day of this campaign" in texts(page(campaigns=undated, effects={}))
    assert "No day of the campaign has been captured whole yet." in texts(page(effects={}))


def test_a_hashtag_that_is_not_followed_says_that_nobody_judged_it(page):
    whole = {name: values[:2] for name, values in ANSWERS["effects"].items()}
    shown = page(effects=whole)
    shown.selectbox(key="hashtag").set_value(HOSTILE)
    assert "is not followed, so nobody judged it." in texts(shown.run())


def test_an_empty_warehouse_says_what_to_do(page):
    for nothing in (TableMissing("Not found: Dataset marts"), {"campaign_id": [], "name": [], "zone": [], "end_day": []}):
        shown = page(campaigns=nothing)
        assert not shown.exception and "No campaign has data yet" in texts(shown) and "make demo" in texts(shown)


def test_a_stopped_warehouse_says_how_to_start_it(page):
    shown = page(campaigns=WarehouseStopped())
    assert "pulse warehouse start" in texts(shown) and not shown.metric


def test_a_warehouse_that_does_not_answer_is_no_empty_page(page):
    assert "does not answer" in texts(page(campaigns=WarehouseUnreachable("x")))


def test_a_failing_card_fails_alone_and_shows_nothing_of_the_error(page):
    shown = page(words=RuntimeError("secret detail"))
    assert "This part could not be shown (Words). Reference" in texts(shown)
    assert "secret detail" not in texts(shown) and len(shown.metric) == 5 and len(shown.subheader) == 8


def test_a_retry_asks_again(page):
    shown = page(articles=TableMissing("x"))
    assert "not built yet" in texts(shown)
    assert any(button.label == "Try again" for button in shown.button)


def test_a_campaign_that_runs_and_has_no_new_hours_is_called_stale(page):
    running = ANSWERS["campaigns"] | {"end_day": [None]}
    assert "STALE" in texts(page(campaigns=running)) and "STALE" not in texts(page())


def test_no_news_says_why(page):
    status = {"status": ["no_articles"], "reason": ["No article of 2026-03-04 to 2026-03-06 mentions it."], "source": ["x"], "articles": [0]}
    assert "No article of 2026-03-04" in texts(page(articles={}, news_status=status))
    assert "nobody looked for its news" in texts(page(articles={}, news_status={}))


def test_unknown_engagement_is_said_and_not_drawn_as_zero(page):
    shown = page(days=ANSWERS["days"] | {"engagement": [None]}, hashtags={})
    assert "No engagement is known" in texts(shown)
    assert [metric.value for metric in shown.metric][1:3] == ["–", "–"]


def test_an_archive_is_said_to_be_as_last_observed(page):
    shown = page()
    assert "Engagement as last observed." in texts(shown) and "provisional" not in texts(shown)
    assert [metric.delta for metric in shown.metric][1:3] == ["5.0 per original post, as last observed", "10 engagement, as last observed"]


def test_posts_that_are_too_young_make_the_figure_provisional_on_the_page(page):
    today = datetime.now(UTC).date()
    days = ANSWERS["days"] | {"day": [today], "engagement_age": ["at 24 h"], "engagement_measured": [1], "engagement_waiting": [1]}
    peaks = ANSWERS["hashtags"] | {"peak_day": [today, DAY], "engagement_age": ["at 24 h", "observed"], "provisional": [True, False]}
    shown = page(days=days, hashtags=peaks)
    assert "Engagement measured at 24 h. 1 post is not yet 24 h old: the figure is provisional." in texts(shown)
    assert [metric.delta for metric in shown.metric][1:3] == [
        "10.0 per original post, measured at 24 h, provisional", "10 engagement, measured at 24 h, provisional",
    ]  # fmt: skip


def test_posts_of_which_none_is_measured_yet_say_so_instead_of_a_chart(page):
    days = ANSWERS["days"] | {"engagement": [None], "engagement_age": ["not yet 24 h old"], "engagement_measured": [0], "engagement_waiting": [2]}
    shown = page(days=days, hashtags={})
    assert "No engagement is known. 2 posts are more than 24 h old and not measured yet" in texts(shown)
    assert "the source has no likes" not in texts(shown).lower()


def test_the_table_of_days_shows_the_age_and_what_is_missing(page):
    shown = page()
    shown.session_state["grain"] = "Table"
    shown.run()
    (table,) = [table.value for table in shown.dataframe if "engagement_age" in table.value.columns]
    assert table["engagement_age"].tolist() == ["observed"] and "engagement_waiting" in table.columns


def test_no_scored_post_says_that_the_model_reads_english(page):
    none = ANSWERS["sentiment"] | {"scored": [0], "negative": [0], "positive": [0], "not_scored": [2]}
    assert "No post could be scored." in texts(page(sentiment=none))


SPENDING = {
    "campaign_id": ["d", "c"], "used_usd": [30.0, 12.5], "planned_usd": [0.0, 12.0], "posts": [6_000, 2_500], "requests": [70, 30],
    "refused": [0, 0], "prices_as_of": [DAY, DAY],
}  # fmt: skip


def test_a_campaign_that_read_from_x_says_what_it_cost_and_of_which_budget(page):
    shown = page(spend=SPENDING)
    assert "What the reading cost" in [each.label for each in shown.expander]
    assert "12.50 USD for 2,500 posts read from X; 12.00 USD were planned." in texts(shown)
    assert "All campaigns: 42.50 of 1,500.00 USD (2.8%), 8,500 of 3,000,000 posts." in texts(shown)
    assert "At X's listed prices of 2026-03-05." in texts(shown) and "has stopped reading" not in texts(shown)


def test_a_campaign_that_cost_nothing_has_no_place_for_costs(page):
    others = {name: values[:1] for name, values in SPENDING.items()}
    for spend in ({}, others, TableMissing("Not found: Table marts.api_spend_daily")):
        shown = page(spend=spend)
        assert "What the reading cost" not in [each.label for each in shown.expander] and "could not be shown" not in texts(shown)


def test_a_budget_that_stopped_the_reading_is_said(page):
    assert "A budget has stopped reading this month" in texts(page(spend=SPENDING | {"refused": [0, 1]}))


def explained(**changed):
    return {"explanations": {name: [changed.get(name, values[0])] for name, values in ANSWERS["explanations"].items()}}


def test_the_peak_card_says_what_fits_how_strongly_and_by_which_words(page):
    shown = page()
    said = texts(shown)
    assert "A story in the news fits this day: stronger than 96 % of 30 ordinary days." in said
    assert "The story: 1 text in 2 publications." in said and "· heel plate." in said
    (table,) = [each.value for each in shown.dataframe if "Shares with the posts" in each.value.columns]
    assert table["Story"].tolist() == ["best", ""], "the best story's articles come first"
    assert table["Headline"].tolist()[0] == "【Heel plates】 【crack】" and table["Headline"].tolist()[1].startswith("【<script>】alert")
    assert table["Shares with the posts"][0] == "heel plates · crack"


def test_the_peak_card_shows_other_days_of_the_campaign_and_says_when_nobody_compared_them(page):
    shown = page()
    (picker,) = [each for each in shown.selectbox if each.label == "Day"]
    assert len(picker.options) == 2
    picker.select_index(1).run()
    assert "Nobody has compared this day with the news yet." in texts(shown)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"verdict": "unexplained", "confidence": 0.5}, "No news we found explains this.\nThe best story is stronger than 50 % of 30 ordinary days"),
        ({"verdict": "unexplained", "score": 0.0, "story_id": None, "headline": None}, "No article shares a word or name with the posts"),
        ({"verdict": "too_few_days", "confidence": None, "placebo_days": 2}, "too few ordinary days to compare with: 2 of the 5 needed."),
        ({"verdict": "no_articles", "confidence": None, "score": None, "headline": None, "news_reason": "No article of 2 March."}, "No article of 2 March."),
        ({"verdict": "no_text", "confidence": None, "score": None, "headline": None}, "its posts are all reposts, or hold no words"),
        ({"verdict": "other_language", "confidence": None, "headline": None}, "in other languages than the posts"),
        ({"verdict": "not_compared", "confidence": None, "headline": None}, "Nobody has compared this day with the news yet."),
    ],
)
def test_a_day_without_an_explanation_says_why(page, changed, said):
    shown = page(**explained(**changed))
    assert not shown.exception and said in texts(shown) and "could not be shown" not in texts(shown)


def test_no_day_that_wants_an_explanation_is_no_broken_card(page):
    assert "No day of this campaign wants an explanation yet." in texts(page(peak_days={}))


def test_without_the_gate_the_page_shows_nothing_but_how_it_is_served(page):
    for nobody in ({}, {"sid": None}, {"sid": ""}, {"email": "admin@example.org", "role": "admin"}):
        shown = page(visitor=nobody)
        assert texts(shown).startswith("This page is served by `pulse serve`") and len(shown.main) == 1


def test_a_session_that_is_none_is_sent_to_the_login_and_sees_nothing(page, signed_in_as):
    ended = signed_in_as()
    engine = store.opened()
    for user in users.everybody(engine):
        with store.writing(engine) as connection:
            sessions.revoke_all(connection, user.id, datetime.now(UTC))
    for visitor in ({"sid": "forged"}, ended):
        shown = page(visitor=visitor)
        (only,) = shown.main.children.values()
        assert "/login?next=" in only.proto.body and not shown.metric


def test_a_viewer_sees_the_campaigns_that_were_granted_and_no_other(page, signed_in_as):
    two = ANSWERS["campaigns"] | {"campaign_id": ["c", "d"], "name": ["Mine", "Theirs"], "zone": ["UTC"] * 2, "end_day": [DAY] * 2}
    shown = page(visitor=signed_in_as(Role.VIEWER, ["c"]), campaigns=two)
    assert shown.selectbox[0].options == ["Mine"] and "Reader · viewer" in texts(shown) and "Theirs" not in texts(shown)
    nothing = page(visitor=signed_in_as(Role.ANALYST), campaigns=two)
    assert "You may not see a campaign yet" in texts(nothing) and not nothing.metric


def test_a_reader_of_some_campaigns_learns_nothing_of_what_the_others_cost(page, signed_in_as):
    shown = page(visitor=signed_in_as(Role.VIEWER, ["c"]), spend=SPENDING)
    assert "12.50 USD for 2,500 posts" in texts(shown) and "All campaigns" not in texts(shown) and "42.50" not in texts(shown)
    assert [table.value["Campaign"].tolist() for table in shown.dataframe if "Campaign" in table.value.columns] == [["c"]]


def test_a_session_that_ends_while_the_page_is_drawn_ends_the_page(page, signed_in_as, monkeypatch):
    visitor = signed_in_as()
    from app.auth.current import NotSignedIn

    monkeypatch.setattr(data, "seen_by", lambda visitor, answer: (_ for _ in ()).throw(NotSignedIn()))
    shown = page(visitor=visitor)
    assert "/login?next=" in str([each.proto for each in shown.get("html")]) and "could not be shown" not in texts(shown) and not shown.metric
