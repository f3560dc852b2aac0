"""GET /2/usage/tweets: posts read so far, as X counts them."""

from datetime import timedelta
from typing import Any

from orchestration.x_stub.answers import Reply
from orchestration.x_stub.desk import Call, Desk
from orchestration.x_stub.fields import listed
from orchestration.x_stub.parameters import only_known, whole_number

PROJECT_ID, PROJECT_CAP = "1380184186", 3_000_000
DEFAULT_DAYS, MOST_DAYS = 7, 90


def usage(desk: Desk, call: Call) -> Reply:
    """Posts of the calendar month of the stub's clock, and day by day."""
    only_known(call.parameters, frozenset({"days", "usage.fields"}))
    days = whole_number(call.parameters, "days", DEFAULT_DAYS, 1, MOST_DAYS)
    today = call.now.date()
    month = sum(len(ids) for day, ids in desk.bill.posts.items() if (day.year, day.month) == (today.year, today.month))
    data: dict[str, Any] = {"project_id": PROJECT_ID, "project_cap": str(PROJECT_CAP), "project_usage": str(month), "cap_reset_day": 1}
    if "daily_project_usage" in listed(call.parameters.get("usage.fields")):
        since = today - timedelta(days=days - 1)
        shown = [
            {"date": f"{day.isoformat()}T00:00:00.000Z", "usage": str(len(ids))} for day, ids in sorted(desk.bill.posts.items()) if day >= since
        ]
        data["daily_project_usage"] = {"project_id": PROJECT_ID, "usage": shown}
    return Reply(200, {"data": data})
