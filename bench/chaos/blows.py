"""What goes wrong, one function each: it begins the run, strikes, waits for the end, and says what it did."""

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
from contextlib import suppress
from pathlib import Path

from bench.chaos.homes import LONGEST, Home
from orchestration.ports import free_port
from orchestration.settings import REPOSITORY
from orchestration.warehouse.damage import DATABASE

# As `pulse run` names them, in their order.
STEPS = ("capture", "dbt: posts", "sentiment", "dbt: hourly marts", "dbt: peaks", "news", "dbt: news marts", "publications")
STEP_SECONDS = 3.0
TRIES = 4
MOST_HOURS_OF_A_JUMP = 72.0
SITE_SECONDS = 120
KIB, SECTOR = 1024, 4096
DAMAGE = "warehouse damaged"

Blow = Callable[[Home, random.Random, float], str]


class NotStruck(Exception):
    """The trial proves nothing: what should have gone wrong did not come about."""


class Unsaid(Exception):
    """A command failed without a line that says what to do."""


def kill_in_step(step: str) -> Blow:
    """kill -9 within three seconds after the run said that it began the step."""

    def strike(home: Home, rng: random.Random, _: float) -> str:
        def begin() -> subprocess.Popen:
            seen, process = home.said_so_far(), home.start()
            deadline = time.monotonic() + LONGEST
            while f"{step}:" not in home.said_since(seen):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise NotStruck(f"the run never came to {step}")
                time.sleep(0.02)
            return process

        return f"{_kill_after(begin, rng.uniform(0, STEP_SECONDS)):.2f} s into {step}: killed"

    return strike


def kill_at_any_time(home: Home, rng: random.Random, seconds: float) -> str:
    return f"after {_kill_after(home.start, rng.uniform(0, seconds)):.1f} s: killed"


def kill_warehouse(home: Home, rng: random.Random, seconds: float) -> str:
    seen, process, delay = home.said_so_far(), home.start(), rng.uniform(0, seconds)
    began = time.monotonic()
    time.sleep(delay)
    # The run begins it after a second or two.
    while (said := home.files.said()) is None or not home.files.is_owned():
        if process.poll() is not None or time.monotonic() - began > LONGEST:
            raise NotStruck("the run never had a warehouse, or it had ended")
        time.sleep(0.02)
    os.kill(said.pid, signal.SIGKILL)
    return f"after {time.monotonic() - began:.1f} s: killed; the run {end_of(home, seen, process.wait(LONGEST))}"


def kill_site(home: Home, rng: random.Random, seconds: float) -> str:
    port = free_port()
    site, process, delay = _site(home, port), home.start(), rng.uniform(0, seconds)
    time.sleep(delay)
    alive, again = _was_killed(site), _site(home, port)
    try:
        code = process.wait(LONGEST)
        _wait_for_site(again, port)
    finally:
        again.kill()
        again.wait()
    if code:
        raise NotStruck(f"the run left with {code}, though only the site was killed")
    if not alive:
        raise NotStruck("the site had ended by itself")
    return f"after {delay:.1f} s: killed; the run went on, the site came back"


def fill_disk(home: Home, rng: random.Random, _: float) -> str:
    """No file may grow past a limit, of the run or of the warehouse it starts: what a full disk does to a write."""
    limit, seen = int(2 ** rng.uniform(8, 15.5)) * KIB, home.said_so_far()
    code = home.start(preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))).wait(LONGEST)
    # Its server has the limit too.
    home.close()
    return f"files of {limit // KIB:,} KiB at most: the run {end_of(home, seen, code)}"


def steal_port(home: Home, rng: random.Random, _: float) -> str:
    home.close()
    with socket.socket() as thief:
        thief.bind(("127.0.0.1", 0))
        thief.listen()
        port, seen = thief.getsockname()[1], home.said_so_far()
        code = home.run(PULSE_WAREHOUSE_PORT=str(port))
    if code != 1 or f"Port {port} is in use" not in home.said_since(seen):
        raise NotStruck(f"the run left with {code} and did not name the port")
    return "the run named the port and left with 1"


def two_at_once(home: Home, rng: random.Random, seconds: float) -> str:
    seen, first, delay = home.said_so_far(), home.start(), rng.uniform(0, seconds / 2)
    time.sleep(delay)
    second = home.start()
    codes = sorted((first.wait(LONGEST), second.wait(LONGEST)))
    if codes not in ([0, 0], [0, 1]):
        raise NotStruck(f"they left with {codes}")
    return f"{delay:.1f} s apart: the later one {end_of(home, seen, codes[1])}"


