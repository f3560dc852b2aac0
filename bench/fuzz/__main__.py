"""A million broken inputs, target by target; prints what came of them and leaves with 1 for a crash or a lost row.  python -m bench.fuzz [--inputs 1000000]"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.fuzz.child import plain, saved
from bench.fuzz.engines import has_atheris
from bench.fuzz.findings import Findings
from bench.fuzz.targets import TARGETS, Target
from orchestration.settings import REPOSITORY

# Of the inputs of a target that atheris can lead.
LED = 0.25
WITHOUT = "atheris cannot be imported: the same mutations, but not led by the lines that they reach.  pip install atheris"


def one(target: Target, inputs: int, seed: int, folder: Path) -> Findings:
    """The first inputs led by coverage where that can be, the others mutated from what it has found: watched, an input takes four times as long."""
    led = max(1, round(LED * inputs)) if target.watched and has_atheris() else 0
    found = process(target, led, seed, folder, "--led") if led else Findings(target.name, folder)
    return found + process(target, inputs - led, seed + 1, folder) if inputs > led else found


def process(target: Target, inputs: int, seed: int, folder: Path, *more: str) -> Findings:
    log = folder / f"{plain(target.name)}.log"
    words = [sys.executable, "-W", "ignore", "-m", "bench.fuzz.child", target.name, "--inputs", str(inputs), "--seed", str(seed), "--folder", str(folder), *more]
    with log.open("ab") as said:
        code = subprocess.run(words, cwd=REPOSITORY, stdout=said, stderr=said, check=False).returncode
    file = saved(folder, target.name, bool(more))
    if code or not file.exists():
        return Findings(target.name, folder, crashes={f"the process left with {code}, see {log}": 1})
    return Findings.load(file)


def line(found: Findings) -> str:
    crashes = sum(found.crashes.values())
    return (
        f"{found.name:<28} {found.inputs:>9,} {found.seconds:>8.1f} {1e6 * found.seconds / max(found.inputs, 1):>9,.0f} {1e3 * found.slowest:>9,.0f} "
        f"{found.good:>10,} {found.lost:>6,} {crashes:>8,} {found.led:>9,}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=sum(target.inputs for target in TARGETS), help="in all targets together")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", default="", help="targets with this in their name")
    parser.add_argument("--folder", type=Path, default=None, help="where inputs that fail are kept; by default a new folder")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(1, 10**6)
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="pulse-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [target for target in TARGETS if asked.only in target.name]
    whole = sum(target.inputs for target in TARGETS)
    print(f"Seed {seed}. Inputs that fail are kept in {folder}.  Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    if not has_atheris():
        print(WITHOUT)
    print(f"{'target':<28} {'inputs':>9} {'cpu s':>8} {'µs each':>9} {'most, ms':>9} {'good rows':>10} {'lost':>6} {'crashes':>8} {'led':>10}", flush=True)
    began, found = time.monotonic(), []
    for target in chosen:
        found.append(one(target, max(1, -(-target.inputs * asked.inputs // whole)), seed, folder))
        print(line(found[-1]), flush=True)
        for kind, times in sorted(found[-1].crashes.items(), key=lambda item: -item[1]):
            print(f"    {times:>9,} x {kind}")
    total, crashes, lost = (sum(values) for values in ([each.inputs for each in found], [sum(each.crashes.values()) for each in found], [each.lost for each in found]))
    print(f"{total:,} inputs in {(time.monotonic() - began) / 60:.1f} min, {crashes:,} crashes, {sum(each.good for each in found):,} good rows, {lost:,} lost.")
    return 1 if crashes or lost else 0


if __name__ == "__main__":
    sys.exit(main())
