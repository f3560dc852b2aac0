"""Memory of processes over time: sampled beside the work, and whether it grows."""

import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

SAMPLE_SECONDS = 10.0
MEBIBYTE = 1024**2
# Before it caches fill and imports happen; what grows after it grows for ever.
SETTLED_MINUTES = 15
# The warehouse holds what was written until a checkpoint, in saw teeth of two or three minutes that are up to 250 MiB high: only their tops can be compared.
# What DuckDB says that it holds for them cannot be taken off: it is not all resident before a checkpoint, and not all given back some seconds after.
COMPARED_MINUTES = 10
LARGEST_GROWTH = 0.10
# Samples around a moment: one alone may lie in the middle of a statement.
AROUND_MINUTES = 1.5


@dataclass(frozen=True)
class Sample:
    minute: float
    mebibytes: float


@dataclass
class Memory:
    """`held` gives MiB by name, of what is there at the moment."""

    held: Callable[[], Mapping[str, float]]
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    _stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Memory":
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(SAMPLE_SECONDS)

    def _run(self) -> None:
        while not self._stopping.wait(SAMPLE_SECONDS):
            for name, mebibytes in self.held().items():
                self.samples[name].append(Sample((time.monotonic() - self._began) / 60, mebibytes))


def of_processes(pids: Mapping[str, int]) -> dict[str, float]:
    """Resident MiB of each that is alive."""
    found = {}
    for name, pid in pids.items():
        with suppress(psutil.NoSuchProcess):
            found[name] = psutil.Process(pid).memory_info().rss / MEBIBYTE
    return found


def around(samples: list[Sample], minute: float) -> float | None:
    near = [each.mebibytes for each in samples if abs(each.minute - minute) <= AROUND_MINUTES]
    return statistics.median(near) if near else None


def growth(samples: list[Sample]) -> float | None:
    """Share by which memory has grown from the ten minutes after minute 15 to the last ten; None for a trial that does not hold both."""
    end = samples[-1].minute if samples else 0.0
    if end < SETTLED_MINUTES + 2 * COMPARED_MINUTES:
        return None
    before, after = high(samples, SETTLED_MINUTES), high(samples, end - COMPARED_MINUTES)
    return after / before - 1 if before and after else None


def high(samples: list[Sample], minute: float) -> float | None:
    """What nine of ten samples of the ten minutes from `minute` on lie below; None where there are none."""
    near = [each.mebibytes for each in samples if 0 <= each.minute - minute <= COMPARED_MINUTES]
    return statistics.quantiles(near, n=10)[-1] if len(near) > 1 else None


def slope(samples: list[Sample]) -> float | None:
    """MiB an hour, by least squares, from minute 15 on, or from the middle of what is shorter."""
    end = samples[-1].minute if samples else 0
    kept = [each for each in samples if each.minute >= min(SETTLED_MINUTES, end / 2)]
    if len(kept) < 3:
        return None
    return 60 * statistics.linear_regression([each.minute for each in kept], [each.mebibytes for each in kept]).slope
