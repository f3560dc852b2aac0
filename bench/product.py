"""Speed and memory of the whole product on this machine:  python -m bench.product [--archive FOLDER]   (make bench ONLY=product)

Each part runs the `pulse` command as a person would, in a home of its own that is removed afterwards. `--archive` is the
ChatGPT archive of 120 hours; without it that part is left out. Nothing here passes or fails: it prints what it measured.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import figures
from bench.archives import write_hour, write_sparse
from bench.figures import Figure
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.server_files import ServerFiles

PULSE = Path(sys.executable).with_name("pulse")
MEBIBYTE = 1024**2
LARGEST = 3 * 1024


@dataclass(frozen=True)
class Measured:
    """Seconds by the clock, and of processor in the command and the warehouse; largest resident memory of any one process in MiB; when each line of progress came."""

    seconds: float
    processor: float
    largest: float
    lines: list[tuple[float, str]]

    def step(self, name: str) -> float:
        """Seconds that a step says it took; 0 when it did not run."""
        said = [line for _, line in self.lines if line.startswith(f"{name}: done in ")]
        return float(said[0].split(" in ")[1].split()[0]) if said else 0.0

    def until(self, name: str) -> float:
        """Seconds from the start of the process to the first word of a step."""
        return next((at for at, line in self.lines if line.startswith(name)), 0.0)


def pulse(home: Path, *words: str, program: Path = PULSE) -> Measured:
    """Runs and measures; raises SystemExit with the output when the command fails."""
    began, used = time.monotonic(), _processor(home)
    process = subprocess.Popen(
        [program, *words], env={**os.environ, "PULSE_HOME": str(home)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    lines: list[tuple[float, str]] = []
    reader = threading.Thread(target=lambda: lines.extend((time.monotonic() - began, line.strip()) for line in process.stderr))
    reader.start()
    largest = 0.0
    while process.poll() is None:
        largest = max(largest, _largest_process(home, process.pid))
        time.sleep(0.1)
    seconds = time.monotonic() - began
    reader.join()
    if process.returncode:
        raise SystemExit(f"pulse {' '.join(words)} left with {process.returncode}:\n" + "\n".join(line for _, line in lines))
    return Measured(seconds, _processor(home) - used, largest, lines)


def _processor(home: Path) -> float:
    """Of all commands that this process has started and that are over, and of the warehouse of the home, which outlives them."""
    done = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = ServerFiles(home / "warehouse").said()
    try:
        server = sum(psutil.Process(said.pid).cpu_times()[:2]) if said else 0.0
    except psutil.NoSuchProcess:
        server = 0.0
    return done.ru_utime + done.ru_stime + server


def _largest_process(home: Path, pid: int) -> float:
    said = ServerFiles(home / "warehouse").said()
    found = 0
    for each in {pid, said.pid if said else pid}:
        try:
            found = max(found, psutil.Process(each).memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return found / MEBIBYTE


def show(what: str, measured: Measured, wanted: float | None = None, note: str = "") -> list[Figure]:
    print(f"{what:<58} {measured.seconds:7.1f} s   largest process {measured.largest:6.0f} MiB   {note}", flush=True)
    return [Figure(what, measured.seconds, "s", limit=wanted), Figure(f"{what}: largest process", measured.largest, "MiB", limit=LARGEST)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, help="folder of the ChatGPT archive")
    parser.add_argument("--only", choices=["sample", "hour", "chatgpt", "sparse"], help="one part")
    figures.add_option(parser)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="pulse-bench-"))
    try:
        figures.write(asked.json, list(_run(home, asked.archive, asked.only)))
    finally:
        server_control.halt(ServerFiles(Settings(home=home).warehouse_dir))
        shutil.rmtree(home, ignore_errors=True)


def _run(home: Path, archive: Path | None, only: str | None) -> Iterator[Figure]:
    def wanted(part: str) -> bool:
        return only in (None, part)

    print(f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 1024**3:.0f} GiB memory\n")
    if wanted("sample"):
        yield from show("sample campaign, first run (359 hours, 30,496 posts)", pulse(home, "pipeline"), 300)
        yield from show("sample campaign, again", pulse(home, "pipeline"), 120)
    if wanted("hour"):
        yield from _hour(home)
    if wanted("chatgpt") and archive and archive.exists():
        pulse(home, "campaigns", "add", "chatgpt", "--name", "ChatGPT")
        words = ["run", "--campaign", "chatgpt", "--from", "2023-04-03", "--to", "2023-04-08", "--archive", str(archive)]
        yield from show("ChatGPT archive (120 hours, 8,000 rows)", pulse(home, *words), 180)
    if wanted("sparse"):
        pulse(home, "campaigns", "add", "sparse", "--name", "Sparse")
        file, start, end = write_sparse(home)
        words = ["run", "--campaign", "sparse", "--from", start, "--to", end, "--archive", str(file)]
        yield from show("sparse archive (5,277 hours, 3,053 with posts, 9,000 posts)", pulse(home, *words))


def _hour(home: Path) -> Iterator[Figure]:
    pulse(home, "campaigns", "add", "hour", "--name", "Hour")
    file, start, end = write_hour(home)
    measured = pulse(home, "run", "--campaign", "hour", "--from", start, "--to", end, "--archive", str(file))
    start_up = measured.until("capture") + measured.step("dbt: read project")
    share = start_up / measured.seconds
    yield from show("one new hour of 1,000 posts", measured, 45, f"start-up and dbt parsing {start_up:.1f} s = {share:.0%}")
    yield Figure("one new hour: start-up and dbt parsing", 100 * share, "% of it", limit=33.3)


if __name__ == "__main__":
    main()