def jump_clock(home: Home, rng: random.Random, seconds: float) -> str:
    """The clock of the run leaps, to and fro: a machine that slept, or a server of time that was wrong."""
    seen, delay, hours = home.said_so_far(), rng.uniform(0, seconds), rng.choice((-1, 1)) * rng.uniform(1, MOST_HOURS_OF_A_JUMP)
    code = home.start(program=(sys.executable, "-m", "bench.chaos.clock", f"{delay}", f"{hours}")).wait(LONGEST)
    return f"after {delay:.1f} s by {hours:+.1f} h: the run {end_of(home, seen, code)}"


def damage_warehouse(home: Home, rng: random.Random, _: float) -> str:
    """The file of the warehouse is cut or written over; the run must name that, and the backup of before puts it right."""
    copy, database = home.folder / "backup", home.settings.warehouse_dir / DATABASE
    if home.run("warehouse", "backup", str(copy)):
        raise NotStruck("no backup could be made")
    home.close()
    how, seen = _damage(database, rng), home.said_so_far()
    code = home.run()
    end = end_of(home, seen, code)
    if code and "pulse warehouse restore" not in home.said_since(seen):
        raise Unsaid(f"{how}: the run {end}")
    home.close()
    if home.run("warehouse", "restore", str(copy), "--force"):
        raise NotStruck(f"{how}: the backup could not be restored")
    return f"{how}: the run {end}; restored"


BLOWS: dict[str, Blow] = {
    "kill -9 at any time": kill_at_any_time,
    "warehouse kill -9": kill_warehouse,
    "disk full": fill_disk,
    "two at once": two_at_once,
    "site kill -9": kill_site,
    "port stolen": steal_port,
    "clock jump": jump_clock,
    DAMAGE: damage_warehouse,
    **{f"kill -9 in {step}": kill_in_step(step) for step in STEPS},
}


def end_of(home: Home, seen: int, code: int) -> str:
    """How a command ended. Raises Unsaid unless a failure was said in a line that is made for people."""
    if code == 0:
        return "left with 0"
    said = home.said_since(seen)
    line = next((each for each in reversed(said.splitlines()) if each.startswith("pulse: ")), "")
    if not line or "Traceback" in said:
        raise Unsaid(f"left with {code}: {' '.join(said.split())[-300:]}")
    return f"left with {code}: {line.removeprefix('pulse: ')[:90]}"


def _kill_after(begin: Callable[[], subprocess.Popen], delay: float) -> float:
    """Seconds after `begin` at which what it gave was killed. Where it had ended by itself, once more and half as late: the last step takes one
    second of its three."""
    for late in (delay / 2**tries for tries in range(TRIES)):
        process = begin()
        time.sleep(late)
        if _was_killed(process):
            return late
    raise NotStruck(f"the run had ended each of {TRIES} times")


def _was_killed(process: subprocess.Popen) -> bool:
    """Whether it was at work until now."""
    process.kill()
    return process.wait() == -signal.SIGKILL


def _damage(database: Path, rng: random.Random) -> str:
    """As a disk or a careless copy does it. The whole file is not written over: most of what is free would not be read."""
    size, how = database.stat().st_size, rng.choice(("cut", "head", "middle"))
    with database.open("r+b") as opened:
        if how == "cut":
            left = int(size * rng.uniform(0.1, 0.95))
            opened.truncate(left)
            return f"cut to {left / size:.0%}"
        start = 0 if how == "head" else rng.randrange(3 * SECTOR, size // 2)
        opened.seek(start)
        opened.write(rng.randbytes(rng.randrange(SECTOR, 256 * SECTOR)))
        return f"written over from byte {start:,} on"


def _site(home: Home, port: int) -> subprocess.Popen:
    environment = {**os.environ, "PULSE_HOME": str(home.folder), "PULSE_SITE_PORT": str(port)}
    with (home.folder / "site.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "app.server"], cwd=REPOSITORY, env=environment, stdout=log, stderr=log)


def _wait_for_site(site: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + SITE_SECONDS
    while time.monotonic() < deadline and site.poll() is None:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return
        time.sleep(0.1)
    raise NotStruck("the site did not come back")
