"""Questions asked at the same time: each once, each by a connection of its own thread, and nothing old or wrong is handed out."""

import threading

import pandas as pd
import pytest

from app import asking
from app.asking import THREADS, Desk
from orchestration.warehouse.errors import WarehouseError, WarehouseUnreachable

SECONDS = 60.0


class Answering:
    """Notes what it is asked. `fails` are raised first, one after another."""

    def __init__(self, *fails: Exception):
        self.asked, self.fails, self.opened = [], list(fails), 0

    def open(self):
        self.opened += 1
        return self

    def words(self, campaign_id):
        self.asked.append(campaign_id)
        if self.fails:
            raise self.fails.pop(0)
        return pd.DataFrame({"word": [f"{campaign_id}{len(self.asked)}"]})


@pytest.fixture
def now(monkeypatch):
    at = [1_000.0]
    monkeypatch.setattr(asking.time, "monotonic", lambda: at[0])
    return at


def said(desk: Desk) -> str:
    return desk.answer("words", ("c",))["word"][0]


def test_as_many_as_there_are_threads_are_asked_at_once_each_by_its_own_connection():
    barrier, opened = threading.Barrier(THREADS), []

    class Waiting:
        def __init__(self):
            opened.append(threading.get_ident())

        def words(self, campaign_id):
            barrier.wait(10)
            return campaign_id

    desk = Desk(Waiting, SECONDS)
    for number in range(THREADS):
        desk.ahead("words", (number,))
    assert [desk.answer("words", (number,)) for number in range(THREADS)] == list(range(THREADS))
    assert len(set(opened)) == len(opened) == THREADS


def test_what_was_asked_ahead_is_not_asked_again():
    marts = Answering()
    desk = Desk(marts.open, SECONDS)
    desk.ahead("words", ("c",))
    desk.ahead("words", ("c",))
    assert said(desk) == "c1" and marts.asked == ["c"]


def test_an_answer_is_handed_out_once_and_whoever_asks_later_gets_a_newer_one():
    """It is cached by the page's cache alone; two caches would be twice as old."""
    desk = Desk(Answering().open, SECONDS)
    desk.ahead("words", ("c",))
    assert [said(desk), said(desk)] == ["c1", "c2"]


def test_what_the_page_has_an_answer_to_is_asked_ahead_once_it_is_old(now):
    marts = Answering()
    desk = Desk(marts.open, SECONDS)
    said(desk)
    desk.ahead("words", ("c",))
    assert marts.asked == ["c"]
    now[0] += SECONDS + 1
    desk.ahead("words", ("c",))
    assert said(desk) == "c2" and marts.asked == ["c", "c"]


def test_an_answer_that_nobody_wanted_in_time_is_never_shown(now):
    desk = Desk(Answering().open, SECONDS)
    desk.ahead("words", ("c",))
    now[0] += SECONDS + 1
    assert said(desk) == "c2"


def test_what_goes_wrong_is_raised_where_the_answer_is_wanted_and_the_next_try_asks_anew():
    marts = Answering(WarehouseError("the words of the warehouse"))
    desk = Desk(marts.open, SECONDS)
    desk.ahead("words", ("c",))
    desk.ahead("words", ("d",))
    with pytest.raises(WarehouseError, match="the words of the warehouse"):
        said(desk)
    assert desk.answer("words", ("d",))["word"][0].startswith("d") and said(desk) == "c3"


def test_a_lost_connection_is_opened_anew_once():
    marts = Answering(WarehouseUnreachable("gone"))
    assert said(Desk(marts.open, SECONDS)) == "c2" and marts.opened == 2
    with pytest.raises(WarehouseUnreachable):
        said(Desk(Answering(WarehouseUnreachable("gone"), WarehouseUnreachable("gone")).open, SECONDS))
