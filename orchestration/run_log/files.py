"""The files of the run log: one pair a UTC day, `runs-YYYY-MM-DD.jsonl` for machines and `.log` for people."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration.run_log.lines import Line, for_people

# As long as Dagster keeps its ticks: orchestration/instance/home.py.
KEPT = timedelta(days=90)
LOOK_SECONDS = 0.5


def write(folder: Path, lines: Iterable[Line], now: datetime | None = None) -> None:
    """Appends the lines of a run in one write to each file, so that runs do not mix; drops files that are too old."""
    rows = [line.as_json() for line in lines]
    if not rows:
        return
    now = now or datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"runs-{now:%Y-%m-%d}"
    for ending, said in ((".jsonl", rows), (".log", [for_people(json.loads(row)) for row in rows])):
        with (folder / f"{name}{ending}").open("a", encoding="utf-8") as opened:
            opened.write("".join(f"{line}\n" for line in said))
    oldest = f"runs-{now - KEPT:%Y-%m-%d}"
    for file in folder.glob("runs-*"):
        if file.stem < oldest:
            file.unlink(missing_ok=True)


def read(folder: Path, *, run: str | None = None, asset: str | None = None) -> Iterator[dict[str, Any]]:
    """Rows in the order in which runs ended. `run` is the beginning of a run's id, `asset` a key, as `marts/tweets`."""
    for file in _files(folder):
        with file.open(encoding="utf-8") as opened:
            yield from _rows(opened, run, asset)


def follow(folder: Path, *, run: str | None = None, asset: str | None = None, sleep: Callable[[float], None] = time.sleep) -> Iterator[dict[str, Any]]:
    """What `read` gives, and then what is written, for ever; a new day's file too."""
    seen: dict[Path, int] = {}
    while True:
        for file in _files(folder):
            with file.open("rb") as opened:
                opened.seek(seen.get(file, 0))
                # A line that is being written waits for its end.
                whole = opened.read().rpartition(b"\n")
            seen[file] = seen.get(file, 0) + len(whole[0]) + len(whole[1])
            yield from _rows(whole[0].decode("utf-8", "replace").splitlines(), run, asset)
        sleep(LOOK_SECONDS)


def _rows(lines: Iterable[str], run: str | None, asset: str | None) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            # Cut by a kill or a full disk.
            continue
        if (run is None or row["run_id"].startswith(run)) and (asset is None or row.get("asset") == asset):
            yield row


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("runs-*.jsonl"))
