"""constraints.txt anew, the newest versions that go together:  python -m orchestration.reference.pins   (make pins)

pip resolves pyproject.toml without installing anything. What must not move stands below with its reason.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from orchestration.settings import REPOSITORY

CONSTRAINTS = REPOSITORY / "constraints.txt"
HEADER = "# Every version that is installed; resolved together on Python 3.11, Linux.\n"
# Requirement -> why it is held.
HELD = {
    "torch==2.13.0": "The Makefile and the images install this one first, from an index of builds for the CPU where there is one.",
    "dbt-core<1.12": "1.12 needs a build step that downloads from outside the package index.",
    "bqemulator==1.4.0": "orchestration/warehouse/emulator_patches.py changes its insides.",
    "duckdb==1.5.5": "The engine under bqemulator, and of the files that homes hold.",
    "duckdb-extension-spatial==1.5.5": "Of the same version as duckdb.",
    "duckdb-extensions==1.5.5": "Of the same version as duckdb.",
}

# Ourselves, and what does the installing.
NOT_PINNED = frozenset({"campaign-pulse", "pip", "setuptools"})


def resolved() -> dict[str, str]:
    """Name -> version of everything that would be installed. Raises SystemExit with what pip said when nothing fits."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--disable-pip-version-check", "--report", str(report)]
        done = subprocess.run([*command, *HELD, f"{REPOSITORY}[dev,pubsub]"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"pip found no versions that go together:\n{done.stderr.strip()[-1_500:]}")
        return chosen(json.loads(report.read_text(encoding="utf-8")))


def chosen(report: dict[str, Any]) -> dict[str, str]:
    """Name -> version of pip's report. A build of one index (`2.13.0+cpu`) is named by its version: elsewhere there is another build of it."""
    found = [each["metadata"] for each in report["install"]]
    return {each["name"]: each["version"].partition("+")[0] for each in found if canonical(each["name"]) not in NOT_PINNED}


def pinned(text: str) -> dict[str, str]:
    return dict(line.split("==") for line in text.splitlines() if "==" in line and not line.startswith("#"))


def written(versions: dict[str, str]) -> str:
    return HEADER + "".join(f"{name}=={version}\n" for name, version in sorted(versions.items(), key=lambda pin: pin[0].lower()))


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Lines of what came, went and moved; names count as the index counts them."""
    old, new = ({canonical(name): version for name, version in pins.items()} for pins in (before, after))
    return [f"{name}: {old.get(name, 'not there')} -> {new.get(name, 'gone')}" for name in sorted(old | new) if old.get(name) != new.get(name)]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    before = pinned(CONSTRAINTS.read_text(encoding="utf-8"))
    after = resolved()
    CONSTRAINTS.write_text(written(after), encoding="utf-8")
    moved = changes(before, after)
    print("\n".join(moved) or "Nothing changed.")
    print(f"{len(after)} versions, {len(moved)} changed. Now:  make install check test-full")


if __name__ == "__main__":
    main()
