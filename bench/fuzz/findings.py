"""What came of the inputs of one target: how many, how long, which failed and where, and good rows that went missing."""

import hashlib
import json
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from orchestration.settings import REPOSITORY

# Of one crash: enough to see what they have in common.
KEPT_OF_A_KIND = 5


class Rows(NamedTuple):
    """Good rows that were in an input beside what was broken, and how many of them did not come out."""

    good: int = 0
    lost: int = 0


class Wrong(AssertionError):
    """The product answered, and the answer breaks the property that the target holds; the message says which."""


@dataclass
class Findings:
    """`crashes` counts inputs by error and place; each kind keeps some of its inputs in `folder`. Seconds are of the processor."""

    name: str
    folder: Path
    inputs: int = 0
    seconds: float = 0.0
    good: int = 0
    lost: int = 0
    slowest: float = 0.0
    # Inputs whose mutations were led by coverage.
    led: int = 0
    crashes: dict[str, int] = field(default_factory=dict)

    def feed(self, check: Callable[[Any], Rows], given: Any) -> None:
        """One input. What `check` raises is a crash: it catches itself what is documented."""
        self.inputs += 1
        began = time.process_time()
        try:
            rows = check(given)
        except Exception as error:
            self._keep(_named(error), given)
        else:
            self.good += rows.good
            self.lost += rows.lost
            if rows.lost:
                self._keep("good rows were lost", given)
        took = time.process_time() - began
        if took > self.slowest:
            self.slowest = took
            self._write("slowest", given)

    def _keep(self, kind: str, given: Any) -> None:
        self.crashes[kind] = self.crashes.get(kind, 0) + 1
        if self.crashes[kind] <= KEPT_OF_A_KIND:
            self._write(f"{hashlib.sha256(kind.encode()).hexdigest()[:8]}-{self.crashes[kind]}", given)

    def _write(self, name: str, given: Any) -> None:
        folder = self.folder / self.name.replace(" ", "_")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(given if isinstance(given, bytes) else repr(given).encode("utf-8", "surrogatepass"))

    def __add__(self, other: "Findings") -> "Findings":
        """Both together, of one target."""
        crashes = {kind: self.crashes.get(kind, 0) + other.crashes.get(kind, 0) for kind in {**self.crashes, **other.crashes}}
        sums = {name: getattr(self, name) + getattr(other, name) for name in ("inputs", "seconds", "good", "lost", "led")}
        return Findings(self.name, self.folder, slowest=max(self.slowest, other.slowest), crashes=crashes, **sums)

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self) | {"folder": str(self.folder)}), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> "Findings":
        fields = json.loads(file.read_text(encoding="utf-8"))
        return cls(**fields | {"folder": Path(fields["folder"])})


def _named(error: Exception) -> str:
    """`TypeError at orchestration/sources/records.py:156, _reference`: of the product's own code the innermost place."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(str(REPOSITORY)) and "/.venv/" not in frame.filename]
    product = [frame for frame in ours if "/bench/" not in frame.filename]
    place = (product or ours or frames)[-1]
    said = f": {error}" if isinstance(error, Wrong) else ""
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}, {place.name}{said}"
