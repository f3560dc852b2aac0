"""The loaded model: token ids in, three probabilities out. Importing this module imports torch and transformers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging

from ml_assets.checkpoints import Checkpoint, ModelError, first_line
from ml_assets.sentiment.labels import NEEDED, columns_by_label

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
        self.bf16 = runs_bf16() if bf16 is None else bf16
        with quiet():
            self.model = load(checkpoint)
            self.tokenizer = load_tokenizer(checkpoint)
        if self.bf16:
            narrow_matrices(self.model)

    def tokens(self, texts: list[str]) -> list[list[int]]:
        return self.tokenizer(texts, truncation=True, max_length=LONGEST)["input_ids"]

    def probabilities(self, batch: list[list[int]]) -> list[tuple[float, float, float]]:
        """In the order of LABELS, for sequences of one length. The same bits for a sequence whatever else is in the batch."""
        filling = [] if self.bf16 else [batch[-1]] * (-len(batch) % FP32_ROWS)
        ids = torch.tensor(batch + filling)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            logits = self.model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits
        # By label, and only then the softmax: of three classes the same bits whatever the order of the model's own.
        order = [column for columns in self.columns for column in columns]
        found = logits[: len(batch), order].double().softmax(1)
        if not torch.isfinite(found).all():
            raise ModelError(
                f"The sentiment model {self.name!r} answers with numbers that are not finite; it is damaged."
            )
        return [tuple(summed(row, self.columns)) for row in found.tolist()]


def summed(probabilities: list[float], columns: list[list[int]]) -> Iterator[float]:
    """The probability of each label, of probabilities that stand in the order of `columns`; 0.0 for a label without columns."""
    rest = iter(probabilities)
    for of_label in columns:
        yield sum(islice(rest, len(of_label)), 0.0)


def runs_bf16() -> bool:
    """Whether this CPU multiplies bf16 itself: 1.8 times the speed of fp32, the label of 99.93 % of posts the same.

    Without the instructions bf16 is emulated and slower than fp32. Probabilities differ by up to 0.006 between the two.
    """
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def label_columns(checkpoint: Checkpoint) -> list[list[int]]:
    """Columns of the model's answer for each of LABELS, as `columns_by_label`. Raises ModelError for other labels."""
    try:
        named = json.loads((checkpoint.folder / "config.json").read_text(encoding="utf-8")).get("id2label")
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(
            f"The sentiment model {checkpoint.id!r} has no readable config.json ({first_line(error)}). "
            "Set PULSE_SENTIMENT_MODEL to a folder or id of a sequence-classification checkpoint."
        ) from error
    try:
        return columns_by_label({int(column): str(name) for column, name in (named or {}).items()})
    except (ValueError, AttributeError) as error:
        raise ModelError(
            f"The sentiment model {checkpoint.id!r} has {error} (id2label of its config.json), needed are {NEEDED}. "
            "Set PULSE_SENTIMENT_MODEL to such a model."
        ) from error


def load(checkpoint: Checkpoint):
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


def narrow_matrices(model) -> None:
    """Matrices as bf16 once, not once per batch as autocast would: the same bits, a sixth of the time less."""
    for module in model.modules():
        if isinstance(module, torch.nn.Linear):
            module.to(torch.bfloat16)


def load_tokenizer(checkpoint: Checkpoint):
    # transformers makes an untrained tokenizer where there is none; the model would read every word as unknown.
    if not any(any(checkpoint.folder.glob(name)) for name in ("tokenizer.json", "vocab.*", "*.model")):
        raise ModelError(
            f"The sentiment model {checkpoint.id!r} comes without its tokenizer (tokenizer.json, vocab.txt or *.model). "
            "Put it beside the weights, or set PULSE_SENTIMENT_MODEL to another model."
        )
    try:
        return AutoTokenizer.from_pretrained(checkpoint.folder, local_files_only=True)
    except Exception as error:
        raise ModelError(
            f"The tokenizer of the sentiment model {checkpoint.id!r} cannot be loaded ({first_line(error)}). "
            "Fetch it again or set PULSE_SENTIMENT_MODEL to another."
        ) from error


@contextmanager
def quiet():
    """Without the loading bar of transformers, which would land in every run's log."""
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
