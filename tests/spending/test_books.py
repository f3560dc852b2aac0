"""The books: nothing paid is forgotten or counted twice, and one alarm is one."""

import logging
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.settings import Settings
from orchestration.sources.x.errors import BudgetExceeded
from orchestration.sources.x.metering import COUNTS, FREE, LOOKUP, SEARCH
from orchestration.spending import books as books_module
from orchestration.spending.books import Books, folder_of, is_spent, sum_up
from orchestration.spending.journal import Call, Journal, journals, read
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.tables import API_SPEND


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock(datetime(2026, 3, 10, 12, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, x_budget_run_usd=5, x_budget_day_usd=10, x_budget_month_usd=20, x_budget_month_posts=3_000)


@pytest.fixture
def ledger(warehouse):
    """The empty table of spending."""
    warehouse.execute(f"delete from {warehouse.qualified(API_SPEND)} where true")
    return warehouse


@pytest.fixture
def make(settings, ledger, clock):
    return lambda run="run-1", **changed: Books(settings.model_copy(update=changed), ledger, run, now=clock)


def rows(warehouse, status="used"):
    return warehouse.query(
        f"select * from {warehouse.qualified(API_SPEND)} where status = @status order by spend_day, spent_by_run, kind", status=status
    )


def spend(books, posts, campaign="c", kind=SEARCH, budget="x"):
    meter = books.meter(campaign, budget)
    meter.allow(kind, posts)
    meter.record(kind, posts)


def test_calls_become_one_row_for_each_campaign_kind_and_day(make, ledger, clock):
    books = make()
    spend(books, 100)
    spend(books, 50)
    spend(books, 10, campaign="d")
    spend(books, 0, kind=COUNTS)
    clock.now += timedelta(hours=12)
    spend(books, 20)
    assert books.flush() == 4
    found = [(f"{row['spend_day']}", row["campaign_id"], row["kind"], row["requests"], row["posts"], round(row["usd"], 6)) for row in rows(ledger)]
    assert sorted(found) == [
        ("2026-03-10", "c", "counts", 1, 0, 0.005),
        ("2026-03-10", "c", "search", 2, 150, 0.75),
        ("2026-03-10", "d", "search", 1, 10, 0.05),
        ("2026-03-11", "c", "search", 1, 20, 0.1),
    ]


def test_what_is_free_leaves_no_trace(make, ledger, settings):
    books = make()
    spend(books, 5, kind=FREE)
    assert books.flush() == 0 and rows(ledger) == [] and journals(folder_of(settings)) == []


def test_balancing_twice_is_balancing_once_and_the_next_calls_are_added(make, ledger, settings):
    books = make()
    spend(books, 100)
    books.flush()
    books.flush()
    assert journals(folder_of(settings)) == []
    spend(books, 40)
    books.flush()
    assert sum(row["posts"] for row in rows(ledger)) == 140


def test_a_paid_call_is_on_disk_before_anything_else_happens(make, settings, monkeypatch):
    synced, fsync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(os.fstat(number).st_size) or fsync(number))
    books = make()
    spend(books, 100)
    (file,) = journals(folder_of(settings))
    assert synced == [file.stat().st_size]
    assert [(call.kind, call.posts, call.usd) for call in read(file)] == [(SEARCH, 100, 0.5)]


