"""The loaded entity model: words in, tags out. Importing this module imports torch and transformers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModel, AutoTokenizer

from ml_assets.adapters import HEAD, merge, verify, weights_of
from ml_assets.checkpoints import ModelError, encoder_of, first_line
from ml_assets.entities.tagger import TAGS, Tagger, collate, decode, encode, parts
from ml_assets.precision import device, narrow_matrices, runs_bf16
from ml_assets.side_by_side import side_by_side

# Parts of sentences in one pass. Of near length, so little of it is padding.
BATCH = 32


class Reader:
    """Raises ModelError when adapter, head or encoder are damaged or do not belong together."""

    def __init__(self, folder: Path, bf16: bool | None = None) -> None:
        self.device = device()
        self.bf16 = self.device.type == "cpu" and (runs_bf16() if bf16 is None else bf16)
        verify(folder.parent)
        encoder = encoder_of(folder)
        verify(encoder)
        weights = weights_of(encoder)
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(encoder, local_files_only=True)
            base = AutoModel.from_config(AutoConfig.from_pretrained(encoder, local_files_only=True), add_pooling_layer=False, dtype=torch.float32)
            base.load_state_dict({name: tensor for name, tensor in weights.items() if not name.startswith("pooler.")})
            merge(base, folder)
            self.model = Tagger(base)
            missing, _ = self.model.load_state_dict({name: tensor.float() for name, tensor in load_file(folder / HEAD).items()}, strict=False)
        except ModelError:
            raise
        # Any: a cut file, another shape and a broken config raise errors with no common ancestor.
        except Exception as error:
            raise ModelError(f"The entity model in {folder.parent.name!r} cannot be loaded ({first_line(error)}). Fetch it again.") from error
        if lacking := [name for name in missing if not name.startswith("encoder.")]:
            raise ModelError(f"The entity model in {folder.parent.name!r} lacks trained weights: {', '.join(lacking[:3])}. Fetch it again.")
        self.model.eval()
        if self.bf16:
            narrow_matrices(self.model)
        self.model.to(self.device)

    def tags(self, docs: Sequence[Sequence[str]]) -> list[list[str]]:
        """BIO tags of each word of each doc; a long doc is read in parts."""
        pieces = [(number, start, end) for number, words in enumerate(docs) for start, end in parts(len(words))]
        if not pieces:
            return [[] for _ in docs]
        encoded = encode(self.tokenizer, [docs[number][start:end] for number, start, end in pieces])
        found = [["O"] * len(words) for words in docs]
        order = sorted(range(len(pieces)), key=lambda position: len(encoded[position]["ids"]))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        for batch, scores in zip(batches, side_by_side(lambda batch: self._scores([encoded[position] for position in batch]), batches), strict=True):
            for position, answered in zip(batch, scores, strict=True):
                number, start, end = pieces[position]
                found[number][start:end] = [TAGS[tag] for tag in decode(answered[: end - start])]
        return found

    def _scores(self, batch: Sequence[dict[str, Any]]) -> np.ndarray:
        """(pieces, words, tags), padded to the longest piece."""
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            return self.model(*(tensor.to(self.device) for tensor in collate(batch))).float().cpu().numpy()
