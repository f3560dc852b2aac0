"""Which hours are missing: pure, so that the schedule has nothing to decide."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from orchestration.campaigns import Campaign
from orchestration.capture import capturable
from orchestration.windows import HOUR, Window, contiguous, floor_hour

# Edits are possible for 30 minutes and search lags by seconds: an hour is captured when it has been over for 35.
CAPTURE_DELAY = timedelta(minutes=35)
LOOKBACK = timedelta(hours=48)
MOST_HOURS = 24


def closed_hours(now: datetime, lookback: timedelta = LOOKBACK) -> list[Window]:
    """Hours of the lookback that are over for long enough, oldest first."""
    end = floor_hour(now - CAPTURE_DELAY)
    return list(Window(end - lookback, end).hours())


def missing_hours(
    campaigns: Iterable[Campaign],
    captured: Collection[tuple[str, datetime]],
    now: datetime,
    late: Collection[datetime] = (),
    most: int = MOST_HOURS,
) -> list[Window]:
    """Closed hours that a capturable campaign has no ledger row of, and `late` ones, which got posts after they were captured.

    At most `most` of them, joined to windows, oldest first.
    """
    campaigns = list(campaigns)
    missing = [
        hour
        for hour in closed_hours(now)
        if hour.start in late or any((campaign.campaign_id, hour.start) not in captured for campaign in capturable(campaigns, hour))
    ]
    return contiguous(missing[:most])


def hour_of_tick(now: datetime) -> Window:
    """The newest hour that may be captured at `now`."""
    end = floor_hour(now - CAPTURE_DELAY)
    return Window(end - HOUR, end)
