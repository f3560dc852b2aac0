"""Dagster's daemon, its code server and the run it works on, all killed at once while a backfill goes on: a machine that loses its power."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from datetime import timedelta

from bench.chaos.blows import NotStruck
from bench.chaos.homes import LONGEST, Home
from orchestration.cli.serving import tool
from orchestration.instance.home import dagster_environment, prepare_dagster_home
from orchestration.partitions import KEY_FORMAT
from orchestration.settings import REPOSITORY
from orchestration.windows import HOUR, Window

NAME = "Dagster daemon kill -9"
WORKSPACE = ("-w", "workspace.yaml")
# Imports and capture are the first ten of them.
LONGEST_LIFE_OF_A_RUN = 40.0


def killer(window: Window):
    """The blow for the hours of `window`."""

    def strike(home: Home, rng: random.Random, _: float) -> str:
        prepare_dagster_home(home.settings)
        environment = {**os.environ, **dagster_environment(home.settings)}
        delay, hours = rng.uniform(0, LONGEST_LIFE_OF_A_RUN), (window.start, window.end - timedelta(hours=1))
        backfill = ("job", "backfill", *WORKSPACE, "-j", "hourly", "--noprompt")
        edges = (f"--from={hours[0]:{KEY_FORMAT}}", f"--to={hours[1]:{KEY_FORMAT}}")
        with home.said.open("ab") as said:
            asked = subprocess.run([tool("dagster"), *backfill, *edges], cwd=REPOSITORY, env=environment, stdout=said, stderr=said, timeout=LONGEST, check=False)
            if asked.returncode:
                raise NotStruck("Dagster did not take the backfill")
            daemon = subprocess.Popen([tool("dagster-daemon"), "run", *WORKSPACE], cwd=REPOSITORY, env=environment, stdout=said, stderr=said, start_new_session=True)
        try:
            deadline = time.monotonic() + LONGEST
            while not runs(home, "STARTED"):
                if daemon.poll() is not None or time.monotonic() > deadline:
                    raise NotStruck("no run of the backfill began")
                time.sleep(0.2)
            time.sleep(delay)
            done, going = runs(home, "SUCCESS"), runs(home, "STARTED")
        finally:
            with suppress(ProcessLookupError):
                os.killpg(daemon.pid, signal.SIGKILL)
            daemon.wait()
        if done == (asked_for := (window.end - window.start) // HOUR):
            raise NotStruck(f"the backfill was over {delay:.1f} s after its first run began")
        return f"{delay:.1f} s into a backfill of {asked_for} hours: {done} runs done, {going} killed"

    return strike


def runs(home: Home, status: str) -> int:
    """Read beside Dagster: an instance of its own would set the environment of this process."""
    history = f"file:{home.settings.dagster_home / 'history' / 'runs.db'}?mode=ro"
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(history, uri=True)) as opened:
        return opened.execute("select count(*) from runs where status = ?", [status]).fetchone()[0]
    return 0
