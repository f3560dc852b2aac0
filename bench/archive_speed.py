"""Speed of reading twarc's archives, beside twarc-csv on the same files:  python -m bench.archive_speed FOLDER

The files that hold posts are repeated to about 20,000 posts in a folder of their own. Both sides read them by turns, the best of
three each, in seconds of one core; twarc-csv is installed into an environment of its own, which is removed afterwards.
Nothing here passes or fails: it prints what it measured.
"""

import argparse
import os
import subprocess
import tempfile
import time
import venv
from pathlib import Path

from bench import figures
from bench.figures import HIGHER, OF_RATIO, Figure
from orchestration.sources.archive.files import Reading, records
from orchestration.sources.base import SourceError
from orchestration.sources.values import BadRecord

POSTS, ROUNDS = 20_000, 3
WANTED_RATE, WANTED_RATIO = 10_000, 5
# twarc-csv 0.7.2 calls what pandas 3 has removed.
PACKAGES = ("twarc-csv", "pandas<3")
# Both are measured without the start of the interpreter and the imports.
THEIRS = """
import sys, time
from csv_writer import CSVConverter
from dataframe_converter import DataFrameConverter
began, rows = time.process_time(), 0
for name in sys.argv[2:]:
    with open(name) as infile, open(sys.argv[1], "w") as outfile:
        converter = CSVConverter(infile, outfile, DataFrameConverter("tweets", allow_duplicates=True), hide_progress=True)
        try:
            converter.process()
        except Exception as error:
            print(f"twarc-csv left {name} unread: {type(error).__name__}", file=sys.stderr)
        rows += converter.converter.counts["rows"]
print(time.process_time() - began, rows)
"""


def main() -> None:
    os.environ.setdefault("PULSE_AUTHOR_SALT", "salt-of-the-bench")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of .jsonl files as twarc writes them")
    parser.add_argument("--python", help="a Python that has twarc-csv, instead of installing it")
    parser.add_argument("--posts", type=int, default=POSTS, help="the files are repeated to about so many")
    parser.add_argument("--alone", action="store_true", help="ours alone, nothing is installed")
    figures.add_option(parser)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as made:
        files = _repeated(asked.folder, Path(made), asked.posts)
        size = sum(file.stat().st_size for file in files) / 1e6
        python = None if asked.alone else asked.python or _installed(Path(made) / "venv")
        _ours(files[:1])
        rounds = [(_ours(files), _theirs(files, Path(made), python) if python else None) for _ in range(ROUNDS)]
        seconds, posts = min(ours for ours, _ in rounds)
        rate = posts / seconds
        print(f"campaign pulse   {posts:6,} posts of {size:.0f} MB in {seconds:5.2f} s: {rate:7,.0f} posts/s (wanted: {WANTED_RATE:,})")
        found = [Figure("reading twarc's archives", rate, "posts/s", HIGHER, limit=WANTED_RATE)]
        measured = [theirs for _, theirs in rounds if theirs and theirs[1]]
        if measured:
            seconds, rows = min(measured)
            print(f"twarc-csv        {rows:6,} rows from the same files in {seconds:5.2f} s: {rows / seconds:7,.0f} rows/s")
            found.append(Figure("reading twarc's archives beside twarc-csv", rate, "posts/s", HIGHER, "twarc-csv", rows / seconds, WANTED_RATIO, OF_RATIO))
            print(f"ratio            {rate * seconds / rows:6.1f} times (wanted: {WANTED_RATIO})")
        figures.write(asked.json, found)


def _repeated(folder: Path, made: Path, posts: int) -> list[Path]:
    """Copies of the files with posts, each repeated to `posts` together; raises SystemExit when there is none."""
    found = {}
    for file in sorted(folder.glob("*.jsonl")):
        try:
            found[file] = sum(1 for _ in records(file, {}, Reading()))
        except SourceError:
            continue
    if not sum(found.values()):
        raise SystemExit(f"{folder} holds no .jsonl file with posts. Give the folder of a twarc archive.")
    times = -(-posts // sum(found.values()))
    copies = []
    for file in found:
        copy = made / file.name
        copy.write_bytes((file.read_bytes().rstrip(b"\n") + b"\n") * times)
        copies.append(copy)
    return copies


def _ours(files: list[Path]) -> tuple[float, int]:
    began, posts = time.process_time(), 0
    for file in files:
        for found in records(file, {}, Reading()):
            try:
                found.read()
                posts += 1
            except BadRecord:
                continue
    return time.process_time() - began, posts


def _theirs(files: list[Path], made: Path, python: str) -> tuple[float, int] | None:
    """(seconds, rows) of twarc-csv; None, and why in words, where it fails."""
    script = made / "theirs.py"
    script.write_text(THEIRS)
    done = subprocess.run(
        [python, str(script), str(made / "out.csv"), *map(str, files)], capture_output=True, text=True, timeout=1_200
    )
    if done.returncode:
        print(f"twarc-csv could not be measured: {done.stderr.strip().splitlines()[-1:]}")
        return None
    for line in dict.fromkeys(line for line in done.stderr.splitlines() if line.startswith("twarc-csv left")):
        print(line)
    seconds, rows = done.stdout.split()[-2:]
    return float(seconds), int(rows)


def _installed(folder: Path) -> str | None:
    """A Python that has twarc-csv; None, and why in words, where it cannot be had."""
    print("installing twarc-csv ...", flush=True)
    try:
        venv.create(folder, with_pip=True)
        subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet", *PACKAGES], check=True, capture_output=True, timeout=600
        )
    except (OSError, subprocess.SubprocessError):
        print("twarc-csv cannot be installed here, so there is nothing to compare with. Where it is:  --python PATH")
        return None
    return str(folder / "bin" / "python")


if __name__ == "__main__":
    main()
