"""The ledger of captured hours, which goes on saying what is stored: captured - removed."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from orchestration.compliance.id_tables import CHANGED_AT_ONCE, chunks
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.rows import content_hash, encode
from orchestration.warehouse.statements import in_window, literal
from orchestration.warehouse.tables import CAPTURE_LEDGER, TWEETS
from orchestration.windows import HOUR, Window, floor_hour


def correct_ledger(warehouse: Warehouse, going: Mapping[tuple[str, str], datetime]) -> int:
    """Before the posts `going` (campaign and id -> created_at) go: writes how many each of their hours will have lost.

    From what is stored and not by adding up, so that a second try after a kill writes the same. When the row was loaded
    stays as it is: late posts of the hour are told by it. Returns the hours changed.
    """
    if not going:
        return 0
    lost = Counter((campaign_id, floor_hour(created_at)) for (campaign_id, _), created_at in going.items())
    hours = [hour for _, hour in lost]
    window = Window(min(hours), max(hours) + HOUR)
    stored = {
        (row["campaign_id"], row["hour"]): row["posts"]
        for row in warehouse.query(f"""
            select campaign_id, timestamp_trunc(created_at, hour) as hour, count(*) as posts
            from {warehouse.qualified(TWEETS)} where {' and '.join(in_window('created_at', window))} group by campaign_id, hour
        """)
    }
    changed = []
    for row in warehouse.query(f"select * from {warehouse.qualified(CAPTURE_LEDGER)} where {' and '.join(in_window('hour', window))}"):
        key = row["campaign_id"], row["hour"]
        removed = row["captured"] - (stored.get(key, 0) - lost[key])
        if lost[key] and removed != row["removed"]:
            changed.append(_change(row, removed))
    for part in chunks(changed, CHANGED_AT_ONCE):
        warehouse.execute(
            f"UPDATE {warehouse.qualified(CAPTURE_LEDGER)} T SET removed = S.removed, row_hash = S.row_hash "
            f"FROM UNNEST([{', '.join(part)}]) AS S WHERE T.campaign_id = S.campaign_id AND T.hour = S.hour"
        )
    return len(changed)


def _change(row: Mapping[str, Any], removed: int) -> str:
    content = {column.name: encode(row[column.name]) for column in CAPTURE_LEDGER.columns} | {"removed": removed}
    return (
        f"STRUCT({literal(row['campaign_id'])} AS campaign_id, TIMESTAMP '{row['hour']:%Y-%m-%d %H:%M:%S}+00' AS hour, "
        f"{removed} AS removed, {literal(content_hash(content))} AS row_hash)"
    )