def test_a_kill_between_the_warehouse_and_the_file_doubles_nothing(make, ledger, settings, monkeypatch):
    """The rows are written, the file is not removed: the next to come writes the same rows again."""
    books = make()
    spend(books, 100)
    monkeypatch.setattr(Journal, "forget", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        books.flush()
    monkeypatch.undo()
    assert make("run-2").spent().day_usd == pytest.approx(0.5)
    books._journal._opened.close()
    later = make("run-3")
    later.flush()
    assert sum(row["posts"] for row in rows(ledger)) == 100 and journals(folder_of(settings)) == []


def test_a_warehouse_that_is_gone_loses_no_money(make, ledger, monkeypatch):
    books = make()
    spend(books, 100)
    with monkeypatch.context() as broken:
        broken.setattr(type(ledger), "add", lambda *_, **__: (_ for _ in ()).throw(WarehouseError("gone")))
        with pytest.raises(WarehouseError):
            books.flush()
    assert books.spent().run_usd == pytest.approx(0.5)
    books.flush()
    assert sum(row["posts"] for row in rows(ledger)) == 100


def test_money_of_a_killed_process_counts_at_once_and_is_taken_over(make, ledger, settings):
    """A real process, killed with its journal open."""
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(f"""
            import time
            from datetime import UTC, date, datetime
            from pathlib import Path
            from orchestration.spending.journal import Call, Journal
            journal = Journal(Path({str(folder_of(settings))!r}), "dead/run")
            journal.add(Call(datetime(2026, 3, 10, 11, tzinfo=UTC), "dead/run", "c", "search", 200, 1.0, date(2026, 3, 1)))
            print("paid", flush=True)
            time.sleep(60)
        """)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert child.stdout.readline() == "paid\n"
        living = make()
        assert living.spent().day_usd == pytest.approx(1.0) and living.spent().run_usd == 0
        living.flush()
        assert rows(ledger) == [], "the journal of a living process is its own"
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(10)
    after = make("run-2")
    assert after.flush() == 1
    assert [(row["spent_by_run"], row["posts"]) for row in rows(ledger)] == [("dead/run", 200)]
    assert after.spent().day_usd == pytest.approx(1.0)


def test_a_torn_line_is_said_and_the_others_count(make, settings, caplog):
    books = make()
    spend(books, 100)
    (file,) = journals(folder_of(settings))
    with file.open("ab") as opened:
        opened.write(b'{"at": "2026-03-1')
    assert [call.posts for call in read(file)] == [100]
    assert "Line 2 of the journal" in caplog.text


def test_a_run_that_goes_on_under_its_name_has_spent_what_it_had(make, clock):
    first = make()
    spend(first, 600)
    first.flush()
    with pytest.raises(BudgetExceeded) as refused:
        spend(make(), 600)
    assert refused.value.budget == "run"
    spend(make("run-2"), 600)


def test_the_day_ends_at_midnight_utc_and_the_month_with_it(make, clock):
    clock.now = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    books = make(x_budget_run_usd=1_000, x_budget_day_usd=1)
    spend(books, 200)
    with pytest.raises(BudgetExceeded) as refused:
        spend(books, 1)
    assert refused.value.budget == "day"
    clock.now += timedelta(minutes=1)
    spend(books, 200)
    assert (books.spent().day_usd, books.spent().month_usd) == (pytest.approx(1.0), pytest.approx(1.0))


def test_what_others_spend_meanwhile_is_seen_within_a_minute(make, clock):
    mine, other = make(), make("run-2")
    assert mine.spent().day_usd == 0
    spend(other, 400)
    clock.now += timedelta(seconds=books_module.OTHERS_SECONDS)
    assert mine.spent().day_usd == pytest.approx(2.0)
    other.flush()
    clock.now += timedelta(seconds=books_module.OTHERS_SECONDS)
    assert mine.spent().day_usd == pytest.approx(2.0)


def test_a_budget_stops_before_the_call_and_raises_one_alarm_for_its_period(make, ledger, clock, caplog):
    books = make(x_budget_day_usd=1, x_budget_run_usd=100)
    spend(books, 150)
    with caplog.at_level(logging.ERROR, "pulse.spending"):
        for run in (books, books, make("run-2", x_budget_day_usd=1, x_budget_run_usd=100)):
            with pytest.raises(BudgetExceeded):
                run.meter("c").allow(SEARCH, 100)
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    (row,) = rows(ledger, "refused")
    assert (row["kind"], row["campaign_id"], row["posts"], row["usd"]) == ("day", "c", 100, 0.5)
    assert row["detail"].startswith("search: The day's budget would be exceeded")
    books.flush()
    assert sum(row["posts"] for row in rows(ledger)) == 150, "what was captured, and paid, stays"
    clock.now += timedelta(days=1)
    spend(books, 200)
    with pytest.raises(BudgetExceeded):
        books.meter("c").allow(SEARCH, 100)
    assert len(rows(ledger, "refused")) == 2


def test_an_alarm_that_cannot_be_written_down_still_stops_the_call(make, ledger, monkeypatch, caplog):
    books = make(x_budget_day_usd=0)
    monkeypatch.setattr(type(ledger), "add", lambda *_, **__: (_ for _ in ()).throw(WarehouseError("gone")))
    with pytest.raises(BudgetExceeded):
        books.meter("c").allow(SEARCH, 1)
    assert "could not be written down: gone" in caplog.text


def test_snapshots_have_a_budget_of_their_own(make):
    books = make(x_budget_snapshots_day_usd=1, x_budget_run_usd=100, x_budget_day_usd=100)
    spend(books, 200, kind=LOOKUP, budget="snapshots")
    with pytest.raises(BudgetExceeded) as refused:
        spend(books, 1, kind=LOOKUP, budget="snapshots")
    assert refused.value.budget == "snapshots"
    spend(books, 100)


def test_a_plan_is_a_row_that_the_next_plan_replaces_and_no_spending(make, ledger):
    books = make()
    books.plan("c", SEARCH, 10, 1_000)
    books.plan("c", SEARCH, 12, 1_100)
    (row,) = rows(ledger, "planned")
    assert (row["requests"], row["posts"], row["usd"]) == (12, 1_100, 5.5)
    assert make().spent().month_usd == 0 and make().spent().month_posts == 0


def test_the_schedules_are_told_when_a_day_is_spent(settings, ledger, clock):
    assert is_spent(settings, ledger, clock.now) is None
    books = Books(settings.model_copy(update={"x_budget_run_usd": 100.0}), ledger, "run-1", now=clock)
    spend(books, 1_900)
    said = is_spent(settings, ledger, clock.now)
    assert said and "9.50 of 10.00 USD are spent since 00:00 UTC" in said
    assert is_spent(settings, ledger, clock.now + timedelta(days=1)) is None
    assert journals(folder_of(settings)) == [books._journal.file]


def test_asking_what_is_spent_costs_no_more_with_every_call(make, monkeypatch):
    """A full hour is 101 calls; each asks the budget. Summing the whole journal anew each time would take minutes for a day."""
    books = make(x_budget_run_usd=1e9, x_budget_day_usd=1e9, x_budget_month_usd=1e9, x_budget_month_posts=10**9)
    monkeypatch.setattr(books._journal, "add", lambda call: None)
    for number in range(3_000):
        books.record("c", SEARCH, number % 100)
    summed = []
    monkeypatch.setattr(books_module, "sum_up", lambda rows, *rest: summed.append(len(rows)) or sum_up(rows, *rest))
    books.spent()
    books.spent()
    assert summed == [0, 1, 1], "what others spent, once, and one row of our own for each question"


def test_a_call_survives_its_line():
    call = Call(datetime(2026, 3, 10, 12, 0, 0, 5, UTC), "r", None, SEARCH, 3, 0.015, datetime(2026, 3, 1, tzinfo=UTC).date())
    assert Call.of_line(call.as_line()) == call
