"""Small checkpoints made on the spot: the real file formats, random weights, nothing from outside."""

import json
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SENTIMENT = REPOSITORY / "ml_assets" / "models" / "sentiment-en"
ENCODER = REPOSITORY / "ml_assets" / "models" / "encoder-en"
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


def make_adapted(folder: Path) -> tuple[Path, Path]:
    """(a LoRA adapter with a head beside the folder `encoder`, the same model merged), with random weights."""
    import torch
    from safetensors.torch import load_file, save_file

    merged, encoder, adapter = make_checkpoint(folder / "merged", ("negative", "neutral", "positive")), folder / "encoder", folder / "adapter"
    make_checkpoint(encoder, ("negative", "neutral", "positive"), with_head=False)
    adapter.mkdir()
    weights, brought, rank = load_file(merged / "model.safetensors"), {}, 2
    for name in [name for name in weights if name.endswith(("query.weight", "dense.weight")) and "pooler" not in name]:
        module, (out, wide) = name.removesuffix(".weight"), weights[name].shape
        low, high = torch.randn(rank, wide) / 4, torch.randn(out, rank) / 4
        brought[f"base_model.model.{module}.lora_A.weight"], brought[f"base_model.model.{module}.lora_B.weight"] = low, high
        weights[name] = weights[name] + 4 / rank * high @ low
    brought |= {f"base_model.model.{name}": weights[name].clone() for name in weights if "classifier" in name or "pooler" in name}
    save_file(weights, merged / "model.safetensors", metadata={"format": "pt"})
    save_file(brought, adapter / "adapter_model.safetensors", metadata={"format": "pt"})
    (adapter / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "../encoder", "r": rank, "lora_alpha": 4}))
    (adapter / "config.json").write_text((merged / "config.json").read_text())
    return adapter, merged


def make_tagger(folder: Path) -> Path:
    """A spaCy pipeline `tagger` with a random word_tagger, beside its `encoder`."""
    import spacy
    import torch
    from safetensors.torch import load_file, save_file
    from transformers import AutoConfig, AutoModel

    import ml_assets.entities.component  # noqa: F401
    from ml_assets.entities.tagger import Tagger

    encoder, tagger = make_checkpoint(folder / "encoder", ("a", "b"), with_head=False), folder / "tagger"
    pipeline = spacy.blank("en")
    pipeline.add_pipe("word_tagger")
    pipeline.to_disk(tagger, exclude=["word_tagger"])
    part = tagger / "word_tagger"
    part.mkdir()
    torch.manual_seed(3)
    head = Tagger(AutoModel.from_config(AutoConfig.from_pretrained(encoder), add_pooling_layer=False))
    save_file({name: 3 * tensor for name, tensor in head.state_dict().items() if not name.startswith("encoder.")}, part / "head.safetensors")
    adapter = {}
    for name, tensor in load_file(encoder / "model.safetensors").items():
        if name.endswith("query.weight"):
            module, (out, wide) = name.removesuffix(".weight"), tensor.shape
            adapter[f"base_model.model.{module}.lora_A.weight"], adapter[f"base_model.model.{module}.lora_B.weight"] = torch.randn(2, wide), torch.randn(out, 2)
    save_file(adapter, part / "adapter_model.safetensors")
    (part / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "../../encoder", "r": 2, "lora_alpha": 2}))
    return tagger


def set_labels(folder: Path, labels: dict[int, str]) -> None:
    file = folder / "config.json"
    config = json.loads(file.read_text())
    file.write_text(json.dumps(config | {"id2label": {str(n): name for n, name in labels.items()}}))
