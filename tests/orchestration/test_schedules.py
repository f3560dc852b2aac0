"""What the schedules ask for."""

from datetime import UTC, datetime

import dagster as dg
import pytest

from orchestration import campaigns
from orchestration.automation.schedules import every_hour, fill_gaps
from orchestration.campaigns import SAMPLE, Campaign
from orchestration.resources.warehouse import WarehouseResource
from orchestration.warehouse.tables import CAPTURE_LEDGER
from orchestration.windows import HOUR, Window

NOW = datetime(2026, 3, 5, 18, 40, tzinfo=UTC)


@pytest.fixture
def home(home_settings, warehouse, monkeypatch):
    """The session's home with the sample and a live campaign in it."""
    monkeypatch.setenv("PULSE_HOME", str(home_settings.home))
    campaigns.save(home_settings, [SAMPLE])
    yield home_settings
    campaigns.save(home_settings, [SAMPLE])


def evaluate(schedule, now=NOW, **resources):
    with dg.instance_for_test() as instance:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=now, resources=resources)
        return list(schedule(context))


def test_the_hour_that_ended_forty_minutes_ago_is_asked_for_once(home):
    (request,) = evaluate(every_hour)
    assert (request.partition_key, request.run_key) == ("2026-03-05-17:00", "2026-03-05-17:00")


def test_nothing_is_asked_for_when_no_campaign_is_live(home):
    (skipped,) = evaluate(every_hour, datetime(2027, 1, 1, tzinfo=UTC))
    assert isinstance(skipped, dg.SkipReason)


def test_gaps_are_asked_for_as_ranges_and_filled_ones_no_more(home, warehouse):
    campaigns.save(home, [Campaign("gaps", "Gaps", source="x_search")])
    day = Window(datetime(2026, 3, 3, 18, tzinfo=UTC), datetime(2026, 3, 5, 18, tzinfo=UTC))
    captured = [hour.start for hour in day.hours() if hour.start.hour not in (3, 4)]
    rows = [{"campaign_id": "gaps", "hour": hour, "captured": 0} for hour in captured]
    warehouse.replace_window(CAPTURE_LEDGER, day, rows, run_id="test", scope={"campaign_id": ["gaps"]})
    requests = evaluate(fill_gaps, warehouse=WarehouseResource())
    assert [sorted(request.tags.values()) for request in requests] == [
        ["2026-03-04-03:00", "2026-03-04-04:00"],
        ["2026-03-05-03:00", "2026-03-05-04:00"],
    ]
    rows += [{"campaign_id": "gaps", "hour": hour.start, "captured": 0} for hour in day.hours() if hour.start.hour in (3, 4)]
    warehouse.replace_window(CAPTURE_LEDGER, day, rows, run_id="test", scope={"campaign_id": ["gaps"]})
    (skipped,) = evaluate(fill_gaps, warehouse=WarehouseResource())
    assert isinstance(skipped, dg.SkipReason)


def test_a_year_without_captures_is_filled_a_day_at_a_time(home):
    campaigns.save(home, [Campaign("long", "Long", source="x_search")])
    (request,) = evaluate(fill_gaps, datetime(2026, 6, 1, 18, 40, tzinfo=UTC), warehouse=WarehouseResource())
    first, last = sorted(datetime.strptime(value, "%Y-%m-%d-%H:%M") for value in request.tags.values())
    assert last - first == 23 * HOUR
