"""What Prometheus is told: the last run of each job, the last figures of each asset, a stream that is silent, a warehouse that is away."""

from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, generate_latest

from app.metrics import area_of
from orchestration.metrics.gathering import add_captures, add_runs, add_stream, gather
from orchestration.settings import Settings
from orchestration.warehouse.errors import WarehouseUnreachable

RUN = {"at": "2026-03-02T05:00:00Z", "run_id": "1", "job": "hourly", "state": "ok", "seconds": 61.5}
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)


def told(registry: CollectorRegistry) -> str:
    return generate_latest(registry).decode()


def test_a_job_that_failed_after_it_had_succeeded_says_both_times():
    registry = CollectorRegistry()
    add_runs(registry, [RUN, RUN | {"at": "2026-03-02T06:00:00Z", "state": "failed"}])
    text = told(registry)
    assert 'pulse_run_failed{job="hourly"} 1.0' in text
    assert registry.get_sample_value("pulse_run_ended_timestamp_seconds", {"job": "hourly", "state": "ok"}) == datetime(2026, 3, 2, 5, tzinfo=UTC).timestamp()


def test_an_asset_says_the_figures_of_its_last_run():
    registry = CollectorRegistry()
    made = RUN | {"asset": "raw/tweets", "figures": {"posts": 5}}
    add_runs(registry, [made, made | {"figures": {"posts": 7}}])
    assert registry.get_sample_value("pulse_asset_figure", {"asset": "raw/tweets", "figure": "posts"}) == 7


def test_a_consumer_that_was_killed_is_not_connected_whatever_its_last_sign_says():
    registry = CollectorRegistry()
    add_stream(registry, False, {"connected": True, "posts": 3, "at": "2026-03-02T05:00:00+00:00"})
    assert registry.get_sample_value("pulse_stream_connected") == 0 and registry.get_sample_value("pulse_stream_posts") == 3


def test_coverage_is_absent_where_the_volume_is_not_known():
    registry = CollectorRegistry()
    row = {"campaign_id": "a", "newest_hour": NOW, "captured": 5, "capped": 1, "coverage": None}
    add_captures(registry, [row, row | {"campaign_id": "b", "coverage": 0.5}])
    assert registry.get_sample_value("pulse_capture_coverage_ratio", {"campaign": "a"}) is None
    assert registry.get_sample_value("pulse_capture_coverage_ratio", {"campaign": "b"}) == 0.5


def test_a_warehouse_that_is_away_is_a_figure_and_no_error(tmp_path):
    class Away:
        def qualified(self, table):
            return "t"

        def query(self, sql):
            raise WarehouseUnreachable("nobody answers")

    assert "pulse_warehouse_up 0.0" in told(gather(Settings(home=tmp_path), Away(), NOW))
    assert "pulse_warehouse_up" not in told(gather(Settings(home=tmp_path), None, NOW))


def test_a_path_that_is_made_up_is_no_series_of_its_own():
    assert area_of("/api/v1/campaigns") == "api" and area_of("/made-up-by-a-stranger") == area_of("/") == "pages"
