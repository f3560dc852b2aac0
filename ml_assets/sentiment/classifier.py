"""The loaded model: token ids in, three probabilities out. Importing this module imports torch and transformers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer, PreTrainedTokenizerBase
from transformers.utils import logging

from ml_assets.adapters import is_adapter, merge, verify, weights_of
from ml_assets.checkpoints import Checkpoint, ModelError, encoder_of, first_line
from ml_assets.precision import device, narrow_matrices, runs_bf16
from ml_assets.sentiment.labels import LABELS, NEEDED, columns_by_label

# Training cuts at the same length; 64 tokens hold all but 0.1 % of the training posts.
LONGEST = 64
# fp32 sums differ in the last bit for batches of 1, 2, 3, 5 and 7 rows, not for multiples of 8 (MKL picks other
# kernels for few rows). bf16 gives equal bits for 1 to 32 rows.
FP32_ROWS = 8


class Classifier:
    """Raises ModelError when the checkpoint is no readable classifier of negative and positive."""

    def __init__(self, checkpoint: Checkpoint, bf16: bool | None = None) -> None:
        self.name = checkpoint.id
        self.columns = label_columns(checkpoint)
        self.temperatures = torch.tensor(temperatures(checkpoint), dtype=torch.float64)
        self.device = device()
        # A GPU is fast enough in fp32, whose labels are the ones that were measured.
        self.bf16 = self.device.type == "cpu" and (runs_bf16() if bf16 is None else bf16)
        verify(checkpoint.folder)
        with quiet():
            encoder = encoder_of(checkpoint.folder) if is_adapter(checkpoint.folder) else None
            self.model = load_adapted(checkpoint, encoder) if encoder else load(checkpoint)
            self.tokenizer = load_tokenizer(checkpoint, encoder or checkpoint.folder)
        if self.bf16:
            narrow_matrices(self.model)
        self.model.to(self.device)

    def tokens(self, texts: list[str]) -> list[list[int]]:
        return self.tokenizer(texts, truncation=True, max_length=LONGEST)["input_ids"]

    def probabilities(self, batch: list[list[int]]) -> list[tuple[float, float, float]]:
        """In the order of LABELS, for sequences of one length. The same bits for a sequence whatever else is in the batch."""
        filling = [] if self.bf16 else [batch[-1]] * (-len(batch) % FP32_ROWS)
        ids = torch.tensor(batch + filling, device=self.device)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            logits = self.model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits
        # By label, and only then the softmax: of three classes the same bits whatever the order of the model's own.
        order = [column for columns in self.columns for column in columns]
        scores = logits[: len(batch), order].double().cpu()
        labels = self._by_label(scores.softmax(1)).argmax(1)
        found = self._by_label((scores / self.temperatures[labels][:, None]).softmax(1))
        if not torch.isfinite(found).all():
            raise ModelError(
                f"The sentiment model {self.name!r} answers with numbers that are not finite; it is damaged."
            )
        return [tuple(row) for row in found.tolist()]

    def _by_label(self, ordered: torch.Tensor) -> torch.Tensor:
        """(posts, 3): probabilities of columns in the order of `columns`, summed; 0 for a label without columns."""
        return torch.stack([part.sum(1) for part in ordered.split([len(columns) for columns in self.columns], 1)], 1)


def config_of(checkpoint: Checkpoint) -> dict[str, Any]:
    """Raises ModelError when there is no readable config.json."""
    try:
        return dict(json.loads((checkpoint.folder / "config.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"The sentiment model {checkpoint.id!r} has no readable config.json ({first_line(error)}). "
            "Set PULSE_SENTIMENT_MODEL to a folder or id of a sequence-classification checkpoint."
        ) from error


def label_columns(checkpoint: Checkpoint) -> list[list[int]]:
    """Columns of the model's answer for each of LABELS, as `columns_by_label`. Raises ModelError for other labels."""
    named = config_of(checkpoint).get("id2label")
    try:
        return columns_by_label({int(column): str(name) for column, name in (named or {}).items()})
    except (ValueError, AttributeError) as error:
        raise ModelError(
            f"The sentiment model {checkpoint.id!r} has {error} (id2label of its config.json), needed are {NEEDED}. "
            "Set PULSE_SENTIMENT_MODEL to such a model."
        ) from error


