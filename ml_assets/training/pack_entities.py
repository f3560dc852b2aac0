"""The spaCy pipeline of one training or of several: the mean of their weights, measured as the product reads.

    python -m ml_assets.training.pack_entities --parts PART [PART ...] --data FOLDER --out ml_assets/models/entities-en

Trainings of one seed and rank begin at one point, so the mean of their weights is better than each (Wortsman et al. 2022, Model
soups); trainings of different ranks average to noise (F1 0.50 was seen). The adapters' products are averaged and cut to `--rank`.
Needs spaCy; writes metrics.json.
"""

import argparse
import json
from pathlib import Path

import spacy
import torch

from ml_assets.adapters import HEAD, WEIGHTS, write_files
from ml_assets.entities.component import NAME
from ml_assets.entities.reader import Reader
from ml_assets.entities.tagger import TAGS
from ml_assets.training.train_entities import LORA, figures, read, split, widened, write_part

KEPT = ("epochs", "seconds", "device", "batch_subwords", "learning_rate", "rank", "dropout", "renamed", "held_out", "dev", "on_the_way")


def mean(parts: list[Path], name: str) -> dict[str, torch.Tensor]:
    """Mean of each tensor of the file `name`. Raises ValueError when a part has others."""
    files = [widened(part / name) for part in parts]
    if any({key: tensor.shape for key, tensor in file.items()} != {key: tensor.shape for key, tensor in files[0].items()} for file in files):
        raise ValueError(f"the parts have different tensors in {name}; average trainings of one seed")
    return {key: sum((file[key] for file in files), torch.zeros(())) / len(files) for key in files[0]}


def mean_adapter(parts: list[Path], rank: int) -> dict[str, torch.Tensor]:
    """The mean of the products BA, as its best product of `rank` (singular values); the scale alpha/r of the parts stays."""
    files, joined = [widened(part / WEIGHTS) for part in parts], {}
    for key in files[0]:
        if ".lora_A." in key:
            other = key.replace(".lora_A.", ".lora_B.")
            left, sizes, right = torch.linalg.svd(sum(file[other] @ file[key] for file in files) / len(files), full_matrices=False)
            root = sizes[:rank].sqrt()
            joined[key], joined[other] = root[:, None] * right[:rank], left[:, :rank] * root
    return joined


def write_pipeline(out: Path) -> None:
    """What `spacy.load` reads beside the component's own folder, and the digests of all."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe(NAME)
    pipeline.to_disk(out, exclude=[NAME])
    # The labels alone: what else spaCy interned are words of its tokenizer's exceptions, which it brings itself.
    (out / "vocab" / "strings.json").write_text(json.dumps(["ORG", "LOC", "PERSON"]), encoding="utf-8")
    write_files(out)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--parts", type=Path, nargs="+", required=True, metavar="PART")
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--rank", type=int, default=64, help="of the mean's adapter")
    given = arguments.parse_args()

    trained = [json.loads((part / "metrics.json").read_text(encoding="utf-8")) for part in given.parts]
    if len({(each["seed"], each["rank"]) for each in trained}) > 1:
        raise SystemExit("The parts come from trainings of several ranks or seeds; their mean would be noise. Give trainings that share both.")
    seed, part = trained[0]["seed"], given.out / NAME
    write_part(part, mean_adapter(given.parts, given.rank), mean(given.parts, HEAD), LORA | {"r": given.rank, "lora_alpha": 2 * given.rank})
    write_pipeline(given.out)

    dev = read(given.data / "dev.jsonl.gz")
    held_out, train = split(read(given.data / "train.jsonl.gz"), dev, seed)
    reader = Reader(part)
    found = {
        name: figures(rows, [[TAGS.index(tag) for tag in tags] for tags in reader.tags([row["words"] for row in rows])])
        for name, rows in (("held_out", held_out), ("dev", dev))
    }
    metrics = {"train_sentences": len(train), "seed": seed, **found, "mean_of": [{key: each[key] for key in KEPT} for each in trained]}
    (given.out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({name: metrics[name] for name in ("held_out", "dev")}), flush=True)


if __name__ == "__main__":
    main()
