"""Free space on the disk of a folder, and what is said when there is none."""

import errno
import re
import shutil
from pathlib import Path

# Below it SQLite, DuckDB and dbt fail in ways of their own.
FULL_BELOW = 8 * 1024**2
# The server's extension and an empty warehouse take 90 MiB, the whole sample about 250 MiB.
WANTED_FOR_A_RUN = 150 * 1024**2
FULL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# SQLite's words (Dagster's runs and events, the accounts), and the system's, which DuckDB, dbt and the server repeat.
# SQLite knows a quota and a limit of file sizes as an I/O error only.
SAYS_FULL = re.compile(r"database or disk is full|disk I/O error|No space left on device|Disk quota exceeded|File too large")


def free_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds `folder`, or will hold it."""
    return shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free


def disk_is_full(folder: Path) -> bool:
    return free_bytes(folder) < FULL_BELOW


def says_full(error: BaseException) -> bool:
    """Whether this error, or one behind it, is of a disk that takes no more. Space may be free again by now: what failed was rolled back."""
    chain: list[BaseException] = []
    behind: BaseException | None = error
    while behind is not None and behind not in chain:
        chain.append(behind)
        behind = behind.__cause__ or behind.__context__
    return any(getattr(each, "errno", None) in FULL_ERRORS or bool(SAYS_FULL.search(str(each))) for each in chain)


def full_disk(folder: Path) -> str:
    """One line for people."""
    return (
        f"The disk of {folder} is full, or a quota on it is reached; nothing is half-written. "
        "Free space, or set PULSE_HOME to another disk, and run the same command again."
    )
