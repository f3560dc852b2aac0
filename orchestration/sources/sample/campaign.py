"""The sample campaign's facts: who, when, where, which hashtags. Company, product and people are invented."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.windows import Window

CAMPAIGN_ID = "sample"
NAME = "Aurora Trail"
QUERY = '"Aurora Trail" OR #AuroraTrail OR #RunTheAurora OR #AuroraRecall OR Halvenne'
NEWS_QUERY = '"Aurora Trail" OR Halvenne'
HASHTAGS = ("auroratrail", "runtheaurora", "trailrunning", "aurorarecall", "halvenne")

# Clocks there go forward on 2026-03-08: it has 23 hours, and every later day starts at 04:00Z instead of 05:00Z.
ZONE = "America/New_York"
FIRST_DAY = date(2026, 3, 2)
LAST_DAY = date(2026, 3, 16)
LAUNCH_DAY = date(2026, 3, 5)
RECALL_DAY = date(2026, 3, 11)
COMMUNITY_RUN_DAY = date(2026, 3, 14)


def local_midnight(day: date) -> datetime:
    """The instant at which `day` begins in the campaign's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE))


def local_day(moment: datetime) -> date:
    """The day that `moment` has in the campaign's zone."""
    return moment.astimezone(ZoneInfo(ZONE)).date()


SPAN = Window(local_midnight(FIRST_DAY), local_midnight(LAST_DAY + timedelta(days=1)))
