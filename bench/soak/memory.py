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
    """Share by which memory has grown from minute 15 to the end; None for what is shorter than that and five minutes more."""
    if not samples or samples[-1].minute < SETTLED_MINUTES + 5:
        return None
    before, after = around(samples, SETTLED_MINUTES), around(samples, samples[-1].minute - AROUND_MINUTES)
    return after / before - 1 if before and after else None


def slope(samples: list[Sample]) -> float | None:
    """MiB an hour, by least squares, from minute 15 on, or from the middle of what is shorter."""
    end = samples[-1].minute if samples else 0
    kept = [each for each in samples if each.minute >= min(SETTLED_MINUTES, end / 2)]
    if len(kept) < 3:
        return None
    return 60 * statistics.linear_regression([each.minute for each in kept], [each.mebibytes for each in kept]).slope
