"""raw/tweet_metrics: metrics of captured posts, read again when they are 1, 24, 72 and 168 hours old."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.partitions import HOUR_RANGES, HOURLY, window_of
from orchestration.progress import report
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.snapshots import Captured, Due, Plan, missed_rows, plan_snapshots, snapshot_rows
from orchestration.sources.base import SourceError
from orchestration.sources.x.errors import BudgetExceeded, RateLimited
from orchestration.sources.x.lookup import look_up
from orchestration.spending.books import Books
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window, one_of
from orchestration.warehouse.tables import TWEET_METRICS, TWEETS
from orchestration.windows import Window
from orchestration.x_access import X_SOURCES, x_client, x_now

# Rows written at once: a kill loses at most 50 calls.
LANDED_AT_ONCE = 5_000
MOST_LIMIT_WAITS = 4


@dg.asset(
    key=["raw", "tweet_metrics"],
    deps=[["raw", "tweets"]],
    group_name="capture",
    kinds={"python", "bigquery", "twitter"},
    owners=["team:data-platform"],
    partitions_def=HOURLY,
    backfill_policy=HOUR_RANGES,
    # A retry is asked for where waiting heals: a limit of X.
    pool="x_api",
    check_specs=[
        dg.AssetCheckSpec(
            "every_due_post_was_asked_for",
            asset=["raw", "tweet_metrics"],
            description="Each post of the hour that had reached an age was measured, or is known to be gone. A budget can stop that: a warning.",
        ),
    ],
)
def tweet_metrics(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
    """A partition is the hour in which the posts were made: it is materialised anew at each age, and asks only for what is due."""
    settings, window, opened = Settings(), window_of(context), warehouse.open()
    ages = settings.snapshot_ages
    posts = captured_posts(opened, window)
    stopped = None
    plan, written = Plan((), ()), 0
    if posts:
        now = x_now(settings)
        plan = plan_snapshots(posts, recorded(opened, window), now, ages)
        written = opened.add(TWEET_METRICS, missed_rows(plan.missed), run_id=context.run_id)
        books = Books(settings, opened, context.run_id)
        try:
            for rows in measured(settings, plan, books):
                written += opened.add(TWEET_METRICS, rows, run_id=context.run_id)
        except BudgetExceeded as error:
            stopped = error
            context.log.error("%s", error)
        except RateLimited as error:
            raise dg.RetryRequested(max_retries=MOST_LIMIT_WAITS, seconds_to_wait=error.seconds) from error
        finally:
            books.flush()
    open_ones = len(plan_snapshots(posts, recorded(opened, window), x_now(settings), ages).to_measure) if stopped else 0
    return dg.MaterializeResult(
        metadata={"posts": len(posts), "due": len(plan.to_measure), "missed": len(plan.missed), "written": written},
        check_results=[
            dg.AssetCheckResult(
                passed=stopped is None,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"not_measured": open_ones, "reason": str(stopped or "")},
            )
        ],
    )


def measured(settings: Settings, plan: Plan, books: Books) -> Iterator[list[dict[str, Any]]]:
    """Rows for what is due, in parts. Opens X only when a call is needed. Raises XError after the parts before it."""
    gone = [due for due in plan.to_measure if due.gone]
    if gone:
        yield snapshot_rows(gone, {}, x_now(settings))
    by_id: dict[str, list[Due]] = {}
    for due in plan.to_measure:
        if not due.gone:
            by_id.setdefault(due.post.tweet_id, []).append(due)
    if not by_id:
        return
    campaigns = {due.post.campaign_id for dues in by_id.values() for due in dues}
    client = x_client(settings, books.meter(next(iter(campaigns)) if len(campaigns) == 1 else None, budget="snapshots"))
    rows: list[dict[str, Any]] = []
    done = 0
    report("metric snapshots", 0, len(by_id), "posts")
    try:
        for batch in look_up(client, by_id, vocabulary=settings.x_vocabulary):
            looked = {each.tweet_id: each for each in batch}
            rows += snapshot_rows([due for tweet_id in looked for due in by_id[tweet_id]], looked, x_now(settings))
            done += len(batch)
            report("metric snapshots", done, len(by_id), "posts")
            if len(rows) >= LANDED_AT_ONCE:
                yield rows
                rows = []
    except SourceError:
        # What was paid for lands, whatever stopped the next call.
        if rows:
            yield rows
        raise
    if rows:
        yield rows


def captured_posts(warehouse: Warehouse, window: Window) -> list[Captured]:
    """Posts of the window that X can be asked about: captured from it, with exact ids, and no reposts (theirs are the original's)."""
    bounds = " and ".join((*in_window("created_at", window), one_of("source", X_SOURCES)))
    rows = warehouse.query(f"""
        select campaign_id, tweet_id, created_at, observed_at from {warehouse.qualified(TWEETS)}
        where {bounds} and id_is_exact and not is_repost
        order by created_at, tweet_id
    """)
    return [Captured(**row) for row in rows]


def recorded(warehouse: Warehouse, window: Window) -> dict[tuple[str, str, int], str]:
    bounds = " and ".join(in_window("created_at", window))
    rows = warehouse.query(f"select campaign_id, tweet_id, age_hours, status from {warehouse.qualified(TWEET_METRICS)} where {bounds}")
    return {(row["campaign_id"], row["tweet_id"], row["age_hours"]): row["status"] for row in rows}
