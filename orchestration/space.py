"""Free space on the disk of a folder."""

import shutil
from pathlib import Path

# Below it SQLite, DuckDB and dbt fail in ways of their own.
FULL_BELOW = 8 * 1024**2
# The server's extension and an empty warehouse take 90 MiB, the whole sample about 250 MiB.
WANTED_FOR_A_RUN = 150 * 1024**2


def free_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds `folder`, or will hold it."""
    return shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free


def disk_is_full(folder: Path) -> bool:
    return free_bytes(folder) < FULL_BELOW
