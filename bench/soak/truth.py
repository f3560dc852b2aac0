"""What the stub has sent, by the hour, and what the warehouse has of it."""

import json
import urllib.request
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from bench.soak.processes import CAMPAIGN
from orchestration.sources.values import time_of_id
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window
from orchestration.windows import Window, floor_hour

Ids = frozenset[str]


def sent_by_hour(url: str) -> dict[datetime, Ids]:
    """Ids of posts that left on the stream, by the hour that the id carries."""
    with urllib.request.urlopen(f"{url}/stub/stream", timeout=60) as answer:
        ids = json.load(answer)["ids"]
    hours: dict[datetime, set[str]] = defaultdict(set)
    for each in ids:
        hours[floor_hour(time_of_id(each))].add(each)
    return {hour: frozenset(found) for hour, found in hours.items()}


@dataclass(frozen=True)
class Stored:
    """What raw and marts hold of one hour."""

    raw: Ids
    marts: Ids
    counted: int | None


def stored(warehouse: Warehouse, hour: Window) -> Stored:
    def ids(table: str) -> Ids:
        bounds = " and ".join(in_window("created_at", hour))
        sql = f"select tweet_id from {warehouse.qualified(table)} where campaign_id = @campaign and {bounds}"
        return frozenset(row["tweet_id"] for row in warehouse.query(sql, campaign=CAMPAIGN.campaign_id))

    bounds = " and ".join(in_window("hour", hour))
    sql = f"select posts from {warehouse.qualified('marts.engagement_hourly')} where campaign_id = @campaign and hashtag = '*' and {bounds}"
    rows = warehouse.query(sql, campaign=CAMPAIGN.campaign_id)
    return Stored(ids("raw.tweets"), ids("marts.tweets"), rows[0]["posts"] if len(rows) == 1 else None)


def difference(sent: Ids, held: Stored) -> str:
    """Empty where raw posts, the mart of posts and the hour's count are what was sent."""
    said = []
    for name, ids in (("raw.tweets", held.raw), ("marts.tweets", held.marts)):
        if ids != sent:
            said.append(f"{name} lacks {len(sent - ids)} and has {len(ids - sent)} that were not sent")
    if held.counted != len(sent):
        said.append(f"marts.engagement_hourly says {held.counted}")
    return f"{len(sent)} were sent; {'; '.join(said)}" if said else ""
