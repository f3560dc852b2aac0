"""How often the interval of a change covers no change, and how often it sees a real one:  python -m bench.effects [--quick]

Days are made with a weekly rhythm (weekends at 60 to 70 %), more spread than chance alone gives (a coefficient of variation of 30 %
on top of Poisson's) and a memory: each day leans on the last by `memory`. A campaign of `during` days follows `before` days. Where
nothing was planted, an interval that does not cover 0 is a false claim. Beside ours stands the plain bootstrap, blocks of 3 days
and 1.96 standard errors, and the difference of the two means without weekdays, with Welch's standard error and 1.96.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bench import figures
from bench.figures import HIGHER, Figure
from ml_assets.effects import Day, changed
from ml_assets.effects.change import residuals_of, shares_of, spread_of_noise

FIRST = date(2026, 1, 5)
RHYTHM = np.array([1.0, 1.05, 1.1, 1.05, 1.2, 0.7, 0.6])
VARIATION, POSTS = 0.3, 200
LENGTHS = ((14, 7), (14, 14), (21, 14), (28, 3), (28, 14), (28, 28), (56, 1), (56, 14), (56, 28))
MEMORIES = (0.0, 0.3, 0.6)
PLAIN_BLOCK, PLAIN = 3, 1.96


@dataclass
class Trial:
    """Of `runs` series: how many intervals covered 0, of each method, and the middle width of ours as a fraction of the value expected."""

    before: int
    during: int
    memory: float
    factor: float
    runs: int
    ours: int = 0
    plain: int = 0
    welch: int = 0
    width: float = 0.0


def series(rng: np.random.Generator, days: int, memory: float) -> np.ndarray:
    """Posts of `days` days from a random weekday of FIRST's week on, without any event."""
    noise = np.empty(days)
    noise[0] = rng.standard_normal()
    for day in range(1, days):
        noise[day] = memory * noise[day - 1] + np.sqrt(1 - memory**2) * rng.standard_normal()
    sigma = np.sqrt(np.log(1 + VARIATION**2))
    return rng.poisson(POSTS * RHYTHM[np.arange(days) % 7] * np.exp(sigma * noise - sigma**2 / 2)).astype(float)


def trial(before: int, during: int, memory: float, *, runs: int, seed: int, factor: float = 1.0, draws: int = 2_000) -> Trial:
    """`factor` multiplies the days of the campaign: 1.0 plants nothing."""
    rng, result, widths = np.random.default_rng(seed), Trial(before, during, memory, factor, runs), []
    for run in range(runs):
        skipped = int(rng.integers(7))
        posts = series(rng, skipped + before + during, memory)[skipped:]
        posts[before:] *= factor
        days = [Day(FIRST + timedelta(skipped + number), float(value)) for number, value in enumerate(posts)]
        old, new = days[:before], days[before:]
        change = changed(old, new, seed=seed + run, draws=draws)
        result.ours += change.low <= 0 <= change.high
        widths.append((change.high - change.low) / 2 / change.baseline)
        baseline = float(shares_of(old, new) @ posts[:before])
        spread = spread_of_noise(old, new, residuals_of(old), PLAIN_BLOCK, rng, draws)
        result.plain += abs(posts[before:].mean() - baseline) <= PLAIN * spread
        if during > 1:
            welch = np.sqrt(posts[:before].var(ddof=1) / before + posts[before:].var(ddof=1) / during)
            result.welch += abs(posts[before:].mean() - posts[:before].mean()) <= PLAIN * welch
    result.width = float(np.median(widths))
    return result


def coverage(runs: int, seed: int, lengths=LENGTHS, memories=MEMORIES) -> Iterator[Trial]:
    for memory in memories:
        for before, during in lengths:
            yield trial(before, during, memory, runs=runs, seed=seed)


def figures_of(trials: list[Trial], doubled: list[float]) -> list[Figure]:
    """Of the intervals that promise 95 in 100: ours beside the plain ones, on average and where it is worst."""
    ours, plain = ([100 * getattr(each, of) / each.runs for each in trials] for of in ("ours", "plain"))
    name = "intervals that cover no change where there is none"
    return [
        Figure(f"{name}, mean of {len(trials)} settings", float(np.mean(ours)), "%", HIGHER, "blocks of 3 days, 1.96", float(np.mean(plain)), 95),
        Figure(f"{name}, the worst setting", min(ours), "%", HIGHER, "blocks of 3 days, 1.96", min(plain)),
        Figure("doubled posts that are seen, memory 0.3, mean", float(np.mean(doubled)), "%", HIGHER),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="100 runs of three lengths")
    figures.add_option(parser)
    asked = parser.parse_args()
    lengths, runs = (((14, 14), (28, 14), (56, 28)), 100) if asked.quick else (LENGTHS, asked.runs)
    print(f"Nothing planted: intervals of {runs} series that cover 0, in 100 (seed {asked.seed}); half width as a part of the value expected")
    print("| days before | days during | memory | ours | half width | blocks of 3 days, 1.96 | means alone, 1.96 |")
    print("|---|---|---|---|---|---|---|")
    trials = []
    for each in coverage(runs, asked.seed, lengths):
        trials.append(each)
        welch = f"{100 * each.welch / runs:.1f}" if each.during > 1 else "-"
        print(f"| {each.before} | {each.during} | {each.memory} | {100 * each.ours / runs:.1f} | {each.width:.0%} | {100 * each.plain / runs:.1f} | {welch} |", flush=True)
    few = max(runs // 5, 20)
    print(f"\nPlanted: intervals of {few} series that exclude 0, in 100; memory 0.3")
    print("| days before | days during | +25 % | +50 % | x2 | x3 |")
    print("|---|---|---|---|---|---|")
    doubled: list[float] = []
    for before, during in lengths:
        seen = [trial(before, during, 0.3, runs=few, seed=asked.seed, factor=factor) for factor in (1.25, 1.5, 2.0, 3.0)]
        doubled.append(100 * (few - seen[2].ours) / few)
        print(f"| {before} | {during} | " + " | ".join(f"{100 * (few - each.ours) / few:.0f}" for each in seen) + " |", flush=True)
    figures.write(asked.json, figures_of(trials, doubled))


if __name__ == "__main__":
    main()
