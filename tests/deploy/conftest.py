"""Terraform's files as data, and the folders of what is deployed."""

from pathlib import Path
from typing import Any

import hcl2
import pytest

from orchestration.settings import REPOSITORY

TERRAFORM = REPOSITORY / "deploy" / "terraform"


def plain(value: Any) -> Any:
    """As written: without the quotes and marks that the parser keeps."""
    if isinstance(value, dict):
        return {plain(key): plain(each) for key, each in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.strip('"') if isinstance(value, str) else value


def locals_of(*names: str) -> dict[str, Any]:
    """Values of `locals` in these files."""
    loaded = [plain(hcl2.loads((TERRAFORM / name).read_text(encoding="utf-8"))) for name in names]
    return {name: value for each in loaded for block in each["locals"] for name, value in block.items()}


@pytest.fixture(scope="session")
def terraform() -> dict[str, list[Any]]:
    """Blocks of all files by their kind: {"resource": [{type: {name: body}}, ...], "locals": [...], ...}."""
    found: dict[str, list[Any]] = {}
    for file in sorted(TERRAFORM.glob("*.tf")):
        with file.open(encoding="utf-8") as opened:
            for kind, blocks in plain(hcl2.load(opened)).items():
                found.setdefault(kind, []).extend(blocks)
    return found


@pytest.fixture(scope="session")
def resources(terraform) -> dict[str, dict[str, Any]]:
    """Body of each resource by `type.name`."""
    return {f"{kind}.{name}": body for block in terraform["resource"] for kind, named in block.items() for name, body in named.items()}


@pytest.fixture(scope="session")
def local(terraform) -> dict[str, Any]:
    return {name: value for block in terraform["locals"] for name, value in block.items()}


@pytest.fixture(scope="session")
def sources() -> str:
    """The text of all files, comments left out."""
    lines = [line for file in sorted(Path(TERRAFORM).glob("*.tf")) for line in file.read_text(encoding="utf-8").splitlines()]
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))
