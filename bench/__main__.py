"""All benches, each in a process of its own, and one table:  python -m bench [--only ml,x] [--short]   (make bench)

Writes bench/results.json and brings docs/performance.md and its pictures up to date; a short run only prints. With `--only`, the results of the other benches
stay as they were, if they are of a machine like this one. A bench that fails or takes too long is said so at the end, and the others run all the same.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import figures, page
from bench.benches import DATA, HOME, NAMES, Bench, chosen
from bench.figures import Figure
from bench.machine import facts, is_same, load, settled
from orchestration.settings import REPOSITORY, Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.server_files import ServerFiles

RESULTS = REPOSITORY / "bench" / "results.json"
PULSE = Path(sys.executable).with_name("pulse")
DONE, FAILED, LATE, LEFT_OUT = "done", "failed", "took too long", "left out"
# After an interrupt a bench stops its servers; what does not end then is killed.
STOP_SECONDS = 30


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help=f"some of {','.join(NAMES)}")
    parser.add_argument("--short", action="store_true", help="small sizes: does each bench run, and what does it roughly say")
    parser.add_argument("--home", type=Path, help="a home with the sample campaign, which is copied; without it one is made")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of public data; what needs them is left out when absent")
    parser.add_argument("--results", type=Path, help=f"where the results go; {RESULTS.relative_to(REPOSITORY)} for a full run, nowhere for a short one")
    asked = parser.parse_args()
    try:
        benches = chosen(asked.only)
    except ValueError as error:
        parser.error(str(error))
    # A runner that is ended must end its bench too, as it does after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    file = asked.results or (None if asked.short else RESULTS)
    results = kept(file)
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder, home_of(Path(folder) / "home", asked.home, benches) as home:
        for bench in benches:
            results["benches"][bench.name] = found = run(bench, Path(folder), home, asked.data, asked.short)
            print(f"{bench.name:<8} {found['status']} in {found['seconds']:.0f} s, load {found['load'][0]} to {found['load'][1]}", flush=True)
            if file is not None:
                # After each: what was measured stays when a later one is interrupted.
                page.save(results, file)
    if file == RESULTS:
        for changed in page.refresh(results):
            print(f"{changed.relative_to(REPOSITORY)} is up to date")
    return tell({bench.name: results["benches"][bench.name] for bench in benches})


def kept(file: Path | None) -> dict[str, Any]:
    """What the file says of a machine like this one; of another machine, nothing."""
    machine = facts()
    before = figures.read(file) if file is not None and file.exists() else {}
    if before and not is_same(before["machine"], machine):
        print("The results so far are of another machine; they are left out.", flush=True)
        before = {}
    return {"machine": machine, "benches": before.get("benches", {})}


@contextmanager
def home_of(folder: Path, given: Path | None, benches: Sequence[Bench]) -> Iterator[Path]:
    """A home with the sample campaign when one of the benches needs it, in `folder`; its warehouse is stopped at the end."""
    if not any(bench.needs_home for bench in benches):
        yield folder
        return
    if given:
        shutil.copytree(given, folder, ignore=shutil.ignore_patterns("server.json", "*.lock"))
    else:
        print("making a home with the sample campaign ...", flush=True)
        subprocess.run([PULSE, "pipeline"], env=os.environ | {"PULSE_HOME": str(folder)}, check=True, capture_output=True)
    try:
        yield folder
    finally:
        server_control.halt(ServerFiles(Settings(home=folder).warehouse_dir))


def run(bench: Bench, folder: Path, home: Path, data: Path, short: bool) -> dict[str, Any]:
    """What its commands said and how they ended."""
    print(f"{bench.name:<8} {bench.what} ...", flush=True)
    before, began, status = load() if short else settled(), time.monotonic(), DONE
    answers = folder / f"{bench.name}.json"
    log = Settings().root / "bench" / f"{bench.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    if bench.needs_data and not (data / bench.needs_data).exists():
        status = LEFT_OUT
        print(f"         {data / bench.needs_data} is not there. Give the folder of the public data:  --data FOLDER", flush=True)
    for words in (bench.short if short else bench.commands) if status == DONE else ():
        command = [each.replace(HOME, str(home)).replace(DATA, str(data)) for each in words]
        if (status := ended([*command, "--json", str(answers)], bench.seconds, log)) != DONE:
            print(f"         {' '.join(words)} {status}; the last lines of {log}:", flush=True)
            print("\n".join(f"         {line}" for line in log.read_text(errors="replace").splitlines()[-5:]), flush=True)
            break
    held = figures.read(answers) if answers.exists() else {"figures": []}
    facts_of_run = {"status": status, "made": f"{datetime.now(UTC):%Y-%m-%d}", "seconds": round(time.monotonic() - began, 1), "load": [before, load()]}
    return facts_of_run | ({"short": True} if short else {}) | held


def ended(words: Sequence[str], seconds: int, log: Path) -> str:
    """Runs `python -m ...` and says how it ended; what it prints goes to `log`."""
    with log.open("ab") as opened:
        process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", *words], cwd=REPOSITORY, stdout=opened, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            code = process.wait(seconds)
        except (subprocess.TimeoutExpired, KeyboardInterrupt) as error:
            stop(process)
            if isinstance(error, KeyboardInterrupt):
                raise
            return LATE
    return DONE if code == 0 else FAILED


def stop(process: subprocess.Popen) -> None:
    """As Ctrl-C does, so that a bench stops the servers that it started."""
    for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGKILL, None)):
        # It may have ended by itself in this moment.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def tell(benches: Mapping[str, Mapping[str, Any]]) -> int:
    """Prints the table; returns the exit code, 1 when a bench failed. A missed wish is no failure: it is said."""
    found = [Figure.of(row) for held in benches.values() for row in held["figures"]]
    print("\n" + "\n".join(figures.table(found)))
    missed, failed = [each.name for each in found if each.missed], [name for name, held in benches.items() if held["status"] in {FAILED, LATE}]
    print(f"\n{len(found)} figures, {len(missed)} of them miss what was wanted.")
    if failed:
        print(f"Not whole: {', '.join(failed)}. Run one again:  make bench ONLY={failed[0]}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
