"""Draws how far the confidence of a sentiment model is to be trusted, from its metrics.json:

    python -m ml_assets.training.plot_reliability --model ml_assets/models/sentiment-en

One point a bin of confidence (ten of equal width), as large as it has posts; on the diagonal confidence is accuracy.
"""

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

PARTS = {"held_out": ("held-out posts", "#0072B2", "o"), "tweeteval_val": ("TweetEval validation", "#D55E00", "s")}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, required=True)
    model = arguments.parse_args().model
    metrics = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    figure, axes = pyplot.subplots(figsize=(5, 5), dpi=110)
    axes.plot([0.3, 1], [0.3, 1], color="#888888", linewidth=1, linestyle="--", label="confidence = accuracy")
    for name, (label, colour, marker) in PARTS.items():
        bins = metrics[name]["reliability"]
        sizes = [20 + 400 * each["posts"] / metrics[name]["posts"] for each in bins]
        said = f"{label} (n = {metrics[name]['posts']:,}, ECE {metrics[name]['calibration_error']:.3f})"
        axes.scatter([each["confidence"] for each in bins], [each["accuracy"] for each in bins], s=sizes, color=colour, marker=marker, alpha=0.75, label=said)
    axes.set(xlim=(0.3, 1), ylim=(0.3, 1), xlabel="mean confidence of the label", ylabel="share of right labels")
    axes.legend(loc="upper left", fontsize=8)
    axes.grid(alpha=0.2)
    figure.tight_layout()
    figure.savefig(model / "reliability.png", metadata={"Software": None})


if __name__ == "__main__":
    main()
