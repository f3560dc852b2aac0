"""Models that share one encoder: a folder with a LoRA adapter beside the folder of the encoder that it was trained on.

The format is PEFT's (adapter_config.json, adapter_model.safetensors), so other tools read it too; the product merges it by
itself, W + BA · alpha/r, because the library costs 2 s at import and needs `accelerate` for what is two products here.
"""

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ml_assets.checkpoints import ADAPTER as CONFIG
from ml_assets.checkpoints import FILES, ModelError, files_of

if TYPE_CHECKING:
    from torch import Tensor, nn

WEIGHTS, WEIGHTS_OF_ENCODER = "adapter_model.safetensors", "model.safetensors"
# Beside the adapter where what answers is more than the encoder's own head.
HEAD = "head.safetensors"
PREFIX = "base_model.model."


def is_adapter(folder: Path) -> bool:
    return (folder / CONFIG).is_file()


def verify(folder: Path) -> None:
    """Compares each file that `files.json` names with its SHA-256; a folder without that file is taken as it is.

    Raises ModelError that names the first file which is not the one that was shipped.
    """
    listed = folder / FILES
    if not listed.is_file():
        return
    try:
        expected = dict(json.loads(listed.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ModelError(f"The file {FILES} of the model {folder.name!r} is no list of files and digests. Fetch the model again.") from error
    for name, digest in expected.items():
        file = folder / name
        found = sha256(file, file.stat().st_mtime_ns, file.stat().st_size) if file.is_file() else None
        if found != digest:
            how = "is missing" if found is None else "is not the one that belongs to this model (its SHA-256 differs)"
            raise ModelError(f"The file {name} of the model {folder.name!r} {how}. Fetch the model again, or set another one.")


@lru_cache(maxsize=64)
def sha256(file: Path, _changed: int, _size: int) -> str:
    """Hex digest of a file; asked for once while its time and size stay."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_files(folder: Path) -> None:
    """`files.json` of what makes the model as it is now, names relative to the folder."""
    digests = {name: sha256(file, file.stat().st_mtime_ns, file.stat().st_size) for name, file in files_of(folder)}
    (folder / FILES).write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")


def weights_of(encoder: Path) -> dict[str, "Tensor"]:
    """The encoder's tensors in fp32, by name. Raises ModelError when its file is damaged."""
    return _tensors(encoder / WEIGHTS_OF_ENCODER)


def merge(model: "nn.Module", folder: Path, needed: Iterable[str] = ()) -> list[str]:
    """Adds the adapter to the weights of `model` in place; whole tensors of the adapter (a head) replace the model's.

    Returns which of the parameters `needed` the adapter does not bring. Raises ModelError when it names a part that the
    model does not have, or of another shape.
    """
    import torch

    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    tensors = {name.removeprefix(PREFIX): tensor for name, tensor in _tensors(folder / WEIGHTS).items()}
    try:
        scale = config["lora_alpha"] / config["r"]
        with torch.no_grad():
            for name, low in tensors.items():
                if name.endswith(".lora_A.weight"):
                    module = name.removesuffix(".lora_A.weight")
                    model.get_submodule(module).weight += scale * (tensors[f"{module}.lora_B.weight"] @ low)
                elif ".lora_" not in name:
                    model.get_parameter(name).copy_(low)
    except (AttributeError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(f"The adapter {folder.name!r} does not fit its encoder ({str(error).splitlines()[0][:200]}). Fetch both again.") from error
    return [name for name in needed if name not in tensors]


def _tensors(file: Path) -> dict[str, "Tensor"]:
    from safetensors.torch import load_file

    try:
        return {name: tensor.float() for name, tensor in load_file(file).items()}
    # Any: safetensors raises its own error for a cut header, the system others for the rest.
    except Exception as error:
        raise ModelError(f"The file {file.name} of the model {file.parent.name!r} cannot be read ({str(error)[:200]}). Fetch the model again.") from error
