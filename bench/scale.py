"""On paper: what 10, 1,000 and 100,000 posts a minute would take and cost a month, from what was measured and from the listed prices.

`reads_of_an_hour` says which partitions an hourly run of dbt names, by the proof of orchestration/dbt/pruning.py. BigQuery bills the columns that a statement
reads; here whole rows are counted, so the bytes are an upper bound. Storage, Cloud Run and X above 3,000,000 posts have no price here: none of our sources lists one.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.bigquery_verify.estimate import TEBIBYTE, billed
from orchestration.dbt.cost import USD_PER_TEBIBYTE
from orchestration.settings import Settings
from orchestration.spending.budget import in_usd
from orchestration.spending.estimate import expect, snapshot_reads
from orchestration.spending.prices import Prices
from orchestration.windows import HOUR, Window

A_MINUTE = (10, 1_000, 100_000)
HOURS = 720
# Posts a second of one stream on pay-per-use, by X's documentation as read with its prices.
STREAM_A_SECOND = 250
LANES = frozenset({"posts", "hourly_marts"})


def reads_of_an_hour(settings: Settings, window: Window) -> list[dict[str, Any]]:
    """Of each statement of the hourly lanes, tests included: its tables, and the UTC days of each partitioned one that it names. Compiles the project."""
    from orchestration.dbt.compiled import compiled
    from orchestration.dbt.pruning import NotProvable, catalogue_of, reads, written

    project, found = compiled(settings, window), []
    catalogue = catalogue_of(settings, project.manifest, project.sql)
    for uid, node in project.manifest.nodes.items():
        if uid not in project.sql or not LANES & set(_lanes(node, project.manifest)) or node.config.materialized in {"view", "ephemeral"}:
            continue
        try:
            named = [(read.relation, _days(read.range)) for read in reads(project.sql[uid], catalogue)]
        except NotProvable:
            named = []
        if node.resource_type == "model" and node.config.get("partition_by"):
            # What it overwrites is read too.
            own = f"{node.schema}.{node.alias}"
            named.append((own, _days(written(project.sql[uid], catalogue.partitions[own].column))))
        found.append({"statement": node.name, "tables": len(node.depends_on.nodes) + (node.resource_type == "model"), "days": named})
    return found


def _lanes(node: Any, manifest: Any) -> list[str]:
    """Tags of a model, or of the model on which a test hangs."""
    if node.resource_type == "model":
        return node.tags
    model = manifest.nodes.get(getattr(node, "attached_node", None))
    return model.tags if model else []


def _days(bounds: Any) -> int:
    """UTC days that a range touches; a read without bounds is a table that does not grow by the hour."""
    if not bounds.is_bounded:
        return 0
    return math.ceil((bounds.end - bounds.start.replace(hour=0, minute=0, second=0)) / timedelta(days=1))


def bytes_of_an_hour(held: Mapping[str, Any], posts_a_day: float) -> int:
    """Bytes that an hourly run of dbt bills at most."""
    each = held["bytes_of_a_post"]
    return sum(billed(round(sum(days * posts_a_day * each.get(name, 0) for name, days in one["days"])), one["tables"]) for one in held["reads_of_an_hour"])


def table(results: Mapping[str, Any]) -> list[str]:
    """Markdown: a column for each rate. Lines that rest on a bench which was not run are left out."""
    settings = Settings()
    lines = [f"| posts a minute | {' | '.join(f'{rate:,}' for rate in A_MINUTE)} |", f"|---|{'---:|' * len(A_MINUTE)}"]
    for name, cells in rows(results, settings):
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def rows(results: Mapping[str, Any], settings: Settings) -> Iterator[tuple[str, list[str]]]:
    prices, cap = Prices.of_settings(settings), settings.hourly_cap
    hourly = [60 * rate for rate in A_MINUTE]
    yield "posts a month", [f"{HOURS * posts:,}" for posts in hourly]
    yield f"of which kept, {cap:,} of an hour", [f"{min(1, cap / posts):.1%}" for posts in hourly]
    start = datetime(2026, 9, 1, tzinfo=UTC)
    captured = [expect({start + number * HOUR: posts for number in range(HOURS)}, cap, prices) for posts in hourly]
    # One request for counts an hour, where `expect` asks once for all.
    counts = HOURS * prices.counts_usd
    read = [each.posts + snapshot_reads(each.kept, 1) for each in captured]
    most = settings.x_budget_month_posts
    yield "X by search, and metrics again at 24 h, USD", [in_usd(counts + posts * prices.post_usd) for posts in read]
    sold = [min(posts, most) * prices.post_usd for posts in read]
    yield f"what X sells of that, at most {most:,} posts, USD", [in_usd(counts + usd) for usd in sold]
    yield f"posts read of the {most:,} that X sells a month", [f"{posts / most:.0%}" for posts in read]
    yield "hours until they are read", [f"{min(HOURS, HOURS * most / posts):.0f} of {HOURS}" for posts in read]
    yield f"posts a second of a stream, which ends at {STREAM_A_SECOND}", [f"{rate / 60:,.1f}" for rate in A_MINUTE]
    benches = results["benches"]
    if held := benches.get("growth", {}):
        if "reads_of_an_hour" in held:
            for name, kept in (("within the cap", [min(cap, posts) for posts in hourly]), ("all posts kept", hourly)):
                bytes_ = [HOURS * bytes_of_an_hour(held, 24 * posts) for posts in kept]
                yield f"BigQuery reads at most, {name}", [_large(each) for each in bytes_]
                yield f"at {USD_PER_TEBIBYTE} USD a TiB, USD", [in_usd(each / TEBIBYTE * USD_PER_TEBIBYTE) for each in bytes_]
            a_post = sum(held["bytes_of_a_post"].values())
            yield "stored a month, all posts kept", [_large(HOURS * posts * a_post) for posts in hourly]
        if seconds := seconds_of_a_run(held):
            yield "an hour's run on this machine, within the cap, s", [f"{seconds(min(cap, posts)):,.0f}" for posts in hourly]
            yield "the same with all posts kept, s", [f"{seconds(posts):,.0f}" for posts in hourly]
    if rate := sentiment_rate(benches):
        yield "of which sentiment alone, all posts kept, s", [f"{posts / rate:,.0f}" for posts in hourly]


def _large(size: float) -> str:
    return f"{size / TEBIBYTE:,.2f} TiB"


def seconds_of_a_run(held: Mapping[str, Any]) -> Any:
    """Posts of an hour -> seconds of its run: the line through the two largest sizes that were run; None when they were not."""
    rows_ = held.get("growth", {}).get("rows")
    if not rows_ or len(rows_["sizes"]) < 2:
        return None
    (x0, x1), (y0, y1) = rows_["sizes"][-2:], rows_["lines"][rows_["main"]][-2:]
    slope = (y1 - y0) / (x1 - x0)
    return lambda posts: max(y0 + slope * (posts - x0), rows_["lines"][rows_["main"]][0])


def sentiment_rate(benches: Mapping[str, Any]) -> float | None:
    """Posts a second of the model, as the bench `ml` measured it."""
    rates = [row["value"] for row in benches.get("ml", {}).get("figures", ()) if row["unit"] == "posts/s"]
    return rates[0] if rates else None
