"""The whole pipeline over a range of hours, run through Dagster in this process and kept in the home's instance."""

import logging
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.campaigns import find, load
from orchestration.lock import alone
from orchestration.run_tags import CAMPAIGN_TAG, PROCESS_TAG
from orchestration.settings import Settings
from orchestration.snapshots import open_hours, plan_snapshots
from orchestration.space import WANTED_FOR_A_RUN, free_bytes, full_disk, says_full
from orchestration.windows import Window, contiguous
from orchestration.x_access import x_now

if TYPE_CHECKING:
    import dagster as dg

class PipelineError(Exception):
    """A run failed; the message is the cause in one line."""


@dataclass(frozen=True)
class RunRequest:
    """What is run: the hours of `window` for one campaign. `source` None is the campaign's own."""

    campaign_id: str
    window: Window
    source: str | None = None
    archive: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    force: bool = False


def run_pipeline(settings: Settings, request: RunRequest) -> list[str]:
    """Captures, cleans, scores and aggregates the hours, finds peaks and their news, and publishes. Returns the Dagster run ids.

    Raises CampaignError, SourceError, WarehouseError, DbtError or ModelError as they are, PipelineError for anything else.
    """
    campaign = find(load(settings), request.campaign_id)
    source = request.source or campaign.source
    _require_source(source, request)
    with _dagster(settings) as run:
        from orchestration.partitions import range_tags

        config = {
            "campaigns": [request.campaign_id],
            "source": source,
            "archive": str(request.archive.resolve()) if request.archive else None,
            "columns": dict(request.columns),
            "force": request.force,
        }
        tags = {CAMPAIGN_TAG: request.campaign_id}
        hourly = run("hourly", tags | range_tags(request.window), {"ops": {"capture": {"config": config}}})
        asked = {"config": {"campaigns": [request.campaign_id]}}
        return [hourly, run("peaks_and_news", tags, {"ops": {"news": asked, "published": asked}})]


def _require_source(source: str, request: RunRequest) -> None:
    """Raises SourceError for what the capture would refuse without looking at a post: Dagster alone takes 12 s of processor to load."""
    if source == "x_search":
        from orchestration.sources.x.transport import bearer_token

        bearer_token()
    elif source in {"archive", "sample"}:
        from orchestration.sources.archive.files import require
        from orchestration.sources.choice import make_tweet_source

        make_tweet_source(source, archive=request.archive, columns=request.columns)
        if source == "archive" and request.archive is not None:
            require(request.archive)


def run_snapshots(settings: Settings) -> list[tuple[Window, str]]:
    """Reads metrics again for every hour with posts that have reached an age, then finds the peaks anew and publishes.

    Returns each range of hours with its Dagster run id; none when nothing is due. Raises as `run_pipeline`.
    """
    windows = _due(settings)
    if not windows:
        return []
    with _dagster(settings) as run:
        from orchestration.partitions import range_tags

        taken = [(window, run("metric_snapshots", range_tags(window), {})) for window in windows]
        run("peaks_and_news", {}, {})
        return taken


def run_correction(settings: Settings, campaign_id: str, window: Window) -> str:
    """Measures the model on people's labels and builds the days of sentiment of `window` anew. Returns the Dagster run id; raises as `run_pipeline`."""
    with _dagster(settings) as run:
        from orchestration.partitions import range_tags

        return run("sentiment_correction", {CAMPAIGN_TAG: campaign_id} | range_tags(window), {})


def _due(settings: Settings) -> list[Window]:
    """Hours with posts that are to be measured now, neighbours joined."""
    from orchestration.assets.metrics import captured_posts, recorded
    from orchestration.warehouse.client import Warehouse

    warehouse, now, ages = Warehouse(settings), x_now(settings), settings.snapshot_ages
    warehouse.ensure_tables()
    hours = set()
    for window in contiguous(open_hours(now, ages)):
        plan = plan_snapshots(captured_posts(warehouse, window), recorded(warehouse, window), now, ages)
        hours |= {Window.hour_of(due.post.created_at) for due in plan.to_measure}
    return contiguous(hours)


@contextmanager
def _dagster(settings: Settings) -> Iterator[Callable[[str, dict[str, str], dict[str, Any]], str]]:
    """A function that runs a job by name with tags and config, and returns its run id. One such block at a time in a home."""
    if (free := free_bytes(settings.root)) < WANTED_FOR_A_RUN:
        raise PipelineError(
            f"Only {free // 1024**2} MiB are free on the disk of {settings.root}; a run wants {WANTED_FOR_A_RUN // 1024**2}. "
            "Free space, or set PULSE_HOME to another disk. Nothing was started."
        )
    from orchestration.instance.home import open_instance

    with alone(settings), warnings.catch_warnings():
        instance = open_instance(settings)
        warnings.simplefilter("ignore")
        from orchestration.definitions import defs

        bury_the_dead(instance)
        yield lambda name, tags, config: _execute(defs, name, instance, tags | {PROCESS_TAG: str(os.getpid())}, config)


def bury_the_dead(instance: "dg.DagsterInstance") -> int:
    """Marks runs as failed whose process is gone: a killed process cannot say so itself. Returns how many."""
    import dagster as dg

    going = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING]))
    dead = [run for run in going if PROCESS_TAG in run.tags and not _lives(int(run.tags[PROCESS_TAG]))]
    for run in dead:
        instance.report_run_failed(run, "The process of this run was killed.")
    return len(dead)


def _execute(defs: "dg.Definitions", name: str, instance: "dg.DagsterInstance", tags: dict[str, str], config: dict[str, Any]) -> str:
    import dagster as dg
    from dagster._core.errors import DagsterExecutionInterruptedError

    # The steps speak through `progress`; Dagster keeps their logs in the instance.
    logging.getLogger("dagster").propagate = False
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    try:
        result = defs.resolve_job_def(name).execute_in_process(run_config=quiet | config, instance=instance, tags=tags)
    except DagsterExecutionInterruptedError:
        raise KeyboardInterrupt from None
    except dg.DagsterError as error:
        cause = root_cause(error)
        if not _speaks_for_itself(cause) and says_full(error):
            raise PipelineError(full_disk(Settings().root)) from error
        if isinstance(cause, dg.DagsterError) or not _speaks_for_itself(cause):
            raise PipelineError(f"{type(cause).__name__}: {' '.join(str(cause).split())[:500]}") from error
        raise cause from error
    return result.run_id


def root_cause(error: BaseException) -> BaseException:
    """The first exception of the chain whose message is made for people, else the last of the chain."""
    cause: BaseException = error
    while (inner := cause.__cause__ or (cause.__context__ if not cause.__suppress_context__ else None)) is not None:
        cause = inner
        if _speaks_for_itself(cause):
            return cause
    return cause


def _speaks_for_itself(error: BaseException) -> bool:
    from orchestration.cli.errors import spoken

    return isinstance(error, spoken())


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
