"""The verification, step by step. Each step says what it found; a step that fails ends it, and the scratch datasets go either way."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.author_salt import salt_of_what_is_stored
from orchestration.bigquery_verify import comparing, estimate
from orchestration.bigquery_verify.dry_run import bytes_of_a_day, dry_run_everything
from orchestration.bigquery_verify.scratch import new_prefix, scratch, scratch_settings
from orchestration.dbt.cost import in_words
from orchestration.marts import Mart, Part
from orchestration.processes import end
from orchestration.settings import REPOSITORY, Settings
from orchestration.sources.authors import SALT
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import WarehouseError
from orchestration.windows import Window, parse_time

Say = Callable[[str], None]
STOP_SECONDS = 30
PIPELINE = (sys.executable, "-W", "ignore", "-c", "from orchestration.cli import main; main()", "pipeline")
# An hour of the sample with every kind of post; the day around it for what a day's bytes are.
HOUR = Window(parse_time("2026-03-11T15:00Z"), parse_time("2026-03-11T16:00Z"))
DAY = Window(parse_time("2026-03-11T00:00Z"), parse_time("2026-03-12T00:00Z"))


class VerifyError(WarehouseError):
    """BigQuery is not as this machine is; the message names what differs."""


@dataclass(frozen=True)
class Verification:
    """What is verified: `target` in scratch datasets, against the marts of `reference`. `most` is the cap in bytes."""

    target: Settings
    reference: Settings
    marts: Mapping[str, Mart]
    campaign_id: str
    most: int
    keep: bool = False


def verify(asked: Verification, say: Say) -> None:
    """Raises VerifyError, WarehouseError, DbtError; KeyboardInterrupt after the scratch datasets are gone."""
    warehouse = Warehouse(asked.target)
    client = warehouse.client
    dry = scratch_settings(asked.target, new_prefix())
    say(f"1 of 4  every statement, dry-run on empty tables in {dry.dataset_prefix}* ...")
    with scratch(client, dry):
        _every_statement(client, dry, say)
    real = scratch_settings(asked.target, new_prefix(), maximum_bytes_billed=min(asked.target.maximum_bytes_billed, asked.most))
    try:
        with scratch(client, real, keep=asked.keep):
            say(f"2 of 4  the sample campaign, through the whole pipeline into {real.dataset_prefix}* ...")
            _run_pipeline(real, asked.reference)
            say("3 of 4  bytes that a day of dbt reads, by dry runs on what is there now ...")
            _bytes(client, real, say)
            say("4 of 4  each mart, row by row, beside the one on this machine ...")
            _compare(asked, real, say)
    finally:
        if asked.keep:
            say(f"Kept for a day: the datasets {real.dataset_prefix}*. Delete them:  pulse bigquery drop {real.dataset_prefix}")


def _every_statement(client: Any, settings: Settings, say: Say) -> None:
    found = dry_run_everything(client, settings, HOUR)
    for finding in found.findings:
        say(f"        {finding}")
    if found.findings:
        raise VerifyError(f"{len(found.findings)} of {found.statements:,} statements are refused; mend them first. Nothing was billed.")
    say(f"        {found.statements:,} statements, none refused")


def pipeline_environment(settings: Settings, reference: Settings, folder: str) -> dict[str, str]:
    """What the pipeline is told. `folder` is thrown away."""
    # The server on this machine belongs to its home; BigQuery to none, and gets one that is thrown away.
    home = folder if settings.env == "prod" else str(settings.root)
    more = {"PULSE_HOME": home, "PULSE_ENV": settings.env, "PULSE_DATASET_PREFIX": settings.dataset_prefix}
    more |= {"PULSE_MAXIMUM_BYTES_BILLED": str(settings.maximum_bytes_billed), "PYTHONPATH": str(REPOSITORY)}
    # With another salt every post has another author key, and marts of posts would differ in every row.
    return os.environ | more | {SALT: salt_of_what_is_stored(reference)}


def _run_pipeline(settings: Settings, reference: Settings) -> None:
    """As a person runs it, in a process of its own that is ended when this one is. Raises VerifyError."""
    with tempfile.TemporaryDirectory(prefix="bigquery_verify_") as folder:
        log = Path(folder) / "pipeline.log"
        with log.open("wb") as opened:
            process = subprocess.Popen(PIPELINE, cwd=REPOSITORY, env=pipeline_environment(settings, reference, folder), stdout=opened, stderr=subprocess.STDOUT)
            try:
                code = process.wait()
            except BaseException:
                end(process, STOP_SECONDS)
                raise
        if code:
            last = " ".join(log.read_text(encoding="utf-8", errors="replace").split()[-80:])
            raise VerifyError(f"The pipeline left with {code}. Its last words: {last}")


def _bytes(client: Any, settings: Settings, say: Say) -> None:
    sizes = bytes_of_a_day(client, settings, DAY)
    if problem := estimate.over(sizes, settings.dbt_bytes_budget):
        raise VerifyError(problem)
    say(f"        {len(sizes):,} statements, {in_words(sum(size for _, size in sizes))} of {in_words(settings.dbt_bytes_budget)}")


def _compare(asked: Verification, real: Settings, say: Say) -> None:
    ours, different = comparing.compare(Warehouse(asked.reference), Warehouse(real), asked.marts.values(), Part(asked.campaign_id))
    for each in different:
        say(f"        {each}")
    if different:
        raise VerifyError(f"{len(different)} of {len(ours)} marts differ from those on this machine.")
    say(f"        {len(ours)} marts with {sum(each.rows or 0 for each in ours):,} rows are the same")
