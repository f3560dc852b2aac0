"""One target in a process of its own:  python -m bench.fuzz.child NAME --inputs N --seed S --folder FOLDER"""

import argparse
import logging
import time
from pathlib import Path

from bench.fuzz import engines
from bench.fuzz.findings import Findings
from bench.fuzz.targets import TARGETS, Target


def run(target: Target, inputs: int, seed: int, folder: Path, *, leave: bool = False) -> Findings:
    """Feeds the target. With `leave` atheris may lead the mutations, which ends the process; what was found lies in `folder` then."""
    findings = Findings(target.name, folder)
    began = time.process_time()

    def done() -> None:
        findings.seconds = time.process_time() - began
        findings.save(folder / f"{target.name.replace(' ', '_')}.json")

    if leave and target.watched and engines.has_atheris():
        engines.guided(target.load, target.watched, findings, inputs, seed, folder / "corpus" / target.name.replace(" ", "_"), done)
    loaded = target.load()
    if isinstance(loaded, engines.Made):
        engines.made(loaded, findings, inputs, seed)
    else:
        engines.unguided(loaded, findings, inputs, seed)
    done()
    return findings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=[target.name for target in TARGETS])
    parser.add_argument("--inputs", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    # What is refused is logged, a million times.
    logging.disable(logging.CRITICAL)
    (target,) = [each for each in TARGETS if each.name == asked.name]
    run(target, asked.inputs, asked.seed, asked.folder, leave=True)


if __name__ == "__main__":
    main()
