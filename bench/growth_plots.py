"""The pictures of bench/growth.py:  python -m bench.growth_plots [--results FILE]

Both axes are logarithmic, so that work which costs as much for each piece is a line at 45 degrees, drawn grey.
"""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import matplotlib

from bench.figures import read
from orchestration.settings import REPOSITORY

matplotlib.use("Agg")
from matplotlib import pyplot

IMAGES = REPOSITORY / "docs" / "images"
# Of Okabe and Ito, which most people tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
# Below this the clock of a step says nothing.
LEAST = 0.05


def file_of(work: str, folder: Path = IMAGES) -> Path:
    return folder / f"growth-{work}.png"


def draw(growth: Mapping[str, Mapping[str, Any]], folder: Path = IMAGES) -> Iterator[Path]:
    """One picture for each kind of work; yields the files."""
    for work, found in growth.items():
        yield _one(found, file_of(work, folder))


def _one(found: Mapping[str, Any], file: Path) -> Path:
    sizes = found["sizes"]
    figure, axes = pyplot.subplots(figsize=(5.2, 3.4), dpi=110)
    first = found["lines"][found["main"]][0]
    axes.plot(sizes, [first * size / sizes[0] for size in sizes], color="#AAAAAA", linestyle="--", linewidth=1, label="linear")
    for colour, (name, values) in zip(COLOURS, found["lines"].items()):
        axes.plot(sizes, [max(value, LEAST) for value in values], color=colour, marker="o", markersize=4, linewidth=2 if name == found["main"] else 1.2, label=name)
    axes.set(xscale="log", yscale="log", xlabel=found["x"], ylabel=found["unit"])
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.grid(True, linewidth=0.4, color="#DDDDDD")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False)
    figure.tight_layout()
    # Without the date and the version of the library, so that equal figures are equal files.
    figure.savefig(file, metadata={"Software": None})
    pyplot.close(figure)
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=REPOSITORY / "bench" / "results.json")
    asked = parser.parse_args()
    for file in draw(read(asked.results)["benches"]["growth"]["growth"]):
        print(file.relative_to(REPOSITORY))


if __name__ == "__main__":
    main()
