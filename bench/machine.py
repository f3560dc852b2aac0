"""What a figure depends on: the machine, without its name, and the versions of what does the work."""

import os
import platform
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

PACKAGES = ("bqemulator", "dagster", "dbt-bigquery", "dbt-core", "duckdb", "numpy", "pandas", "spacy", "streamlit", "torch", "transformers")
# Figures of machines that differ in these are not to be compared.
SAME = ("processor", "cores", "memory_gib", "bf16")
SETTLE_SECONDS = 120


def facts() -> dict[str, Any]:
    from ml_assets.precision import runs_bf16

    return {
        "processor": _cpu("model name") or platform.processor() or platform.machine(),
        "cores": cores(),
        "bf16": runs_bf16(),
        "memory_gib": round(psutil.virtual_memory().total / 1024**3),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in PACKAGES},
    }


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in SAME)


def _cpu(field: str) -> str:
    """A field of the first core as Linux says it; nothing elsewhere."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(field)), "")


def load() -> float:
    """Processes that ran or waited in the last minute, on average."""
    return round(os.getloadavg()[0], 1)


def is_busy(load: float, cores: int) -> bool:
    """More than half a process for each core: a bench then shares the processor."""
    return load > cores / 2


def settled() -> float:
    """The load, when what ran just before has left the average of a minute; after SETTLE_SECONDS whatever it is."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while is_busy(load(), cores()) and time.monotonic() < deadline:
        time.sleep(1)
    return load()
