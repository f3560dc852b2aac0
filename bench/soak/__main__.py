"""An hour of everything at once, X's clock at 60 times the speed:  python -m bench.soak --minutes 60   (make soak)

A stub of X sends posts, the consumer stores them, `pulse run` brings each hour of X's time into the marts, and five readers are on the site. Each minute, an hour
of X, is held against what was sent, post by post. Leaves with 1 where an hour differs, an error was logged or answered, or memory has grown by more than 10 %
from minute 15 to the end.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bench.site_process import running, signed_in
from bench.soak import memory, truth
from bench.soak.clock import START, FastClock
from bench.soak.memory import Memory
from bench.soak.processes import CAMPAIGN, SALT, environment_of, ours, prepare, started, wait_for
from bench.soak.users import Readers
from orchestration.ports import free_port
from orchestration.settings import REPOSITORY, Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.windows import HOUR, Window, floor_hour

PULSE = (sys.executable, "-W", "ignore", "-c", "from orchestration.cli import main; main()")
# X's time after an hour until its posts are there: the grace of late posts, and a little.
BEHIND_HOUR = timedelta(minutes=6)
LONGEST_RUN = 600
MOST_FAILED_RUNS, AFTER_FAILURE_SECONDS = 3, 60
RUN = "pulse run"
ERROR = re.compile(r"\b(ERROR|CRITICAL)\b|Traceback \(most recent call last\)")


@dataclass
class Soak:
    """What is running, and what came of it so far."""

    home: Path
    settings: Settings
    clock: FastClock
    environment: dict[str, str]
    pids: dict[str, int] = field(default_factory=dict)
    done: datetime = floor_hour(START) + HOUR
    hours: int = 0
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    run_seconds: list[float] = field(default_factory=list)

    def wait(self) -> Window:
        """Until an hour of X that is not in the warehouse is over; those that are over by now."""
        time.sleep(max(0.0, self.clock.at(self.done + HOUR + BEHIND_HOUR) - time.time()))
        return Window(self.done, max(self.done + HOUR, floor_hour(self.clock.now() - BEHIND_HOUR)))

    def bring(self, window: Window) -> None:
        """`pulse run` of these hours; then each is held against what was sent."""
        words = [*PULSE, "run", "--campaign", CAMPAIGN.campaign_id, "--from", f"{window.start:%Y-%m-%dT%H:%MZ}", "--to", f"{window.end:%Y-%m-%dT%H:%MZ}"]
        began = time.monotonic()
        with (self.home / "run.log").open("ab") as said:
            process = subprocess.Popen(words, cwd=REPOSITORY, env=self.environment | {"PULSE_X_CLOCK": f"{self.clock.now():%Y-%m-%dT%H:%M:%SZ}"}, stdout=said, stderr=said)
            self.pids[RUN] = process.pid
            try:
                code = process.wait(LONGEST_RUN)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            del self.pids[RUN]
        self.run_seconds.append(time.monotonic() - began)
        if code:
            self.errors.append(f"pulse run of {window} left with {code}")
            # What is wrong for a moment may heal; what is not must not be tried a hundred times a second.
            time.sleep(AFTER_FAILURE_SECONDS)
            return
        self.compare(window)
        self.done = window.end

    def compare(self, window: Window) -> None:
        sent, warehouse = truth.sent_by_hour(self.environment["PULSE_X_BASE_URL"]), Warehouse(self.settings)
        for hour in window.hours():
            self.hours += 1
            if found := truth.difference(sent.get(hour.start, frozenset()), truth.stored(warehouse, hour)):
                self.wrong.append(f"{hour}: {found}")

    def held(self) -> dict[str, float]:
        return memory.of_processes(dict(self.pids))

    def look_alive(self) -> None:
        """A process that is another one now has died in between."""
        said = ServerFiles(self.settings.warehouse_dir).said()
        if said is not None and self.pids.setdefault("warehouse", said.pid) != said.pid:
            self.errors.append("the warehouse was started anew")
            self.pids["warehouse"] = said.pid


def run(home: Path, minutes: float, seed: int) -> tuple[Soak, Memory, Readers]:
    os.environ["PULSE_AUTHOR_SALT"] = SALT
    port, settings = free_port(), prepare(home)
    # The clock begins when all is prepared.
    clock = FastClock(time.time())
    soak = Soak(home, settings, clock, environment_of(home, port))
    soak.look_alive()
    with ExitStack() as going:
        going.callback(server_control.halt, ServerFiles(settings.warehouse_dir))
        stub = going.enter_context(started(ours("stub", clock, port), home / "x-stub.log", soak.environment))
        wait_for(f"{soak.environment['PULSE_X_BASE_URL']}/stub", stub, home / "x-stub.log")
        stream = going.enter_context(started(ours("stream", clock, port), home / "stream.log", soak.environment))
        # What began within an hour is not whole: the first hour is the one after the stream has begun.
        wait_for_posts(soak, stream)
        soak.done = floor_hour(clock.now()) + HOUR
        with (home / "site.log").open("ab") as said:
            site = going.enter_context(running(home, said=said, PULSE_AUTHOR_SALT=SALT))
        soak.pids |= {"x-stub": stub.pid, "stream": stream.pid, "site": site.pid}
        began = time.monotonic()
        measured = going.enter_context(Memory(soak.held))
        soak.bring(soak.wait())
        readers, told = going.enter_context(Readers(site, signed_in(site), CAMPAIGN.campaign_id, seed, soak.errors)), 0
        while time.monotonic() - began < 60 * minutes:
            soak.bring(soak.wait())
            soak.look_alive()
            for name, process in (("x-stub", stub), ("stream", stream)):
                if process.poll() is not None:
                    soak.errors.append(f"{name} ended with {process.returncode}")
            print(progress(soak, readers, measured, (time.monotonic() - began) / 60), flush=True)
            told = tell(soak.errors, told)
            if any("ended with" in each for each in soak.errors) or sum("left with" in each for each in soak.errors) >= MOST_FAILED_RUNS:
                break
        # All of it once more: later runs must have left earlier hours as they were.
        before, soak.hours = soak.hours, 0
        soak.compare(Window(soak.done - before * HOUR, soak.done))
    return soak, measured, readers


def wait_for_posts(soak: Soak, stream: subprocess.Popen) -> None:
    deadline = time.monotonic() + 120
    while not truth.sent_by_hour(soak.environment["PULSE_X_BASE_URL"]):
        if stream.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"The stream brings no posts. Read {soak.home / 'stream.log'}")
        time.sleep(0.5)


def progress(soak: Soak, readers: Readers, measured: Memory, minute: float) -> str:
    held = ", ".join(f"{name} {samples[-1].mebibytes:.0f}" for name, samples in sorted(measured.samples.items()))
    return (
        f"minute {minute:5.1f}: {soak.hours} hours of X, {len(soak.wrong)} wrong, last run {soak.run_seconds[-1]:.0f} s, "
        f"{len(readers.seconds):,} answers of the site, {len(soak.errors)} errors, load {os.getloadavg()[0]:.1f}; MiB: {held}"
    )


def tell(errors: list[str], told: int) -> int:
    """Says those that are new: what ends a soak must not take them with it. How many have been said."""
    for each in errors[told:]:
        print(f"    {each}", flush=True)
    return len(errors)


def logged_errors(home: Path) -> list[str]:
    found = []
    for file in sorted({*home.glob("*.log"), *home.glob("warehouse/*.log"), *home.glob("logs/*.log")}):
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [f"{file.name}: {line[:200]}" for line in lines if ERROR.search(line)]
    return found


def grown_too_much(measured: Memory) -> list[str]:
    """A run is a process of its own each time, and is not judged."""
    return sorted(name for name, samples in measured.samples.items() if name != RUN and (memory.growth(samples) or 0) > memory.LARGEST_GROWTH)


def table(measured: Memory) -> list[str]:
    lines = [f"{'memory, MiB':<17} {'at 10 %':>9} {'at 50 %':>9} {'at 100 %':>9} {'MiB an hour':>12} {'since minute 15':>16}"]
    for name, samples in sorted(measured.samples.items()):
        end = samples[-1].minute
        cells = [memory.around(samples, share * end) for share in (0.1, 0.5)] + [memory.around(samples, end - memory.AROUND_MINUTES)]
        grown, rate = memory.growth(samples), memory.slope(samples)
        shown = [f"{cell:>9.0f}" if cell is not None else f"{'':>9}" for cell in cells]
        lines.append(f"{name:<17} {' '.join(shown)} {f'{rate:+.0f}' if rate is not None else '':>12} {f'{grown:+.1%}' if grown is not None else 'too short':>16}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    home = Path(tempfile.mkdtemp(prefix="pulse-soak-"))
    print(f"{asked.minutes:g} minutes, seed {seed}, home {home}. Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.", flush=True)
    soak, measured, readers = run(home, asked.minutes, seed)
    errors = [*soak.errors, *logged_errors(home)]
    grown = grown_too_much(measured)
    print("\n".join(["", *table(measured), ""]))
    took = sorted(readers.seconds) or [0.0]
    print(f"{soak.hours} hours of X held against what was sent, each twice: {len(set(soak.wrong))} wrong. {len(soak.run_seconds)} runs, median {sorted(soak.run_seconds)[len(soak.run_seconds) // 2]:.0f} s.")
    print(f"{len(readers.seconds):,} answers to 5 readers, median {1_000 * took[len(took) // 2]:.0f} ms, p95 {1_000 * took[int(0.95 * len(took))]:.0f} ms. {len(errors)} errors.")
    for each in [*dict.fromkeys(soak.wrong), *errors][:40]:
        print(f"    {each}")
    if grown:
        print(f"Memory has grown by more than {memory.LARGEST_GROWTH:.0%} since minute {memory.SETTLED_MINUTES}: {', '.join(grown)}")
    if soak.wrong or errors or grown:
        print(f"Its home is kept: {home}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
