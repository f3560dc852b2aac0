"""Opens the Dagster instance of a home; what a newcomer would otherwise configure by hand."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

# Larger batches save little more: 1,000 events are about 2 MB of JSON.
EVENT_BATCH_SIZE = 1_000

DAGSTER_YAML = """\
# Written by `pulse`; local storage beside it. Runs wait for each other where they share a pool.
nux:
  enabled: false
telemetry:
  enabled: false
event_log_storage:
  module: orchestration.instance.event_log
  class: BatchedSqliteEventLogStorage
  config:
    base_dir: {events}
concurrency:
  pools:
    default_limit: 1
    granularity: run
  runs:
    max_concurrent_runs: 2
freshness:
  enabled: true
run_monitoring:
  enabled: true
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      success: 90
"""


def dagster_environment(settings: Settings) -> dict[str, str]:
    """Environment in which any Dagster process of this home must run."""
    return {
        "DAGSTER_HOME": str(settings.dagster_home),
        "DAGSTER_EVENT_BATCH_SIZE": str(EVENT_BATCH_SIZE),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "PULSE_HOME": str(settings.root),
    }


def prepare_dagster_home(settings: Settings) -> Path:
    """Creates the folder and its `dagster.yaml` when absent; a file changed by a person stays as it is."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(DAGSTER_YAML.format(events=home / "history" / "runs"))
    return home


def open_instance(settings: Settings) -> "DagsterInstance":
    """The persistent instance of this home. Sets the process's environment to match."""
    import dagster as dg

    home = prepare_dagster_home(settings)
    os.environ.update(dagster_environment(settings))
    return dg.DagsterInstance.from_config(str(home))