def temperatures(checkpoint: Checkpoint) -> list[float]:
    """What scores are divided by, for each of LABELS where it is the label: `calibration` of config.json, 1 where it says none.

    Temperature scaling (Guo et al. 2017) with a temperature for each label that is given, so no label changes.
    Raises ModelError for what is no positive number.
    """
    found = config_of(checkpoint).get("calibration") or {}
    if not isinstance(found, dict) or any(not isinstance(value, int | float) or value <= 0 for value in found.values()):
        raise ModelError(f"The calibration in config.json of the sentiment model {checkpoint.id!r} is {found!r}; needed is a positive number a label.")
    return [float(found.get(name, 1.0)) for name in LABELS]


def load(checkpoint: Checkpoint) -> torch.nn.Module:
    """The model in fp32, ready to answer; fp16 weights are widened, which loses nothing."""
    try:
        model, report = AutoModelForSequenceClassification.from_pretrained(
            checkpoint.folder, dtype=torch.float32, local_files_only=True, output_loading_info=True
        )
    # Any: a cut file, an unknown architecture and a broken config raise errors with no common ancestor.
    except Exception as error:
        raise ModelError(
            f"The sentiment model {checkpoint.id!r} cannot be loaded ({first_line(error)}). "
            "Fetch it again or set PULSE_SENTIMENT_MODEL to another."
        ) from error
    # transformers fills what is missing with random numbers and goes on; a score from those would be noise.
    if missing := sorted(report["missing_keys"]):
        raise ModelError(
            f"The sentiment model {checkpoint.id!r} lacks trained weights: {', '.join(missing[:3])}. It is not a trained "
            "classifier. Set PULSE_SENTIMENT_MODEL to one that is."
        )
    return model.eval()


def load_adapted(checkpoint: Checkpoint, encoder: Path) -> torch.nn.Module:
    """As `load`, from an adapter and the encoder that it names, which is compared with its digests first."""
    verify(encoder)
    weights = weights_of(encoder)
    try:
        model = AutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(checkpoint.folder, local_files_only=True), dtype=torch.float32)
        getattr(model, model.base_model_prefix).load_state_dict(weights)
    # Any: a broken config and weights of another architecture raise errors with no common ancestor.
    except Exception as error:
        raise ModelError(
            f"The sentiment model {checkpoint.id!r} does not fit its encoder {encoder.name!r} ({first_line(error)}). Fetch both again, or set "
            "PULSE_SENTIMENT_MODEL to another."
        ) from error
    if lacking := merge(model, checkpoint.folder, needed=("classifier.weight", "classifier.bias")):
        raise ModelError(f"The sentiment model {checkpoint.id!r} lacks trained weights: {', '.join(lacking)}. Fetch it again.")
    return model.eval()


def load_tokenizer(checkpoint: Checkpoint, folder: Path) -> PreTrainedTokenizerBase:
    # transformers makes an untrained tokenizer where there is none; the model would read every word as unknown.
    if not any(any(folder.glob(name)) for name in ("tokenizer.json", "vocab.*", "*.model")):
        raise ModelError(
            f"The sentiment model {checkpoint.id!r} comes without its tokenizer (tokenizer.json, vocab.txt or *.model). "
            "Put it beside the weights, or set PULSE_SENTIMENT_MODEL to another model."
        )
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as error:
        raise ModelError(
            f"The tokenizer of the sentiment model {checkpoint.id!r} cannot be loaded ({first_line(error)}). "
            "Fetch it again or set PULSE_SENTIMENT_MODEL to another."
        ) from error


@contextmanager
def quiet() -> Iterator[None]:
    """Without the loading bar of transformers, which would land in every run's log."""
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
