"""The books: what was spent so far, what may still be, and every call written down.

Money is first in the journal of the process, then in `raw.api_spend`; what was spent is the sum of both, of other processes
too. Rows of a journal that is already in the warehouse have the same key, so nothing counts twice.
"""

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from orchestration.settings import Settings
from orchestration.sources.x.errors import BudgetExceeded
from orchestration.sources.x.metering import COUNTS, FREE, LOOKUP, SEARCH
from orchestration.spending.budget import SNAPSHOTS, Budget, Spent, period_of
from orchestration.spending.journal import Call, Journal, journals, read, taken_over
from orchestration.spending.prices import Prices
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.tables import API_SPEND

log = logging.getLogger("pulse.spending")

API = "x"
PLANNED, USED, REFUSED = "planned", "used", "refused"
# Other processes spend too; their journals are looked at that often.
OTHERS_SECONDS = 60
PAGE = 100

Row = dict[str, Any]


def folder_of(settings: Settings) -> Path:
    return settings.x_dir / "spend"


class Books:
    """The books of one run or command. Not for several threads at once. `now` is the wall clock, UTC."""

    def __init__(
        self, settings: Settings, warehouse: Warehouse, run_id: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.prices, self.budget = Prices.of_settings(settings), Budget.of_settings(settings)
        self.run_id, self.now = run_id, now
        self._warehouse, self._folder = warehouse, folder_of(settings)
        self._journal = Journal(self._folder, run_id)
        self._own: dict[str, Row] = {}
        self._before: Spent | None = None
        self._looked_at: datetime | None = None
        self._refusals: set[str] = set()

    def meter(self, campaign_id: str | None, budget: str = "x") -> "BookMeter":
        """What a client asks before each call and tells after it; `budget` is "x", or "snapshots" with a limit of its own."""
        if budget not in {"x", SNAPSHOTS}:
            raise ValueError(f"{budget!r} is no budget: x or {SNAPSHOTS}")
        return BookMeter(self, campaign_id, budget == SNAPSHOTS)

    def spent(self) -> Spent:
        """What is spent by now, other processes included. Raises WarehouseError: nobody spends without knowing."""
        now = self.now().astimezone(UTC)
        looked = self._looked_at
        if self._before is None or looked is None or looked.date() != now.date() or (now - looked).total_seconds() >= OTHERS_SECONDS:
            self._before, self._looked_at = self._known(now), now
        return self._before + sum_up(self._own.values(), self.run_id, now)

    def record(self, campaign_id: str | None, kind: str, posts: int) -> None:
        """Writes down a call that was made; free ones are not. Raises OSError."""
        if kind == FREE:
            return
        call = Call(self.now(), self.run_id, campaign_id, kind, posts, self.prices.of(kind, posts, 1), self.prices.as_of)
        self._journal.add(call)
        add_call(self._own, self._journal.file.stem, call)

    def plan(self, campaign_id: str, kind: str, requests: int, posts: int) -> None:
        """Writes down what is expected; a later plan of the same run, campaign, kind and day takes its place."""
        day = self.now().astimezone(UTC).date()
        row = _row(PLANNED, self.run_id, self.run_id, campaign_id, kind, day)
        usd = self.prices.of(kind, posts, requests)
        self._add([row | {"requests": requests, "posts": posts, "usd": usd, "prices_as_of": self.prices.as_of}])

    def flush(self) -> int:
        """Balances the books: the calls of this run, and of runs that died, become rows of `raw.api_spend`. Returns how many.

        A kill at any point loses and doubles nothing. Raises WarehouseError; then the journals stay for the next time.
        """
        rows = list(self._own.values())
        self._add(rows)
        self._journal.forget()
        self._journal, self._own = Journal(self._folder, self.run_id), {}
        for file in journals(self._folder):
            with taken_over(file) as calls:
                if calls is None:
                    continue
                left = rows_of(file.stem, calls)
                self._add(left)
                file.unlink(missing_ok=True)
                rows += left
        self._before = None
        return len(rows)

    def refused(self, error: BudgetExceeded, campaign_id: str | None, kind: str, usd: float, posts: int) -> bool:
        """Raises the alarm once for each budget and its period: a row, and one line in the log. True when this was the first."""
        now = self.now().astimezone(UTC)
        spend_id = _key(REFUSED, error.budget, period_of(error.budget, now, self.run_id))
        if spend_id in self._refusals:
            return False
        self._refusals.add(spend_id)
        known = self._warehouse.query(f"select 1 as known from {self._warehouse.qualified(API_SPEND)} where spend_id = @id", id=spend_id)
        if known:
            return False
        log.error("%s", error)
        row = _row(REFUSED, self.run_id, self.run_id, campaign_id, error.budget, now.date()) | {"spend_id": spend_id}
        detail = f"{kind}: {error}"
        self._add([row | {"requests": 1, "posts": posts, "usd": usd, "prices_as_of": self.prices.as_of, "detail": detail}])
        return True

    def _known(self, now: datetime) -> Spent:
        """What is spent without the calls in this process's own journal."""
        files = [file for file in journals(self._folder) if file != self._journal.file]
        # First the journals, then the warehouse: what moves from one to the other in between is seen twice, and has one key.
        rows = {row["spend_id"]: row for file in files for row in rows_of(file.stem, read(file))}
        stored = self._warehouse.query(
            f"""
            select spend_id, spend_day, spent_by_run, kind, posts, usd from {self._warehouse.qualified(API_SPEND)}
            where spend_day >= date '{now.date().replace(day=1)}' and api = '{API}' and status = '{USED}'
            """
        )
        return sum_up((rows | {row["spend_id"]: row for row in stored}).values(), self.run_id, now)

    def _add(self, rows: list[Row]) -> None:
        self._warehouse.add(API_SPEND, rows, run_id=self.run_id)


@dataclass(frozen=True)
class BookMeter:
    """The `Meter` of a client: see `orchestration/sources/x/metering.py`."""

    books: Books
    campaign_id: str | None
    snapshots: bool = False

    def allow(self, kind: str, most_posts: int) -> None:
        """Raises BudgetExceeded, WarehouseError."""
        if kind == FREE:
            return
        usd = self.books.prices.of(kind, most_posts, 1)
        try:
            self.books.budget.check(self.books.spent(), usd, most_posts, self.books.now().astimezone(UTC), snapshots=self.snapshots)
        except BudgetExceeded as error:
            try:
                self.books.refused(error, self.campaign_id, kind, usd, most_posts)
            except WarehouseError as unwritten:
                log.error("%s (It could not be written down: %s)", error, unwritten)
            raise

    def record(self, kind: str, posts: int) -> None:
        self.books.record(self.campaign_id, kind, posts)


def is_spent(settings: Settings, warehouse: Warehouse, now: datetime) -> str | None:
    """Why no capture from X can begin at `now`, in words; None when a count and a page can still be paid."""
    books = Books(settings, warehouse, "schedule", now=lambda: now)
    usd = books.prices.of(COUNTS, 0, 1) + books.prices.of(SEARCH, PAGE, 1)
    try:
        books.budget.check(books.spent(), usd, PAGE, now.astimezone(UTC))
    except BudgetExceeded as error:
        return str(error)
    return None


def rows_of(journal: str, calls: Iterable[Call]) -> list[Row]:
    """Calls of one journal as rows of `raw.api_spend`: one for each run, campaign, kind and UTC day."""
    rows: dict[str, Row] = {}
    for call in calls:
        add_call(rows, journal, call)
    return list(rows.values())


def add_call(rows: dict[str, Row], journal: str, call: Call) -> None:
    """Adds a call to its row."""
    row = _row(USED, journal, call.run_id, call.campaign_id, call.kind, call.at.astimezone(UTC).date())
    row = rows.setdefault(row["spend_id"], row | {"requests": 0, "posts": 0, "usd": 0.0})
    row["requests"] += 1
    row["posts"] += call.posts
    row["usd"] = round(row["usd"] + call.usd, 9)
    row["prices_as_of"] = call.prices_as_of


def sum_up(rows: Collection[Row], run_id: str, now: datetime) -> Spent:
    """What `rows` say was spent by the run, and in the UTC day and month of `now`."""
    today = now.astimezone(UTC).date()
    month = [row for row in rows if (row["spend_day"].year, row["spend_day"].month) == (today.year, today.month)]
    day = [row for row in month if row["spend_day"] == today]
    return Spent(
        run_usd=sum(row["usd"] for row in rows if row["spent_by_run"] == run_id),
        day_usd=sum(row["usd"] for row in day),
        month_usd=sum(row["usd"] for row in month),
        month_posts=sum(row["posts"] for row in month),
        snapshots_day_usd=sum(row["usd"] for row in day if row["kind"] == LOOKUP),
    )


def _row(status: str, journal: str, run_id: str, campaign_id: str | None, kind: str, day: date) -> Row:
    return {
        "spend_id": _key(status, journal, run_id, campaign_id or "", kind, day.isoformat()),
        "spend_day": day,
        "api": API,
        "status": status,
        "spent_by_run": run_id,
        "campaign_id": campaign_id,
        "kind": kind,
    }


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join((API, *parts)).encode()).hexdigest()[:32]
