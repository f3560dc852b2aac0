"""raw/compliance_log: X is asked which of our posts must go, and they go from every layer."""

import dagster as dg

from orchestration.author_salt import ensure_author_salt
from orchestration.compliance.apply import Outcome, apply, still_stored
from orchestration.compliance.asked import POST, Asked, read_asked
from orchestration.compliance.tombstones import count_returned
from orchestration.lock import Busy, alone
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.sources.x.compliance_jobs import ComplianceJobs
from orchestration.sources.x.metering import Unlimited
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import TWEETS
from orchestration.x_access import X_SOURCES, x_client

OWNERS = ["team:data-platform"]
KEY = ["raw", "compliance_log"]
CHECK = "nothing_deleted_is_stored"
# A run of an hour takes minutes; deletions have a day.
BUSY_TRIES, BUSY_SECONDS = 6, 600


@dg.asset(
    key=KEY,
    deps=[["raw", "tweets"]],
    group_name="compliance",
    kinds={"python", "bigquery", "twitter"},
    owners=OWNERS,
    pool="x_api",
    check_specs=[
        dg.AssetCheckSpec(
            CHECK,
            asset=KEY,
            blocking=True,
            description="Nothing that X named, and nothing that was ever deleted by duty, stands in a table, the spool or a cache.",
        )
    ],
)
def compliance_log(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
    """Posts deleted by duty: that, when and why, without content. Asks X about every post it brought, then deletes what it names."""
    settings = Settings()
    ensure_author_salt(settings)
    jobs = ComplianceJobs(x_client(settings, Unlimited()))
    opened = warehouse.open()
    ids = ids_of_x(opened)
    asked, bad = read_asked(jobs.lines_about(ids) if ids else [], POST)
    if bad:
        context.log.warning("%d lines of X's answer could not be read, the first at line %d: %s", len(bad), bad[0].line, bad[0].reason)
    try:
        with alone(settings):
            outcome = apply(opened, asked, run_id=context.run_id)
            result = check(opened, asked)
    except Busy as busy:
        context.log.info("%s", busy)
        raise dg.RetryRequested(max_retries=BUSY_TRIES, seconds_to_wait=BUSY_SECONDS) from busy
    return dg.MaterializeResult(metadata={"posts_asked_about": len(ids), "unread_lines": len(bad), **counts(outcome)}, check_results=[result])


def ids_of_x(warehouse: Warehouse) -> list[str]:
    """Ids of every stored post that came from X's API, versions included, each once."""
    sources = ", ".join(f"'{name}'" for name in X_SOURCES)
    sql = f"select distinct tweet_id from {warehouse.qualified(TWEETS)} where source in ({sources}) and id_is_exact order by tweet_id"
    return [row["tweet_id"] for row in warehouse.query(sql)]


def check(warehouse: Warehouse, asked: list[Asked]) -> dg.AssetCheckResult:
    """Asks every layer again."""
    left, returned = still_stored(warehouse, asked) if asked else 0, count_returned(warehouse)
    return dg.AssetCheckResult(asset_key=KEY, check_name=CHECK, passed=left == returned == 0, metadata={"left": left, "returned": returned})


def counts(outcome: Outcome) -> dict[str, int]:
    return {
        "named_by_x": outcome.asked,
        "posts_deleted": outcome.posts,
        "rows_deleted": outcome.rows.total(),
        "rows_changed": outcome.changed.total(),
        "files_rewritten": outcome.files,
        "logged": outcome.logged,
    }
