"""Files of the pages: each leaves a row in the audit before it is made, and who may not have it gets none."""

import json
from datetime import UTC, datetime

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager

from app.auth import audit, exports, store, users
from app.identity import NotAllowed, Role
from tests.app.conftest import HOSTILE


@pytest.fixture
def files(monkeypatch):
    """What would be called when a button is pressed, by the name of the file."""
    found = {}
    real = MediaFileManager.add_deferred

    def add(self, made, *arguments, file_name=None, **more):
        found[file_name] = made
        return real(self, made, *arguments, file_name=file_name, **more)

    monkeypatch.setattr(MediaFileManager, "add_deferred", add)
    return found


def rows() -> list[tuple]:
    found = [row for row in audit.newest(store.opened()) if row["action"] == "export"]
    return [(row["actor"], row["target"], row["outcome"], json.loads(row["details"])) for row in found]


PERIOD = {"hashtag": "*", "from": "2026-03-05", "to": "2026-03-07"}


def test_a_file_is_noted_with_its_filters_when_it_is_made_and_not_before(site, files):
    site("posts")
    assert rows() == []
    content = files["c-posts.csv"]()
    assert rows() == [("reader0@example.org", "c", "ok", {"by": "page", "table": "posts", "filters": PERIOD})]
    assert b"alert(1)" in content and "alert" not in str(rows()), "a text of the file is no part of the row"


def test_a_choice_of_the_card_is_among_the_filters(site, files):
    site("topics")
    files["c-word-posts.csv"]()
    assert rows()[0][3]["filters"] == PERIOD | {"word": "great"}
    site("sentiment")
    files["c-negative.csv"]()
    assert rows()[0][3]["filters"] == PERIOD | {"label": "negative"}


def test_a_file_of_the_accounts_is_of_no_campaign(site, files):
    site("admin")
    assert files["users.csv"]().startswith(b"# table: Users\r\nAddress,")
    assert rows() == [("reader0@example.org", "", "ok", {"by": "page", "table": "users", "filters": {}})]


@pytest.mark.parametrize("name", ["overview", "engagement", "sentiment", "topics", "news", "posts", "compare", "method", "admin"])
def test_every_file_of_every_page_leaves_a_row(site, files, name):
    page = site(name)
    assert len(files) == len(page.get("download_button")) > 0
    for made in files.values():
        made()
    assert len(rows()) == len(files) and HOSTILE not in json.dumps(rows())


def test_what_cannot_be_noted_is_not_handed_out(site, files, monkeypatch):
    site("posts")

    def fails(*arguments, **more):
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", fails)
    with pytest.raises(OSError, match="disk full"):
        files["c-posts.csv"]()


@pytest.mark.parametrize("how", ["ended", "demoted", "ungranted"])
def test_a_page_that_is_open_gives_no_file_to_who_may_not_export_any_more(site, files, signed_in_as, how):
    signed_in_as()
    visitor = signed_in_as(Role.ANALYST, ("c",))
    site("posts", visitor=visitor)
    engine, now = store.opened(), datetime.now(UTC)
    (analyst,) = [user for user in users.everybody(engine) if user.role is Role.ANALYST]
    if how == "ended":
        users.end_sessions(engine, analyst, now)
    elif how == "demoted":
        users.set_role(engine, analyst, Role.VIEWER, now)
    else:
        users.ungrant(engine, analyst, "c")
    with pytest.raises(NotAllowed, match="may not export this campaign any more"):
        files["c-posts.csv"]()
    assert rows() == []


def test_a_viewer_who_asks_by_hand_is_refused(signed_in_as):
    viewer = signed_in_as(Role.VIEWER, ("c",))
    with pytest.raises(NotAllowed):
        exports.by_session(viewer["sid"], "c", "posts", PERIOD)
    analyst = signed_in_as(Role.ANALYST, ("c",))
    with pytest.raises(NotAllowed):
        exports.by_session(analyst["sid"], "d", "posts", PERIOD)
    assert rows() == []
