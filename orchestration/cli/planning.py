"""`pulse run --dry-run`: what a run would ask of X and what that would cost, before it does."""

from dataclasses import dataclass, replace
from datetime import datetime

from orchestration import campaigns
from orchestration.campaigns import Campaign
from orchestration.cli.screen import show_table
from orchestration.settings import Settings
from orchestration.sources.x.counts import minute_counts
from orchestration.sources.x.errors import BadQuery, OutOfRetention
from orchestration.sources.x.metering import COUNTS, SEARCH
from orchestration.sources.x.search import END_LAG, PAGE_ALL, PAGE_RECENT, REACH, REACH_MARGIN
from orchestration.spending.books import Books
from orchestration.spending.budget import in_usd
from orchestration.spending.estimate import Estimate, expect, snapshot_reads
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import CAPTURE_LEDGER
from orchestration.windows import Window, floor_hour
from orchestration.x_access import X_SOURCES, x_client, x_now

# A week has every hour of the day and every day of the week in it.
HISTORY_HOURS = 168


@dataclass(frozen=True)
class Expected:
    """Posts of each hour, and in words how that is known."""

    by_hour: dict[datetime, float]
    basis: str


def plan_and_show(campaign_id: str, window: Window, source: str | None, *, counts: bool = True) -> None:
    """Prints what capturing `window` would cost and which budget would stop it; captures nothing.

    Asks X one cheap request for counts, or with `counts` False nothing at all. Raises CampaignError, SourceError, WarehouseError.
    """
    settings = Settings()
    campaign = campaigns.find(campaigns.load(settings), campaign_id)
    chosen = source or campaign.source
    if chosen not in X_SOURCES:
        print(f"The source {chosen} reads files: nothing is asked of X and nothing is billed. Run it without --dry-run.")
        return
    now = x_now(settings)
    archive = _needs_full_archive(settings, window, now)
    warehouse = Warehouse(settings)
    warehouse.ensure_tables()
    # The same plan made again takes the place of the one before.
    books = Books(settings, warehouse, f"dry run of {campaign_id} {window.start:%Y-%m-%dT%HZ} to {window.end:%Y-%m-%dT%HZ}")
    try:
        expected = _expected(settings, warehouse, books, campaign, window, archive, counts, now)
        page = PAGE_ALL if archive else PAGE_RECENT
        estimate = expect(expected.by_hour, settings.hourly_cap, books.prices, page=page, full_archive=archive)
        books.plan(campaign_id, COUNTS, estimate.count_requests, 0)
        books.plan(campaign_id, SEARCH, estimate.search_requests, estimate.posts)
    finally:
        books.flush()
    columns = ["campaign", "hours", "posts expected", "of which kept", "requests", "US dollars"]
    show_table(columns, [[campaign_id, estimate.hours, estimate.posts, estimate.kept, estimate.requests, in_usd(estimate.usd)]])
    print()
    for line in _lines(settings, books, estimate, expected.basis, chosen, counts):
        print(line)


def _needs_full_archive(settings: Settings, window: Window, now: datetime) -> bool:
    """Raises OutOfRetention, as the run would."""
    earliest = now - REACH + REACH_MARGIN
    if window.start >= earliest:
        return False
    if settings.x_full_archive:
        return True
    raise OutOfRetention(
        f"X's recent search reaches back to {Window.hour_of(earliest).end:%Y-%m-%dT%H:%MZ}; {window} begins before that, so the run would "
        "be refused. Ask from that hour on, or set PULSE_X_FULL_ARCHIVE=true."
    )


def _expected(
    settings: Settings, warehouse: Warehouse, books: Books, campaign: Campaign, window: Window, archive: bool, ask: bool, now: datetime
) -> Expected:
    query = campaign.as_query().query
    if not query:
        raise BadQuery(
            f"Campaign {campaign.campaign_id} has no query. Give it one:  pulse campaigns add {campaign.campaign_id} --query '#tag'"
        )
    hours = [hour.start for hour in window.hours()]
    over = Window(window.start, max(window.start, min(window.end, floor_hour(now - END_LAG))))
    if ask and over.end > over.start:
        client = x_client(settings, books.meter(campaign.campaign_id))
        counted = dict.fromkeys((hour.start for hour in over.hours()), 0.0)
        for minute, posts in minute_counts(client, query, over, full_archive=archive).items():
            counted[floor_hour(minute)] += posts
        basis = f"X's counts of {len(counted):,} hours"
        if len(counted) < len(hours):
            basis += f"; the {len(hours) - len(counted):,} hours that are not over as the average of these"
        usual = sum(counted.values()) / len(counted)
        return Expected({hour: counted.get(hour, usual) for hour in hours}, basis)
    history = _history(warehouse, campaign.campaign_id)
    if history:
        usual, known = history
        return Expected(dict.fromkeys(hours, usual), f"the campaign's last {known:,} captured hours, {usual:,.0f} posts an hour on average")
    most = float(settings.hourly_cap + 1)
    return Expected(dict.fromkeys(hours, most), f"nothing: no hour of it is captured yet, so every hour is taken as full ({settings.hourly_cap:,}). The most it can be")


def _history(warehouse: Warehouse, campaign_id: str) -> tuple[float, int] | None:
    """(posts an hour, hours) of the newest captured hours; None when there is none."""
    found = warehouse.query(
        f"""
        select avg(posts) as posts, count(*) as hours from (
            select coalesce(counted, captured) as posts from {warehouse.qualified(CAPTURE_LEDGER)}
            where campaign_id = @campaign and hour >= timestamp '2006-03-21' order by hour desc limit {HISTORY_HOURS}
        )
        """,
        campaign=campaign_id,
    )[0]
    return (float(found["posts"]), found["hours"]) if found["hours"] else None


def _lines(settings: Settings, books: Books, estimate: Estimate, basis: str, source: str, counts: bool) -> list[str]:
    prices, budget, spent = books.prices, books.budget, books.spent()
    lines = [f"Expected from {basis}."]
    if estimate.capped_hours:
        lines.append(f"{estimate.capped_hours:,} hours have more than {settings.hourly_cap:,} posts; of these the first are read and kept.")
    if source == "x_stream":
        lines.append("A stream is billed as its posts arrive, not by a run: this is what they cost, or what reading them by search would.")
    lines.append(
        f"Listed prices of {prices.as_of}: {prices.post_usd:g} USD a post read, {prices.counts_usd:g} USD a request for counts. "
        "X bills a post that is read twice in a UTC day once."
    )
    ages = settings.snapshot_ages
    reads = snapshot_reads(estimate.kept, len(ages))
    lines.append(
        f"Metric snapshots of these posts at {', '.join(map(str, ages))} hours of age: up to {reads:,} reads, "
        f"{in_usd(reads * prices.post_usd)} USD more, in the {max(ages) // 24 + 1} days after."
    )
    left_usd, left_posts = budget.month_usd - spent.month_usd, budget.month_posts - spent.month_posts
    lines.append(
        f"Left of the budgets: {in_usd(max(0.0, budget.day_usd - spent.day_usd))} USD today, {in_usd(max(0.0, left_usd))} USD and "
        f"{max(0, left_posts):,} posts this month; {in_usd(budget.run_usd)} USD a run."
    )
    # The run to come has its own budget still.
    limit = budget.exceeded(replace(spent, run_usd=0.0), estimate.usd, estimate.posts)
    if limit is None:
        lines.append("No budget stops this run.")
    else:
        lines.append(f"The {limit.words} would stop this run before its end. Raise {limit.setting}, or ask for fewer hours.")
    return lines
