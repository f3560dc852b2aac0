"""What Prometheus is told of runs, the stream and the warehouse. Gauges of what is: a scrape that is missed loses nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Gauge

from orchestration.settings import Settings
from orchestration.warehouse.errors import WarehouseError
from orchestration.windows import parse_time

if TYPE_CHECKING:
    from orchestration.warehouse.client import Warehouse


def gather(settings: Settings, warehouse: "Warehouse | None", now: datetime) -> CollectorRegistry:
    """All figures; without a warehouse only those of files. A warehouse that does not answer is a figure, and no error."""
    from orchestration.run_log.files import read
    from orchestration.space import free_bytes

    registry = CollectorRegistry()
    Gauge("pulse_metrics_written_timestamp_seconds", "When these figures were gathered.", registry=registry).set(now.timestamp())
    Gauge("pulse_disk_free_bytes", "Free bytes on the disk of the home.", registry=registry).set(free_bytes(settings.root))
    add_runs(registry, read(settings.log_dir))
    add_stream(registry, *_stream(settings))
    _add_warehouse_file(registry, settings)
    if warehouse is not None:
        up = Gauge("pulse_warehouse_up", "1 when the warehouse answers.", registry=registry)
        try:
            add_captures(registry, captured(warehouse))
            up.set(1)
        except WarehouseError:
            up.set(0)
    return registry


def add_runs(registry: CollectorRegistry, rows: Iterable[Mapping[str, Any]]) -> None:
    """Of each job its last run and its last success, and of each asset its last figures. `rows` in the order of time."""
    ended = Gauge("pulse_run_ended_timestamp_seconds", "When the last run of a job ended, by its end.", ["job", "state"], registry=registry)
    seconds = Gauge("pulse_run_seconds", "Seconds of the last run of a job.", ["job"], registry=registry)
    failed = Gauge("pulse_run_failed", "1 when the last run of a job failed.", ["job"], registry=registry)
    made = Gauge("pulse_asset_made_timestamp_seconds", "When an asset was last made.", ["asset"], registry=registry)
    took = Gauge("pulse_asset_seconds", "Seconds of an asset's last run.", ["asset"], registry=registry)
    figures = Gauge("pulse_asset_figure", "What an asset's last run stated: rows, posts, bytes, coverage.", ["asset", "figure"], registry=registry)
    for row in rows:
        at = parse_time(row["at"]).timestamp()
        if "asset" not in row:
            ended.labels(row["job"], row["state"]).set(at)
            failed.labels(row["job"]).set(row["state"] == "failed")
            seconds.labels(row["job"]).set(row.get("seconds", 0))
        elif row["state"] == "ok":
            made.labels(row["asset"]).set(at)
            took.labels(row["asset"]).set(row.get("seconds", 0))
            for name, value in row.get("figures", {}).items():
                figures.labels(row["asset"], name).set(value)


def add_stream(registry: CollectorRegistry, running: bool, life: Mapping[str, Any]) -> None:
    """The consumer's sign of life; the counts are since it began."""
    Gauge("pulse_stream_running", "1 when a stream consumer runs.", registry=registry).set(running)
    if not life:
        return
    Gauge("pulse_stream_connected", "1 when it is connected.", registry=registry).set(running and bool(life.get("connected")))
    for name in ("posts", "unread", "foreign", "connections", "posts_per_minute"):
        Gauge(f"pulse_stream_{name}", f"{name.replace('_', ' ')} of the stream, since the consumer began.", registry=registry).set(life.get(name) or 0)
    for name, words in (("at", "heard"), ("last_post", "last_post")):
        if life.get(name):
            Gauge(f"pulse_stream_{words}_timestamp_seconds", f"When the stream {words.replace('_', ' ')}.", registry=registry).set(parse_time(str(life[name])).timestamp())


def captured(warehouse: "Warehouse") -> list[dict[str, Any]]:
    """Of each campaign its newest captured hour, and what of the last 24 captured hours was there."""
    from orchestration.warehouse.statements import ever
    from orchestration.warehouse.tables import CAPTURE_LEDGER

    return warehouse.query(f"""
        with hours as (
            select campaign_id, hour, captured, counted, capped, row_number() over (partition by campaign_id order by hour desc) as age
            from {warehouse.qualified(CAPTURE_LEDGER)} where {ever("hour", "TIMESTAMP")}
        )
        select campaign_id, max(hour) as newest_hour, sum(captured) as captured, countif(capped) as capped,
            safe_divide(sum(if(counted is not null, captured, null)), sum(counted)) as coverage
        from hours where age <= 24 group by campaign_id order by campaign_id
    """)


def add_captures(registry: CollectorRegistry, rows: Iterable[Mapping[str, Any]]) -> None:
    newest = Gauge("pulse_capture_newest_hour_timestamp_seconds", "Start of the newest captured hour.", ["campaign"], registry=registry)
    posts = Gauge("pulse_capture_posts", "Posts captured in the last 24 captured hours.", ["campaign"], registry=registry)
    capped = Gauge("pulse_capture_capped_hours", "Hours over the cap, of the last 24 captured ones.", ["campaign"], registry=registry)
    coverage = Gauge("pulse_capture_coverage_ratio", "Captured of counted posts in the last 24 captured hours.", ["campaign"], registry=registry)
    for row in rows:
        campaign = row["campaign_id"]
        newest.labels(campaign).set(row["newest_hour"].timestamp())
        posts.labels(campaign).set(row["captured"] or 0)
        capped.labels(campaign).set(row["capped"])
        if row["coverage"] is not None:
            coverage.labels(campaign).set(row["coverage"])


def _stream(settings: Settings) -> tuple[bool, dict[str, Any]]:
    from orchestration.stream.manifest import is_running, read_life
    from orchestration.stream.wiring import stream_folder

    folder = stream_folder(settings)
    return is_running(folder), read_life(folder)


def _add_warehouse_file(registry: CollectorRegistry, settings: Settings) -> None:
    from orchestration.warehouse.damage import DATABASE

    file: Path = settings.warehouse_dir / DATABASE
    if settings.env != "prod" and file.exists():
        Gauge("pulse_warehouse_file_bytes", "Bytes of the warehouse file on this machine.", registry=registry).set(file.stat().st_size)
