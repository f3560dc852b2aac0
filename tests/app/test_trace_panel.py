"""The way from a figure of the page to its posts: asked for nothing before it is opened, and all text stays text."""

from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from app import data, trace_panel
from app.identity import Role
from orchestration.tracing.figures import Figure, Part, Recount
from orchestration.tracing.scope import Asked, Scope, TraceError, hours_of
from orchestration.tracing.trace import Trace
from tests.app.conftest import HOSTILE
from tests.app.conftest import said as texts

DAY = date(2026, 3, 5)
HOUR = datetime(2026, 3, 5, 17, tzinfo=UTC)
PARTS = [Part(f"202860000000000000{n}", 10 - n, None, DAY, HOUR, HOSTILE, "x_search", "=1+1", "0123456789ab", "run-of-reading") for n in range(3)]


def made(asked, *, counted=27, parts=PARTS):
    scope = Scope(asked.campaign_id, asked.hashtag, asked.day or DAY, "UTC", hours_of(DAY, "UTC"))
    return Trace(asked, scope, Figure.total(27), Recount(Figure.total(counted), list(parts), ("Said.",)))


@pytest.fixture
def page(monkeypatch, site):
    """A page on fixed answers; `page.asked` are the traces that were asked for."""
    asked = []

    def open_page(answer=made, name="overview"):
        def traced(warehouse, one):
            asked.append(one)
            found = answer(one)
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr(data, "traced", traced)
        return site(name)

    open_page.asked = asked
    return open_page


def press(shown, key):
    return next(button for button in shown.button if button.key == key).click().run()


@pytest.mark.full
def test_every_figure_of_the_site_has_a_way_to_its_posts_and_nothing_is_asked_before_it_is_taken(page):
    found = set()
    for name in ("overview", "sentiment", "topics", "news", "engagement"):
        shown = page(name=name)
        assert not shown.exception
        found |= {button.key.removeprefix("trace-") for button in shown.button if button.key and button.key.startswith("trace-")}
    assert found >= {"posts", "authors", "engagement", "net_sentiment", "peak_day", "word", "articles", "organization", "location"}
    assert page.asked == []


def test_a_trace_says_the_figure_its_formula_and_its_posts(page):
    shown = press(page(), "trace-engagement")
    assert not shown.exception and page.asked == [Asked("c", "engagement", "*", None, None)]
    said = texts(shown)
    assert "Engagement of campaign c, on 2026-03-05: 27" in said and r"Formula\: sum over distinct originals" in said
    assert "recomputed: 27, equal (from 3 originals;" in said and "3 of 3 originals." in said
    table = next(each.value for each in shown.dataframe if "Adds" in each.value.columns)
    assert table["Adds"].tolist() == [10, 9, 8] and table["Id"][0] == "2028600000000000000" and table["Captured by run"][0] == "01234567"
    assert "Model" not in table.columns, "a column that is empty for all of them"


def test_a_difference_is_said_on_the_page_too(page):
    shown = press(page(lambda asked: made(asked, counted=20)), "trace-posts")
    assert "recomputed: 20, DIFFERENT from the mart's 27: a difference of -7." in texts(shown)


def opened():
    """What stands in the dialog, which a test cannot go on using: AppTest runs the whole page again, and that closes it."""
    from datetime import date

    from app import trace_panel

    trace_panel.choose_and_show(["posts", "authors"], "c", "*", [date(2026, 3, 5)], [])


def test_another_figure_and_a_day_can_be_chosen(page, signed_in_as):
    page()
    dialog = AppTest.from_function(opened, default_timeout=30)
    dialog.user = signed_in_as()
    shown = dialog.run()
    figure, day = shown.selectbox
    assert figure.options == ["Posts", "Authors"] and day.options == ["All captured days", "Thu 5 Mar 2026"]
    shown = figure.select("authors").run()
    shown = shown.selectbox[1].select(DAY).run()
    assert [(asked.measure, asked.day) for asked in page.asked] == [("posts", None), ("authors", None), ("authors", DAY)]
    assert "Authors of campaign c, on 2026-03-05: 27" in texts(shown)


def test_hostile_text_of_a_trace_reaches_no_element_that_reads_markup(page):
    shown = press(page(name="topics"), "trace-word")
    marked = [element for kind in ("markdown", "caption", "subheader", "title", "html", "info", "warning", "error") for element in shown.get(kind)]
    assert not [element for element in marked if "javascript" in str(element.value) or "<script" in str(element.value)]


def test_a_figure_that_is_not_there_is_said_in_words(page):
    shown = press(page(lambda asked: TraceError("Nothing was captured on that day.")), "trace-coverage")
    assert "Nothing was captured on that day." in texts(shown) and not shown.exception


def test_the_file_has_every_part_and_no_formula():
    lines = trace_panel.as_csv(made(Asked("c", "engagement"))).decode().split("\r\n")
    assert lines[0].startswith("id,contribution,of,day,hour,detail,source,source_ref,run_id,decided_by_run")
    assert len(lines) == 5 and lines[1].startswith("2028600000000000000,10,,2026-03-05,2026-03-05T17:00:00.000000Z,") and ",'=1+1," in lines[1]


def test_the_file_is_for_analysts_as_every_file(page, signed_in_as):
    """It was offered to viewers once, who read and do not export."""
    page()
    for role, offered in ((Role.ADMIN, 1), (Role.ANALYST, 1), (Role.VIEWER, 0)):
        dialog = AppTest.from_function(opened, default_timeout=30)
        dialog.user = signed_in_as(role, ("c",))
        assert len(dialog.run().get("download_button")) == offered
