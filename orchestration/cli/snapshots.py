"""`pulse snapshots`: metrics read again for every post that has reached an age."""

from orchestration.cli.screen import progress_bars
from orchestration.pipeline import run_snapshots
from orchestration.settings import Settings


def take_and_show() -> None:
    """Raises what `run_snapshots` raises."""
    settings = Settings()
    with progress_bars():
        taken = run_snapshots(settings)
    if not taken:
        print("No post captured from X has reached an age that can still be measured.")
        return
    for window, run_id in taken:
        print(f"Posts of {window}: Dagster run {run_id[:8]}.")
    for status, ages in measured(settings).items():
        print(f"{status}: {ages}")


def measured(settings: Settings) -> dict[str, str]:
    """Snapshots of the home by status, with their number by age."""
    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.tables import TWEET_METRICS

    warehouse = Warehouse(settings)
    rows = warehouse.query(f"""
        select status, age_hours, count(*) as posts from {warehouse.qualified(TWEET_METRICS)}
        where created_at >= timestamp '2006-03-21' group by status, age_hours order by status, age_hours
    """)
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["status"], []).append(f"{row['posts']:,} at {row['age_hours']} h")
    return {status: ", ".join(ages) for status, ages in found.items()}
