"""Known advisories of every pinned version:  python -m orchestration.reference.advisories   (make audit)

pip-audit asks a public database for each line of constraints.txt. Exit code 1 means that a version has an advisory which is not accepted below; a database that
cannot be reached is said, and is no failure: a machine without a network would never pass.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.settings import REPOSITORY

CONSTRAINTS = REPOSITORY / "constraints.txt"
# Asked in this order until one answers.
DATABASES = ("pypi", "osv")
# Seconds: of one request, and of the whole.
ANSWER, LONGEST = 20, 900
# A version that everybody knows to be unsafe. An index that serves packages alone answers nothing about any of ours, which reads like "no advisories".
CANARY = "jinja2==2.4.1\n"
# Id -> why it does not concern us. Whoever adds one says what was read.
ACCEPTED: dict[str, str] = {}


@dataclass(frozen=True)
class Advisory:
    package: str
    version: str
    id: str
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        cure = f"mended in {', '.join(self.fixed_in)}" if self.fixed_in else "no version mends it yet"
        return f"{self.package} {self.version}: {self.id}, {cure}"


def answer_of(database: str) -> dict[str, Any] | None:
    """What the database says of our versions; None where it does not even know the canary's advisories."""
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "canary.txt"
        canary.write_text(CANARY, encoding="utf-8")
        known = ask(database, canary)
    return ask(database, CONSTRAINTS) if known and advisories(known) else None


def ask(database: str, versions: Path) -> dict[str, Any] | None:
    """What pip-audit says as JSON; None where the database does not answer."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(versions), "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run([*command, "-s", database, "--timeout", str(ANSWER)], capture_output=True, text=True, timeout=LONGEST, check=False)
        return json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None


def advisories(answer: dict[str, Any]) -> list[Advisory]:
    """In the order of the packages; one that has several names is listed once, by its first."""
    return [
        Advisory(package["name"], package["version"], found["id"], tuple(found.get("fix_versions") or ()))
        for package in answer["dependencies"]
        for found in package.get("vulns") or ()
    ]


def told(answer: dict[str, Any], database: str) -> tuple[int, list[str]]:
    """Exit code and lines."""
    found = advisories(answer)
    open_ = [each for each in found if each.id not in ACCEPTED]
    skipped = [package["name"] for package in answer["dependencies"] if package.get("skip_reason")]
    asked = len(answer["dependencies"]) - len(skipped)
    lines = [f"{asked} versions were looked up in the database `{database}`: {len(open_)} advisories, {len(found) - len(open_)} accepted."]
    lines += [f"  {each}" for each in open_]
    lines += [f"  accepted: {each} ({ACCEPTED[each.id]})" for each in found if each.id in ACCEPTED]
    if skipped:
        lines.append(f"Not in the database: {', '.join(skipped)}.")
    if open_:
        lines.append("Raise the versions (make pins), or accept an advisory with its reason in orchestration/reference/advisories.py.")
    return bool(open_), lines


def main() -> int:
    for database in DATABASES:
        if answer := answer_of(database):
            code, lines = told(answer, database)
            print("\n".join(lines))
            return code
    print(f"NOT CHECKED: none of the databases ({', '.join(DATABASES)}) can be reached from here. Run `make audit` where they can.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
