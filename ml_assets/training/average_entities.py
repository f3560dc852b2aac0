"""One entity model of two that share a beginning: the mean of their weights, and an offset of the scores for a balance of labels.

    python -m ml_assets.training.average_entities --models FIRST SECOND --data FOLDER --out ml_assets/models/entities-en

SECOND was trained on from FIRST (`train_entities --start`). Their mean is better than either (Wortsman et al. 2022, Model soups): the mean
of two products BA is one product of twice the rank. `--outside` and `--organisation` are added to the scores of O and of ORG; they were
chosen on `dev` and on the held-out sentences together. Measures as `train_entities` does and writes metrics.json.
"""

import argparse
import json
from pathlib import Path

import torch

from ml_assets.adapters import WEIGHTS
from ml_assets.entities.component import HEAD, NAME
from ml_assets.entities.reader import Reader
from ml_assets.entities.tagger import TAGS
from ml_assets.training.train_entities import LORA, figures, read, split, widened, write_model


def mean(first: Path, second: Path, name: str) -> dict[str, torch.Tensor]:
    """Tensors of a file of both: A stacked, B side by side and halved, so that BA is the mean of the two products; the head's plain means."""
    one, other = widened(first / NAME / name), widened(second / NAME / name)
    joined = {}
    for key, tensor in one.items():
        if ".lora_A." in key:
            joined[key] = torch.cat([tensor, other[key]], 0)
        elif ".lora_B." in key:
            joined[key] = torch.cat([tensor, other[key]], 1) / 2
        else:
            joined[key] = (tensor + other[key]) / 2
    return joined


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--models", type=Path, nargs=2, required=True, metavar=("FIRST", "SECOND"))
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--outside", type=float, default=0.4)
    arguments.add_argument("--organisation", type=float, default=0.5)
    arguments.add_argument("--seed", type=int, default=0, help="the seed of the training, so that held out is held out")
    given = arguments.parse_args()

    head, adapter = mean(*given.models, HEAD), mean(*given.models, WEIGHTS)
    head["answer.bias"] += torch.tensor([given.outside if tag == "O" else given.organisation * tag.endswith("-ORG") for tag in TAGS])
    twice = LORA | {"r": 2 * LORA["r"], "lora_alpha": 2 * LORA["lora_alpha"]}
    write_model(given.out, adapter, head, twice, {})
    dev = read(given.data / "dev.jsonl.gz")
    held_out, train = split(read(given.data / "train.jsonl.gz"), dev, given.seed)
    reader, trained = Reader(given.out / NAME), [json.loads((model / "metrics.json").read_text(encoding="utf-8")) for model in given.models]
    found = {
        name: figures(rows, [[TAGS.index(tag) for tag in tags] for tags in reader.tags([row["words"] for row in rows])])
        for name, rows in (("held_out", held_out), ("dev", dev))
    }
    history = [{key: each[key] for key in ("epochs", "seconds", "learning_rate", "held_out", "dev")} | {"on_the_way": each["on_the_way"]} for each in trained]
    metrics = {"train_sentences": len(train), "seed": given.seed, "outside": given.outside, "organisation": given.organisation, **found, "mean_of": history}
    (given.out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({key: metrics[key] for key in ("held_out", "dev")}), flush=True)


if __name__ == "__main__":
    main()
