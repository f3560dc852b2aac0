"""Small checkpoints made on the spot: the real file formats, random weights, nothing from outside."""

import json
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SENTIMENT = REPOSITORY / "ml_assets" / "models" / "sentiment-en"
ENTITIES = REPOSITORY / "ml_assets" / "models" / "entities-en"

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "the",
    "is",
    "a",
    "this",
    "good",
    "bad",
    "phone",
    "train",
    "late",
    "i",
    "love",
    "hate",
    "it",
    "at",
    "five",
    "ok",
    "!",
]


def make_checkpoint(folder: Path, labels: tuple[str, ...], *, with_head: bool = True, seed: int = 0) -> Path:
    """A folder as `from_pretrained` reads it: a tiny random BERT, with or without the classifier's own weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        id2label=dict(enumerate(labels)),
        label2id={label: n for n, label in enumerate(labels)},
    )
    model = BertForSequenceClassification(config)
    (model if with_head else model.bert).save_pretrained(folder)
    vocabulary = folder.parent / "vocab.txt"
    vocabulary.write_text("\n".join(WORDS))
    BertTokenizerFast(vocab=str(vocabulary)).save_pretrained(folder)
    return folder


def set_labels(folder: Path, labels: dict[int, str]) -> None:
    file = folder / "config.json"
    config = json.loads(file.read_text())
    file.write_text(json.dumps(config | {"id2label": {str(n): name for n, name in labels.items()}}))
