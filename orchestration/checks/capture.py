"""Checks of a captured window: each is a claim, and each is evaluated in the run that wrote it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import dagster as dg

from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import API_SPEND, CAPTURE_LEDGER, TWEETS
from orchestration.windows import Window

CAPTURE_CHECKS = [
    dg.AssetCheckSpec(
        "the_ledger_counts_what_is_stored",
        asset=["raw", "tweets"],
        blocking=True,
        description="Each hour of each campaign holds as many posts as its ledger row says.",
    ),
    dg.AssetCheckSpec(
        "no_hour_is_over_the_cap",
        asset=["raw", "tweets"],
        blocking=True,
        description="No hour of a campaign holds more posts than the cap that was in force.",
    ),
    dg.AssetCheckSpec(
        "no_hour_shrank",
        asset=["raw", "tweets"],
        blocking=True,
        description="No hour was to be replaced by fewer posts: the source has forgotten some. `--force` replaces them all the same.",
    ),
    dg.AssetCheckSpec(
        "every_source_answered",
        asset=["raw", "tweets"],
        blocking=True,
        description="Each campaign's source answered every hour: no budget, limit, or refusal stopped it on the way.",
    ),
    dg.AssetCheckSpec(
        "every_hour_has_its_row",
        asset=["raw", "capture_ledger"],
        blocking=True,
        description="Each captured hour has one ledger row, silent hours included.",
    ),
    dg.AssetCheckSpec(
        "no_budget_refused_a_call",
        asset=["raw", "api_spend"],
        description="No call of the last 24 hours was refused by a budget of ours: a warning, the hours after it are missing.",
    ),
    dg.AssetCheckSpec(
        "few_records_are_lost",
        asset=["raw", "dead_letters"],
        description="At most one record in twenty could not be used. More is a sign of another format: a warning, the others are in.",
    ),
]
LARGEST_LOSS = 0.05


def check_capture(warehouse: Warehouse, window: Window, ledger: Sequence[Mapping[str, Any]]) -> dict[str, list[dg.AssetCheckResult]]:
    """Results by table, read back from the warehouse."""
    in_hour, in_created = (" and ".join(in_window(column, window)) for column in ("hour", "created_at"))
    rows = warehouse.query(f"""
        with stored as (
            select campaign_id, timestamp_trunc(created_at, hour) as hour, count(*) as posts
            from {warehouse.qualified(TWEETS)}
            where {in_created}
            group by campaign_id, hour
        )
        select
            count(*) as hours,
            countif(ledger.captured - coalesce(ledger.removed, 0) != coalesce(stored.posts, 0)) as miscounted,
            countif(coalesce(stored.posts, 0) > ledger.hourly_cap) as over_cap,
            sum(coalesce(stored.posts, 0)) as posts
        from (select * from {warehouse.qualified(CAPTURE_LEDGER)} where {in_hour}) as ledger
        left join stored on ledger.campaign_id = stored.campaign_id and ledger.hour = stored.hour
    """)
    found = rows[0]
    written = {(row["campaign_id"], row["hour"]) for row in ledger}
    return {
        "tweets": [
            _result("tweets", "the_ledger_counts_what_is_stored", found["miscounted"] == 0, hours=found["hours"], miscounted=found["miscounted"]),
            _result("tweets", "no_hour_is_over_the_cap", found["over_cap"] == 0, over_cap=found["over_cap"]),
        ],
        "capture_ledger": [_result("capture_ledger", "every_hour_has_its_row", found["hours"] >= len(written), hours=found["hours"], written=len(written))],
    }


def check_shrinking(refusals: Sequence[Exception]) -> dg.AssetCheckResult:
    return _refused("no_hour_shrank", refusals)


def check_answers(failures: Sequence[Exception]) -> dg.AssetCheckResult:
    return _refused("every_source_answered", failures)


def _refused(name: str, errors: Sequence[Exception]) -> dg.AssetCheckResult:
    reasons = {"reason": "\n".join(map(str, errors))} if errors else {}
    return dg.AssetCheckResult(asset_key=["raw", "tweets"], check_name=name, passed=not errors, metadata=reasons)


def check_budgets(warehouse: Warehouse, now: datetime) -> dg.AssetCheckResult:
    rows = warehouse.query(
        f"select detail from {warehouse.qualified(API_SPEND)} where status = 'refused' and spend_day >= @since",
        since=(now - timedelta(days=1)).date(),
    )
    return dg.AssetCheckResult(
        asset_key=["raw", "api_spend"],
        check_name="no_budget_refused_a_call",
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"refused": len(rows), "reason": rows[0]["detail"] or "" if rows else ""},
    )


def check_losses(observations: int, letters: int) -> dg.AssetCheckResult:
    """`observations` and `letters` are records read and records lost in the run."""
    share = letters / (observations + letters) if letters else 0.0
    return dg.AssetCheckResult(
        asset_key=["raw", "dead_letters"],
        check_name="few_records_are_lost",
        passed=share <= LARGEST_LOSS,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"read": observations, "lost": letters, "share": round(share, 4)},
    )


def _result(table: str, name: str, passed: bool, **metadata: int) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(asset_key=["raw", table], check_name=name, passed=bool(passed), metadata=metadata)
