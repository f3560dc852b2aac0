"""docs/dependencies.md: each package that pyproject.toml names, why it is there, and the licence its own metadata states."""

import re
import tomllib
from importlib import metadata

from orchestration.reference.reasons import REASONS
from orchestration.settings import REPOSITORY

INTRODUCTION = """\
# Dependencies

Made by `make docs`: the packages of `pyproject.toml`, the reason for each (`orchestration/reference/reasons.py`) and the licence that the
installed package states. Versions are in `constraints.txt`. What these packages need in turn is not listed.
"""
LONGEST_LICENCE = 80


def direct() -> dict[str, list[str]]:
    """Heading -> names of packages, in the order of pyproject.toml."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {f"Extra `{name}`": packages for name, packages in project["optional-dependencies"].items()}
    groups = {"To run": project["dependencies"], **extras}
    return {heading: [re.split(r"[^\w.-]", package)[0] for package in packages] for heading, packages in groups.items()}


def licence(package: str) -> str:
    """The SPDX expression if the package states one, else its classifier, else its short text; "not stated" otherwise."""
    stated = metadata.metadata(package)
    expression, text = ((stated.get_all(name) or [""])[0] for name in ("License-Expression", "License"))
    if expression:
        return expression
    classifiers = [line.rsplit(" :: ", 1)[-1] for line in stated.get_all("Classifier") or () if line.startswith("License ::")]
    if classifiers:
        return ", ".join(classifiers)
    return text if 0 < len(text) <= LONGEST_LICENCE and "\n" not in text else "not stated"


def page() -> str:
    parts = [INTRODUCTION]
    for heading, packages in direct().items():
        rows = "".join(f"| `{package}` | {REASONS[package]} | {licence(package)} |\n" for package in packages)
        parts.append(f"## {heading}\n\n| package | why | licence |\n|---|---|---|\n{rows}")
    return "\n".join(parts)
