"""What may be spent. A budget is asked before each call; a call that would exceed one is not made."""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from orchestration.settings import Settings
from orchestration.sources.x.errors import BudgetExceeded

RUN, DAY, MONTH, POSTS, SNAPSHOTS = "run", "day", "month", "posts", "snapshots"
# Sums of prices like 0.005 miss the limit by some 1e-12; a ten-thousandth of a cent is no spending.
SMALLEST_USD = 1e-6


@dataclass(frozen=True)
class Spent:
    """What was spent already, US dollars of this run, UTC day and UTC month, and posts read in the month."""

    run_usd: float = 0.0
    day_usd: float = 0.0
    month_usd: float = 0.0
    month_posts: int = 0
    snapshots_day_usd: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other))))


@dataclass(frozen=True)
class Budget:
    """The most that may be spent, US dollars; `month_posts` is X's own cap of pay-per-use where nobody set a lower one."""

    run_usd: float
    day_usd: float
    month_usd: float
    month_posts: int
    snapshots_day_usd: float

    @classmethod
    def of_settings(cls, settings: Settings) -> "Budget":
        return cls(
            run_usd=settings.x_budget_run_usd,
            day_usd=settings.x_budget_day_usd,
            month_usd=settings.x_budget_month_usd,
            month_posts=settings.x_budget_month_posts,
            snapshots_day_usd=settings.x_budget_snapshots_day_usd,
        )

    def check(self, spent: Spent, next_usd: float, next_posts: int, now: datetime, *, snapshots: bool = False) -> None:
        """Raises BudgetExceeded when spending `next_usd` and `next_posts` more would exceed a budget; reaching one is allowed."""
        limit = self.exceeded(spent, next_usd, next_posts, snapshots=snapshots)
        if limit is None:
            return
        if limit.name == POSTS:
            used, cost = f"{limit.used:,} of {limit.most:,} posts are read", f"bring up to {next_posts:,}"
        else:
            used, cost = f"{limit.used:,.2f} of {limit.most:,.2f} USD are spent", f"cost up to {in_usd(next_usd)} USD"
        raise BudgetExceeded(
            f"The {limit.words} would be exceeded: {used} {_since(limit.name, now)}, and the next call would {cost}. It was not made; "
            f"what was captured stays. Raise {limit.setting}, {_or_wait(limit.name, now)}.",
            limit.name,
        )

    def exceeded(self, spent: Spent, next_usd: float, next_posts: int, *, snapshots: bool = False) -> "Limit | None":
        """The budget that does not hold so much more; of several the one that lasts longest, since raising another does not help."""
        limits = [
            Limit(POSTS, "month's budget of posts", spent.month_posts, self.month_posts),
            Limit(MONTH, "month's budget", spent.month_usd, self.month_usd),
            Limit(DAY, "day's budget", spent.day_usd, self.day_usd),
            Limit(SNAPSHOTS, "day's budget of snapshots", spent.snapshots_day_usd, self.snapshots_day_usd),
            Limit(RUN, "run's budget", spent.run_usd, self.run_usd),
        ]
        for limit in limits:
            if limit.name == SNAPSHOTS and not snapshots:
                continue
            if limit.left < (next_posts if limit.name == POSTS else next_usd) - SMALLEST_USD:
                return limit
        return None


@dataclass(frozen=True)
class Limit:
    """One budget: `used` of at most `most`, US dollars or posts."""

    name: str
    words: str
    used: float
    most: float

    @property
    def left(self) -> float:
        return self.most - self.used

    @property
    def setting(self) -> str:
        return SETTINGS[self.name]


SETTINGS = {
    RUN: "PULSE_X_BUDGET_RUN_USD",
    DAY: "PULSE_X_BUDGET_DAY_USD",
    MONTH: "PULSE_X_BUDGET_MONTH_USD",
    POSTS: "PULSE_X_BUDGET_MONTH_POSTS",
    SNAPSHOTS: "PULSE_X_BUDGET_SNAPSHOTS_DAY_USD",
}


def in_usd(amount: float) -> str:
    """`1,234.50`; less than a cent with the digits it has."""
    return f"{amount:,.2f}" if amount >= 0.01 or amount == 0 else f"{amount:.4f}".rstrip("0")


def period_of(name: str, now: datetime, run_id: str) -> str:
    """What a budget is for: the run, the UTC day, or the month."""
    return {RUN: run_id, DAY: f"{now:%Y-%m-%d}", SNAPSHOTS: f"{now:%Y-%m-%d}"}.get(name, f"{now:%Y-%m}")


def _since(name: str, now: datetime) -> str:
    return {RUN: "by this run", DAY: "since 00:00 UTC", SNAPSHOTS: "since 00:00 UTC"}.get(name, f"since {now:%Y-%m}-01")


def _or_wait(name: str, now: datetime) -> str:
    if name == RUN:
        return "or run the same command again: every run has a budget of its own"
    next_month = (now.replace(day=1) + timedelta(days=32)).date().replace(day=1)
    return f"or wait until {(now + timedelta(days=1)).date() if name in {DAY, SNAPSHOTS} else next_month} 00:00 UTC"
