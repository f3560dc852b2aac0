"""What is known of a model without loading it: its card, its measured scores, its size."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml_assets.checkpoints import Checkpoint, encoders_of

# The second is where Hugging Face keeps a card.
CARDS = ("MODEL_CARD.md", "README.md")
METRICS = "metrics.json"
# A card of megabytes would be kept in Dagster's event log at each materialisation.
LONGEST_CARD = 50_000


@dataclass(frozen=True)
class ModelFacts:
    """`card` is Markdown, None without one; `metrics` is {} where nothing was measured; `megabytes` are 10^6 bytes of all files, those of a shared encoder included."""

    card: str | None
    metrics: dict[str, Any]
    megabytes: float


def facts_of(checkpoint: Checkpoint) -> ModelFacts:
    """Reads card and metrics beside the model; what cannot be read counts as absent."""
    folders = [checkpoint.folder, *encoders_of(checkpoint.folder)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return ModelFacts(_card(checkpoint.folder), _metrics(checkpoint.folder), round(sum(path.stat().st_size for path in files) / 1e6, 1))


def scores_of(metrics: dict[str, Any]) -> dict[str, float]:
    """`{"held_out": {"accuracy": 0.7}}` -> `{"held_out.accuracy": 0.7}`: the numbers of each part, not those further down."""
    return {
        f"{part}.{name}": value
        for part, scores in metrics.items()
        if isinstance(scores, dict)
        for name, value in scores.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _card(folder: Path) -> str | None:
    for name in CARDS:
        try:
            return (folder / name).read_text(encoding="utf-8", errors="replace")[:LONGEST_CARD]
        except OSError:
            continue
    return None


def _metrics(folder: Path) -> dict[str, Any]:
    try:
        read = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
