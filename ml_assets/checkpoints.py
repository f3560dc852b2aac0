"""Where a model is and which one it is: a folder or a Hugging Face id becomes a folder with an id and a revision."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")
# The models that come with this package, by name.
SHIPPED = Path(__file__).parent / "models"
FILES = "files.json"
# They say what is known of a model and change none of its answers.
NOT_THE_MODEL = frozenset({"MODEL_CARD.md", "README.md", "metrics.json", "profile.json", "reliability.png", FILES})
ADAPTER = "adapter_config.json"
SMALL_FILES = ["*.json", "*.txt", "*.model"]


class ModelError(Exception):
    """A model cannot be used; the message says which, why and what to set."""


@dataclass(frozen=True)
class Checkpoint:
    """`id` is the name people know it by, `revision` changes whenever a byte of the model does."""

    id: str
    revision: str
    folder: Path


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """(name relative to the folder, file) of what makes the model, by name: without card, figures and hidden files."""
    found = sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    for name, path in found:
        if path.name not in NOT_THE_MODEL and not any(part.startswith((".", "__pycache__")) for part in name.split("/")):
            yield name, path


def encoder_of(folder: Path) -> Path:
    """The encoder's folder that the adapter in `folder` names, relative to its own. Raises ModelError when it is not there."""
    try:
        named = json.loads((folder / ADAPTER).read_text(encoding="utf-8"))["base_model_name_or_path"]
        encoder = (folder / named).resolve()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The model {folder.name!r} has no readable {ADAPTER}. Fetch it again, or set another model.") from error
    if not (encoder / "config.json").is_file():
        raise ModelError(f"The model {folder.name!r} stands on the encoder {named!r}, which is not there. Fetch both, in the folders they came in.")
    return encoder


def encoders_of(folder: Path) -> list[Path]:
    """The encoders that adapters within `folder` stand on, those that are there: what they hold is part of the model too."""
    found = []
    for file in sorted(folder.rglob(ADAPTER)):
        with suppress(ModelError):
            found.append(encoder_of(file.parent))
    return found


def folder_revision(folder: Path) -> str:
    """First 12 hex digits of a SHA-256 over names and bytes of the files that make the model, those of its encoder included."""
    digest = hashlib.sha256()
    for part in [folder, *encoders_of(folder)]:
        for name, path in files_of(part):
            digest.update(f"{name}\0{path.stat().st_size}\0".encode())
            with path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()[:12]


def of_folder(folder: Path) -> Checkpoint:
    folder = folder.resolve()
    return Checkpoint(folder.name, folder_revision(folder), folder)


def locate(model: str, revision: str | None = None, *, setting: str, cache: Path | None = None) -> Checkpoint:
    """The checkpoint `model`: an existing folder, else a Hugging Face id that is fetched to the cache if it is not there.

    `revision` counts for a Hugging Face id only; a folder is what it is. `setting` is the variable named in errors.
    `HF_HUB_OFFLINE=1` restricts ids to the cache. Raises ModelError.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        return of_folder(folder)
    if not HUB_ID.fullmatch(model):
        raise ModelError(f"The model folder {model!r} does not exist. Set {setting} to a folder or a Hugging Face id.")
    return fetch(model, revision, setting=setting, cache=cache)


def fetch(hub_id: str, revision: str | None, *, setting: str, cache: Path | None) -> Checkpoint:
    """The files of a Hugging Face id; the revision is the commit that `revision` (a branch, tag or commit) stands for."""
    from huggingface_hub import snapshot_download

    try:
        for weights in ("model*.safetensors", "pytorch_model*.bin"):
            folder = Path(
                snapshot_download(hub_id, revision=revision, cache_dir=cache, allow_patterns=[*SMALL_FILES, weights])
            )
            if any(folder.glob(weights)):
                return Checkpoint(hub_id, folder.name, folder)
    # Any: the hub's client lets through its own errors, those of httpx and those of the disk, with no common ancestor.
    except Exception as error:
        at = f" at revision {revision!r}" if revision else ""
        raise ModelError(
            f"The model {hub_id!r} is neither a folder nor reachable on Hugging Face{at} ({first_line(error)}). "
            f"Set {setting} to a folder that holds the model, or run once with network access so that it is cached."
        ) from error
    raise ModelError(f"The model {hub_id!r} on Hugging Face holds no PyTorch weights. Set {setting} to one that does.")


def first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
