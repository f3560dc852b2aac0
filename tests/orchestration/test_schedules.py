"""What the schedules ask for."""

from datetime import UTC, datetime

import dagster as dg
import pytest

from orchestration import campaigns
from orchestration.automation.schedules import every_hour, fill_gaps, snapshots_every_hour
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
    # Both are left in order: a context that dies after its instance leaves a dead storage behind for every later run of the process.
    with (
        dg.instance_for_test() as instance,
        dg.build_schedule_context(instance=instance, scheduled_execution_time=now, resources=resources) as context,
    ):
        return list(schedule(context))


def test_the_hour_that_ended_forty_minutes_ago_is_asked_for_once(home):
    (request,) = evaluate(every_hour, warehouse=WarehouseResource())
    assert (request.partition_key, request.run_key) == ("2026-03-05-17:00", "2026-03-05-17:00")


def test_nothing_is_asked_for_when_no_campaign_is_live(home):
    (skipped,) = evaluate(every_hour, datetime(2027, 1, 1, tzinfo=UTC), warehouse=WarehouseResource())
    assert isinstance(skipped, dg.SkipReason)


def test_gaps_are_asked_for_as_ranges_and_filled_ones_no_more(home, warehouse):
    campaigns.save(home, [Campaign("gaps", "Gaps", query="#gaps", source="x_search")])
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
    campaigns.save(home, [Campaign("long", "Long", query="#long", source="x_search")])
    (request,) = evaluate(fill_gaps, datetime(2026, 6, 1, 18, 40, tzinfo=UTC), warehouse=WarehouseResource())
    first, last = sorted(datetime.strptime(value, "%Y-%m-%d-%H:%M") for value in request.tags.values())
    assert last - first == 23 * HOUR


def test_snapshots_are_asked_for_at_every_age_and_marts_are_rebuilt_only_from_the_age_that_they_compare(home):
    campaigns.save(home, [Campaign("live", "Live", query="#live", source="x_search")])
    requests = {request.partition_key: request for request in evaluate(snapshots_every_hour)}
    assert sorted(requests) == ["2026-02-26-17:00", "2026-03-02-17:00", "2026-03-04-17:00", "2026-03-05-16:00"]
    assert requests["2026-03-05-16:00"].asset_selection == [dg.AssetKey(["raw", "tweet_metrics"])]
    assert requests["2026-03-04-17:00"].asset_selection is None


def test_no_snapshots_are_asked_for_without_a_campaign_of_x(home):
    (skipped,) = evaluate(snapshots_every_hour)
    assert isinstance(skipped, dg.SkipReason)


def test_a_spent_budget_is_one_alert_and_then_no_more_runs(home, warehouse, monkeypatch):
    campaigns.save(home, [Campaign("live", "Live", query="#live", source="x_search")])
    monkeypatch.setenv("PULSE_X_BUDGET_DAY_USD", "0.10")
    (skipped,) = evaluate(every_hour, warehouse=WarehouseResource())
    assert isinstance(skipped, dg.SkipReason) and "PULSE_X_BUDGET_DAY_USD" in skipped.skip_message
    monkeypatch.delenv("PULSE_X_BUDGET_DAY_USD")
    (request,) = evaluate(every_hour, warehouse=WarehouseResource())
    assert isinstance(request, dg.RunRequest)
