"""One target in a process of its own:  python -m bench.fuzz.child NAME --inputs N --seed S --folder FOLDER [--led]"""

import argparse
import logging
import time
from pathlib import Path

from bench.fuzz import engines
from bench.fuzz.findings import Findings
from bench.fuzz.targets import TARGETS, Target


def run(target: Target, inputs: int, seed: int, folder: Path, *, led: bool = False) -> Findings:
    """Feeds the target. With `led` the mutations are led by coverage, which ends the process: what was found is saved in `folder` then.

    Without, they begin with what coverage has found before and left in the corpus of the folder.
    """
    findings, corpus = Findings(target.name, folder), folder / "corpus" / plain(target.name)
    began = time.process_time()

    def done() -> None:
        findings.seconds = time.process_time() - began
        findings.save(saved(folder, target.name, led))

    if led:
        engines.guided(target.load, target.watched, findings, inputs, seed, corpus, done)
    loaded = target.load()
    if isinstance(loaded, engines.Made):
        engines.made(loaded, findings, inputs, seed)
    else:
        found = [file.read_bytes() for file in sorted(corpus.glob("*"))] if corpus.is_dir() else []
        engines.unguided(loaded, findings, inputs, seed, found)
    done()
    return findings


def saved(folder: Path, name: str, led: bool) -> Path:
    return folder / f"{plain(name)}{'.led' if led else ''}.json"


def plain(name: str) -> str:
    """As a name of files."""
    return name.replace(",", "").replace(" ", "_")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=[target.name for target in TARGETS])
    parser.add_argument("--inputs", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--led", action="store_true", help="by coverage, with atheris")
    asked = parser.parse_args()
    # What is refused is logged, a million times.
    logging.disable(logging.CRITICAL)
    (target,) = [each for each in TARGETS if each.name == asked.name]
    run(target, asked.inputs, asked.seed, asked.folder, led=asked.led)


if __name__ == "__main__":
    main()
