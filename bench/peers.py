"""Packages that are only compared with: installed for one run into a folder of their own, never into the project's environment."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Seconds. A package of some hundred kilobytes; longer is no answer.
LONGEST = 180


@contextmanager
def installed(*packages: str) -> Iterator[bool]:
    """Whether the packages can be imported inside the block. What they need in turn is taken from the project's environment.

    Where they cannot be had, says so: a figure without a peer is a figure all the same.
    """
    with tempfile.TemporaryDirectory(prefix="pulse-peer-") as folder:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", folder, *packages]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=LONGEST)
        except (OSError, subprocess.SubprocessError):
            print(f"{', '.join(packages)} cannot be installed here, so there is nothing to compare with.", flush=True)
            yield False
            return
        sys.path.insert(0, str(Path(folder)))
        try:
            yield True
        finally:
            sys.path.remove(str(Path(folder)))
