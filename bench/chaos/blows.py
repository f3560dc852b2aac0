"""What goes wrong, one function each: it begins the run, strikes, waits for the end, and says what it did."""

import contextlib
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from bench.chaos.homes import LONGEST, Home
from orchestration.ports import free_port
from orchestration.settings import REPOSITORY

# As `pulse run` names them, in their order.
STEPS = ("capture", "dbt: posts", "sentiment", "dbt: hourly marts", "dbt: peaks", "news", "dbt: news marts", "publications")
STEP_SECONDS = 3.0
SITE_SECONDS = 120
KIB = 1024

Blow = Callable[[Home, random.Random, float], str]


class NotStruck(Exception):
    """The trial proves nothing: what should have gone wrong did not come about."""


def kill_in_step(step: str) -> Blow:
    """kill -9 within three seconds after the run said that it began the step."""

    def strike(home: Home, rng: random.Random, _: float) -> str:
        delay = rng.uniform(0, STEP_SECONDS)
        seen = home.said.stat().st_size if home.said.exists() else 0
        process = home.start()
        deadline = time.monotonic() + LONGEST
        while f"{step}:" not in _since(home, seen):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotStruck(f"the run never came to {step}")
            time.sleep(0.02)
        time.sleep(delay)
        return f"{delay:.2f} s into {step}: {_kill(process)}"

    return strike


def kill_at_any_time(home: Home, rng: random.Random, seconds: float) -> str:
    process, delay = home.start(), rng.uniform(0, seconds)
    time.sleep(delay)
    return f"after {delay:.1f} s: {_kill(process)}"


def kill_warehouse(home: Home, rng: random.Random, seconds: float) -> str:
    process, delay = home.start(), rng.uniform(0, seconds)
    time.sleep(delay)
    said = home.files.said()
    if said is None or not home.files.is_owned():
        struck = "before the server began"
    else:
        with contextlib.suppress(ProcessLookupError):
            os.kill(said.pid, signal.SIGKILL)
        struck = "killed"
    return f"after {delay:.1f} s: {struck}; the run left with {process.wait(LONGEST)}"


def kill_site(home: Home, rng: random.Random, seconds: float) -> str:
    port = free_port()
    site, process, delay = _site(home, port), home.start(), rng.uniform(0, seconds)
    time.sleep(delay)
    struck, again = _kill(site), _site(home, port)
    try:
        code = process.wait(LONGEST)
        _wait_for_site(again, port)
    finally:
        again.kill()
        again.wait()
    if code:
        raise NotStruck(f"the run left with {code}, though only the site was killed")
    return f"after {delay:.1f} s: {struck}; the run went on, the site came back"


def fill_disk(home: Home, rng: random.Random, _: float) -> str:
    """No file may grow past a limit, of the run or of the warehouse it starts: what a full disk does to a write."""
    limit = int(2 ** rng.uniform(8, 15.5)) * KIB
    process = home.start(preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    code = process.wait(LONGEST)
    # Its server has the limit too.
    home.close()
    return f"files of {limit // KIB:,} KiB at most: the run left with {code}"


def steal_port(home: Home, rng: random.Random, _: float) -> str:
    home.close()
    with socket.socket() as thief:
        thief.bind(("127.0.0.1", 0))
        thief.listen()
        port, seen = thief.getsockname()[1], home.said.stat().st_size if home.said.exists() else 0
        code = home.run(PULSE_WAREHOUSE_PORT=str(port))
    if code != 1 or f"Port {port} is in use" not in _since(home, seen):
        raise NotStruck(f"the run left with {code} and did not name the port")
    return "the run named the port and left with 1"


def two_at_once(home: Home, rng: random.Random, seconds: float) -> str:
    first, delay = home.start(), rng.uniform(0, seconds / 2)
    time.sleep(delay)
    second = home.start()
    codes = sorted((first.wait(LONGEST), second.wait(LONGEST)))
    if codes not in ([0, 0], [0, 1]):
        raise NotStruck(f"they left with {codes}")
    return f"{delay:.1f} s apart: they left with {codes}"


BLOWS: dict[str, Blow] = {
    "kill -9 at any time": kill_at_any_time,
    "warehouse kill -9": kill_warehouse,
    "disk full": fill_disk,
    "two at once": two_at_once,
    "site kill -9": kill_site,
    "port stolen": steal_port,
    **{f"kill -9 in {step}": kill_in_step(step) for step in STEPS},
}


def _kill(process: subprocess.Popen) -> str:
    ended = process.poll()
    process.kill()
    process.wait()
    return "killed" if ended is None else f"it had ended with {ended}"


def _since(home: Home, seen: int) -> str:
    with home.said.open("rb") as said:
        said.seek(seen)
        return said.read().decode("utf-8", "replace")


def _site(home: Home, port: int) -> subprocess.Popen:
    environment = {**os.environ, "PULSE_HOME": str(home.folder), "PULSE_SITE_PORT": str(port)}
    with (home.folder / "site.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "app.server"], cwd=REPOSITORY, env=environment, stdout=log, stderr=log)


def _wait_for_site(site: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + SITE_SECONDS
    while time.monotonic() < deadline and site.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return
        time.sleep(0.1)
    raise NotStruck("the site did not come back")
