"""What is looked at: filters in the address, and what is said of the data on every page."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from app import data
from app.auth import sessions, store, users
from app.auth.current import NotSignedIn
from app.frame import campaign_names
from app.identity import Role
from app.text import period_name, plain, tag_name
from orchestration.warehouse.errors import TableMissing, WarehouseStopped, WarehouseUnreachable
from tests.app.conftest import ANSWERS, DAY, HOSTILE, NEXT, said

END = date(2026, 3, 7)


def test_the_address_chooses_campaign_hashtag_period_and_zone(site):
    page = site(query={"campaign": "Other", "from": "2026-03-06", "to": "2026-03-07", "zone": "UTC"})
    assert [box.value for box in page.sidebar.selectbox] == ["d", "*", "UTC"]
    assert [box.value for box in page.sidebar.date_input] == [NEXT, END]
    assert "Other · Whole campaign · 6 Mar 2026 · days in UTC" in said(page)
    assert page.metric[0].value == "33"


def test_the_address_takes_ids_as_the_api_does(site):
    page = site(query={"campaign": "d", "hashtag": HOSTILE})
    assert [box.value for box in page.sidebar.selectbox][:2] == ["d", HOSTILE]
    page = page.sidebar.selectbox[0].select("c").run()
    assert page.sidebar.selectbox[0].value == "c" and not page.exception
    assert site(query={"hashtag": "*"}).sidebar.selectbox[1].value == "*"


def test_a_name_that_is_the_id_of_another_campaign_is_the_name(site):
    page = site(query={"campaign": "d"}, campaigns=ANSWERS["campaigns"] | {"name": ["d", "Other"]})
    assert page.sidebar.selectbox[0].value == "c"


@pytest.mark.parametrize(
    "query", [{"campaign": "nobody's"}, {"hashtag": "<b>"}, {"from": "yesterday"}, {"to": "1999-01-01"}, {"zone": "Mars/Olympus"}, {"from": "2026-99-99"}]
)
def test_nonsense_in_the_address_shows_the_default_and_harms_nothing(site, query):
    page = site(query=query)
    assert not page.exception and page.metric[0].value == "73"


def test_a_period_that_ends_before_it_begins_is_said_and_nothing_is_drawn(site):
    page = site(query={"from": "2026-03-07", "to": "2026-03-06"})
    assert "The period ends (2026-03-06) before it begins (2026-03-07)." in said(page) and not page.metric
    assert page.title[0].value == "Overview" and "Reader · admin" in said(page), "there is a title, and a way out"


def test_another_campaign_forgets_the_days_and_the_hashtag_of_the_last(site):
    page = site(query={"hashtag": tag_name(HOSTILE), "from": "2026-03-06"})
    assert page.sidebar.selectbox[1].value == HOSTILE
    page.sidebar.selectbox[0].set_value("d").run()
    assert not page.exception and page.sidebar.date_input[0].value in (DAY, NEXT)


def test_campaigns_of_one_name_are_told_apart_by_their_ids():
    """The name stands in the address: two that are alike would open as one."""
    names = campaign_names(pd.DataFrame({"campaign_id": ["a", "b", "c"], "name": ["Same", "Same", "Other"]}))
    assert names == {"a": "Same (a)", "b": "Same (b)", "c": "Other"}


def test_a_press_on_a_length_shows_the_last_days(site):
    page = site()
    (pills,) = page.sidebar.get("button_group")
    assert pills.value == "All"
    pills.set_value("1 d").run()
    assert [box.value for box in page.sidebar.date_input] == [NEXT, END] and page.metric[0].value == "33"


def test_only_campaigns_that_the_reader_may_see_are_listed(site, signed_in_as):
    page = site(visitor=signed_in_as(Role.VIEWER, ("d",)), query={"campaign": plain(HOSTILE, 60)})
    assert page.sidebar.selectbox[0].value == "d" and page.sidebar.selectbox[0].options == ["Other"]
    assert "Reader · viewer" in said(page)
    nothing = site(visitor=signed_in_as(Role.ANALYST))
    assert "You may not see a campaign yet" in said(nothing) and not nothing.metric


def test_without_the_gate_the_page_shows_nothing_but_how_it_is_served(site):
    for nobody in ({}, {"sid": None}, {"sid": ""}, {"email": "admin@example.org", "role": "admin"}):
        page = site(visitor=nobody)
        assert said(page).startswith("This page is served by `pulse serve`") and not page.metric and not page.sidebar.selectbox


def test_a_session_that_is_none_is_sent_to_the_login_and_sees_nothing(site, signed_in_as):
    ended = signed_in_as()
    engine = store.opened()
    for user in users.everybody(engine):
        with store.writing(engine) as connection:
            sessions.revoke_all(connection, user.id, datetime.now(UTC))
    for visitor in ({"sid": "forged"}, ended):
        page = site(visitor=visitor)
        assert "/login?next=" in str([each.proto for each in page.get("html")]) and not page.metric and not said(page)


def test_a_session_that_ends_while_the_page_is_drawn_ends_the_page(site, signed_in_as, monkeypatch):
    visitor = signed_in_as()
    monkeypatch.setattr(data, "seen_by", lambda visitor, answer: (_ for _ in ()).throw(NotSignedIn()))
    page = site(visitor=visitor)
    assert "/login?next=" in str([each.proto for each in page.get("html")]) and "could not be shown" not in said(page) and not page.metric


def test_every_page_says_how_fresh_and_how_complete_the_data_are(site):
    for name in ("overview", "posts", "method"):
        shown = said(site(name))
        assert "Data to 7 Mar 2026, 05:00 UTC" in shown and "Coverage 88.0%" in shown and "1 hour capped" in shown


def test_a_campaign_that_runs_and_has_no_new_hours_is_called_stale(site):
    running = ANSWERS["campaigns"] | {"end_day": [None, None]}
    assert "STALE" in said(site(campaigns=running)) and "STALE" not in said(site())


def test_coverage_that_nobody_counted_is_unknown_and_not_whole(site):
    assert "Coverage unknown" in said(site(days=ANSWERS["days"] | {"counted": [None, None], "coverage": [None, None]}))


def test_an_empty_warehouse_says_what_to_do(site):
    for nothing in (TableMissing("Not found: Dataset marts"), {"campaign_id": []}):
        page = site(campaigns=nothing)
        assert not page.exception and "No campaign has data yet" in said(page) and "make demo" in said(page)


def test_a_stopped_warehouse_says_how_to_start_it_and_one_that_does_not_answer_is_no_empty_page(site):
    page = site(campaigns=WarehouseStopped())
    assert "pulse warehouse start" in said(page) and not page.metric
    assert "does not answer" in said(site(campaigns=WarehouseUnreachable("x")))


def test_a_retry_asks_again(site):
    page = site(top_posts=TableMissing("x"))
    (button,) = [button for button in page.button if button.label == "Try again"]
    assert "not built yet" in said(page)
    button.click().run()
    assert not page.exception


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-03-02", "2026-03-17", "2 – 16 Mar 2026 (15 days)"),
        ("2026-02-27", "2026-03-02", "27 Feb – 1 Mar 2026 (3 days)"),
        ("2025-12-31", "2026-01-02", "31 Dec 2025 – 1 Jan 2026 (2 days)"),
        ("2026-03-02", "2026-03-03", "2 Mar 2026"),
    ],
)
def test_a_period_is_named_by_its_first_and_its_last_day(start, end, words):
    assert period_name(date.fromisoformat(start), date.fromisoformat(end)) == words
